import Memories
import SQLite
import Storage
import Testing

@testable import Recall

/// What a prompt names is ranked as the answers to a question are.
@Suite struct PromptRecallTests {
    let fixture: RecallFixture
    init() throws { fixture = try RecallFixture() }

    private func ids(_ prompt: String) throws -> [Int] {
        try PromptRecall(fixture.store)
            .memories(for: PromptAnchors(prompt), of: prompt, session: "cccccccc-3", limit: 5).map(\.id)
    }

    @Test func theBetterAnswerComesFirst() throws {
        for index in 0..<60 { try fixture.add("The module number \(index) is formatted") }
        let older = try fixture.add("`src/net/pool.swift` opens 50 connections", .arch, at: "2024-01-01", importance: 2)
        let newer = try fixture.add(
            "`src/net/pool.swift` opens few connections", .config, at: "2026-01-09", importance: 5)
        let rule = try fixture.add("Never call `src/net/pool.swift` from the main actor", .constraint, at: "2024-01-01")
        #expect(try ids("how many connections does src/net/pool.swift open?").prefix(2) == [newer, older])
        #expect(try ids("am I allowed to call src/net/pool.swift here, must it be the main actor?").first == rule)
    }

    @Test func whatIsNotNamedIsNotRankedAtAll() throws {
        try fixture.add("The pool opens 50 connections", importance: 5)
        #expect(try ids("go on with the rest of it").isEmpty)
        #expect(try ids("what is #1 about") == [1])
    }
}
