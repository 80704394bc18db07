import Memories
public import SQLite

/// How far a transcript has been read, and what it looked like then.
public struct TranscriptState: Sendable, Equatable {
    public var path: String
    /// Of its main conversation.
    public var sessionID: String?
    /// Bytes.
    public var size: Int
    /// Of the bytes before `offset`: another one means that the file was rewritten.
    public var tailHash: String
    /// Where the next run begins, in bytes, …
    public var offset: Int
    /// … and the number of that line.
    public var nextLine: Int
    /// What read it: packs, weights and version.
    public var plan: String
    /// Whether Claude Code has deleted it.
    public var isGone: Bool

    public init(
        path: String, sessionID: String?, size: Int, tailHash: String, offset: Int, nextLine: Int, plan: String,
        isGone: Bool = false
    ) {
        self.path = path
        self.sessionID = sessionID
        self.size = size
        self.tailHash = tailHash
        self.offset = offset
        self.nextLine = nextLine
        self.plan = plan
        self.isGone = isGone
    }

    static let columns = """
        t.path, (SELECT uid FROM session WHERE id = t.session_id), t.size, t.tail_hash, t.offset, t.next_line, t.plan,
        t.is_gone
        """

    init(_ row: Statement) {
        self.init(
            path: row.text(0), sessionID: row.optionalText(1), size: row.int(2), tailHash: row.text(3),
            offset: row.int(4), nextLine: row.int(5), plan: row.text(6), isGone: row.int(7) != 0)
    }
}

extension MemoryStore {
    public func transcript(_ path: String) throws(SQLiteError) -> TranscriptState? {
        try connection.row(
            "SELECT \(TranscriptState.columns) FROM transcript AS t WHERE t.path = ?", .text(path),
            read: TranscriptState.init)
    }

    /// In the order of their paths; files of topics are not among them.
    public func transcripts() throws(SQLiteError) -> [TranscriptState] {
        try connection.rows(
            "SELECT \(TranscriptState.columns) FROM transcript AS t WHERE t.plan <> ? ORDER BY t.path",
            .text(TopicSource.plan), read: TranscriptState.init)
    }

    /// The row of a transcript, made when it is new.
    func transcriptRow(_ path: String) throws(SQLiteError) -> Int {
        if let known = try connection.row("SELECT id FROM transcript WHERE path = ?", .text(path), read: { $0.int(0) })
        {
            return known
        }
        try connection.run("INSERT INTO transcript (path) VALUES (?)", .text(path))
        return connection.lastInsertedRowID
    }

    func save(_ state: TranscriptState, row: Int) throws(SQLiteError) {
        let session = try state.sessionID.map { (uid) throws(SQLiteError) -> Int in try sessionRow(uid) }
        try connection.run(
            """
            UPDATE transcript SET session_id = ?, size = ?, tail_hash = ?, offset = ?, next_line = ?, plan = ?,
                ingested_at = ?, is_gone = ? WHERE id = ?
            """, .optional(session), .integer(state.size), .text(state.tailHash), .integer(state.offset),
            .integer(state.nextLine), .text(state.plan), .text(now), .integer(state.isGone ? 1 : 0),
            .integer(row))
    }
}
