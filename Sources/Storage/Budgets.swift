import SQLite

extension MemoryStore {
    /// The most that one event may inject, in tokens: what is longer does not reach the model whole.
    static let mostInjected = 9_500

    /// Sets what injection and the model may use, in tokens; nil leaves a budget as it is. Nothing is written when all are so
    /// already.
    ///
    /// - Parameters:
    ///   - sessionStart: What the start of a session may get; more than 9,500 is taken for that.
    ///   - prompt: What a prompt may get, likewise.
    ///   - modelDay: What the language model may use a day.
    ///   - modelSession: What it may use for one session.
    public func setBudgets(
        sessionStart: Int?, prompt: Int?, modelDay: Int?, modelSession: Int? = nil
    ) throws(StoreError) {
        let most = MemoryStore.mostInjected
        let wanted = [
            ("injection_budget", "event", "SessionStart", sessionStart.map { min(most, max(0, $0)) }),
            ("injection_budget", "event", "UserPromptSubmit", prompt.map { min(most, max(0, $0)) }),
            ("llm_budget", "scope", "day", modelDay.map { max(0, $0) }),
            ("llm_budget", "scope", "session", modelSession.map { max(0, $0) }),
        ]
        let present = try reading { () throws(SQLiteError) in
            try connection.rows(
                "SELECT event, max_tokens FROM injection_budget UNION ALL SELECT scope, max_tokens FROM llm_budget"
            ) { (name: $0.text(0), tokens: $0.int(1)) }
        }
        let differing = wanted.filter { budget in
            budget.3 != nil && present.contains { $0.name == budget.2 && $0.tokens != budget.3 }
        }
        guard !differing.isEmpty else { return }
        try writing { () throws(SQLiteError) in
            for (table, column, name, tokens) in differing {
                try connection.run(
                    "UPDATE \(table) SET max_tokens = ? WHERE \(column) = ?", .optional(tokens), .text(name))
            }
        }
    }
}
