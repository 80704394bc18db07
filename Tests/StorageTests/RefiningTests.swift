import Memories
import SQLite
import Testing

@testable import Storage

/// A refinement is a new version with its provenance; what it stands on stays.
@Suite struct RefiningTests {
    let folder: FolderFixture
    var store: MemoryStore { folder.store }
    static let old = "It listens on port 8080"
    static let quote = "listens on port 8080"
    static let better = "The gateway listens on port 8080"

    init() throws {
        folder = try FolderFixture()
        try folder.ingest([(Self.old, true), ("NEVER push to main without a review", true)])
    }

    private func refined(
        _ content: String = better, _ originals: [Int] = [1], kind: RefinedMemory.Kind = .rewritten, turn: Int = 1
    ) -> RefinedMemory {
        RefinedMemory(
            kind: kind, category: .config, content: content, importance: Importance(clamping: 3), originals: originals,
            quote: Self.quote, turn: turn)
    }

    @discardableResult
    private func refine(_ refinement: RefinedMemory) throws -> RefineOutcome {
        try store.changing { run throws(SQLiteError) in
            try store.refine(refinement, by: RefinementMaker(model: "a-model", prompt: "refine-v1", call: nil), run)
        }
    }

    @Test func theOriginalStaysAsHistoryAndBothAreTold() throws {
        #expect(try refine(refined()) == .stored(3))
        let new = try folder.fixture.memory(3)
        let old = try folder.fixture.memory(1)
        #expect(new.origin == .llm && new.state == .active && new.sightingCount == old.sightingCount)
        #expect(old.state == .superseded && old.content == Self.old)
        let provenance = try #require(try store.refinement(3))
        #expect(provenance.originals == [1] && provenance.model == "a-model" && provenance.prompt == "refine-v1")
        #expect(provenance.quote == Self.quote && provenance.line == 1 && provenance.path == "/t/session.jsonl")
        #expect(try store.links(of: 3).map(\.kind) == [.supersedes])
        #expect(try store.auditStructure().isEmpty)
    }

    @Test func readingTheSameTranscriptAgainChangesNothing() throws {
        try refine(refined())
        let before = try folder.fixture.active
        try folder.ingest([(Self.old, true), ("NEVER push to main without a review", true)])
        #expect(try folder.fixture.active == before)
        #expect(try folder.fixture.count("SELECT count(*) FROM memory") == 3)
    }

    @Test func hearingTheOldWordsAgainCountsForTheBetterOnes() throws {
        try refine(refined())
        try folder.ingest([("", false), (Self.old, true)], session: "later", path: "/t/later.jsonl")
        #expect(try folder.fixture.active.contains(Self.better))
        #expect(try !folder.fixture.active.contains(Self.old))
        #expect(try folder.fixture.memory(3).sightingCount == 2)
    }

    @Test func whatItsTranscriptNoLongerSupportsGoes() throws {
        try refine(refined())
        try folder.ingest([("NEVER push to main without a review", true)])
        #expect(try folder.fixture.active == ["NEVER push to main without a review"])
    }

    @Test func undoPutsTheOriginalBack() throws {
        try refine(refined())
        #expect(try folder.fixture.undo()?.restored == [1])
        #expect(try Set(folder.fixture.active) == [Self.old, "NEVER push to main without a review"])
    }

    @Test func whatAPersonDidToTheBetterWordsHoldsForTheOldOnes() throws {
        try refine(refined())
        try folder.fixture.archive(3)
        try folder.ingest([(Self.old, true), ("NEVER push to main without a review", true)])
        try folder.ingest([("", false), (Self.old, true)], session: "later", path: "/t/later.jsonl")
        #expect(try folder.fixture.active == ["NEVER push to main without a review"])
    }

