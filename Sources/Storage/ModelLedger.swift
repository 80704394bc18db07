import Memories
public import LanguageModels
public import SQLite

/// A call of a language model that is about to be made.
public struct PlannedCall: Sendable, Equatable {
    /// What it is for: `refine`, `tidy`.
    public var purpose: String
    /// Whose budget it counts against: a session's id, or a name of the run's own.
    public var session: String
    public var model: String
    /// Name and version of the instructions.
    public var prompt: String
    /// The most that it can take, in tokens.
    public var mostInput: Int
    public var mostOutput: Int
    /// The turns that it holds, each session's in one range.
    public var turns: [TurnRange]

    public init(
        purpose: String, session: String, model: String, prompt: String, mostInput: Int, mostOutput: Int,
        turns: [TurnRange] = []
    ) {
        self.purpose = purpose
        self.session = session
        self.model = model
        self.prompt = prompt
        self.mostInput = mostInput
        self.mostOutput = mostOutput
        self.turns = turns
    }
}

/// Turns of one session that stand behind each other, by their rows.
public struct TurnRange: Sendable, Hashable {
    public var session: String
    public var first: Int
    public var last: Int

    public init(session: String, first: Int, last: Int) {
        self.session = session
        self.first = first
        self.last = last
    }
}

/// How a call of a language model ended.
public enum CallOutcome: String, CaseIterable, Sendable {
    case reserved
    case done
    case refused
    case busy
    case rejected
    case unreachable
    case outOfTime = "out of time"
    case unusable

    public init(_ failure: ModelFailure) {
        self =
            switch failure {
            case .refused: .refused
            case .busy: .busy
            case .rejected: .rejected
            case .unreachable: .unreachable
            case .outOfTime: .outOfTime
            case .unusable: .unusable
            }
    }
}

/// Why a call may not be made.
public enum CallRefusal: Error, Sendable, Equatable {
    /// A budget does not hold the most that it could take.
    case budget
    /// Its turns were sent before, or three calls with them came back without an answer.
    case sentBefore
}

/// What is left of a budget.
public struct ModelBudget: Sendable, Equatable {
    public var most: Int
    public var spent: Int

    public var left: Int { max(0, most - spent) }
}

extension MemoryStore {
    /// Enters a call with the most that it can take, and its turns as sent. What does not fit is refused by the schema, so
    /// that two processes can't spend the same tokens, and one that is killed has paid.
    ///
    /// - Parameter spentElsewhere: What other stores of the same person have spent today; it counts as spent here.
    /// - Returns: The row of the call, to be settled.
    public func reserve(_ call: PlannedCall, spentElsewhere: Int = 0) throws(StoreError) -> Result<Int, CallRefusal> {
        do throws(SQLiteError) {
            let id = try connection.transaction(.immediate) { () throws(SQLiteError) -> Int? in
                let budget = try modelBudget()
                guard budget.spent + spentElsewhere + call.mostInput + call.mostOutput <= budget.most else {
                    return nil
                }
                try connection.run(
                    """
                    INSERT INTO llm_call (at, session, model, purpose, prompt, tokens_in, tokens_out, outcome)
                    VALUES (?, ?, ?, ?, ?, ?, ?, 'reserved')
                    """, .text(now), .text(call.session), .text(call.model), .text(call.purpose), .text(call.prompt),
                    .integer(max(0, call.mostInput)), .integer(max(0, call.mostOutput)))
                let id = connection.lastInsertedRowID
                for range in call.turns {
                    try connection.run(
                        "INSERT INTO llm_sent VALUES (?, ?, ?, ?)", .integer(id), .text(range.session),
                        .integer(range.first), .integer(range.last))
                }
                return id
            }
            return id.map { .success($0) } ?? .failure(.budget)
        } catch {
            guard error.primaryCode == 19 else { throw StoreError(error, path: path) }
            if error.message.holds("llm_call_is_within_budget") { return .failure(.budget) }
            guard error.message.holds("turn_is_sent_once") else { throw StoreError(error, path: path) }
            return .failure(.sentBefore)
        }
    }

