import Memories
import SQLite
import Testing

@testable import Storage

/// A sentence whose memory a person took away stays away when other rules state it in other words; what else it says does not.
@Suite struct WithdrawnSentenceTests {
    let fixture: StoreFixture
    init() throws { fixture = try StoreFixture() }

    static let sentence = "The staging server listens on port 8080, the production server on port 8081."

    /// Reads a transcript whose one sentence says these things to these rules.
    @discardableResult
    private func ingest(
        _ path: String = "/a", plan: String, _ facts: [(rule: String, content: String)]
    ) throws -> IngestCounts {
        let store = fixture.store
        let turn = NewTurn(
            sessionID: path, line: 1, role: .user, saidAt: "2026-01-01T00:00:00.000Z", text: Self.sentence)
        let memories = facts.map { rule, content in
            NewMemory(
                category: .config, content: content, importance: Importance(clamping: 3), origin: .rule,
                rule: Memory.RuleReference(id: rule, pack: "team", packVersion: "1.0.0"),
                sightings: [
                    NewSighting(
                        transcriptID: nil, path: path, sessionID: path, line: 1, endLine: 1, bytes: 5..<9, role: .user,
                        saidAt: turn.saidAt, quote: Self.sentence, turnIdentity: turn.identity)
                ])
        }
        let state = TranscriptState(
            path: path, sessionID: path, size: 1, tailHash: "", offset: 1, nextLine: 1, plan: plan)
        let harvest = TranscriptHarvest(
            state: state, cwd: nil, branch: nil, startedAt: "", endedAt: "", turns: [turn], memories: memories,
            redactions: 0)
        return try store.writing { () throws(SQLiteError) in
            try store.store(harvest, ingest: try store.beginIngest(.ingest)).counts
        }
    }

    static let both = [("team.port", "staging port 8080"), ("team.port", "production port 8081")]

    @Test func oneFactOfTwoIsTakenAwayAlone() throws {
        try ingest(plan: "1", Self.both)
        try fixture.archive(1)
        try ingest(
            plan: "2", [("team.port", "staging: 8080 is the port"), ("team.port", "production: 8081 is the port")])
        #expect(try fixture.active == ["production: 8081 is the port"])
        // And back again.
        try ingest(plan: "1", Self.both)
        #expect(try fixture.active == ["production port 8081"])
    }

    @Test func whatAnotherRuleSaysIsComparedByItsWords() throws {
        try ingest(plan: "1", [Self.both[0]])
        try fixture.archive(1)
        try ingest(plan: "2", [("team.server", "Ports: staging port 8080"), ("team.other", "two servers are in use")])
        #expect(try fixture.active == ["two servers are in use"])
    }

    @Test func aForkOfTheSessionDoesNotBringItBack() throws {
        try ingest(plan: "1", [Self.both[0]])
        try fixture.edit(1) { $0.content = "Staging has a port of the day." }
        try ingest("/b", plan: "2", [("team.port", "8080 is where staging listens")])
        #expect(try fixture.active == ["Staging has a port of the day."])
    }

    @Test func whatARunWasUndoneForComesInBetterWords() throws {
        try ingest(plan: "1", [Self.both[0]])
        _ = try fixture.undo()
        #expect(try fixture.active == [])
        try ingest(plan: "2", [("team.port", "8080 is where staging listens")])
        #expect(try fixture.active == ["8080 is where staging listens"])
    }
}
