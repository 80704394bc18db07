public import Memories
public import SQLite

/// A memory that was put into a session, and whether the session came back to it.
public struct InjectedMemory: Sendable, Equatable {
    public var id: Int
    public var event: String
    public var at: String
    public var category: MemoryCategory
    public var importance: Importance
    public var content: String
    public var tokens: Int
    /// Names in code, paths and commands of it that the session came back to; the first three.
    public var usedTerms: [String]
}

/// What ingests and hooks have done since some time.
public struct Receipt: Sendable, Equatable {
    public var inserted = 0
    public var merged = 0
    public var superseded = 0
    public var archived = 0
    public var refused = 0
    public var redacted = 0
    public var injected = 0
    public var injectedTokens = 0

    public var isEmpty: Bool { self == Receipt() }

    static let columns = """
        coalesce(sum(inserted), 0), coalesce(sum(merged), 0), coalesce(sum(superseded), 0), coalesce(sum(archived), 0),
        coalesce(sum(refused), 0), coalesce(sum(redacted), 0)
        """

    init() {}

    init(_ row: Statement) {
        (inserted, merged, superseded) = (row.int(0), row.int(1), row.int(2))
        (archived, refused, redacted) = (row.int(3), row.int(4), row.int(5))
    }
}

extension MemoryStore {
    /// The session that was told something last; nil when none ever was.
    public func lastInjectedSession() throws(SQLiteError) -> String? {
        try connection.row("SELECT session FROM injection ORDER BY id DESC LIMIT 1") { $0.text(0) }
    }

    /// What a session was told, in its order.
    public func injections(inSession uid: String) throws(SQLiteError) -> [InjectedMemory] {
        var found = try connection.rows(
            """
            SELECT m.id, i.event, i.at, m.category, m.importance, m.content, i.tokens
            FROM injection AS i JOIN memory AS m ON m.id = i.memory_id WHERE i.session = ? ORDER BY i.id
            """, .text(uid)
        ) {
            InjectedMemory(
                id: $0.int(0), event: $0.text(1), at: $0.text(2),
                category: MemoryCategory(rawValue: $0.text(3)) ?? .note,
                importance: Importance(clamping: $0.int(4)), content: $0.text(5), tokens: $0.int(6), usedTerms: [])
        }
        guard !found.isEmpty else { return [] }
        let signs = try SessionSigns(connection, session: uid)
        for index in found.indices {
            found[index].usedTerms = signs.terms(of: found[index].content, after: found[index].at)
        }
        return found
    }

    /// The sessions that were told something and whose ids begin so, in their order. Not all of them need be stored.
    public func injectedSessions(beginning: String) throws(SQLiteError) -> [String] {
        try connection.rows(
            "SELECT DISTINCT session FROM injection WHERE substr(session, 1, length(?1)) = ?1 ORDER BY session",
            .text(beginning)
        ) { $0.text(0) }
    }

    /// What happened since a time; an empty one means ever.
    public func receipt(since: String) throws(SQLiteError) -> Receipt {
        var receipt =
            try connection.row(
                "SELECT \(Receipt.columns) FROM ingest WHERE started_at >= ? AND undone_at IS NULL", .text(since),
                read: Receipt.init) ?? Receipt()
        let injected = try connection.row(
            "SELECT count(*), coalesce(sum(tokens), 0) FROM injection WHERE at >= ?", .text(since)
        ) { ($0.int(0), $0.int(1)) }
        (receipt.injected, receipt.injectedTokens) = injected ?? (0, 0)
        return receipt
    }

    /// What happened since a session was told something at its start last; ever, when none was.
    public func receiptSinceLastStart() throws(SQLiteError) -> Receipt {
        let last = try connection.row(
            """
            SELECT at, batch FROM answer WHERE event = 'SessionStart' AND instance IN ('startup', 'clear')
            ORDER BY at DESC LIMIT 1
            """
        ) { (at: $0.int(0), batch: $0.int(1)) }
        guard let last else { return try receipt(since: "") }
        // From the newest run back to the first one of that time: not through all that ever were.
        let before = try connection.row(
            "SELECT id FROM ingest WHERE started_at < ? ORDER BY id DESC LIMIT 1", .text(Clock.timestamp(last.at))
        ) { $0.int(0) }
        return try receipt(runsAfter: before ?? 0, injectedFrom: last.batch)
    }

    private func receipt(runsAfter run: Int, injectedFrom batch: Int) throws(SQLiteError) -> Receipt {
        var receipt =
            try connection.row(
                "SELECT \(Receipt.columns) FROM ingest WHERE id > ? AND undone_at IS NULL", .integer(run),
                read: Receipt.init) ?? Receipt()
        let injected = try connection.row(
            "SELECT count(*), coalesce(sum(tokens), 0) FROM injection WHERE batch >= ?", .integer(batch)
        ) { ($0.int(0), $0.int(1)) }
        (receipt.injected, receipt.injectedTokens) = injected ?? (0, 0)
        return receipt
    }

    /// When the session before the newest began to be told something, as ISO 8601: what happened since is what a person who comes
    /// back has not seen. Empty when there is none.
    public func previousStart() throws(SQLiteError) -> String {
        let starts = try connection.rows(
            "SELECT at FROM answer WHERE event = 'SessionStart' AND instance IN ('startup', 'clear') ORDER BY at DESC LIMIT 2"
        ) { $0.int(0) }
        return starts.count == 2 ? Clock.timestamp(starts[1]) : ""
    }

    /// How many rows a table has, with a condition behind its name.
    public func count(_ rows: String) throws(SQLiteError) -> Int {
        try connection.row("SELECT count(*) FROM \(rows)") { $0.int(0) } ?? 0
    }

    /// Whether the pages of the file hang together; not whether its rows agree, which takes longer.
    public func quickCheck() throws(SQLiteError) -> Bool {
        try connection.row("PRAGMA quick_check (1)") { $0.text(0) == "ok" } ?? false
    }

    /// The transcripts that were read, by the path that they had.
    public func transcriptPaths() throws(SQLiteError) -> Set<String> {
        Set(try connection.rows("SELECT path FROM transcript") { $0.text(0) })
    }
}
