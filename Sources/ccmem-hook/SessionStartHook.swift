import CDetach
import CResidentMemory
import HookProtocol
import Memories
import Projects
import SQLite
import Storage

/// A session begins: tells it what stands, then has everything stored that is not yet.
struct SessionStartHook {
    let input: HookInput
    let source: SessionSource
    static let event = HookEvent.sessionStart
    /// For so long a second call for a session is the same call, in milliseconds.
    static let sameCall = 5_000

    init(_ input: HookInput) {
        self.input = input
        source = SessionSource(named: input.source)
    }

    func run() {
        guard let session = input.sessionID else { return }
        let environment = Environment.current()
        let state = Activity.state(from: .hook(workingDirectory: input.workingDirectory), environment)
        guard case .active(let project) = state else { return tellWhyNot(state, environment) }
        var late: InjectionAnswer?
        do throws(StoreError) {
            late = try answer(session, project, environment)
        } catch {
            HookStore.note(error, project, SessionStartHook.event.rawValue)
        }
        guard detach_fork(nil) == 1 else { return }
        if let late, let store = HookStore.open(project, SessionStartHook.event.rawValue, busyTimeout: 10_000) {
            _ = try? store.enter(late, now: Clock.system.milliseconds())
        }
        Capture.ingest(project, environment, SessionStartHook.event.rawValue, [])
    }

    /// Where memory is not at work: silence, but for what the user would not expect.
    private func tellWhyNot(_ state: Activity, _ environment: Environment) {
        switch state {
        case .unavailable(.untrustedStore), .unavailable(.symbolicLink), .unavailable(.foreignOwner),
            .unavailable(.writableByOthers):
            if let message = state.message { say("ccmem: \(message)") }
        case .optedOut(.settings):
            guard let data = environment.dataFolder, let message = state.message else { return }
            let log = HookLog(dataFolder: data)
            if let unseen = log.takeUnseen() { say("ccmem: \(unseen)") }
            log.note(message, from: SessionStartHook.event.rawValue, at: Clock.system.timestamp)
        case .active, .paused, .optedOut(.pattern), .disabled, .unavailable: return
        }
    }

    private func say(_ message: String) { StandardOutput.write(HookOutput(SessionStartHook.event, message: message)) }

    /// Writes the answer.
    ///
    /// - Returns: What could not be entered into the ledger yet, because somebody else is writing.
    private func answer(
        _ session: String, _ project: ActiveProject, _ environment: Environment
    ) throws(StoreError) -> InjectionAnswer? {
        let log = HookLog(project.location)
        var messages = [log.takeUnseen()].compactMap(\.self)
        if messages.isEmpty { log.settle() }
        if let problem = project.settings.problems.first { messages.append(problem.message) }
        // Who asked for a compaction or a copy was told at the start.
        if source != .compact, source != .fork, let notice = AddedRules(ofProjectAlone: project).notice {
            messages.append(HookStore.harmless(notice))
        }
        if let notice = CredentialNotice.news(project.settings, dataFolder: project.location.dataFolder) {
            messages.append(notice)
        }
        func message() -> String? { messages.isEmpty ? nil : "ccmem: " + messages.joined(separator: " ") }
        let news = SessionNews(project: project, session: session, source: source)
        if let work = news.work(environment) { messages.append(work) }
        var isTooOld = false
        let opened = HookStore.open(
            project, SessionStartHook.event.rawValue, busyTimeout: 120, isTooOld: { isTooOld = true })
        if isTooOld {
            messages.append(
                "The store is being brought up to date in the background; what it knows comes back with later prompts.")
        }
        guard let store = opened else {
            if let message = message() { say(message) }
            return nil
        }
        let knowledge = SessionKnowledge(store: store, session: session, source: source)
        if let receipt = try news.receipt(store) { messages.append(receipt) }
        var text: ContextText?
        if let budget = HookStore.budget(store, SessionStartHook.event, .injectionSessionStartTokens, project) {
            // Reading needs memory of its own, and what start-up needed is over.
            resident_memory_give_back()
            text = try knowledge.context()?.rendered(budget, shown: HookStore.harmless)
        }
        // A compaction is noted even when nothing is told, since what was injected before is gone from the context; a copy, since
        // its context holds what its original was told.
        guard text != nil || message() != nil || source == .compact || source == .fork else { return nil }
        let answer = InjectionAnswer(
            session: session, event: SessionStartHook.event.rawValue, instance: source.rawValue,
            sameCall: SessionStartHook.sameCall, items: text?.items ?? [])
        do throws(StoreError) {
            guard try store.enter(answer, now: Clock.system.milliseconds()) != nil else { return nil }
        } catch {
            guard case .locked = error else { throw error }
            StandardOutput.write(HookOutput(SessionStartHook.event, context: text?.text, message: message()))
            return answer
        }
        StandardOutput.write(HookOutput(SessionStartHook.event, context: text?.text, message: message()))
        return nil
    }
}

