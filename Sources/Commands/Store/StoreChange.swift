public import SQLite
public import Storage

/// A command that changes the store: takes over what people wrote into the pages beside it, does its work in one
/// transaction, brings the pages up to date.
public struct StoreChange {
    public let context: ProjectContext
    public let store: MemoryStore
    private let pages: StorePages?

    private init(_ context: ProjectContext, _ store: MemoryStore) {
        self.context = context
        self.store = store
        pages = StorePages(context: context, store: store)
    }

    /// - Throws: `CommandError` when there is no store.
    public static func open(_ options: ProjectOptions) throws -> StoreChange {
        let context = try ProjectContext.find(options)
        try context.checkActive()
        try StoredText.prepare()
        return StoreChange(context, try context.openToWrite())
    }

    /// The same for a command that stores: makes the store when it is missing.
    public static func openOrMake(_ options: ProjectOptions) throws -> StoreChange {
        let context = try ProjectContext.find(options)
        try StoredText.prepare()
        return StoreChange(context, try context.openOrMake())
    }

    public func run<T>(
        _ kind: MemoryStore.IngestKind = .command, _ body: (ChangeRun) throws(SQLiteError) -> T
    ) throws -> T {
        pages?.takeOver()
        let result = try StoreWords.inWords { () throws(StoreError) in try store.changing(kind, body) }
        pages?.refresh()
        return result
    }

    /// The same for what is no run of its own.
    public func runWithoutRun<T>(_ body: () throws(SQLiteError) -> T) throws -> T {
        pages?.takeOver()
        let result = try StoreWords.inWords { () throws(StoreError) in try store.writing(body) }
        pages?.refresh()
        return result
    }
}
