public import SQLite

/// A memory that reached the model, as the ledger holds it.
public struct StoredInjection: Sendable, Equatable {
    public var id: Int
    public var event: String
    public var session: String
    public var memory: Int
    public var tokens: Int
    public var at: String
    public var content: String

    init(_ row: Statement) {
        id = row.int(0)
        event = row.text(1)
        session = row.text(2)
        memory = row.int(3)
        tokens = row.int(4)
        at = row.text(5)
        content = row.text(6)
    }
}

/// An event with the words of its memory.
public struct FeedEvent: Sendable, Equatable {
    public var event: StoredEvent
    public var category: String
    public var content: String

    init(_ row: Statement) {
        event = StoredEvent(row)
        category = row.text(6)
        content = row.text(7)
    }
}

extension MemoryStore {
    /// What happened to memories after the event with that id, in its order.
    public func events(after id: Int, limit: Int) throws(SQLiteError) -> [FeedEvent] {
        try connection.rows(
            """
            SELECT e.id, e.memory_id, e.at, e.kind, e.detail, e.ingest_id, m.category, m.content
            FROM memory_event AS e JOIN memory AS m ON m.id = e.memory_id WHERE e.id > ? ORDER BY e.id LIMIT ?
            """, .integer(id), .integer(limit), read: FeedEvent.init)
    }

    /// What was injected after the row with that id, in its order.
    public func injections(after id: Int, limit: Int) throws(SQLiteError) -> [StoredInjection] {
        try connection.rows(
            """
            SELECT i.id, i.event, i.session, i.memory_id, i.tokens, i.at, m.content
            FROM injection AS i JOIN memory AS m ON m.id = i.memory_id WHERE i.id > ? ORDER BY i.id LIMIT ?
            """, .integer(id), .integer(limit), read: StoredInjection.init)
    }

    /// Ids of the last event and the last injection; 0 when there is none.
    public func lastOfFeed() throws(SQLiteError) -> (event: Int, injection: Int) {
        try connection.row(
            "SELECT coalesce((SELECT max(id) FROM memory_event), 0), coalesce((SELECT max(id) FROM injection), 0)"
        ) { ($0.int(0), $0.int(1)) } ?? (0, 0)
    }
}