    /// Enters what a call took. Settled once; a second time is an error of the schema.
    ///
    /// - Parameters:
    ///   - usage: Nil when nobody knows: then what was reserved counts as spent.
    ///   - cost: Millionths of a dollar; nil when the price is not known.
    ///   - detail: What went wrong, in a few words without anything secret.
    public func settle(
        _ id: Int, _ outcome: CallOutcome, usage: ModelUsage?, cost: Int?, detail: String = ""
    ) throws(StoreError) {
        try writing { () throws(SQLiteError) in
            do throws(SQLiteError) {
                try enter(id, outcome, usage, over: 0, cost, detail)
            } catch {
                // It took more than was reserved for it, and more than there is: the budget is used up, the rest is noted.
                guard error.primaryCode == 19, error.message.holds("llm_call_is_within_budget"), let usage else {
                    throw error
                }
                let reserved =
                    try connection.row(
                        "SELECT tokens_in + tokens_out FROM llm_call WHERE id = ?", .integer(id), read: { $0.int(0) })
                    ?? 0
                let held = ModelUsage(input: reserved, output: 0, cacheRead: 0, cacheWritten: 0)
                try enter(id, outcome, held, over: max(0, usage.total - reserved), cost, detail)
            }
        }
    }

    private func enter(
        _ id: Int, _ outcome: CallOutcome, _ usage: ModelUsage?, over: Int, _ cost: Int?, _ detail: String
    ) throws(SQLiteError) {
        try connection.run(
            """
            UPDATE llm_call SET outcome = ?2, tokens_in = coalesce(?3, tokens_in), tokens_out = coalesce(?4, tokens_out),
                tokens_cached = coalesce(?5, tokens_cached), tokens_written = coalesce(?6, tokens_written),
                tokens_over = ?7, cost = ?8, detail = ?9, ended_at = ?10 WHERE id = ?1
            """, .integer(id), .text(outcome.rawValue), .optional(usage.map { max(0, $0.input) }),
            .optional(usage.map { max(0, $0.output) }), .optional(usage.map { max(0, $0.cacheRead) }),
            .optional(usage.map { max(0, $0.cacheWritten) }), .integer(over), .optional(cost), .text(detail),
            .text(now))
    }

    /// Whether a call for that session was answered before.
    public func isAnswered(session: String) throws(SQLiteError) -> Bool {
        try connection.row(
            "SELECT 1 FROM llm_call WHERE session = ? AND outcome IN ('done', 'unusable')", .text(session)
        ) { _ in true } ?? false
    }

    /// What is left for today, by UTC.
    public func modelBudget() throws(SQLiteError) -> ModelBudget {
        try connection.row(
            """
            SELECT coalesce((SELECT max_tokens FROM llm_budget WHERE scope = 'day'), 0), coalesce((
                SELECT sum(tokens_in + tokens_out + tokens_cached + tokens_written) FROM llm_call
                WHERE substr(at, 1, 10) = ?), 0)
            """, .text(String(now.prefix(10)))
        ) { ModelBudget(most: $0.int(0), spent: $0.int(1)) } ?? ModelBudget(most: 0, spent: 0)
    }

    /// What calls took, by purpose, model and outcome.
    ///
    /// - Parameter since: Only calls at this time or later; a prefix of an ISO 8601 time.
    public func modelCosts(since: String = "") throws(SQLiteError) -> [ModelCosts] {
        try connection.rows(
            """
            SELECT purpose, model, outcome, count(*), sum(tokens_in), sum(tokens_out), sum(tokens_cached),
                sum(tokens_written), sum(tokens_over), sum(cost), sum(cost IS NULL AND outcome = 'done')
            FROM llm_call WHERE at >= ? GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """, .text(since)
        ) {
            ModelCosts(
                purpose: $0.text(0), model: $0.text(1), outcome: $0.text(2), calls: $0.int(3),
                usage: ModelUsage(
                    input: $0.int(4), output: $0.int(5), cacheRead: $0.int(6), cacheWritten: $0.int(7)),
                over: $0.int(8), cost: $0.int(9), unpriced: $0.int(10))
        }
    }
}

/// What calls of one kind took.
public struct ModelCosts: Sendable, Equatable {
    public var purpose: String
    public var model: String
    public var outcome: String
    public var calls: Int
    /// What was reserved and never settled counts as taken.
    public var usage: ModelUsage
    /// Tokens beyond what a budget held.
    public var over: Int
    /// Millionths of a dollar, of the calls whose price is known.
    public var cost: Int
    /// Calls that were answered and whose price is not known.
    public var unpriced: Int
}
