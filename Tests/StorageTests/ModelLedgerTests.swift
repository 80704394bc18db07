import LanguageModels
import Memories
import SQLite
import Testing

@testable import Storage

/// A model can't spend what is not there, whoever writes, and however it ends.
@Suite struct ModelLedgerTests {
    let folder: FolderFixture
    var store: MemoryStore { folder.store }

    init() throws {
        folder = try FolderFixture()
        try folder.ingest([("NEVER push to main without a review", true), ("We use port 8080", true)])
    }

    private func call(
        _ session: String = "session", input: Int = 9_000, output: Int = 1_000, turns: ClosedRange<Int>? = nil
    ) -> PlannedCall {
        PlannedCall(
            purpose: "refine", session: session, model: "a-model", prompt: "refine-v1", mostInput: input,
            mostOutput: output,
            turns: turns.map { [TurnRange(session: session, first: $0.lowerBound, last: $0.upperBound)] } ?? [])
    }

    private func number(_ result: Result<Int, CallRefusal>) -> Int? { try? result.get() }

    @Test func aCallIsPaidBeforeItIsMadeAndSettledOnce() throws {
        let id = try #require(number(try store.reserve(call())))
        #expect(try store.modelBudget() == ModelBudget(most: 50_000, spent: 10_000))
        try store.settle(
            id, .done, usage: ModelUsage(input: 700, output: 50, cacheRead: 200, cacheWritten: 50), cost: 1_000)
        #expect(try store.modelBudget().spent == 1_000)
        #expect(throws: StoreError.self) { try store.settle(id, .done, usage: ModelUsage.none, cost: nil) }
        #expect(throws: SQLiteError.self) { try store.connection.run("DELETE FROM llm_call") }
        #expect(throws: SQLiteError.self) {
            try store.connection.run(
                "INSERT OR REPLACE INTO llm_call (id, at, session, model, tokens_in, tokens_out, outcome) VALUES (1, '2026-01-01T00:00', 's', 'm', 0, 0, 'reserved')"
            )
        }
    }

    @Test func twoProcessesCannotSpendTheSameTokens() throws {
        let other = try MemoryStore(path: folder.path, access: .write, clock: .fixed(1_767_225_600_000))
        for index in 0..<5 {
            let writer = index.isMultiple(of: 2) ? store : other
            #expect(number(try writer.reserve(call("s\(index)"))) != nil)
        }
        #expect(try store.reserve(call("s5", input: 1, output: 0)) == .failure(.budget))
        #expect(try other.reserve(call("s6", input: 1, output: 0)) == .failure(.budget))
        // Tomorrow is another day.
        let tomorrow = try MemoryStore(path: folder.path, access: .write, clock: .fixed(1_767_225_600_000 + 86_400_000))
        #expect(number(try tomorrow.reserve(call("s7"))) != nil)
    }

    @Test func aSessionHasItsOwnBudget() throws {
        #expect(number(try store.reserve(call())) != nil)
        #expect(number(try store.reserve(call())) != nil)
        #expect(try store.reserve(call(input: 1, output: 0)) == .failure(.budget))
        #expect(number(try store.reserve(call("another"))) != nil)
    }

    @Test func whatWasReservedAndNeverSettledIsSpent() throws {
        for index in 0..<5 { _ = try store.reserve(call("s\(index)")) }
        #expect(try store.modelBudget().left == 0)
        #expect(try store.modelCosts().map(\.outcome) == ["reserved"])
    }

    @Test func whatACallTookBeyondTheBudgetIsNotedAndNothingMoreIsSpent() throws {
        let id = try #require(number(try store.reserve(call(input: 15_000, output: 0))))
        try store.settle(
            id, .done, usage: ModelUsage(input: 70_000, output: 0, cacheRead: 0, cacheWritten: 0), cost: 70_000)
        let costs = try store.modelCosts()
        #expect(costs.map(\.usage.input) == [15_000])
        #expect(costs.map(\.over) == [55_000])
        #expect(costs.map(\.cost) == [70_000])
    }

    @Test func aTurnIsSentOnce() throws {
        let turns = try store.unsentSessions()
        #expect(turns.map(\.uid) == ["session"])
        #expect(turns.first?.range == TurnRange(session: "session", first: 1, last: 2))
        let id = try #require(number(try store.reserve(call(input: 10, output: 10, turns: 1...2))))
        // The process is killed here: it may have been sent.
        #expect(try store.unsentSessions().isEmpty)
        #expect(try store.reserve(call(input: 10, output: 10, turns: 2...3)) == .failure(.sentBefore))
        #expect(try store.modelBudget().spent == 20, "what was refused has left nothing")
        try store.settle(id, .done, usage: ModelUsage.none, cost: 0)
        #expect(try store.unsentSessions().isEmpty)
    }

    @Test func whatCameBackWithoutAnAnswerIsTriedThreeTimes() throws {
        for _ in 0..<3 {
            #expect(try store.unsentSessions().count == 1)
            let id = try #require(number(try store.reserve(call(input: 10, output: 10, turns: 1...2))))
            try store.settle(id, .busy, usage: ModelUsage.none, cost: 0)
        }
        #expect(try store.unsentSessions().isEmpty)
        #expect(try store.reserve(call(input: 10, output: 10, turns: 1...2)) == .failure(.sentBefore))
    }

    @Test func aCallCountsInFullForEachOfItsSessions() throws {
        var first = call("a,b", input: 9_000, output: 1_000)
        first.turns = [TurnRange(session: "a", first: 1, last: 1), TurnRange(session: "b", first: 2, last: 2)]
        #expect(number(try store.reserve(first)) != nil)
        var second = call("b,c", input: 9_000, output: 1_001)
        second.turns = [TurnRange(session: "b", first: 3, last: 3), TurnRange(session: "c", first: 4, last: 4)]
        #expect(try store.reserve(second) == .failure(.budget))
    }
}
