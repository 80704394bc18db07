import SQLite

extension MemoryStore {
    /// Enters a change into the counts.
    ///
    /// - Returns: False when the counts can't be right, since they would fall below 0; they are to be made anew then.
    func apply(_ change: CountChange) throws(SQLiteError) -> Bool {
        for (number, sessions) in change.words.changed() {
            guard try apply(change.words.words[number], change.words.memories[number], sessions) else { return false }
        }
        for memory in change.memories {
            guard try apply(memory.id, memory.before, memory.after) else { return false }
        }
        return true
    }

    /// - Parameters:
    ///   - memories: How many more hold the word.
    ///   - sessions: And how many of those that were said there.
    private func apply(
        _ word: String, _ memories: Int, _ sessions: [(session: Int, times: Int)]
    ) throws(SQLiteError) -> Bool {
        let known = try connection.row(
            "SELECT id, memories, sessions FROM keyword WHERE word = ?", .text(word)
        ) { (id: $0.int(0), memories: $0.int(1), sessions: $0.int(2)) }
        let total = (known?.memories ?? 0) + memories
        if total < 0 || known == nil && total == 0 { return false }
        if known == nil {
            try connection.run(
                "INSERT INTO keyword (word, memories, sessions) VALUES (?, ?, 0)", .text(word), .integer(total))
        }
        let id = known?.id ?? connection.lastInsertedRowID
        var held = known?.sessions ?? 0
        for (session, times) in sessions {
            let before =
                try connection.row(
                    "SELECT memories FROM session_keyword WHERE session_id = ? AND keyword_id = ?", .integer(session),
                    .integer(id), read: { $0.int(0) }) ?? 0
            let after = before + times
            if after < 0 { return false }
            if before == 0 { held += 1 }
            if after == 0 {
                held -= 1
                try connection.run(
                    "DELETE FROM session_keyword WHERE session_id = ? AND keyword_id = ?", .integer(session),
                    .integer(id))
            } else {
                try connection.run(
                    "INSERT OR REPLACE INTO session_keyword VALUES (?, ?, ?)", .integer(session), .integer(id),
                    .integer(after))
            }
        }
        if total == 0 {
            try connection.run("DELETE FROM keyword WHERE id = ?", .integer(id))
        } else {
            try connection.run(
                "UPDATE keyword SET memories = ?, sessions = ? WHERE id = ?", .integer(total), .integer(held),
                .integer(id))
        }
        return held >= 0
    }

    private func apply(_ id: Int, _ before: MemoryCount?, _ after: MemoryCount?) throws(SQLiteError) -> Bool {
        for label in (before?.labels ?? []).subtracting(after?.labels ?? []).sorted(by: TopicLabel.precedes) {
            guard
                let topic = try connection.row(
                    "SELECT id, memories FROM topic WHERE kind = ? AND name = ?", .text(label.kind.rawValue),
                    .text(label.name), read: { (id: $0.int(0), memories: $0.int(1)) })
            else { return false }
            try connection.run(
                "DELETE FROM memory_topic WHERE memory_id = ? AND topic_id = ?", .integer(id), .integer(topic.id))
            if topic.memories == 1 {
                try connection.run("DELETE FROM topic WHERE id = ?", .integer(topic.id))
            } else {
                try connection.run("UPDATE topic SET memories = memories - 1 WHERE id = ?", .integer(topic.id))
            }
        }
        for label in (after?.labels ?? []).subtracting(before?.labels ?? []).sorted(by: TopicLabel.precedes) {
            let topic = try connection.row(
                """
                INSERT INTO topic (kind, name, memories) VALUES (?, ?, 1)
                ON CONFLICT (kind, name) DO UPDATE SET memories = memories + 1 RETURNING id
                """, .text(label.kind.rawValue), .text(label.name), read: { $0.int(0) })
            guard let topic else { return false }
            try connection.run("INSERT INTO memory_topic VALUES (?, ?)", .integer(id), .integer(topic))
        }
        if let after {
            try connection.run(
                "INSERT OR REPLACE INTO counted_memory VALUES (?, ?)", .integer(id),
                .text(after.sessions.map(String.init).joined(separator: " ")))
        } else {
            try connection.run("DELETE FROM counted_memory WHERE memory_id = ?", .integer(id))
        }
        return true
    }
}
