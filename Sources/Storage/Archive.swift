import Digests
public import Memories
public import SQLite

/// One message of a conversation, to be archived.
public struct NewTurn: Sendable, Equatable {
    public var sessionID: String
    public var line: Int
    public var role: Role
    /// Empty when the transcript does not say.
    public var saidAt: String
    public var text: String

    public init(sessionID: String, line: Int, role: Role, saidAt: String, text: String) {
        self.sessionID = sessionID
        self.line = line
        self.role = role
        self.saidAt = saidAt
        self.text = text
        identity = StableHash.integer(role.rawValue, saidAt.isEmpty ? "\(sessionID):\(line)" : saidAt, text)
    }

    /// The same in a copy or a fork of the session.
    public let identity: Int

    /// The identity of the turn in composed text; nil when its text is composed.
    public var composedIdentity: Int? {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let composed = text.composed
        guard !composed.utf8.elementsEqual(text.utf8) else { return nil }
        return StableHash.integer(role.rawValue, saidAt.isEmpty ? "\(sessionID):\(line)" : saidAt, composed)
    }
}

/// One message of a conversation, as the archive holds it.
public struct StoredTurn: Sendable, Equatable {
    public var id: Int
    public var sessionID: String
    public var line: Int
    public var role: String
    public var saidAt: String
    public var text: String

    static let columns = "t.id, c.uid, t.line, t.role, t.said_at, t.text"
    static let columnCount = 6

    init(_ row: Statement) {
        id = row.int(0)
        sessionID = row.text(1)
        line = row.int(2)
        role = row.text(3)
        saidAt = row.text(4)
        text = row.text(5)
    }
}

