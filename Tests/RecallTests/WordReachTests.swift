import Memories
import SQLite
import Storage
import Testing

@testable import Recall

/// The list of results that a search gives: other candidates, the same ranking.
@Suite struct WordReachTests {
    let fixture: RecallFixture
    init() throws { fixture = try RecallFixture() }

    private func found(_ text: String, _ change: (inout RecallOptions) -> Void = { _ in }) throws -> Retrieved {
        var options = RecallOptions(.words)
        options.includesTurns = false
        change(&options)
        return try fixture.answers(text, options)
    }

    private func ids(_ text: String, _ change: (inout RecallOptions) -> Void = { _ in }) throws -> [Int] {
        try found(text, change).memories.map(\.memory.id)
    }

    @Test(
        "Each index finds its candidates",
        arguments: [
            ("SQLite", 1), ("存储", 1), ("数", 1), ("timeout", 2), ("importer timeouts", 2), ("max_conn", 3),
            ("db.toml", 3),
            ("passwords", 4), ("#2", 2), ("the", 2), ("gateway port", 5), ("cellular", 6), ("\"", 0),
            ("NEAR(importer", 2),
        ])
    func candidates(_ text: String, _ id: Int) throws {
        for content in [
            "使用SQLite存储数据", "The timeouts of the importer are too short", "Set max_connections to 20 in db.toml",
            "Never log the password of a user",
        ] { try fixture.add(content) }
        try fixture.add("It listens on 8081", .config, key: "config:gateway port")
        try fixture.add("Photos go over mobile networks only when asked")
        #expect(try ids(text).first ?? 0 == id)
    }

    @Test func allWordsComeBeforeSome() throws {
        let some = try fixture.add("The pool of the importer is small", importance: 5)
        let all = try fixture.add("The timeout of the pool is 30 s", importance: 3)
        #expect(try ids("pool timeout") == [all, some])
    }

    @Test func theFormOfTheQuestionSaysWhichCategoryComesFirst() throws {
        let note = try fixture.add("Kafka in place of Redis streams", .note, at: "2026-01-02")
        let decision = try fixture.add("Kafka instead of Redis streams", .decision, at: "2026-01-02")
        #expect(try ids("kafka redis").first == decision || ids("kafka redis").first == note)
        #expect(try ids("why did we choose kafka over redis") == [decision, note])
        let terms = try #require(try found("why did we choose kafka over redis").items.first?.terms)
        #expect(terms.contains { $0.name == "category" && $0.value > 0 })
    }

    @Test func whatIsSupersededComesLastThoughItFitsBetter() throws {
        let old = try fixture.add("The gateway port is the port 8080", .config, key: "config:gateway port")
        let new = try fixture.add("It listens on 8081", .config, key: "config:gateway port", at: "2026-01-02")
        let other = try fixture.add("A port is open", at: "2026-01-02")
        let all: (inout RecallOptions) -> Void = { $0.filter.states = [] }
        #expect(try ids("gateway port", all).last == old)
        #expect(try Set(ids("gateway port", all)) == [old, new, other])
        #expect(try found("gateway port", all).memories.last?.successor == new)
        #expect(try !ids("gateway port").contains(old))
    }

    @Test func ageAndPlaceCountAsInAnAnswer() throws {
        let old = try fixture.add("The quuxer uses gRPC", .arch, at: "2025-01-01")
        let new = try fixture.add("The quuxer speaks gRPC", .arch, at: "2026-01-01")
        #expect(try ids("quuxer grpc") == [new, old])
        let term = try found("quuxer grpc").items.last?.terms.first { $0.name == "age" }
        #expect(try #require(term).value < 0)
        let mild = try found("quuxer grpc") { $0.halfLife = 100_000 }.items.last?.terms.first { $0.name == "age" }
        #expect(try #require(term).value < mild?.value ?? 0)
    }

    @Test func theTermsMakeTheSum() throws {
        try fixture.add("The pool has 50 connections", .config)
        try fixture.add("max_connections_pool is read once", .arch)
        let found = try found("connections pool max_conn") { $0.includesTurns = true }
        #expect(found.items.count > 2)
        for item in found.items {
            #expect(abs(item.terms.reduce(0) { $0 + $1.value } - item.worth) <= item.terms.count, "\(item)")
        }
    }

    @Test func turnsAreFoundByTheSameRanking() throws {
        let turns = try found("maxConnections pool") { ($0.includesTurns, $0.includesMemories) = (true, false) }.turns
        #expect(turns.first?.line == 4)
        #expect(Set(turns.map(\.id)).count == turns.count)
    }

    @Test func anExpressionIsTakenAsItStands() throws {
        let id = try fixture.add("Retry the upload when the connection is lost")
        let raw: (inout RecallOptions) -> Void = { $0.isExpression = true }
        #expect(try ids("retry NOT download", raw) == [id])
        #expect(try ids("retry NOT upload", raw).isEmpty)
        #expect(throws: SQLiteError.self) { try ids("\"unbalanced", raw) }
    }

    @Test func whatIsRememberedBetweenQuestionsIsForgottenWhenSomebodyWrites() throws {
        fixture.store.rememberForSearches()
        let first = try fixture.add("The zephyr cache is warm")
        #expect(try ids("zephyr") == [first])
        let alone = try found("zephyr").items.first?.worth
        #expect(try found("zephyr").items.first?.worth == alone)
        let second = try fixture.add("The zephyr queue is cold")
        let both = try found("zephyr")
        #expect(Set(both.memories.map(\.memory.id)) == [first, second])
        #expect(both.memories.first { $0.memory.id == first }?.worth != alone)
    }

    @Test func anOldTextThatSaysTheWordMoreOftenIsACandidate() throws {
        let old = try fixture.add("gizmo by gizmo, the gizmo grows")
        for number in 0..<60 { try fixture.add("gizmo part \(number) is listed in table \(number)") }
        let found = try ids("gizmo") { $0.filter.limit = 5 }
        #expect(found.first == old)
        #expect(found.count == 5)
    }
}
