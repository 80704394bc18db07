public import SQLite

/// A store in numbers.
public struct StoreStatistics: Sendable, Equatable {
    /// A name and how many there are of it.
    public struct Count: Sendable, Equatable {
        public var name: String
        public var count: Int

        init(_ row: Statement) {
            name = row.text(0)
            count = row.int(1)
        }
    }

    /// What injections of one hook's event have cost.
    public struct Injected: Sendable, Equatable {
        public var event: String
        /// Answers of the hook.
        public var batches: Int
        public var memories: Int
        public var tokens: Int
    }

    /// What calls of a model have cost.
    public struct ModelCalls: Sendable, Equatable {
        public var calls = 0
        public var tokensIn = 0
        public var tokensOut = 0
        public var tokensCached = 0
        /// Millionths of a dollar, of the calls whose price is known.
        public var cost = 0
    }

    public struct LastIngest: Sendable, Equatable {
        public var id: Int
        public var kind: String
        public var startedAt: String
        public var inserted: Int
        public var merged: Int
    }

    /// Active memories by category; states, origins and importances of all.
    public var categories: [Count] = []
    public var states: [Count] = []
    public var origins: [Count] = []
    public var importances: [Count] = []
    /// Tokens of all active memories, by estimate.
    public var activeTokens = 0
    public var sightings = 0
    public var sessions = 0
    public var turns = 0
    public var transcripts = 0
    /// Transcripts that Claude Code has deleted, as far as a run has seen it.
    public var goneTranscripts = 0
    /// Transcripts that another set of packs has read.
    public var staleTranscripts = 0
    /// Of the database without its log.
    public var databaseBytes = 0
    public var archiveBytes = 0
    public var archiveBudgetBytes = 0
    public var injected: [Injected] = []
    public var modelCalls = ModelCalls()
    public var lastIngest: LastIngest?
}

extension MemoryStore {
    /// - Parameter plan: What reads transcripts now; those that something else has read count as stale.
    public func statistics(plan: String) throws(SQLiteError) -> StoreStatistics {
        var found = StoreStatistics()
        func counts(_ column: String, _ condition: String = "true") throws(SQLiteError) -> [StoreStatistics.Count] {
            try connection.rows(
                "SELECT \(column), count(*) FROM memory WHERE \(condition) GROUP BY 1 ORDER BY 1",
                read: StoreStatistics.Count.init)
        }
        func number(_ sql: String, _ values: Value...) throws(SQLiteError) -> Int {
            try connection.rows(sql, values: values) { $0.int(0) }.first ?? 0
        }
        found.categories = try counts("category", "state = 'active'")
        found.states = try counts("state")
        found.origins = try counts("origin")
        found.importances = try counts("cast(importance AS TEXT)", "state = 'active'")
        found.activeTokens = try number("SELECT sum(tokens) FROM memory WHERE state = 'active'")
        found.sightings = try number("SELECT count(*) FROM memory_source")
        found.sessions = try number("SELECT count(*) FROM session")
        found.turns = try number("SELECT count(*) FROM turn")
        found.transcripts = try number("SELECT count(*) FROM transcript")
        found.goneTranscripts = try number("SELECT count(*) FROM transcript WHERE is_gone")
        found.staleTranscripts = try number(
            "SELECT count(*) FROM transcript WHERE plan NOT IN (?, ?)", .text(plan), .text(TopicSource.plan))
        found.databaseBytes = try number("PRAGMA page_count") * number("PRAGMA page_size")
        found.archiveBytes = try number("SELECT bytes FROM archive_usage")
        found.archiveBudgetBytes = try number("SELECT max_bytes FROM archive_budget")
        found.injected = try connection.rows(
            "SELECT event, count(DISTINCT batch), count(*), sum(tokens) FROM injection GROUP BY event ORDER BY event"
        ) {
            StoreStatistics.Injected(event: $0.text(0), batches: $0.int(1), memories: $0.int(2), tokens: $0.int(3))
        }
        found.modelCalls =
            try connection.row(
                "SELECT count(*), sum(tokens_in), sum(tokens_out), sum(tokens_cached), sum(cost) FROM llm_call"
            ) {
                StoreStatistics.ModelCalls(
                    calls: $0.int(0), tokensIn: $0.int(1), tokensOut: $0.int(2), tokensCached: $0.int(3),
                    cost: $0.int(4))
            } ?? StoreStatistics.ModelCalls()
        found.lastIngest = try connection.row(
            "SELECT id, kind, started_at, inserted, merged FROM ingest ORDER BY id DESC LIMIT 1"
        ) {
            StoreStatistics.LastIngest(
                id: $0.int(0), kind: $0.text(1), startedAt: $0.text(2), inserted: $0.int(3), merged: $0.int(4))
        }
        return found
    }
}
