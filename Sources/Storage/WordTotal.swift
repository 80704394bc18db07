import SQLite

/// What a change makes of the counts of one word: written by who counts, added by who reads before that.
struct WordTotal {
    var word: String
    /// Its row; nil when it is not counted yet.
    var id: Int?
    var memories: Int
    var sessions: Int
    /// The sessions in which it changes, with how many memories of each hold it then.
    var inSessions: [(session: Int, memories: Int)]

    /// False when it would fall below nothing, so that what was counted can't be right.
    var isPossible: Bool {
        memories >= 0 && sessions >= 0 && (id != nil || memories > 0) && inSessions.allSatisfy { $0.memories >= 0 }
    }
}

extension MemoryStore {
    /// - Parameters:
    ///   - memories: How many more hold the word.
    ///   - sessions: And how many of those that were said there.
    func total(
        of word: String, _ memories: Int, _ sessions: [(session: Int, times: Int)]
    ) throws(SQLiteError) -> WordTotal {
        let known = try connection.row(
            "SELECT id, memories, sessions FROM keyword WHERE word = ?", .text(word)
        ) { (id: $0.int(0), memories: $0.int(1), sessions: $0.int(2)) }
        var total = WordTotal(
            word: word, id: known?.id, memories: (known?.memories ?? 0) + memories, sessions: known?.sessions ?? 0,
            inSessions: [])
        for (session, times) in sessions {
            var before = 0
            if let known {
                before =
                    try connection.row(
                        "SELECT memories FROM session_keyword WHERE session_id = ? AND keyword_id = ?",
                        .integer(session), .integer(known.id), read: { $0.int(0) }) ?? 0
            }
            total.inSessions.append((session, before + times))
            total.sessions += (before + times > 0 ? 1 : 0) - (before > 0 ? 1 : 0)
        }
        return total
    }
}
