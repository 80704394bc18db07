import SQLite

extension MemoryStore {
    /// Enters a change into the counts.
    ///
    /// - Returns: False when the counts can't be right, since they would fall below 0; they are to be made anew then.
    func apply(_ change: CountChange) throws(SQLiteError) -> Bool {
        for (number, sessions) in change.words.changed() {
            let word = change.words.words[number]
            guard try apply(total(of: word, change.words.memories[number], sessions)) else { return false }
        }
        for memory in change.memories {
            guard try apply(memory.id, memory.before, memory.after) else { return false }
        }
        return true
    }

    private func apply(_ total: WordTotal) throws(SQLiteError) -> Bool {
        guard total.isPossible else { return false }
        let id: Int
        if let known = total.id, total.memories > 0 {
            id = known
            try connection.run(
                "UPDATE keyword SET memories = ?, sessions = ? WHERE id = ?", .integer(total.memories),
                .integer(total.sessions), .integer(id))
        } else if let known = total.id {
            id = known
            try connection.run("DELETE FROM keyword WHERE id = ?", .integer(id))
        } else {
            try connection.run(
                "INSERT INTO keyword (word, memories, sessions) VALUES (?, ?, ?)", .text(total.word),
                .integer(total.memories), .integer(total.sessions))
            id = connection.lastInsertedRowID
        }
        for (session, memories) in total.inSessions {
            if memories == 0 {
                try connection.run(
                    "DELETE FROM session_keyword WHERE session_id = ? AND keyword_id = ?", .integer(session),
                    .integer(id))
            } else {
                try connection.run(
                    "INSERT OR REPLACE INTO session_keyword VALUES (?, ?, ?)", .integer(session), .integer(id),
                    .integer(memories))
            }
        }
        return true
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
