import Memories
public import SQLite

/// A memory that a prompt may be told, with what its ranking needs beside its words.
public struct InjectableCandidate: Sendable, Equatable {
    public var memory: InjectableMemory
    public var key: String?
    public var saidAt: String
}

extension MemoryStore {
    /// Memories that hold words next to each other, by number, the newest first.
    ///
    /// - Parameter most: So many are looked for; as many mean that there may be more.
    public func memories(holdingWords words: String, most: Int) throws(SQLiteError) -> [Int] {
        try anchored("memory_fts", words, most)
    }

    /// Memories that hold a part of a name in code, a path or an option, likewise; at least three characters.
    public func memories(holdingName name: String, most: Int) throws(SQLiteError) -> [Int] {
        guard name.unicodeScalars.count >= 3 else { return [] }
        return try anchored("memory_trigram", name, most)
    }

    private func anchored(_ index: String, _ text: String, _ most: Int) throws(SQLiteError) -> [Int] {
        try connection.rows(
            "SELECT rowid FROM \(index) WHERE \(index) MATCH ? ORDER BY rowid DESC LIMIT ?",
            .text("\"" + text.replacingEach("\"", with: "\"\"") + "\""), .integer(most)
        ) { $0.int(0) }
    }

    /// The number of the newest memory: about how many there are.
    public var newestMemory: Int {
        get throws(SQLiteError) { try connection.row("SELECT max(id) FROM memory") { $0.int(0) } ?? 0 }
    }

    /// Those of the memories that a prompt of a session may be told: active, not on trial, not in its context already, and
    /// not said in that very conversation.
    public func injectable(_ ids: [Int], toSession uid: String) throws(SQLiteError) -> [InjectableCandidate] {
        guard !ids.isEmpty else { return [] }
        let present = try injected(inSession: uid)
        let wasCompacted = try wasCompacted(session: uid)
        var found: [InjectableCandidate] = []
        for id in ids where !present.contains(id) {
            let memory = try connection.row(
                """
                SELECT \(InjectableMemory.columns), EXISTS (SELECT 1 FROM memory_source AS s
                    JOIN session AS c ON c.id = s.session_id WHERE s.memory_id = m.id AND c.uid = ?2),
                    m.key, m.said_at
                FROM memory AS m WHERE m.id = ?1 AND \(MemoryStore.isInjectable)
                """, .integer(id), .text(uid)
            ) { row in
                (
                    candidate: InjectableCandidate(
                        memory: InjectableMemory(row), key: row.optionalText(6), saidAt: row.text(7)),
                    isOfSession: row.int(5) != 0
                )
            }
            guard let memory, wasCompacted || !memory.isOfSession else { continue }
            found.append(memory.candidate)
        }
        return found
    }
}
