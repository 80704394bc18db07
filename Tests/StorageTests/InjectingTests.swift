import Memories
import SQLite
import Testing

@testable import Storage

/// The ledger of what reached the model.
@Suite struct InjectingTests {
    let fixture: StoreFixture
    init() throws { fixture = try StoreFixture() }

    private func enter(
        _ items: [Int], event: String = "SessionStart", instance: String = "startup", session: String = "s",
        at time: Int = 1_000,
        tokens: Int = 20
    ) throws -> [Int]? {
        try fixture.store.enter(
            InjectionAnswer(
                session: session, event: event, instance: instance, sameCall: 5_000,
                items: items.map { ($0, TokenCount(tokens)) }), now: time)
    }

    @Test func theSameCallIsAnsweredOnce() throws {
        try fixture.add("NEVER push to main", .constraint)
        #expect(try enter([1]) == [1])
        #expect(try enter([1], at: 2_000) == nil, "the hook is registered twice")
        #expect(try enter([1], at: 7_000) == [1], "the session began anew")
        #expect(try enter([1], session: "t") == [1])
        #expect(try enter([], event: "UserPromptSubmit", instance: "p1") == [])
        #expect(try enter([], event: "UserPromptSubmit", instance: "p2") == [])
    }

    @Test func whatTheBudgetRefusesIsLeftOut() throws {
        for number in 1...5 { try fixture.add("Rule \(number) of the gateway", .constraint) }
        try fixture.store.setBudgets(sessionStart: 50, prompt: nil, modelDay: nil)
        #expect(try enter([1, 2, 3]) == [1, 2])
    }

    @Test func archivedMemoriesAreRefused() throws {
        try fixture.add("NEVER push to main", .constraint)
        try fixture.store.connection.execute("UPDATE memory SET state = 'archived'")
        #expect(try enter([1, 99]) == [])
    }

    @Test func aCompactionEmptiesTheContext() throws {
        try fixture.add("NEVER push to main", .constraint)
        try fixture.add("Always run the linter", .constraint)
        _ = try enter([1, 2])
        #expect(try fixture.store.injected(inSession: "s") == [1, 2])
        #expect(try fixture.store.injected(inSession: "t") == [])
        _ = try enter([2], instance: "compact")
        #expect(try fixture.store.injected(inSession: "s") == [2])
        _ = try enter([1], event: "UserPromptSubmit", instance: "p")
        #expect(try fixture.store.injected(inSession: "s") == [1, 2])
    }

    @Test func whatIsOnTrialIsNeverInjected() throws {
        let rule = Memory.RuleReference(id: "r", pack: "p", packVersion: "1", isExperimental: true)
        let memory = NewMemory(
            category: .constraint, content: "NEVER push to main", importance: Importance(clamping: 5), origin: .rule,
            rule: rule)
        try fixture.store.writing { () throws(SQLiteError) in _ = try fixture.store.record(memory, ingest: nil) }
        #expect(try fixture.store.standingKnowledge().constraints.isEmpty)
        #expect(try enter([1]) == [], "the schema refuses it")
        // A person says the same.
        try fixture.add("NEVER push to main", .constraint)
        #expect(try fixture.store.standingKnowledge().constraints.map(\.id) == [1])
    }

    @Test func sectionsHaveTheirOrder() throws {
        try fixture.add("We use PostgreSQL", .decision)
        try fixture.add("Always run the linter", .constraint)
        try fixture.add("NEVER push to main", .constraint)
        try fixture.add("TODO: move the cache", .task)
        try fixture.store.connection.execute("UPDATE memory SET importance = 5 WHERE id IN (1, 3)")
        let knowledge = try fixture.store.standingKnowledge()
        #expect(knowledge.constraints.map(\.id) == [3, 1, 2])
        #expect(knowledge.decisions.isEmpty)
        #expect(knowledge.tasks.map(\.id) == [4])
        #expect(try fixture.store.standingKnowledge(after: 99).constraints.isEmpty)
    }

    @Test func aHandoffIsKeptAndForgotten() throws {
        var items = HandoffItems()
        items.files = ["Sources/quux.swift", "b.swift"]
        items.todos = ["Call Quuxcorp"]
        items.test = "12 passed"
        try fixture.store.writing { () throws(SQLiteError) in try fixture.store.save(items, ofSession: "s") }
        let handoff = try fixture.store.handoff(ofSession: "s")
        #expect(handoff?.files == items.files)
        #expect(handoff?.todos == items.todos)
        #expect(handoff?.test == "12 passed")
        _ = try fixture.store.forget(.matching { $0.contains("Quuxcorp") })
        #expect(try fixture.store.handoff(ofSession: "s")?.todos == [])
        // Reading the transcript again brings nothing back.
        try fixture.store.writing { () throws(SQLiteError) in try fixture.store.save(items, ofSession: "s") }
        #expect(try fixture.store.handoff(ofSession: "s")?.todos == [])
        #expect(try fixture.store.handoff(ofSession: "s")?.files == items.files)
        _ = try fixture.store.forget(.session("s"))
        try fixture.store.writing { () throws(SQLiteError) in try fixture.store.save(items, ofSession: "s") }
        #expect(try fixture.store.handoff(ofSession: "s")?.files == [])
    }
}
