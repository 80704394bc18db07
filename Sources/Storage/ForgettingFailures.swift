import SQLite

/// What `forget` takes out of the log of failures.
extension Forgetting {
    /// Failures, attempts and calls in which the words stand.
    func removeFailures(_ test: (String) -> Bool) throws(SQLiteError) {
        let failures = try connection.rows(
            """
            SELECT id, line, coalesce(file, ''), coalesce(symbol, ''), signature, words, program,
                CASE WHEN json_valid(words) THEN (SELECT group_concat(value, ' ') FROM json_each(failure.words)) END
            FROM failure
            """
        ) { row in
            // With the program in front the words are the command, as a person would look for it.
            let command = row.text(6) + " " + (row.optionalText(7) ?? "")
            return (id: row.int(0), goes: (1...6).contains { test(row.text($0)) } || test(command))
        }.filter(\.goes)
        for failure in failures { try remove(failure: failure.id) }
        let attempts = try connection.rows("SELECT id, changes FROM attempt") {
            (id: $0.int(0), goes: test($0.text(1)))
        }.filter(\.goes)
        for attempt in attempts {
            try connection.run("UPDATE attempt SET changes = '[]' WHERE id = ?", .integer(attempt.id))
        }
        let calls = try connection.rows(
            "SELECT id, coalesce(file, ''), coalesce(before, ''), coalesce(after, '') FROM tool_call WHERE kind = 'changed'"
        ) { row in (id: row.int(0), goes: (1...3).contains { test(row.text($0)) }) }.filter(\.goes)
        // The row stays, so that the same call is not taken in again; its words go.
        for call in calls {
            try connection.run(
                "UPDATE tool_call SET file = '', before = NULL, after = NULL WHERE id = ?", .integer(call.id))
        }
        let programs = try connection.rows(
            "SELECT DISTINCT program FROM tool_call WHERE program IS NOT NULL AND program <> 'forgotten'"
        ) { $0.text(0) }.filter(test)
        for program in programs {
            try connection.run("UPDATE tool_call SET program = 'forgotten' WHERE program = ?", .text(program))
        }
    }

    /// All that one session did; failures that only it saw go with it.
    func removeToolCalls(ofSession uid: String) throws(SQLiteError) {
        let only = try connection.rows(
            """
            SELECT DISTINCT failure_id FROM tool_call AS c WHERE session = ?1 AND failure_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM tool_call AS o WHERE o.failure_id = c.failure_id AND o.session <> ?1)
            """, .text(uid)
        ) { $0.int(0) }
        for id in only { try remove(failure: id) }
        try connection.run("DELETE FROM attempt WHERE session = ?", .text(uid))
        try connection.run("DELETE FROM failure_warning WHERE session = ?", .text(uid))
        try connection.run("DELETE FROM tool_call WHERE session = ?", .text(uid))
    }

    private func remove(failure id: Int) throws(SQLiteError) {
        try connection.run("DELETE FROM attempt WHERE failure_id = ?", .integer(id))
        try connection.run("DELETE FROM failure_warning WHERE failure_id = ?", .integer(id))
        try connection.run("UPDATE tool_call SET failure_id = NULL WHERE failure_id = ?", .integer(id))
        try connection.run("DELETE FROM failure WHERE id = ?", .integer(id))
    }
}