/// What the store has for the start of a session, by what it began with.
struct SessionKnowledge {
    let store: MemoryStore
    let session: String
    let source: SessionSource

    /// Nil when the context holds it all.
    func context() throws(StoreError) -> SessionContext? {
        try store.reading { () throws(SQLiteError) in
            switch source {
            case .startup, .clear: return try fresh()
            case .compact: return try afterCompaction()
            case .resume: return try onResume()
            // A copy of a conversation that has been told already.
            case .fork: return nil
            }
        }
    }

    private func fresh() throws(SQLiteError) -> SessionContext {
        var context = try standing(after: 0)
        if let last = try store.lastSession(before: session), let handoff = try store.handoff(ofSession: last) {
            context.lastSession = SessionKnowledge.last(handoff)
        }
        try addIndex(to: &context)
        return context
    }

    private func afterCompaction() throws(SQLiteError) -> SessionContext {
        var context = try standing(after: 0)
        context.ofThisSession = HookStore.lines(try store.knowledge(ofSession: session))
        if let handoff = try store.handoff(ofSession: session) {
            context.lastSession = SessionKnowledge.last(handoff)
            context.lastSession?.isThisOne = true
        }
        try addIndex(to: &context)
        return context
    }

    /// Only what became known since; what did not fit then is no news.
    private func onResume() throws(SQLiteError) -> SessionContext? {
        var context = try standing(after: try store.newestMemory(toldToSession: session) ?? 0)
        try removeOwn(from: &context)
        return context
    }

    private func standing(after newest: Int) throws(SQLiteError) -> SessionContext {
        let knowledge = try store.standingKnowledge(after: newest)
        var context = SessionContext()
        context.constraints = HookStore.lines(knowledge.constraints)
        context.decisions = HookStore.lines(knowledge.decisions)
        context.bugs = HookStore.lines(knowledge.bugs)
        context.tasks = HookStore.lines(knowledge.tasks)
        return context
    }

    /// What the conversation itself has said stands in it still.
    private func removeOwn(from context: inout SessionContext) throws(SQLiteError) {
        let own = Set(try store.knowledge(ofSession: session).map(\.id)).union(try store.injected(inSession: session))
        context.constraints.removeAll { own.contains($0.id) }
        context.decisions.removeAll { own.contains($0.id) }
        context.bugs.removeAll { own.contains($0.id) }
        context.tasks.removeAll { own.contains($0.id) }
    }

    private func addIndex(to context: inout SessionContext) throws(SQLiteError) {
        context.index = try store.knowledgeIndex(ids: 40, tags: 6).map {
            .init(name: $0.name, count: $0.count, ids: $0.ids)
        }
    }

    private static func last(_ handoff: Handoff) -> SessionContext.LastSession {
        var last = SessionContext.LastSession()
        last.branch = handoff.branch
        last.transcript = handoff.transcript
        last.asked = handoff.asked
        last.done = handoff.done
        last.open = handoff.todos
        last.files = handoff.files
        last.test = handoff.test
        return last
    }
}
