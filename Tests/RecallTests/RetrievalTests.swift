import Memories
import SQLite
import Storage
import Testing

@testable import Recall

/// What answers a question.
@Suite struct RetrievalTests {
    let fixture: RecallFixture
    init() throws { fixture = try RecallFixture() }

    @Test(
        "The best piece holds the answer",
        arguments: [
            ("Why did we choose PostgreSQL?", "JSON indexes"), ("what port does it listen on", "5433"),
            // A kind calls for its members, a word for its synonym, a name in code for its parts.
            ("which db is used", "PostgreSQL"), ("what caused the failing specs?", "maxConnections"),
            ("max connections of the pool", "maxConnections=10"), ("How low is the sleep current?", "current"),
            ("登录为什么超时", "连接池"),
        ])
    func best(_ question: String, _ answer: String) throws {
        let found = try fixture.answers(question)
        #expect(found.isEvidence)
        #expect(found.items.prefix(2).contains { $0.text.contains(answer) }, "\(found.items.first?.text ?? "nothing")")
    }

    @Test func theAnswerNextToAQuestionComesWithIt() throws {
        let pack = try fixture.pack("Which database do we take for the orders service?")
        #expect(pack.contains("PostgreSQL"))
    }

    @Test(
        "What has nothing to do with it is no evidence",
        arguments: ["", "???", "the of and", "kubernetes ingress annotations"])
    func silence(_ question: String) throws {
        #expect(try !fixture.answers(question).isEvidence)
        #expect(try fixture.pack(question).isEmpty)
    }

    @Test(
        "Marks of any script end a word of the form",
        arguments: ["¿Por qué PostgreSQL?", "Postgres：why？", "why!", "WHY PostgreSQL"])
    func form(_ question: String) { #expect(QuestionIntent(question).categories.first == .decision) }

    @Test func askingTwiceGivesTheSame() throws {
        try fixture.add("The pool has 50 connections", .config)
        #expect(try fixture.answers("pool connections") == fixture.answers("pool connections"))
    }

    @Test func aSupersededValueComesLastAndMarked() throws {
        let old = try fixture.add("The gateway listens on port 8080", .config, key: "config:gateway port")
        let new = try fixture.add(
            "The gateway listens on port 8081", .config, key: "config:gateway port", at: "2026-01-02")
        let pack = ContextPack(try fixture.answers("gateway port"), budget: 300, clean: { $0 })
        #expect(pack.memories.map(\.memory.id) == [new, old])
        #expect(pack.text(clean: { $0 }).contains("#\(old) config 2026-01-01 (superseded by #\(new))"))
    }

    @Test func whatIsNewerIsWorthMoreButARuleDoesNotAge() throws {
        func worth(_ category: MemoryCategory, _ day: String) throws -> Int {
            let id = try fixture.add("The quuxer \(category.rawValue) says \(day)", category, at: day)
            var options = RecallOptions()
            options.now = "2026-06-01"
            options.includesTurns = false
            let item = try fixture.answers("quuxer", options).items.first {
                if case .memory(let memory, _) = $0.source { memory.id == id } else { false }
            }
            return try #require(item).terms.first { $0.name == "age" }?.value ?? 0
        }
        #expect(try worth(.arch, "2025-06-01") < worth(.arch, "2026-05-30"))
        #expect(try worth(.constraint, "2025-06-01") == 0)
    }

    @Test func theTermsMakeTheSum() throws {
        try fixture.add("The pool has 50 connections", .config)
        for item in try fixture.answers("how many connections has the pool").items {
            let sum = item.terms.reduce(0) { $0 + $1.value }
            #expect(abs(sum - item.worth) <= item.terms.count, "\(item)")
        }
    }

    @Test func aNumberNamesItsMemory() throws {
        let id = try fixture.add("Completely unrelated words")
        #expect(try fixture.pack("what was #\(id) about").contains("#\(id) "))
    }

    @Test func timeIsHalvedInItsHalfLife() {
        let recency = Recency(now: "2026-04-10", halfLife: 99)
        #expect(abs(recency.share("2026-01-01T00:00:00Z") - 0.5) < 0.001)
        #expect(recency.share("2026-04-10") == 1)
        #expect(recency.share("2027-01-01") == 1)
        #expect(recency.share("") == 1)
        #expect(Recency.day("1970-01-01") == 0)
        #expect(Recency.day("2000-02-29T00") == 11_016)
        #expect(Recency.day("2000-13-01") == nil)
    }
}
