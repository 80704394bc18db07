import Memories
import SQLite
import Storage
import Testing

@testable import Recall

/// How a pack is put together.
@Suite struct ContextPackTests {
    let fixture: RecallFixture
    init() throws { fixture = try RecallFixture() }

    @Test(
        "Never over the budget, by either measure", arguments: [20, 50, 77, 120, 400],
        [ContextPack.Layout.plain, .markdown])
    func budget(_ budget: Int, _ layout: ContextPack.Layout) throws {
        for index in 0..<30 { try fixture.add("The pool number \(index) has \(index * 7) connections and a timeout") }
        let found = try fixture.answers("how many connections has the pool")
        let text = ContextPack(found, budget: budget, layout: layout, clean: { $0 }).text(layout, clean: { $0 })
        #expect(ContextPack.tokens(text) <= budget)
        #expect(text.unicodeScalars.count <= 4 * budget)
        if budget >= 120 { #expect(ContextPack.tokens(text) > budget / 2) }
    }

    @Test func eachLineHasItsPlace() throws {
        let pack = try fixture.pack("root cause of the failing tests")
        #expect(pack.contains("session aaaaaaaa 2026-01-01\n"))
        #expect(pack.contains(":4 assistant "))
    }

    @Test func whatAMemorySaysIsNotQuotedAgain() throws {
        try fixture.add("Never deploy on a friday", .constraint)
        let pack = try fixture.pack("when may we deploy")
        #expect(pack.contains("Never deploy on a friday"))
        #expect(!pack.contains("never deploy on a friday please"))
    }

    @Test func anotherNumberIsNoRepetition() throws {
        try fixture.add("The gateway of the first cluster listens on port 8080", .arch)
        try fixture.add("The gateway of the first cluster listens on port 9090", .arch)
        let pack = try fixture.pack("gateway cluster port")
        #expect(pack.contains("8080") && pack.contains("9090"))
    }

    /// Counts of the tokenizer that Anthropic published with its SDK (version 0.30 of the Python one), taken once.
    @Test(
        "The estimate is at most a tenth under a real tokenizer's count",
        arguments: TokenSamples.all)
    func estimate(_ sample: TokenSamples.Sample) {
        #expect(
            ContextPack.tokens(sample.text) * 10 >= sample.count * 9,
            "\(ContextPack.tokens(sample.text)) of \(sample.count)")
    }
}
