public import SQLite

/// A conversation as the store knows it.
public struct StoredSession: Sendable, Equatable {
    /// As Claude Code calls it.
    public var uid: String
    public var cwd: String?
    public var branch: String?
    /// Of the first and the last entry; empty when the transcript does not say.
    public var startedAt: String
    public var endedAt: String
    /// Turns in the archive.
    public var turnCount: Int
    /// Memories that were said in it, whatever became of them.
    public var memoryCount: Int

    init(_ row: Statement) {
        uid = row.text(0)
        cwd = row.optionalText(1)
        branch = row.optionalText(2)
        startedAt = row.text(3)
        endedAt = row.text(4)
        turnCount = row.int(5)
        memoryCount = row.int(6)
    }
}

/// What the beginning of a session's name stands for.
public enum SessionMatch: Sendable, Equatable {
    case none
    case one(StoredSession)
    /// Their names, sorted.
    case several([String])
}

extension MemoryStore {
    /// A session that only a fork's turns name has no times of its own: those of its turns stand for them.
    private static let sessionRows = """
        SELECT c.uid, c.cwd, c.branch,
            coalesce(nullif(c.started_at, ''), t.first, '') AS started, coalesce(nullif(c.ended_at, ''), t.last, '') AS ended,
            coalesce(t.turns, 0), coalesce(s.memories, 0)
        FROM session AS c
        LEFT JOIN (SELECT session_id, count(*) AS turns, min(nullif(said_at, '')) AS first, max(said_at) AS last
            FROM turn GROUP BY session_id) AS t ON t.session_id = c.id
        LEFT JOIN (SELECT session_id, count(DISTINCT memory_id) AS memories FROM memory_source GROUP BY session_id) AS s
            ON s.session_id = c.id
        """

    /// Newest first.
    ///
    /// - Parameter since: Only sessions that ended at this time or later; a prefix of an ISO 8601 time.
    public func sessions(since: String? = nil, limit: Int? = nil) throws(SQLiteError) -> [StoredSession] {
        try connection.rows(
            "\(MemoryStore.sessionRows) WHERE ended >= ? ORDER BY ended DESC, started DESC, c.uid LIMIT ?",
            .text(since ?? ""), .integer(limit ?? -1), read: StoredSession.init)
    }

    /// The session with a name, or the only one whose name begins so.
    public func session(_ beginning: String) throws(SQLiteError) -> SessionMatch {
        let found = try connection.rows(
            "\(MemoryStore.sessionRows) WHERE substr(c.uid, 1, length(?1)) = ?1 ORDER BY c.uid", .text(beginning),
            read: StoredSession.init)
        if let exact = found.first(where: { $0.uid == beginning }) { return .one(exact) }
        guard let first = found.first else { return .none }
        return found.count == 1 ? .one(first) : .several(found.map(\.uid))
    }

    /// The memories that were said in a session, in the order in which they were said first; whatever became of them.
    public func memories(ofSession uid: String) throws(SQLiteError) -> [StoredMemory] {
        try connection.rows(
            """
            SELECT \(StoredMemory.columns) FROM memory AS m JOIN (
                SELECT s.memory_id AS id, min(s.said_at) AS at, min(s.line) AS line FROM memory_source AS s
                JOIN session AS c ON c.id = s.session_id WHERE c.uid = ? GROUP BY s.memory_id
            ) AS p ON p.id = m.id ORDER BY p.at, p.line, m.id
            """, .text(uid), read: StoredMemory.init)
    }

    /// One turn of the archive.
    public func turn(_ id: Int) throws(SQLiteError) -> StoredTurn? {
        try connection.row(
            "SELECT \(StoredTurn.columns) FROM turn AS t JOIN session AS c ON c.id = t.session_id WHERE t.id = ?",
            .integer(id), read: StoredTurn.init)
    }

    /// How many prompts of a session the archive holds.
    public func prompts(ofSession uid: String) throws(SQLiteError) -> Int {
        try connection.row(
            """
            SELECT count(*) FROM turn AS t JOIN session AS c ON c.id = t.session_id WHERE c.uid = ? AND t.role = 'user'
            """, .text(uid)
        ) { $0.int(0) } ?? 0
    }
}
