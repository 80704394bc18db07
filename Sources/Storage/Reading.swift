public import Memories
public import SQLite

/// Which memories are wanted.
public struct MemoryQuery: Sendable {
    /// Empty for all.
    public var categories: [MemoryCategory] = []
    public var states: [MemoryState] = [.active]
    public var minimumImportance = 1
    /// Said at this time or later; a prefix of an ISO 8601 time.
    public var since: String?
    /// Said in this session.
    public var session: String?
    public var tag: String?
    public var key: String?
    public var limit: Int?

    public init() {}

    /// Conditions on `m`, beginning with a condition, and their values.
    var condition: (sql: String, values: [Value]) {
        var sql = "m.importance >= ?"
        var values: [Value] = [.integer(minimumImportance)]
        func oneOf(_ column: String, _ choices: [String]) {
            sql += " AND \(column) IN (\(choices.map { _ in "?" }.text(between: ", ")))"
            values += choices.map { .text($0) }
        }
        if !categories.isEmpty { oneOf("m.category", categories.map(\.rawValue)) }
        if !states.isEmpty, states.count < MemoryState.allCases.count { oneOf("m.state", states.map(\.rawValue)) }
        if let since {
            sql += " AND m.said_at >= ?"
            values.append(.text(since))
        }
        if let session {
            sql += """
                 AND EXISTS (SELECT 1 FROM memory_source AS s JOIN session AS c ON c.id = s.session_id
                WHERE s.memory_id = m.id AND c.uid = ?)
                """
            values.append(.text(session))
        }
        if let tag {
            sql += " AND EXISTS (SELECT 1 FROM memory_tag AS g WHERE g.memory_id = m.id AND g.tag = ?)"
            values.append(.text(tag))
        }
        if let key {
            sql += " AND m.key = ?"
            values.append(.text(key))
        }
        return (sql, values)
    }
}

extension MemoryStore {
    /// Most important first, then newest; then by id, so that the order is always the same.
    public func memories(_ query: MemoryQuery) throws(SQLiteError) -> [StoredMemory] {
        let (condition, values) = query.condition
        return try connection.rows(
            """
            WITH best AS MATERIALIZED (
                SELECT m.id FROM memory AS m WHERE \(condition)
                ORDER BY m.importance DESC, m.said_at DESC, m.id DESC LIMIT ?
            )
            SELECT \(StoredMemory.columns) FROM best JOIN memory AS m ON m.id = best.id
            ORDER BY m.importance DESC, m.said_at DESC, m.id DESC
            """, values: values + [.integer(query.limit ?? -1)], read: StoredMemory.init)
    }

    public func count(_ query: MemoryQuery) throws(SQLiteError) -> Int {
        let (condition, values) = query.condition
        return try connection.rows("SELECT count(*) FROM memory AS m WHERE \(condition)", values: values) {
            $0.int(0)
        }.first ?? 0
    }

    public func memory(_ id: Int) throws(SQLiteError) -> StoredMemory? {
        try connection.row(
            "SELECT \(StoredMemory.columns) FROM memory AS m WHERE m.id = ?", .integer(id), read: StoredMemory.init)
    }

    /// Oldest first.
    public func sightings(of id: Int) throws(SQLiteError) -> [StoredSighting] {
        try connection.rows(
            """
            SELECT \(StoredSighting.columns) FROM memory_source AS s LEFT JOIN transcript AS t ON t.id = s.transcript_id
            WHERE s.memory_id = ? ORDER BY s.said_at, t.path, s.line, s.id
            """, .integer(id), read: StoredSighting.init)
    }

    /// In the order in which they happened.
    public func events(of id: Int) throws(SQLiteError) -> [StoredEvent] {
        try connection.rows(
            "SELECT id, memory_id, at, kind, detail, ingest_id FROM memory_event WHERE memory_id = ? ORDER BY id",
            .integer(id), read: StoredEvent.init)
    }

    public func links(of id: Int) throws(SQLiteError) -> [StoredLink] {
        try connection.rows(
            """
            SELECT from_id, to_id, kind, created_at FROM memory_link WHERE from_id = ?1 OR to_id = ?1
            ORDER BY from_id, to_id, kind
            """, .integer(id), read: StoredLink.init)
    }

    /// A memory, what it replaced and what replaced it, oldest first.
    public func history(of id: Int) throws(SQLiteError) -> [StoredMemory] {
        try connection.rows(
            """
            WITH RECURSIVE line (id) AS (
                SELECT ?1
                UNION
                SELECT iif(l.from_id = line.id, l.to_id, l.from_id) FROM memory_link AS l JOIN line
                    ON l.kind = 'supersedes' AND (l.from_id = line.id OR l.to_id = line.id)
            )
            SELECT \(StoredMemory.columns) FROM memory AS m JOIN line ON line.id = m.id ORDER BY m.said_at, m.id
            """, .integer(id), read: StoredMemory.init)
    }
}
