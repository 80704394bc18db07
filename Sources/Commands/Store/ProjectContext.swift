public import Memories
public import Projects
import SQLite
public import Storage

/// The project that a command works on, and its store.
public struct ProjectContext {
    /// Nil where memory is paused, opted out or switched off: then one may look and forget, not store.
    public let active: ActiveProject?
    public let location: StoreLocation
    /// Why nothing may be stored now; a full sentence.
    public let refusal: String?
    /// Whether it only rests: a hook that asks then has done nothing wrong.
    public let isPaused: Bool

    public var root: String { location.root.path }
    /// Path of the database, whether or not it exists.
    public var database: String { location.database }

    /// Finds the project of the options; makes nothing.
    ///
    /// - Throws: `CommandError` when there is no project, or it is not trusted.
    public static func find(_ options: ProjectOptions) throws -> ProjectContext {
        try find(options.start, .current())
    }

    public static func find(_ start: ProjectStart, _ environment: Environment) throws -> ProjectContext {
        let state = Activity.state(from: start, environment)
        switch state {
        case .active(let project):
            for problem in project.settings.problems {
                StandardStream.error.write("warning: \(problem.message)\n")
            }
            return ProjectContext(active: project, location: project.location, refusal: nil, isPaused: false)
        case .paused: return try atRest(start, environment, state, isPaused: true)
        case .optedOut, .disabled: return try atRest(start, environment, state, isPaused: false)
        case .unavailable: throw CommandError(state.message ?? "There is no project here.", .unreadableInput)
        }
    }

    /// Path of the database that the options lead to, whether or not it exists or may be used; nil when there is no project.
    public static func database(of options: ProjectOptions) -> String? {
        let environment = Environment.current()
        guard let root = try? ProjectLocator(environment).project(from: options.start) else { return nil }
        return (try? StoreLocation(of: root, environment))?.database
    }

    /// Where nothing is stored, what was stored before can be looked at and forgotten all the same.
    private static func atRest(
        _ start: ProjectStart, _ environment: Environment, _ state: Activity, isPaused: Bool
    ) throws -> ProjectContext {
        do throws(ProjectRefusal) {
            let location = try StoreLocation(of: ProjectLocator(environment).project(from: start), environment)
            // A database that came with a clone is no more to be opened here than elsewhere.
            if location.place == .project { try TrustLedger(location).checkStore() }
            return ProjectContext(active: nil, location: location, refusal: state.message, isPaused: isPaused)
        } catch {
            throw CommandError(error.message, .unreadableInput)
        }
    }

    /// Opens the store to read.
    ///
    /// - Throws: `CommandError` that tells what to do when there is none.
    public func openToRead() throws -> MemoryStore { try open(.read) }

    /// Opens the store to read for a command that lists. Where there is none, whoever reads JSON gets the document of a store
    /// that holds nothing, and its user a word on standard error.
    ///
    /// - Parameter isJSON: Else a missing store is an error, as for `openToRead()`.
    public func openToList(isJSON: Bool) throws -> MemoryStore {
        do {
            return try open(.read)
        } catch let error as CommandError where isJSON && error.status == .nothingFound {
            StandardStream.error.write("note: \(error.message)\n")
            return try StoreWords.inWords { () throws(StoreError) in
                try MemoryStore(path: ":memory:", access: .create)
            }
        }
    }

    /// Opens the store to write; it must exist.
    public func openToWrite() throws -> MemoryStore { try open(.write) }

    /// Opens the store to write; makes it when it is missing.
    public func openOrMake() throws -> MemoryStore {
        try checkActive()
        do throws(FileFailure) {
            try location.prepareFolder()
        } catch {
            throw CommandError(
                "The store can't be made: \(error.message)", help: "Check the permissions of the folder.",
                .unreadableInput)
        }
        if isEmptied {
            StandardStream.error.write("warning: \(database) was empty; a new store begins in it.\n")
        }
        let store = try open(.create)
        let root = StoredText.clean(root)
        try StoreWords.inWords { () throws(StoreError) in
            try store.writing { () throws(SQLiteError) in try store.setProject(root: root) }
        }
        return store
    }

    /// What `ingest.min-importance` says.
    public var minimumImportance: Importance {
        Importance(clamping: active?.settings.integer(.ingestMinImportance) ?? 1)
    }

    /// What `recall.half-life-days` says.
    public var halfLife: Int { active?.settings.integer(.recallHalfLifeDays) ?? 99 }

    /// Nil when there is no store yet.
    public func openIfThere(_ access: MemoryStore.Access) throws -> MemoryStore? {
        guard let status = Files.status(of: database), status.size > 0 else { return nil }
        return try open(access)
    }

    /// - Throws: `CommandError` when memory is paused, opted out or switched off.
    public func checkActive() throws {
        if let refusal { throw CommandError(refusal, .unreadableInput) }
    }

    /// Writes the generated pages again.
    public func refreshViews(_ store: MemoryStore) { StorePages(context: self, store: store)?.refresh() }

    /// - Throws: `CommandError` when the file of the store is there and holds nothing.
    public func checkNotEmptied() throws {
        guard isEmptied else { return }
        throw CommandError(
            "\(database) is empty: there is no store in it, and nothing to salvage.",
            help: "`ccmem ingest` begins a new one from this project's transcripts, `ccmem import` from an export.",
            .nothingFound)
    }

    /// Whether the file of the store has no byte, and nobody is making one in it just now.
    private var isEmptied: Bool {
        guard let status = Files.status(of: database), status.kind == .file, status.size == 0 else { return false }
        return Clock.system.milliseconds() - status.modified / 1_000_000 > 2_000
    }

    private func open(_ access: MemoryStore.Access) throws -> MemoryStore {
        if access != .create { try checkNotEmptied() }
        do {
            return try opened(access)
        } catch var error as CommandError where error.status == .nothingFound {
            error.help = [error.help, afterRenaming].compactMap { $0 }.joined(separator: " ")
            throw error
        }
    }

    /// What to do where a project's folder is gone: this may be it under another name.
    private var afterRenaming: String? {
        guard let last = StoreMove.leftBehind(.current()).first else { return nil }
        return "If this folder was \(TextStyle.printable(last)) before, `ccmem projects move` brings its memories here."
    }

    private func opened(_ access: MemoryStore.Access) throws -> MemoryStore {
        try StoreWords.inWords { () throws(StoreError) in
            let store = try openUpToDate(access)
            // Settings may have changed since the store was made.
            if access != .read, let settings = active?.settings {
                if let megabytes = settings.integer(.archiveMaxMegabytes) {
                    try store.bringArchive(within: megabytes << 20)
                }
                try store.setBudgets(
                    sessionStart: settings.integer(.injectionSessionStartTokens),
                    prompt: settings.integer(.injectionPromptTokens), modelDay: settings.integer(.llmDailyTokens),
                    modelSession: settings.integer(.llmSessionTokens))
            }
            return store
        }
    }

    /// A store of an older version is brought up to date by whoever opens it first, also to read.
    private func openUpToDate(_ access: MemoryStore.Access) throws(StoreError) -> MemoryStore {
        do throws(StoreError) {
            return try MemoryStore(path: database, access: access)
        } catch {
            guard case .olderSchema = error, access == .read else { throw error }
            // What is wrong with writing, the reading below says in its own words.
            _ = try? MemoryStore(path: database, access: .write)
            return try MemoryStore(path: database, access: .read)
        }
    }
}
