import CDetach
import CResidentMemory
import Digests
import HookProtocol
import Memories
import Projects
import Recall
import SQLite
import Storage

/// A prompt: brings what its own words call for, or does what it asks of the memory; mostly nothing.
struct PromptHook {
    let input: HookInput
    static let event = HookEvent.userPromptSubmit

    init(_ input: HookInput) { self.input = input }

    func run() {
        guard let prompt = input.prompt, let session = input.sessionID, !PromptHook.isMachineMade(prompt) else {
            return
        }
        if let request = PersonalRequest(prompt) {
            PersonalRequestHook(request, input, session, instance).run()
            return
        }
        let anchors = PromptAnchors(prompt)
        guard !anchors.isEmpty else { return }
        let environment = Environment.current()
        guard
            case .active(let project) = Activity.state(
                from: .hook(workingDirectory: input.workingDirectory), environment),
            let late = answered(anchors, session, project)
        else { return }
        HookStore.enterLater(late, project, PromptHook.event.rawValue)
    }

    /// Answers and leaves.
    ///
    /// - Returns: What is still to be entered into the ledger. The store is closed then: no connection may be open where a
    ///   process divides.
    private func answered(_ anchors: PromptAnchors, _ session: String, _ project: ActiveProject) -> InjectionAnswer? {
        guard let store = HookStore.open(project, PromptHook.event.rawValue, busyTimeout: 25) else { return nil }
        do throws(StoreError) {
            if let late = try answer(anchors, session, project, store) { return late }
        } catch {
            HookStore.note(error, project, PromptHook.event.rawValue)
        }
        HookStore.leave(store)
    }

    /// Writes the answer, if there is one.
    ///
    /// - Returns: What could not be entered into the ledger yet, because somebody else is writing.
    private func answer(
        _ anchors: PromptAnchors, _ session: String, _ project: ActiveProject, _ store: MemoryStore
    ) throws(StoreError) -> InjectionAnswer? {
        guard let budget = HookStore.budget(store, PromptHook.event, .injectionPromptTokens, project) else {
            return nil
        }
        var options = RecallOptions()
        options.directory = project.location.root.path
        if let days = project.settings.integer(.recallHalfLifeDays) { options.halfLife = days }
        let recall = PromptRecall(store, options)
        // Reading needs memory of its own, and what start-up needed is over.
        resident_memory_give_back()
        let memories = try store.reading { () throws(SQLiteError) in
            try recall.memories(for: anchors, of: input.prompt ?? "", session: session, limit: budget.items)
        }
        var context = PromptContext(memories: HookStore.lines(memories))
        guard var text = context.rendered(budget, shown: HookStore.harmless) else { return nil }
        let answer = InjectionAnswer(
            session: session, event: PromptHook.event.rawValue, instance: instance, sameCall: .max, items: text.items)
        do throws(StoreError) {
            guard let entered = try store.enter(answer, now: Clock.system.milliseconds()) else { return nil }
            if entered.count < text.items.count {
                context.memories.removeAll { !entered.contains($0.id) }
                guard let less = context.rendered(budget, shown: HookStore.harmless) else { return nil }
                text = less
            }
        } catch {
            guard case .locked = error else { throw error }
            StandardOutput.write(HookOutput(PromptHook.event, context: text.text))
            return answer
        }
        StandardOutput.write(HookOutput(PromptHook.event, context: text.text))
        return nil
    }

    /// The prompt's own id; its words where there is none.
    private var instance: String { input.promptID ?? AnswerMark.of(input.prompt ?? "") }

    /// Whether the client wrote it: what comes back from an agent in the background arrives as a prompt, too.
    static func isMachineMade(_ prompt: String) -> Bool {
        guard let first = prompt.utf8.first(where: { $0 > 0x20 }), first == UInt8(ascii: "<") || first >= 0x80 else {
            return false
        }
        let start = prompt.drop(while: \.isWhitespace)
        return [
            "<task-notification", "<agent-notification", "<system-", "<local-command-", "<command-", "<bash-",
            "<teammate-message", "<cross-session-message", "<channel",
        ].contains { start.hasPrefix($0) }
    }
}
