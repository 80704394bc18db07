import CDetach
import HookProtocol
import JSON
import Memories
import Projects
import Storage

/// A prompt that is nothing but a request to the memory. Inside a longer prompt such words are words like any other.
enum PersonalRequest: Equatable {
    /// `remember: …`
    case remember(String)
    /// `forget #42`
    case forget([Int])

    init?(_ prompt: String) {
        // Nearly all prompts begin with another letter.
        guard let first = prompt.utf8.first(where: { $0 > 0x20 }), "rRfF".utf8.contains(first) || first >= 0x80 else {
            return nil
        }
        let trimmed = String(prompt.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        guard trimmed.utf8.count <= 4_096 else { return nil }
        let lower = trimmed.lowercased()
        if lower.hasPrefix("remember:") {
            let text = trimmed.dropFirst("remember:".count).drop(while: \.isWhitespace)
            guard !text.isEmpty else { return nil }
            // All that stands behind it is one memory, on however many lines it was typed.
            let lines = text.split(whereSeparator: \.isNewline)
            self = .remember(lines.map { String($0.drop(while: \.isWhitespace)) }.joined(separator: " "))
        } else if lower.hasPrefix("forget ") {
            let words = trimmed.dropFirst("forget ".count).split(whereSeparator: { $0.isWhitespace || $0 == "," })
            let ids = words.map { $0.first == "#" ? Int($0.dropFirst()) : nil }
            guard !ids.isEmpty, ids.count <= 20, ids.allSatisfy({ ($0 ?? 0) > 0 }) else { return nil }
            self = .forget(ids.compactMap(\.self))
        } else {
            return nil
        }
    }
}

/// Does at once what a person asks of the memory, and says so.
struct PersonalRequestHook {
    let request: PersonalRequest
    let input: HookInput
    let session: String
    let instance: String
    /// A person waits for this one, and wants it done: in milliseconds.
    static let deadline: Int32 = 5_000

    init(_ request: PersonalRequest, _ input: HookInput, _ session: String, _ instance: String) {
        self.request = request
        self.input = input
        self.session = session
        self.instance = instance
    }

    func run() {
        let environment = Environment.current()
        let state = Activity.state(from: .hook(workingDirectory: input.workingDirectory), environment)
        if case .paused = state, let message = state.message { return say("ccmem: nothing was done. \(message)") }
        guard case .active(let project) = state, Capture.isPlain(session),
            let path = Companion.path(PromptHook.event.rawValue, environment)
        else { return }
        if case .remember = request, let refusal = HookStore.optOut(of: input, in: project, environment) {
            return say("ccmem: nothing was stored: \(HookStore.harmless(refusal.words)).")
        }
        detach_deadline(PersonalRequestHook.deadline * Int32(CCMemHook.patience))
        let message =
            switch request {
            case .remember(let text): remember(text, path, project)
            case .forget(let ids): forget(ids, path, project)
            }
        // Registered twice, the same request is done twice, which is once, and told once.
        guard let store = HookStore.open(project, PromptHook.event.rawValue, busyTimeout: 1_000) else {
            return say(message)
        }
        let answer = InjectionAnswer(
            session: session, event: PromptHook.event.rawValue, instance: instance, sameCall: .max, items: [])
        let isFirst = (try? store.enter(answer, now: Clock.system.milliseconds())) != .some(nil)
        if isFirst { say(message) }
    }

    private func say(_ message: String) { StandardOutput.write(HookOutput(PromptHook.event, message: message)) }

    private func remember(_ text: String, _ path: String, _ project: ActiveProject) -> String {
        let arguments = ["record", "--json", "--session", session, "--project", project.root.path]
        guard let output = Companion.run(path, arguments, input: text), let answer = RecordAnswer(output) else {
            return "ccmem: this could not be stored; `ccmem add note '…'` says why."
        }
        let line = answer.id.map { "#\($0)" } ?? ""
        switch answer.outcome {
        case "merged": return "ccmem: \(line) was known already."
        case "inserted", "supersedes", "restored", "history":
            return "ccmem: remembered as \(line) (\(answer.category)); `ccmem archive \(answer.id ?? 0)` takes it back."
        case "tombstone": return "ccmem: that was forgotten before, and is not stored again."
        default: return "ccmem: this was not stored (\(answer.outcome))."
        }
    }

    private func forget(_ ids: [Int], _ path: String, _ project: ActiveProject) -> String {
        let list = ids.map(String.init)
        let arguments = ["archive", "--json", "--project", project.root.path] + list
        guard let output = Companion.run(path, arguments, input: "") else {
            return "ccmem: nothing was changed; `ccmem archive \(list.joined(separator: " "))` says why."
        }
        let text = String(decoding: output, as: UTF8.self)
        guard !text.holds("\"unknown\"") else {
            return
                "ccmem: not all of \(list.map { "#" + $0 }.joined(separator: " ")) are there; `ccmem list` shows what is."
        }
        return
            "ccmem: \(list.map { "#" + $0 }.joined(separator: " ")) archived; `ccmem restore \(list.joined(separator: " "))` brings it back, `ccmem forget` erases it."
    }
}

/// What `ccmem record --json` says.
private struct RecordAnswer {
    var outcome = ""
    var id: Int?
    var category = ""

    init?(_ bytes: [UInt8]) {
        let isRead = bytes.withUnsafeBufferPointer { buffer in
            var scanner = JSONScanner(buffer)
            do throws(JSONError) {
                guard try scanner.enterObject() else { return false }
                while let key = try scanner.nextKey() {
                    if key.equals("outcome") {
                        outcome = try scanner.string()?.text() ?? ""
                    } else if key.equals("category") {
                        category = try scanner.string()?.text() ?? ""
                    } else if key.equals("id") {
                        id = try scanner.int()
                    } else {
                        try scanner.skip()
                    }
                }
                return true
            } catch {
                return false
            }
        }
        guard isRead, !outcome.isEmpty else { return nil }
    }
}
