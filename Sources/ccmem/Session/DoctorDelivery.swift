import Commands
import Projects
import SQLite
import Storage

/// Whether what hooks have told the last session stands in its transcript: then Claude Code has taken it. And what it cost.
struct DoctorDelivery {
    let store: MemoryStore

    func findings() -> [DoctorFinding] {
        let last = try? store.reading { () throws(SQLiteError) -> (String, [InjectedMemory], String?, Int)? in
            guard let session = try store.lastInjectedSession() else { return nil }
            return (
                session, try store.injections(inSession: session), try store.handoff(ofSession: session)?.transcript,
                try store.count("llm_call")
            )
        }
        guard let (session, injected, path, calls) = last ?? nil else {
            return [DoctorFinding(subject: .delivery, state: .fine, words: "nothing was injected yet")]
        }
        let tokens = RuleWords.grouped(injected.reduce(0) { $0 + $1.tokens })
        let model = calls == 0 ? "no model was called" : "\(RuleWords.grouped(calls)) calls of a model so far"
        return [
            delivery(session, Set(injected.map(\.id)), path),
            DoctorFinding(
                subject: .cost, state: .fine, words: "\(tokens) tokens of context in the last session; \(model)"),
        ]
    }

    private func delivery(_ session: String, _ ids: Set<Int>, _ path: String?) -> DoctorFinding {
        guard let path, let bytes = try? Files.contents(of: path, limit: 1 << 26) else {
            return DoctorFinding(
                subject: .delivery, state: .note, words: "the transcript of session \(session) is not there to look at")
        }
        let arrived = DoctorDelivery.arrived(ids, in: bytes)
        let words = "\(arrived) of \(ids.count) memories that the last session was told stand in \(path)"
        guard arrived < ids.count else { return DoctorFinding(subject: .delivery, state: .fine, words: words) }
        return DoctorFinding(
            subject: .delivery, state: arrived == 0 ? .bad : .note, words: words,
            remedy: "Look whether another hook fails (`claude --debug hooks`), and at `hook.log`.")
    }

    /// How many of the memories stand in attachments that hooks have given.
    static func arrived(_ ids: Set<Int>, in transcript: [UInt8]) -> Int {
        var found: Set<Int> = []
        for line in transcript.split(separator: 0x0A)
        where contains(line, "hook_additional_context") && contains(line, "(ccmem)") {
            for id in ids where !found.contains(id) && contains(line, "- #\(id) ") { found.insert(id) }
        }
        return found.count
    }

    private static func contains(_ bytes: ArraySlice<UInt8>, _ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard let first = wanted.first else { return true }
        var at = bytes.startIndex
        while let start = bytes[at...].firstIndex(of: first), start + wanted.count <= bytes.endIndex {
            if bytes[start..<start + wanted.count].elementsEqual(wanted) { return true }
            at = start + 1
        }
        return false
    }
}
