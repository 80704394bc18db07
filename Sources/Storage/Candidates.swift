public import Memories
public import SQLite

/// What a text index knows of a word: the rows that hold it, newest first, and an estimate of how many there are.
public struct WordHits: Sendable, Equatable {
    /// Newest first; of a frequent word the newest only.
    public var rows: [Int]
    /// Of all rows, the unread ones too.
    public var count: Int
}

/// A turn that may hold an answer, with its session.
public struct CandidateTurn: Sendable, Equatable {
    public var turn: StoredTurn
    /// Row of its session.
    public var session: Int
    /// Where the session was at work; empty when the transcript does not say.
    public var directory: String

    static let columns = "\(StoredTurn.columns), t.session_id, coalesce(c.cwd, '')"
    static let columnCount = StoredTurn.columnCount + 2

    init(_ row: Statement) {
        turn = StoredTurn(row)
        session = row.int(StoredTurn.columnCount)
        directory = row.text(StoredTurn.columnCount + 1)
    }
}

/// What a ranking looks at in a memory: a third of what the whole row costs.
public struct CandidateMemory: Sendable, Equatable {
    public var id: Int
    public var content: String
    public var key: String?
    public var tags: [String]
    public var category: MemoryCategory
    public var importance: Importance
    public var state: MemoryState
    public var saidAt: String

    static let columns = """
        m.id, m.content, m.key, m.category, m.importance, m.state, m.said_at,
        (SELECT group_concat(tag, char(31)) FROM memory_tag WHERE memory_id = m.id)
        """

    init(_ row: Statement) {
        id = row.int(0)
        content = row.text(1)
        key = row.optionalText(2)
        category = MemoryCategory(rawValue: row.text(3)) ?? .note
        importance = Importance(clamping: row.int(4))
        state = MemoryState(rawValue: row.text(5)) ?? .archived
        saidAt = row.text(6)
        tags = row.optionalText(7)?.split(separator: "\u{1F}").map(String.init) ?? []
    }
}

/// Candidates for an answer. The text indexes find rows; what these are worth is decided where they are ranked.
extension MemoryStore {
    public enum TextIndex: Sendable {
        case memories
        case turns

        var table: String { self == .memories ? "memory_fts" : "turn_fts" }
    }

    /// The rows that hold a word or, between quotation marks of its own, words next to each other. Nothing in it is syntax.
    ///
    /// - Parameters:
    ///   - isBeginning: Longer words that begin so count too.
    ///   - total: Rows of the index, for the estimate.
    ///   - most: So many rows are read.
    public func hits(
        of words: String, isBeginning: Bool = false, in index: TextIndex, total: Int, most: Int
    ) throws(SQLiteError) -> WordHits {
        let rows = try connection.rows(
            "SELECT rowid FROM \(index.table) WHERE \(index.table) MATCH ? ORDER BY rowid DESC LIMIT ?",
            .text("\"" + words.replacingEach("\"", with: " ") + (isBeginning ? "\"*" : "\"")), .integer(most)
        ) { $0.int(0) }
        guard rows.count == most, let last = rows.last, let first = rows.first else {
            return WordHits(rows: rows, count: rows.count)
        }
        // As dense among the older rows as among those that were read.
        return WordHits(rows: rows, count: max(most, min(total, most * total / max(1, first - last + 1))))
    }

    /// Memories in whose names of code a part stands; at least three letters.
    public func memories(holdingPart part: String, most: Int) throws(SQLiteError) -> [Int] {
        guard part.unicodeScalars.count >= 3 else { return [] }
        return try connection.rows(
            "SELECT rowid FROM memory_trigram WHERE memory_trigram MATCH ? ORDER BY rowid DESC LIMIT ?",
            .text("\"" + part.replacingEach("\"", with: " ") + "\""), .integer(most)
        ) { $0.int(0) }
    }

    /// Memories whose key is a category with that subject, or that have that tag.
    public func memories(about subject: String, most: Int) throws(SQLiteError) -> [Int] {
        let keys = MemoryCategory.allCases.map { Value.text("\($0.rawValue):\(subject)") }
        return try connection.rows(
            """
            SELECT id FROM memory WHERE key IN (\(keys.map { _ in "?" }.joined(separator: ", ")))
            UNION SELECT memory_id FROM memory_tag WHERE tag = ? ORDER BY 1 DESC LIMIT ?
            """, values: keys + [.text(subject), .integer(most)]
        ) { $0.int(0) }
    }

    /// Memories by their numbers, in ascending order; those that are not there are left out.
    public func memories(numbered ids: [Int], filter: MemoryQuery) throws(SQLiteError) -> [StoredMemory] {
        let (condition, values) = filter.condition
        return try rows(
            of: ids, "SELECT \(StoredMemory.columns) FROM memory AS m WHERE m.id = ? AND \(condition)", values,
            read: StoredMemory.init)
    }