    @Test func aPersonsWordsAreSpared() throws {
        try folder.fixture.add("Deploy on Monday")
        #expect(try refine(refined("Deploy on Monday at 8080", [3])) == .notReplaceable(3))
        try folder.fixture.edit(2) { $0.importance = Importance(clamping: 5) }
        #expect(try refine(refined("NEVER push to main without any review", [2])) == .notReplaceable(2))
        // And the schema says so too.
        let error = #expect(throws: SQLiteError.self) {
            try store.connection.execute(
                """
                INSERT INTO refinement (memory_id, kind, model, prompt, quote, made_at) VALUES (1, 'new', 'm', 'p', 'q', '');
                INSERT INTO refinement_original VALUES (1, 3)
                """)
        }
        #expect(error?.message.contains("refinement_spares_a_persons_words") == true)
    }

    @Test func whatIsForgottenGoesInAllItsWords() throws {
        try refine(refined())
        _ = try store.forget(.memories([3]))
        #expect(try !folder.holds("port 8080"))
        #expect(try refine(refined(Self.better, [], kind: .new, turn: 2)) == .refused(.tombstone))
        try folder.ingest([(Self.old, true), ("NEVER push to main without a review", true)])
        #expect(try folder.fixture.active == ["NEVER push to main without a review"])
    }

    @Test func whatIsSaidAlreadyIsNotSaidTwice() throws {
        #expect(try refine(refined("never push to main without a review.", [], kind: .new)) == .known(2))
        #expect(try refine(refined("NEVER push to main without a review", [1])) == .known(2))
        #expect(try folder.fixture.memory(1).state == .active)
    }

    @Test func aKeyIsHandedOn() throws {
        try folder.fixture.record("port = 8080", .config, key: "config:port")
        #expect(try refine(refined("The gateway has port = 8080", [3])) == .stored(4))
        #expect(try folder.fixture.memory(4).key == "config:port")
        try folder.fixture.record("port = 8081", .config, key: "config:port", at: "2026-02-01T00:00:00.000Z")
        #expect(try folder.fixture.memory(4).state == .superseded)
    }
}

/// Proposals archive nothing by themselves, and never a person's words.
@Suite struct TidyProposalTests {
    let folder: FolderFixture
    var store: MemoryStore { folder.store }

    init() throws {
        folder = try FolderFixture()
        try folder.ingest([("The gateway has port 8080", true), ("The port of the gateway is 8080", true)])
    }

    private func propose(_ proposals: TidyProposal...) throws -> Int {
        try store.writing { () throws(SQLiteError) in try store.propose(proposals, by: nil) }
    }

    private func apply(_ id: Int) throws -> TidyOutcome {
        try store.changing { run throws(SQLiteError) in try store.apply(proposal: id, run) }
    }

    @Test func takingAProposalArchivesWithItsReasonAndCanBeUndone() throws {
        #expect(
            try propose(TidyProposal(kind: .duplicate, reason: "It says what #1 says.", goes: [2], stays: [1])) == 1)
        #expect(try folder.fixture.active.count == 2)
        #expect(try apply(1) == .archived([2]))
        #expect(try folder.fixture.memory(2).reason == "tidied up: It says what #1 says.")
        #expect(try apply(1) == .decided(.applied))
        _ = try folder.fixture.undo()
        #expect(try folder.fixture.active.count == 2)
    }

    @Test func aDeclinedProposalIsNotMadeAgain() throws {
        let proposal = TidyProposal(kind: .garbage, reason: "A fragment.", goes: [2])
        #expect(try propose(proposal) == 1)
        _ = try store.writing { () throws(SQLiteError) in try store.decline(proposal: 1) }
        #expect(try propose(proposal) == 0)
        #expect(try store.openProposals().isEmpty)
    }

    @Test func mergedWordsTakeTheirPlace() throws {
        let words = "The port of the gateway is 8080, as it has to be"
        #expect(try propose(TidyProposal(kind: .mergeable, reason: "Two parts.", statement: words, goes: [1, 2])) == 1)
        #expect(try apply(1) == .merged(3))
        #expect(try folder.fixture.active == [words])
        #expect(try store.refinement(3)?.originals == [1, 2])
    }

    @Test func aPersonsWordsAreNeverProposed() throws {
        try folder.fixture.add("Deploy on Monday")
        #expect(try propose(TidyProposal(kind: .garbage, reason: "-", goes: [3])) == 0)
        let error = #expect(throws: SQLiteError.self) {
            try store.connection.execute(
                """
                INSERT INTO tidy_proposal (id, kind, reason, identity, made_at) VALUES (9, 'garbage', '', 'x', '');
                INSERT INTO tidy_subject VALUES (9, 3, 'goes')
                """)
        }
        #expect(error?.message.contains("tidy_spares_a_persons_words") == true)
    }

    @Test func whatHasChangedMeanwhileIsLeftAlone() throws {
        _ = try propose(TidyProposal(kind: .duplicate, reason: "-", goes: [2], stays: [1]))
        try folder.fixture.archive(1)
        #expect(try apply(1) == .overtaken(1))
        #expect(try store.openProposals().isEmpty)
        #expect(try folder.fixture.memory(2).state == .active)
    }
}