extension MemoryStore {
    /// Adds the turns that are new. Call it inside `writing`, before the memories that stand in them.
    ///
    /// - Parameter cited: Identities of the turns in which memories will stand: no budget removes those.
    /// - Returns: How many were new.
    public func archive(_ turns: [NewTurn], cited: Set<Int> = [], transcript: Int?) throws(SQLiteError) -> Int {
        let (fresh, unassigned) = try newOnes(of: turns)
        for turn in unassigned {
            try connection.run(
                "UPDATE turn SET transcript_id = ?, line = ? WHERE identity = ?", .optional(transcript),
                .integer(turn.line), .integer(turn.identity))
        }
        guard !fresh.isEmpty else { return 0 }
        let first = (try connection.row("SELECT max(id) FROM turn") { $0.int(0) } ?? 0) + 1
        // The index first and whole. First, because should the budget take a turn out again at once, its words are there to be
        // removed; whole, because the triggers of `turn` make FTS5 write out what it holds before each row.
        for (offset, turn) in fresh.enumerated() {
            try connection.run(
                "INSERT INTO turn_fts (rowid, text, cjk) VALUES (?, ?, ?)", .integer(first + offset), .text(turn.text),
                .text(SearchText.pairs(turn.text)))
        }
        var sessions: [String: Int] = [:]
        for (offset, turn) in fresh.enumerated() {
            let session: Int
            if let known = sessions[turn.sessionID] {
                session = known
            } else {
                session = try sessionRow(turn.sessionID)
                sessions[turn.sessionID] = session
            }
            try connection.run(
                """
                INSERT INTO turn (id, identity, session_id, transcript_id, line, role, said_at, text, cjk, cited)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, .integer(first + offset), .integer(turn.identity), .integer(session), .optional(transcript),
                .integer(turn.line), .text(turn.role.rawValue), .text(turn.saidAt), .text(turn.text),
                .text(SearchText.pairs(turn.text)), .integer(cited.contains(turn.identity) ? 1 : 0))
        }
        return fresh.count
    }

    /// Those that are neither stored nor forgotten, each once, and those that are stored and stand in no transcript any more:
    /// theirs had lost them, and has them again.
    private func newOnes(of turns: [NewTurn]) throws(SQLiteError) -> (fresh: [NewTurn], unassigned: [NewTurn]) {
        let tombstones = try Tombstones(connection)
        var known: Set<Int> = []
        var fresh: [NewTurn] = []
        var unassigned: [NewTurn] = []
        for turn in turns where !turn.text.isEmpty && known.insert(turn.identity).inserted {
            if try tombstones.forbids(turn) { continue }
            let isAssigned = try connection.row(
                "SELECT transcript_id IS NOT NULL FROM turn WHERE identity = ?", .integer(turn.identity)
            ) { $0.int(0) != 0 }
            if isAssigned == nil { fresh.append(turn) }
            if isAssigned == false { unassigned.append(turn) }
        }
        return (fresh, unassigned)
    }

    /// The same for a transcript that is still being read.
    public func archive(_ turns: [NewTurn], ofTranscript path: String) throws(SQLiteError) -> Int {
        try archive(turns, transcript: transcriptRow(path))
    }

    /// Notes which turns a transcript holds that was written anew, and in which lines: what it does not say any more stays in the
    /// archive as part of its session, and is no longer read as this transcript.
    func assign(_ lines: [Int: Int], toTranscript row: Int) throws(SQLiteError) {
        // Of one that was never read before, all is as it was stored just now.
        guard
            try connection.row("SELECT offset > 0 FROM transcript WHERE id = ?", .integer(row), read: { $0.int(0) })
                == 1
        else { return }
        let held = try connection.rows("SELECT id, identity, line FROM turn WHERE transcript_id = ?", .integer(row)) {
            (id: $0.int(0), identity: $0.int(1), line: $0.int(2))
        }
        for turn in held {
            guard let line = lines[turn.identity] else {
                try connection.run("UPDATE turn SET transcript_id = NULL WHERE id = ?", .integer(turn.id))
                continue
            }
            guard line != turn.line else { continue }
            try connection.run("UPDATE turn SET line = ? WHERE id = ?", .integer(line), .integer(turn.id))
        }
        let known = Set(held.map(\.identity))
        for (identity, line) in lines.sorted(by: { $0.key < $1.key }) where !known.contains(identity) {
            try connection.run(
                "UPDATE turn SET transcript_id = ?, line = ? WHERE identity = ? AND transcript_id IS NULL",
                .integer(row),
                .integer(line), .integer(identity))
        }
    }

    /// Whether a transcript has become shorter and all that it lacks stood behind what it says now. Claude Code only ever
    /// appends, so its end was cut off, and whatever stood there was said all the same.
    ///
    /// - Parameter lines: Of all turns that it holds now, by their identities.
    func isCutOff(_ state: TranscriptState, _ lines: [Int: Int], row: Int) throws(SQLiteError) -> Bool {
        let known = try connection.row("SELECT offset FROM transcript WHERE id = ?", .integer(row)) { $0.int(0) }
        guard let known, state.offset < known else { return false }
        let lacking = try connection.rows("SELECT identity, line FROM turn WHERE transcript_id = ?", .integer(row)) {
            (identity: $0.int(0), line: $0.int(1))
        }.filter { lines[$0.identity] == nil }
        let last = lines.values.max() ?? 0
        return !lacking.isEmpty && lacking.allSatisfy { $0.line > last }
    }

    /// The turns of a session in their order.
    public func turns(ofSession uid: String) throws(SQLiteError) -> [StoredTurn] {
        try connection.rows(
            """
            SELECT \(StoredTurn.columns) FROM turn AS t JOIN session AS c ON c.id = t.session_id
            WHERE c.uid = ? ORDER BY t.said_at, t.line, t.id
            """, .text(uid), read: StoredTurn.init)
    }

    /// The turns that were read from a transcript, in their order.
    public func turns(ofTranscript path: String) throws(SQLiteError) -> [StoredTurn] {
        try connection.rows(
            """
            SELECT \(StoredTurn.columns) FROM turn AS t JOIN session AS c ON c.id = t.session_id
            JOIN transcript AS p ON p.id = t.transcript_id WHERE p.path = ? ORDER BY t.line, t.id
            """, .text(path), read: StoredTurn.init)
    }

    /// A turn with its neighbours in the session, in their order.
    public func turns(around id: Int, before: Int, after: Int) throws(SQLiteError) -> [StoredTurn] {
        guard
            let center = try connection.row(
                "SELECT \(StoredTurn.columns) FROM turn AS t JOIN session AS c ON c.id = t.session_id WHERE t.id = ?",
                .integer(id), read: StoredTurn.init)
        else { return [] }
        let all = try turns(ofSession: center.sessionID)
        guard let index = all.firstIndex(where: { $0.id == id }) else { return [center] }
        return Array(all[max(0, index - before)...min(all.count - 1, index + after)])
    }

    /// Sets how many bytes of text the archive may hold. What is over that goes now; nothing is written when the budget is as it
    /// was.
    public func bringArchive(within bytes: Int) throws(StoreError) {
        let budget = try reading { () throws(SQLiteError) in
            try connection.row("SELECT max_bytes FROM archive_budget") { $0.int(0) }
        }
        guard budget != bytes else { return }
        try writing { () throws(SQLiteError) in
            try setArchiveBudget(bytes: bytes)
            // The schema removes what is over, a bounded number of turns each time that it looks.
            var before: Int?
            while let used = try connection.row("SELECT bytes FROM archive_usage", read: { $0.int(0) }), used > bytes,
                used != before
            {
                before = used
                try connection.run("UPDATE archive_usage SET bytes = bytes")
            }
        }
    }

    /// Sets how many bytes of text the archive may hold; what is over goes with the next turn that comes.
    public func setArchiveBudget(bytes: Int) throws(SQLiteError) {
        try connection.run("UPDATE archive_budget SET max_bytes = ?1 WHERE max_bytes <> ?1", .integer(max(0, bytes)))
    }
}
