public import SQLite

extension MemoryStore {
    /// The words that active memories hold, the most frequent first, then in the order of their bytes: what is counted, and
    /// what has changed since.
    ///
    /// - Parameter session: Only memories that were said in it, and how many of them; nil for all.
    /// - Returns: At most `limit` words, and whether there are more.
    public func keywords(
        limit: Int, ofSession uid: String? = nil
    ) throws(SQLiteError) -> (words: [VocabularyWord], isCut: Bool) {
        let change = try change(of: uncounted()).words
        var words: [VocabularyWord]
        if let uid {
            let session = try connection.row("SELECT id FROM session WHERE uid = ?", .text(uid)) { $0.int(0) }
            guard let session else { return ([], false) }
            words = try self.words(ofSession: session, change)
        } else {
            words = try self.words(limit, change)
        }
        words.sort { a, b in
            a.count != b.count ? a.count > b.count : a.word.utf8.lexicographicallyPrecedes(b.word.utf8)
        }
        return (Array(words.prefix(limit)), words.count > limit)
    }

    private func words(ofSession session: Int, _ change: WordCounts) throws(SQLiteError) -> [VocabularyWord] {
        var counts: [String: Int] = [:]
        for (number, sessions) in change.changed() {
            for place in sessions where place.session == session { counts[change.words[number]] = place.times }
        }
        let counted = try connection.rows(
            """
            SELECT k.word, s.memories FROM session_keyword AS s JOIN keyword AS k ON k.id = s.keyword_id
            WHERE s.session_id = ?
            """, .integer(session)
        ) { ($0.text(0), $0.int(1)) }
        for (word, memories) in counted { counts[word, default: 0] += memories }
        return counts.filter { $0.value > 0 }.map { VocabularyWord(word: $0.key, count: $0.value, sessions: 1) }
    }

    private func words(_ limit: Int, _ change: WordCounts) throws(SQLiteError) -> [VocabularyWord] {
        let changed = change.changed()
        let touched = Set(changed.map { change.words[$0.number] })
        var words = try connection.rows(
            "SELECT word, memories, sessions FROM keyword ORDER BY memories DESC, word LIMIT ?",
            .integer(min(limit, 1 << 40) + touched.count + 1)
        ) { VocabularyWord(word: $0.text(0), count: $0.int(1), sessions: $0.int(2)) }
        words.removeAll { touched.contains($0.word) }
        for (number, sessions) in changed {
            let word = change.words[number]
            let total = try total(of: word, change.memories[number], sessions)
            if total.memories > 0 {
                words.append(VocabularyWord(word: word, count: total.memories, sessions: total.sessions))
            }
        }
        return words
    }
}
