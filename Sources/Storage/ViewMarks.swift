import Digests
public import SQLite

/// A session that has turns in the archive, as its page shows it.
public struct SessionDigest: Sendable, Equatable {
    public var uid: String
    /// When its first turn was said; empty when no turn says.
    public var startedAt: String
    /// Another one when the page would be another.
    public var signature: String
}

/// What the pages beside the store looked like when they were written: names and hashes, no text.
extension MemoryStore {
    /// What was noted about a page.
    public func viewMark(_ name: String) throws(SQLiteError) -> String? {
        try connection.row("SELECT value FROM meta WHERE name = ?", .text("view:" + name)) { $0.text(0) }
    }

    /// All notes whose name begins so, in the order of their names.
    public func viewMarks(_ prefix: String) throws(SQLiteError) -> [(name: String, value: String)] {
        let start = "view:" + prefix
        return try connection.rows(
            "SELECT name, value FROM meta WHERE substr(name, 1, ?1) = ?2 ORDER BY name",
            .integer(start.unicodeScalars.count), .text(start)
        ) { (name: String($0.text(0).dropFirst(5)), value: $0.text(1)) }
    }

    /// - Parameter value: Nil forgets the page.
    public func setViewMark(_ name: String, _ value: String?) throws(SQLiteError) {
        guard let value else {
            try connection.run("DELETE FROM meta WHERE name = ?", .text("view:" + name))
            return
        }
        try connection.run(
            """
            INSERT INTO meta VALUES (?1, ?2)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value
            """, .text("view:" + name), .text(value))
    }

    /// In the order in which the sessions became known.
    public func sessionDigests() throws(SQLiteError) -> [SessionDigest] {
        var cited: [Int: StableHash] = [:]
        let citations = try connection.rows(
            """
            SELECT DISTINCT t.session_id, t.id, m.id FROM memory AS m JOIN memory_source AS s ON s.memory_id = m.id
            JOIN turn AS t ON t.id = s.turn_id WHERE m.state = 'active' ORDER BY t.session_id, t.id, m.id
            """
        ) { (session: $0.int(0), turn: $0.int(1), memory: $0.int(2)) }
        for citation in citations {
            cited[citation.session, default: StableHash()].add(part: "\(citation.turn) \(citation.memory)".utf8)
        }
        return try connection.rows(
            """
            SELECT c.id, c.uid, min(t.said_at), count(*), min(t.id), max(t.id) FROM session AS c
            JOIN turn AS t ON t.session_id = c.id GROUP BY c.id ORDER BY c.id
            """
        ) { row in
            SessionDigest(
                uid: row.text(1), startedAt: row.text(2),
                signature: "\(row.int(3)).\(row.int(4)).\(row.int(5)).\(cited[row.int(0)]?.value ?? 0)")
        }
    }

    /// Active memories by the turn that they stand in.
    public func citations(inSession uid: String) throws(SQLiteError) -> [Int: [Int]] {
        let rows = try connection.rows(
            """
            SELECT DISTINCT t.id, m.id FROM session AS c JOIN turn AS t ON t.session_id = c.id
            JOIN memory_source AS s ON s.turn_id = t.id JOIN memory AS m ON m.id = s.memory_id
            WHERE c.uid = ? AND m.state = 'active' ORDER BY t.id, m.id
            """, .text(uid)
        ) { (turn: $0.int(0), memory: $0.int(1)) }
        return rows.reduce(into: [:]) { $0[$1.turn, default: []].append($1.memory) }
    }
}
