import SQLite

extension MemoryStore {
    /// Whether the counts of words and topics say what the rows say of every memory that is counted.
    func auditCounts() throws(SQLiteError) -> [AuditFinding] {
        if try areCountsRight() { return [] }
        return [
            AuditFinding(
                check: .index, place: MemoryStore.countsPlace,
                problem: "does not count what the rows say; `ccmem repair` counts anew")
        ]
    }

    /// The place of a finding on counts.
    static let countsPlace = "keyword"

    private func areCountsRight() throws(SQLiteError) -> Bool {
        let pending = Set(try uncounted())
        let active = try connection.rows("SELECT id FROM memory WHERE state = 'active'") { $0.int(0) }
        let counted = try connection.rows("SELECT memory_id FROM counted_memory") { $0.int(0) }
        let expected = Set(active).subtracting(pending)
        guard Set(counted).subtracting(pending) == expected else { return false }
        var words = WordCounts()
        var topics: [TopicLabel: Int] = [:]
        for id in counted.sorted() {
            guard let count = try self.counted(id), let memory = try countable(id) else { return false }
            if expected.contains(id), memory.count != count { return false }
            words.add(memory.content, sessions: count.sessions, times: 1)
            for label in count.labels { topics[label, default: 0] += 1 }
        }
        guard try holds(words) else { return false }
        return try holds(topics)
    }

    private func holds(_ words: WordCounts) throws(SQLiteError) -> Bool {
        let rows = try connection.rows("SELECT word, memories, sessions FROM keyword") {
            ($0.text(0), memories: $0.int(1), sessions: $0.int(2))
        }
        let changed = words.changed()
        guard rows.count == changed.count else { return false }
        for (word, memories, sessions) in rows {
            guard let number = words.number(of: word), words.memories[number] == memories else { return false }
            // All words that were counted are in `changed`, in the order of their numbers.
            guard changed[number].sessions.count == sessions else { return false }
        }
        let places = try connection.rows(
            """
            SELECT s.session_id, k.word, s.memories FROM session_keyword AS s LEFT JOIN keyword AS k
            ON k.id = s.keyword_id
            """
        ) { (session: $0.int(0), word: $0.text(1), memories: $0.int(2)) }
        guard places.count == words.inSessions.count else { return false }
        return places.allSatisfy { place in
            words.number(of: place.word).map {
                words.inSessions[WordCounts.SessionWord(session: place.session, word: $0)] == place.memories
            } ?? false
        }
    }

    private func holds(_ topics: [TopicLabel: Int]) throws(SQLiteError) -> Bool {
        let rows = try connection.rows("SELECT kind, name, memories FROM topic") {
            (TopicLabel(kind: Topic.Kind(rawValue: $0.text(0)) ?? .other, name: $0.text(1)), $0.int(2))
        }
        return rows.count == topics.count && rows.allSatisfy { topics[$0.0] == $0.1 }
    }
}
