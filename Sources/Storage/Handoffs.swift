public import SQLite

/// Where a session was left.
public struct Handoff: Sendable, Equatable {
    public var session: String
    public var branch: String?
    public var transcript: String?
    public var endedAt: String
    /// The first prompt, and the last when it is another.
    public var asked: [String]
    /// The last answer.
    public var done: String?
    /// What is left of a list of things to do.
    public var todos: [String]
    /// The newest first.
    public var files: [String]
    /// What the last run of tests said.
    public var test: String?

    public var isEmpty: Bool { asked.isEmpty && done == nil && todos.isEmpty && files.isEmpty && test == nil }
}

/// What a transcript tells of where its session was left, beside turns and memories.
public struct HandoffItems: Sendable, Equatable {
    public var files: [String] = []
    public var todos: [String] = []
    public var test: String?

    public init() {}

    var rows: [(kind: String, text: String)] {
        files.map { ("file", $0) } + todos.map { ("todo", $0) } + (test.map { [("test", $0)] } ?? [])
    }
}

extension MemoryStore {
    /// Where a session was left; nil when the store does not know it.
    public func handoff(ofSession uid: String) throws(SQLiteError) -> Handoff? {
        guard
            let (row, branch, ended) = try connection.row(
                "SELECT id, branch, ended_at FROM session WHERE uid = ?", .text(uid),
                read: { ($0.int(0), $0.optionalText(1), $0.text(2)) })
        else { return nil }
        // The transcript of the session itself; those of its subagents lie in a folder of its name.
        let main = try connection.row(
            """
            SELECT id, path FROM transcript
            WHERE session_id = ?1 AND substr(path, -length(?2)) = ?2 ORDER BY ingested_at DESC, id DESC
            """, .integer(row), .text("/\(uid).jsonl")
        ) { (id: $0.int(0), path: $0.text(1)) }
        func turn(_ role: String, _ order: String) throws(SQLiteError) -> String? {
            try connection.row(
                """
                SELECT text FROM turn WHERE session_id = ?1 AND role = ?2 AND (?3 IS NULL OR transcript_id = ?3)
                ORDER BY said_at \(order), line \(order), id \(order) LIMIT 1
                """, .integer(row), .text(role), .optional(main?.id)
            ) { $0.text(0) }
        }
        let first = try turn("user", "ASC")
        let last = try turn("user", "DESC")
        let items = try connection.rows(
            "SELECT kind, text FROM handoff_item WHERE session_id = ? ORDER BY kind, position", .integer(row)
        ) { (kind: $0.text(0), text: $0.text(1)) }
        func texts(_ kind: String) -> [String] { items.filter { $0.kind == kind }.map(\.text) }
        return Handoff(
            // Outside of a repository, and between branches, the client says HEAD.
            session: uid, branch: branch == "HEAD" ? nil : branch, transcript: main?.path, endedAt: ended,
            asked: [first, last == first ? nil : last].compactMap(\.self), done: try turn("assistant", "DESC"),
            todos: texts("todo"), files: texts("file"), test: texts("test").first)
    }

    /// The session that was at work last and has turns in the archive, another than the one named.
    public func lastSession(before uid: String) throws(SQLiteError) -> String? {
        try connection.row(
            """
            SELECT c.uid FROM session AS c WHERE c.uid <> ? AND c.ended_at <> ''
                AND EXISTS (SELECT 1 FROM turn AS t WHERE t.session_id = c.id)
            ORDER BY c.ended_at DESC, c.id DESC LIMIT 1
            """, .text(uid)
        ) { $0.text(0) }
    }

    /// Replaces what is known of where a session was left; what was forgotten does not come back.
    public func save(_ items: HandoffItems, ofSession uid: String) throws(SQLiteError) {
        let session = try sessionRow(uid)
        let tombstones = try Tombstones(connection)
        guard try !tombstones.holds(.session, uid) else { return }
        var rows: [(kind: String, text: String)] = []
        for row in items.rows where !row.text.isEmpty {
            if try !tombstones.holds(.quote, Tombstones.folded(row.text)) { rows.append(row) }
        }
        let present = try connection.rows(
            "SELECT kind, text FROM handoff_item WHERE session_id = ? ORDER BY kind, position", .integer(session)
        ) { "\($0.text(0)) \($0.text(1))" }
        let wanted =
            rows.filter { $0.kind == "file" } + rows.filter { $0.kind == "test" } + rows.filter { $0.kind == "todo" }
        guard present != wanted.map({ "\($0.kind) \($0.text)" }) else { return }
        try connection.run("DELETE FROM handoff_item WHERE session_id = ?", .integer(session))
        for (position, row) in wanted.enumerated() {
            try connection.run(
                "INSERT INTO handoff_item VALUES (?, ?, ?, ?)", .integer(session), .text(row.kind),
                .integer(position), .text(row.text))
        }
    }
}
