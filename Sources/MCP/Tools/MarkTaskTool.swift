import Memories
import SQLite
import Storage

extension Tool {
    static let task = Tool(
        name: "mark_task",
        summary: "Record open work; with done, close the open task of these words, or `supersedes`.",
        parameters: [.text("task").required, .flag("done"), .text("key", most: 200), .memory("supersedes")],
        isReadOnly: false
    ) { arguments, host in
        let text = try host.clean(arguments.text("task") ?? "")
        let key = try arguments.text("key").map { try Storing.key($0, .task, host) }
        if arguments.flag("done") {
            return try OpenTask.close(text, key: key, number: arguments.integer("supersedes"), host)
        }
        if let words = try OpenTask.reopen(text, host) { return words }
        return try Storing.store(
            text, .task, key: arguments.text("key"), replacing: arguments.integer("supersedes"), host)
    }
}

/// Work that is recorded as open. What is done is archived with that reason: a session that begins is told of it no more, and
/// a transcript that names it again does not bring it back.
private enum OpenTask {
    private static let done = "done"

    private enum Closing {
        case closed(Int)
        case unknown(Int)
        case noTask(Int, MemoryCategory)
        case alreadyClosed(Int, MemoryState)
        case notFound(open: [StoredMemory])
    }

    /// Archives the task that is meant: by its number, by its key, or by its words.
    static func close(_ text: String, key: String?, number: Int?, _ host: any MemoryHost) throws -> String {
        let closing = try host.change(makesStore: false) { store, run throws(SQLiteError) -> Closing in
            let meant: StoredMemory?
            if let number {
                guard let memory = try store.memory(number) else { return .unknown(number) }
                guard memory.category == .task else { return .noTask(number, memory.category) }
                meant = memory
            } else {
                meant = try find(text, key: key, in: store)
            }
            guard let meant else { return .notFound(open: try open(in: store, limit: mostNamed)) }
            guard meant.state == .active else { return .alreadyClosed(meant.id, meant.state) }
            // Other words than those of the task say how it ended.
            let says = number == nil || text == meant.content ? "" : ": " + text
            _ = try store.archive(memory: meant.id, reason: done + says, run)
            return .closed(meant.id)
        }
        switch closing {
        case .closed(let id): return "#\(id) is done, and archived."
        case .unknown(let id): throw ToolError.unknown(id)
        case .alreadyClosed(let id, let state): return "#\(id) is \(state.rawValue) already."
        case .noTask(let id, let category):
            throw ToolError(
                "#\(id) is no task but of the category \(category.rawValue).", remedy: "Give the task's number.")
        case .notFound(let open):
            let named = open.map { "#\($0.id) \(MemoryLines.cut($0.content, 80))" }.joined(separator: "; ")
            throw ToolError(
                "No open task has these words.",
                remedy: open.isEmpty
                    ? "None is open. What came of it can be stored with memory_add as `result`."
                    : "Give `supersedes`, the number of the open task: \(named).")
        }
    }

    /// Brings back what was done and is to be done again.
    ///
    /// - Returns: Nil when nothing of these words was closed as done.
    static func reopen(_ text: String, _ host: any MemoryHost) throws -> String? {
        let isClosed: Bool
        do {
            isClosed = try host.reading { store throws(SQLiteError) in try closed(text, in: store) != nil }
        } catch is NothingRemembered {
            return nil
        }
        guard isClosed else { return nil }
        let id = try host.change(makesStore: false) { store, run throws(SQLiteError) -> Int? in
            guard let memory = try closed(text, in: store),
                try store.restore(memory: memory.id, run) == .restored
            else { return nil }
            return memory.id
        }
        return id.map { "#\($0) is open again." }
    }

    /// Names so many open tasks to choose from.
    private static let mostNamed = 5

    private static func open(in store: MemoryStore, key: String? = nil, limit: Int) throws(SQLiteError)
        -> [StoredMemory]
    {
        var query = MemoryQuery()
        query.categories = [.task]
        query.key = key
        return try store.newestMemories(query, limit: limit)
    }

    private static func find(_ text: String, key: String?, in store: MemoryStore) throws(SQLiteError) -> StoredMemory? {
        if let key, let memory = try open(in: store, key: key, limit: 1).first { return memory }
        guard let memory = try twin(text, in: store), memory.category == .task else { return nil }
        return memory
    }

    private static func closed(_ text: String, in store: MemoryStore) throws(SQLiteError) -> StoredMemory? {
        guard let memory = try twin(text, in: store), memory.category == .task, memory.state == .archived,
            let reason = memory.reason, reason == done || reason.hasPrefix(done + ": ")
        else { return nil }
        return memory
    }

    /// The memory that says the same, as the store would find it.
    private static func twin(_ text: String, in store: MemoryStore) throws(SQLiteError) -> StoredMemory? {
        let memory = NewMemory(
            category: .task, content: text, importance: MemoryCategory.task.defaultImportance, origin: .claudeJudged,
            saidAt: Clock.system.timestamp)
        switch try store.outcome(of: memory) {
        case .merged(let id), .refused(.archived(let id)), .refused(.outranked(let id)): return try store.memory(id)
        case .inserted, .supersedes, .history, .refused: return nil
        }
    }
}