    /// Turns by their numbers, in ascending order.
    public func turns(numbered ids: [Int]) throws(SQLiteError) -> [CandidateTurn] {
        try rows(
            of: ids,
            "SELECT \(CandidateTurn.columns) FROM turn AS t JOIN session AS c ON c.id = t.session_id WHERE t.id = ?",
            read: CandidateTurn.init)
    }

    /// The rows of each number, in ascending order of these. One statement for all: a text with the numbers in it would be compiled
    /// anew for each question, and kept.
    private func rows<T>(
        of ids: [Int], _ sql: String, _ values: [Value] = [], read: (Statement) -> T
    ) throws(SQLiteError) -> [T] {
        var found: [T] = []
        var last: Int?
        for id in ids.sorted() where id != last {
            found += try connection.rows(sql, values: [.integer(id)] + values, read: read)
            last = id
        }
        return found
    }

    /// The turn before and the one behind, in the session.
    public func neighbours(of turn: CandidateTurn) throws(SQLiteError) -> (before: Int?, after: Int?) {
        let place: [Value] = [
            .integer(turn.session), .text(turn.turn.saidAt), .integer(turn.turn.line), .integer(turn.turn.id),
        ]
        let before = try connection.rows(
            """
            SELECT id FROM turn WHERE session_id = ? AND (said_at, line, id) < (?, ?, ?)
            ORDER BY said_at DESC, line DESC, id DESC LIMIT 1
            """, values: place
        ) { $0.int(0) }
        let after = try connection.rows(
            """
            SELECT id FROM turn WHERE session_id = ? AND (said_at, line, id) > (?, ?, ?)
            ORDER BY said_at, line, id LIMIT 1
            """, values: place
        ) { $0.int(0) }
        return (before.first, after.first)
    }

    /// Turns in which memories were said, by memory.
    public func turns(ofMemories ids: [Int]) throws(SQLiteError) -> [(memory: Int, turn: Int)] {
        try rows(
            of: ids,
            """
            SELECT memory_id, turn_id FROM memory_source WHERE memory_id = ? AND turn_id IS NOT NULL
            ORDER BY said_at, id
            """
        ) { ($0.int(0), $0.int(1)) }
    }

    /// Whether any session was at work elsewhere: only then tells a directory anything.
    public func hasSessions(outside directory: String) throws(SQLiteError) -> Bool {
        try connection.row("SELECT EXISTS (SELECT 1 FROM session WHERE cwd <> ?)", .text(directory)) { $0.int(0) } == 1
    }

    /// Those of the memories that were said in a session at work in a directory.
    public func memories(_ ids: [Int], saidIn directory: String) throws(SQLiteError) -> Set<Int> {
        Set(
            try rows(
                of: ids,
                """
                SELECT s.memory_id FROM memory_source AS s JOIN session AS c ON c.id = s.session_id
                WHERE s.memory_id = ? AND c.cwd = ? LIMIT 1
                """, [.text(directory)]
            ) { $0.int(0) })
    }

    /// What stands in the place of a memory.
    public func successor(of id: Int) throws(SQLiteError) -> Int? {
        try connection.row(
            "SELECT from_id FROM memory_link WHERE to_id = ? AND kind = 'supersedes' ORDER BY from_id DESC LIMIT 1",
            .integer(id)
        ) { $0.int(0) }
    }

    /// The time of the newest entry: what "now" means to a ranking that is to give the same answer tomorrow.
    public func newestTime() throws(SQLiteError) -> String {
        let memory = try connection.row("SELECT max(said_at) FROM memory") { $0.text(0) } ?? ""
        let session = try connection.row("SELECT max(ended_at) FROM session") { $0.text(0) } ?? ""
        return max(memory, session)
    }

    /// Newest first.
    public func newestMemories(_ filter: MemoryQuery, limit: Int) throws(SQLiteError) -> [StoredMemory] {
        let (condition, values) = filter.condition
        return try connection.rows(
            """
            WITH newest AS MATERIALIZED (
                SELECT m.id FROM memory AS m WHERE \(condition) ORDER BY m.said_at DESC, m.id DESC LIMIT ?
            )
            SELECT \(StoredMemory.columns) FROM newest JOIN memory AS m ON m.id = newest.id
            ORDER BY m.said_at DESC, m.id DESC
            """, values: values + [.integer(limit)], read: StoredMemory.init)
    }

    /// Whether the rows can be read as SQLite left them; the text indexes, `ccmem audit` looks at.
    public func isSound() throws(SQLiteError) -> Bool {
        try connection.row("PRAGMA quick_check(1)") { $0.text(0) == "ok" } ?? false
    }
}
