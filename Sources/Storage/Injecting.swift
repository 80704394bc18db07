public import Memories
public import SQLite

/// A memory that may be injected.
public struct InjectableMemory: Sendable, Equatable {
    public var id: Int
    public var category: MemoryCategory
    public var importance: Importance
    public var content: String
    /// Of its content; a line that shows it costs more.
    public var tokens: TokenCount

    static let columns = "m.id, m.category, m.importance, m.content, m.tokens"

    init(_ row: Statement) {
        id = row.int(0)
        category = MemoryCategory(rawValue: row.text(1)) ?? .note
        importance = Importance(clamping: row.int(2))
        content = row.text(3)
        tokens = TokenCount(row.int(4))
    }
}

/// What an event may inject.
public struct InjectionBudget: Sendable, Equatable {
    public var tokens: TokenCount
    public var items: Int
    /// For categories that have a limit of their own.
    public var caps: [MemoryCategory: Int]
}

/// One answer of a hook, for the ledger.
public struct InjectionAnswer: Sendable {
    /// The session's id, as Claude Code calls it.
    public var session: String
    public var event: String
    /// Which of the event's calls it is.
    public var instance: String
    /// For how long a second call of that name is the same call, in milliseconds.
    public var sameCall: Int
    /// Memories with what their lines cost.
    public var items: [(id: Int, tokens: TokenCount)]

    public init(session: String, event: String, instance: String, sameCall: Int, items: [(id: Int, tokens: TokenCount)])
    {
        self.session = session
        self.event = event
        self.instance = instance
        self.sameCall = sameCall
        self.items = items
    }
}

extension MemoryStore {
    /// The condition on `m` that holds for whatever may be injected.
    static let isInjectable = "m.state = 'active' AND m.id NOT IN (SELECT memory_id FROM memory_withheld)"

    /// Nil for an event that injects nothing.
    public func injectionBudget(_ event: String) throws(SQLiteError) -> InjectionBudget? {
        guard
            var budget = try connection.row(
                "SELECT max_tokens, max_items FROM injection_budget WHERE event = ?", .text(event),
                read: { InjectionBudget(tokens: TokenCount($0.int(0)), items: $0.int(1), caps: [:]) })
        else { return nil }
        let caps = try connection.rows(
            "SELECT category, max_items FROM injection_cap WHERE event = ?", .text(event)
        ) { (MemoryCategory(rawValue: $0.text(0)), $0.int(1)) }
        for case (let category?, let most) in caps { budget.caps[category] = most }
        return budget
    }

    /// Enters an answer into the ledger; what the budgets refuse is left out.
    ///
    /// - Returns: The memories that were entered; nil when the same call was answered already.
    public func enter(_ answer: InjectionAnswer, now milliseconds: Int) throws(StoreError) -> [Int]? {
        try writing { () throws(SQLiteError) in
            let batch = 1 + (try connection.row("SELECT max(batch) FROM injection") { $0.int(0) } ?? 0)
            try connection.run(
                """
                INSERT INTO answer VALUES (?1, ?2, ?3, ?4, ?5, coalesce((SELECT max(id) FROM memory), 0))
                ON CONFLICT DO UPDATE SET at = excluded.at, batch = excluded.batch, newest = excluded.newest
                WHERE at <= excluded.at - ?6
                """, .text(answer.session), .text(answer.event), .text(answer.instance), .integer(milliseconds),
                .integer(batch), .integer(answer.sameCall))
            guard connection.changes > 0 else { return nil }
            var entered: [Int] = []
            for item in answer.items {
                do throws(SQLiteError) {
                    try connection.run(
                        """
                        INSERT INTO injection (batch, event, session, memory_id, tokens, at)
                        SELECT ?1, ?2, ?3, id, max(tokens, ?5), ?6 FROM memory WHERE id = ?4
                        """, .integer(batch), .text(answer.event), .text(answer.session), .integer(item.id),
                        .integer(item.tokens.value), .text(now))
                    if connection.changes > 0 { entered.append(item.id) }
                } catch {
                    // A trigger or a constraint has refused this one line.
                    guard error.primaryCode == 19 else { throw error }
                }
            }
            return entered
        }
    }

    /// What a session has in its context by injection: since it began, or since its last compaction.
    public func injected(inSession uid: String) throws(SQLiteError) -> Set<Int> {
        Set(
            try connection.rows(
                """
                SELECT memory_id FROM injection WHERE session = ?1 AND batch >= coalesce((SELECT batch FROM answer
                    WHERE session = ?1 AND event = 'SessionStart' AND instance = 'compact'), 0)
                """, .text(uid)
            ) { $0.int(0) })
    }

    /// Whether a session has been compacted, as far as hooks know.
    public func wasCompacted(session uid: String) throws(SQLiteError) -> Bool {
        try connection.row(
            "SELECT 1 FROM answer WHERE session = ? AND event = 'SessionStart' AND instance = 'compact'", .text(uid)
        ) { _ in true } ?? false
    }

    /// The newest memory when a session was told something at its start last; nil when it never was.
    public func newestMemory(toldToSession uid: String) throws(SQLiteError) -> Int? {
        try connection.row(
            "SELECT max(newest) FROM answer WHERE session = ? AND event = 'SessionStart'", .text(uid)
        ) { $0.optionalInt(0) } ?? nil
    }

    /// Makes this the connection of a hook: it leaves the log to others when it closes, so that nobody waits for it, and keeps
    /// little in memory.
    public func beBrief() throws(StoreError) {
        connection.leaveLogOnClose()
        do throws(SQLiteError) { try connection.execute("PRAGMA cache_size = -256") } catch {
            throw StoreError(error, path: path)
        }
    }
}
