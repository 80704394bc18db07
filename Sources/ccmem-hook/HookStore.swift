import CDetach
import HookProtocol
import Memories
import Projects
import Neutralization
import SQLite
import Storage

/// What hooks share: the store of the project, and how it is spoken of when something is wrong.
enum HookStore {
    /// A store of an older version that is larger, in bytes, would not be migrated by the deadline of a hook: the next ingest
    /// does that.
    private static let largestUpdate = 3 << 20

    /// Nil when there is no store, or it can't be used; what the user should know of is noted.
    ///
    /// - Parameters:
    ///   - busyTimeout: How long to wait for another writer, in milliseconds.
    ///   - isTooOld: Called when the next ingest has to bring the store up to date first.
    static func open(
        _ project: ActiveProject, _ place: String, busyTimeout: Int32, isTooOld: () -> Void = {}
    ) -> MemoryStore? {
        guard let status = Files.status(of: project.location.database), status.size > 0 else { return nil }
        BriefProcess.begin()
        do throws(StoreError) {
            let store = try MemoryStore(
                path: project.location.database, access: .write, busyTimeout: busyTimeout,
                bringsUpToDate: status.size <= largestUpdate)
            try store.beBrief()
            return store
        } catch {
            if case .olderSchema = error { isTooOld() }
            note(error, project, place)
            return nil
        }
    }

    /// Leaves with the store as it is. The system closes its files at once, while SQLite would take apart what it knows of the
    /// schema first; every transaction has ended.
    static func leave(_ store: MemoryStore) -> Never { withExtendedLifetime(store) { detach_leave() } }

    /// Enters an answer into the ledger behind the hook, once the other writer is done. Call it without an open store.
    static func enterLater(_ answer: InjectionAnswer, _ project: ActiveProject, _ place: String) {
        guard detach_fork(nil) == 1 else { return }
        if let store = open(project, place, busyTimeout: 10_000) {
            _ = try? store.enter(answer, now: Clock.system.milliseconds())
        }
        detach_leave()
    }

    /// The pattern of `exclude.paths` that covers where a session is, where it began, or its transcript; nil when what happens
    /// there may be stored.
    static func optOut(
        of input: HookInput, in project: ActiveProject, _ environment: Environment
    ) -> ProjectTranscripts.Refusal? {
        project.optOut(ofSessionAt: [
            input.workingDirectory, environment.claudeProjectDirectory, input.transcriptPath,
        ])
    }

    static func note(_ error: StoreError, _ project: ActiveProject, _ place: String) {
        guard let message = message(error) else { return }
        HookLog(project.location).note(message, from: place, at: Clock.system.timestamp)
    }

    /// Nil for what passes by itself, or what nothing can be written about.
    private static func message(_ error: StoreError) -> String? {
        switch error {
        case .missing, .locked, .readOnly, .olderSchema: nil
        case .newerSchema(let path, _, _):
            "\(path): a newer ccmem has written this store, so nothing of it is brought back; install that version here too."
        case .foreign(let path):
            "\(path): this is no store of ccmem, or a damaged one; `ccmem repair` saves what can be read of it. Move away what never was one, and the next memory makes a new one."
        case .corrupted(let path, _): "\(path): the store is damaged; `ccmem repair` saves what can be read."
        case .full(let path): "\(path): the disk is full; nothing is stored until there is room again."
        case .other(let path, let error): "\(path): \(error.message); `ccmem audit` looks at the store."
        }
    }

    /// What an event may inject: the store's budget, or less when the settings say so.
    static func budget(
        _ store: MemoryStore, _ event: HookEvent, _ setting: SettingKey, _ project: ActiveProject
    ) -> ContextBudget? {
        guard project.settings.bool(.injectionEnabled),
            let found = (try? store.injectionBudget(event.rawValue)).flatMap({ $0 })
        else { return nil }
        let tokens = min(found.tokens.value, project.settings.integer(setting) ?? found.tokens.value)
        return tokens > 0 ? ContextBudget(tokens: tokens, items: found.items, caps: found.caps) : nil
    }

    static func lines(_ memories: [InjectableMemory]) -> [ContextLine] {
        memories.map { ContextLine(id: $0.id, category: $0.category, text: $0.content, tokens: $0.tokens) }
    }

    /// Nothing in the text passes for words of the harness.
    static func harmless(_ text: String) -> String { Neutralizer.neutralized(text) }
}
