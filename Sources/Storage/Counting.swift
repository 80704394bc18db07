import SQLite

/// What one memory adds to the counts of words and topics.
struct MemoryCount: Equatable {
    /// Rows of the sessions in which it was said, ascending.
    var sessions: [Int]
    /// In the order of `TopicLabel.labels`.
    var labels: Set<TopicLabel>
}

/// What some memories change in the counts.
struct CountChange {
    var words = WordCounts()
    /// How many memories more a label has.
    var topics: [TopicLabel: Int] = [:]
    var memories: [(id: Int, before: MemoryCount?, after: MemoryCount?)] = []
}

/// Counts of words and topics are kept behind what happens: the events tell which memories have changed since, so storing a
/// memory costs nothing more, and whoever asks adds what is not counted yet (`Keywords`). `ingest` and `gc` count it.
extension MemoryStore {
    /// Brings the counts up to date, in portions: each is a transaction of its own, so that no other writer waits for long.
    ///
    /// - Returns: How many memories were looked at.
    @discardableResult
    public func countVocabulary() throws(StoreError) -> Int {
        var looked = 0
        while try reading({ () throws(SQLiteError) in try hasUncounted() }) {
            looked += try writing { () throws(SQLiteError) in try countPortion() }
        }
        return looked
    }

    private func hasUncounted() throws(SQLiteError) -> Bool {
        try connection.row(
            "SELECT 1 FROM memory_event WHERE id > ? LIMIT 1", .integer(countedUntil()), read: { _ in true })
            ?? false
    }

    /// Events that one transaction looks at.
    private static let portion = 1_000

    private func countPortion() throws(SQLiteError) -> Int {
        let events = try connection.rows(
            "SELECT id, memory_id FROM memory_event WHERE id > ? ORDER BY id LIMIT ?", .integer(countedUntil()),
            .integer(MemoryStore.portion)
        ) { (id: $0.int(0), memory: $0.int(1)) }
        guard let last = events.last else { return 0 }
        let ids = Set(events.map(\.memory)).sorted()
        guard try apply(change(of: ids)) else {
            // Another hand was in the tables.
            try clearCounts()
            return 0
        }
        try setCounted(until: last.id)
        return ids.count
    }

    /// The event after which nothing is counted yet.
    func countedUntil() throws(SQLiteError) -> Int {
        try connection.row("SELECT value FROM meta WHERE name = 'counted_until'") { Int($0.text(0)) ?? 0 } ?? 0
    }

    private func setCounted(until event: Int) throws(SQLiteError) {
        try connection.run("INSERT OR REPLACE INTO meta VALUES ('counted_until', ?)", .text(String(event)))
    }

    /// Has everything counted anew.
    func clearCounts() throws(SQLiteError) {
        for table in ["keyword", "session_keyword", "topic", "memory_topic", "counted_memory"] {
            try connection.run("DELETE FROM \(table)")
        }
        try connection.run("DELETE FROM meta WHERE name = 'counted_until'")
    }

    /// Counts out a memory that is about to be removed.
    func countOut(_ id: Int) throws(SQLiteError) {
        guard let before = try counted(id), let memory = try countable(id) else { return }
        var change = CountChange()
        add(id, memory.content, from: before, to: nil, &change)
        if try !apply(change) { try clearCounts() }
    }

    /// Counts memories anew whose evidence has been taken away, which no event tells.
    func countAgain(_ ids: Set<Int>) throws(SQLiteError) {
        var counted: [Int] = []
        for id in ids.sorted() where try self.counted(id) != nil { counted.append(id) }
        if try !apply(change(of: counted)) { try clearCounts() }
    }

    /// Counts memories at once whose events have gone, since none tells of them any more.
    func countNow(_ ids: Set<Int>) throws(SQLiteError) {
        if try !apply(change(of: ids.sorted())) { try clearCounts() }
    }

    /// Memories that something has happened to since they were counted, ascending.
    func uncounted() throws(SQLiteError) -> [Int] {
        try connection.rows(
            "SELECT DISTINCT memory_id FROM memory_event WHERE id > ? ORDER BY memory_id", .integer(countedUntil())
        ) { $0.int(0) }
    }

    // MARK: - What changes

    /// What some memories change, from what is counted of them to what their rows say now.
    func change(of ids: [Int]) throws(SQLiteError) -> CountChange {
        var change = CountChange()
        for id in ids {
            guard let memory = try countable(id) else { continue }
            add(id, memory.content, from: try counted(id), to: memory.count, &change)
        }
        return change
    }

    private func add(
        _ id: Int, _ content: String, from before: MemoryCount?, to after: MemoryCount?, _ change: inout CountChange
    ) {
        guard before != after else { return }
        if let before {
            change.words.add(content, sessions: before.sessions, times: -1)
            for label in before.labels { change.topics[label, default: 0] -= 1 }
        }
        if let after {
            change.words.add(content, sessions: after.sessions, times: 1)
            for label in after.labels { change.topics[label, default: 0] += 1 }
        }
        change.memories.append((id, before, after))
    }

    /// What the counts hold of a memory; nil when it is not in them.
    func counted(_ id: Int) throws(SQLiteError) -> MemoryCount? {
        guard
            let sessions = try connection.row(
                "SELECT sessions FROM counted_memory WHERE memory_id = ?", .integer(id), read: { $0.text(0) })
        else { return nil }
        let labels = try connection.rows(
            "SELECT t.kind, t.name FROM memory_topic AS m JOIN topic AS t ON t.id = m.topic_id WHERE m.memory_id = ?",
            .integer(id)
        ) { TopicLabel(kind: Topic.Kind(rawValue: $0.text(0)) ?? .other, name: $0.text(1)) }
        return MemoryCount(
            sessions: sessions.split(separator: " ").compactMap { Int($0) }, labels: Set(labels))
    }

    /// The words of a memory, and what the counts should hold of it: nothing unless it is active. Nil when there is none.
    func countable(_ id: Int) throws(SQLiteError) -> (content: String, count: MemoryCount?)? {
        let memory = try connection.row(
            "SELECT content, key, state = 'active' FROM memory WHERE id = ?", .integer(id)
        ) { (content: $0.text(0), key: $0.optionalText(1), isActive: $0.int(2) != 0) }
        guard let memory else { return nil }
        guard memory.isActive else { return (memory.content, nil) }
        let sessions = try connection.rows(
            """
            SELECT DISTINCT session_id FROM memory_source WHERE memory_id = ? AND session_id IS NOT NULL
            ORDER BY session_id
            """, .integer(id)
        ) { $0.int(0) }
        let tags = try connection.rows("SELECT tag FROM memory_tag WHERE memory_id = ?", .integer(id)) { $0.text(0) }
        let labels = Set(TopicLabel.labels(content: memory.content, key: memory.key, tags: tags))
        return (memory.content, MemoryCount(sessions: sessions, labels: labels))
    }
}
