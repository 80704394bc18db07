import Memories
import SQLite
import Synchronization
import Testing

@testable import Storage

/// The places where a memory was said: what adds them, and what takes them away.
@Suite struct EvidenceTests {
    let fixture: StoreFixture
    private let time: Time

    /// A clock that somebody sets.
    private final class Time: Sendable {
        let now = Mutex(1_767_225_600_000)
    }

    init() throws {
        let time = Time()
        self.time = time
        fixture = try StoreFixture(clock: Clock { time.now.withLock { $0 } })
    }

    /// A run of its own that reads a transcript in which these were said, in this order.
    @discardableResult
    private func ingest(_ path: String, at day: Int, _ contents: [String]) throws -> Int {
        time.now.withLock { $0 += 60_000 }
        let store = fixture.store
        let turns = contents.enumerated().map { line, text in
            NewTurn(
                sessionID: path, line: line + 1, role: .user, saidAt: "2026-01-0\(day)T00:00:0\(line).000Z", text: text)
        }
        let memories = turns.filter { $0.text.hasPrefix("Use ") }.map { turn in
            NewMemory(
                category: .note, content: turn.text, importance: Importance(clamping: 2 + day), origin: .salient,
                sightings: [
                    NewSighting(
                        transcriptID: nil, path: path, sessionID: path, line: turn.line, endLine: turn.line,
                        bytes: 5..<9,
                        role: .user, saidAt: turn.saidAt, quote: turn.text, turnIdentity: turn.identity)
                ])
        }
        let state = TranscriptState(
            path: path, sessionID: path, size: 1, tailHash: "", offset: 1, nextLine: 1, plan: "")
        let harvest = TranscriptHarvest(
            state: state, cwd: nil, branch: nil, startedAt: "", endedAt: "", turns: turns, memories: memories,
            redactions: 0)
        return try store.writing { () throws(SQLiteError) in
            let run = try store.beginIngest(.ingest)
            _ = try store.store(harvest, ingest: run)
            return run
        }
    }

    @Test func undoTakesBackThePlacesThatARunAdded() throws {
        try ingest("/a", at: 1, ["Use port 8080"])
        let before = try fixture.memory(1)
        let run = try ingest("/b", at: 2, ["Use port 8080", "Use host a"])
        #expect(try fixture.memory(1).sightingCount == 2)
        #expect(try fixture.memory(1).importance.level == 4)
        let undone = try fixture.undo()
        #expect(undone?.id == run)
        #expect(undone?.sightings == 1)
        #expect(undone?.archived == [2])
        #expect(try fixture.memory(1) == before)
        // What it archived keeps its evidence, for `restore`.
        #expect(try fixture.memory(2).sightingCount == 1)
        #expect(try fixture.undo()?.archived == [1])
        #expect(try fixture.memory(1).sightingCount == 1)
    }

    @Test func whatALaterRunHasFoundTooStays() throws {
        try ingest("/a", at: 1, ["Use port 8080"])
        let run = try ingest("/b", at: 2, ["Use port 8080"])
        // The transcript has grown by a word of thanks and is read as a whole again.
        try ingest("/b", at: 2, ["Use port 8080", "Thank you"])
        let undone = try fixture.undo()
        #expect(undone?.id == run)
        #expect(undone?.sightings == 0)
        #expect(try fixture.memory(1).sightingCount == 2)
    }

    @Test func aLaterRunThatReadSomethingElseKeepsNothing() throws {
        try ingest("/a", at: 1, ["Use port 8080"])
        let run = try ingest("/b", at: 2, ["Use port 8080"])
        try ingest("/c", at: 3, ["Thank you"])
        let undone = try fixture.undo()
        #expect(undone?.id == run)
        #expect(undone?.sightings == 1)
        #expect(try fixture.memory(1).sightingCount == 1)
    }

    @Test func aForgottenPlaceOfAMemoryThatStaysDoesNotComeBack() throws {
        func memory(_ content: String = "Use port 8080") -> NewMemory {
            let quotes = ["Use port 8080", "Use port 8080, says Quuxcorp"]
            return NewMemory(
                category: .note, content: content, importance: Importance(clamping: 3), origin: .salient,
                sightings: quotes.enumerated().map { index, quote in
                    NewSighting(
                        transcriptID: nil, path: "/a", sessionID: "a", line: index + 1, endLine: index + 1,
                        bytes: 0..<1,
                        role: .user, saidAt: "2026-01-01T00:00:0\(index).000Z", quote: quote, turnIdentity: nil)
                })
        }
        func record(_ memory: NewMemory) throws -> RecordOutcome {
            try fixture.store.writing { () throws(SQLiteError) in try fixture.store.record(memory, ingest: nil) }
        }
        #expect(try record(memory()) == .inserted(id: 1))
        #expect(try fixture.store.forget(.matching { $0.contains("Quuxcorp") }).sightings == 1)
        #expect(try record(memory()) == .merged(into: 1))
        #expect(try fixture.count("SELECT count(*) FROM memory_source WHERE quote LIKE '%Quuxcorp%'") == 0)
        #expect(try fixture.memory(1).sightingCount == 1)
        // Nor with a memory that is new.
        let other = try record(memory("Use another port"))
        #expect(other == .inserted(id: 2))
        #expect(try fixture.count("SELECT count(*) FROM memory_source WHERE quote LIKE '%Quuxcorp%'") == 0)
    }

    @Test func aRewordingIsFoundAmongHundredsOfSimilarStatements() throws {
        let (starts, ends) = (
            ["ba", "ke", "mi", "ro", "su", "ta", "le", "po", "di", "fu", "ga", "hi", "no", "vi", "wa"],
            [
                "lon", "rin", "vet", "zok", "dam", "pif", "gus", "hep", "jal", "wox", "bem", "cor", "dut", "fam", "gil",
                "hob",
                "jun", "kem", "lup", "mor",
            ]
        )
        let names = starts.flatMap { start in ends.map { start + $0 } }
        for name in names {
            try fixture.record("The importer of \(name) reads customer orders from the nightly archive folder")
        }
        #expect(try fixture.active.count == 300)
        for index in [0, 70, 150, 299] {
            let outcome = try fixture.record(
                "Remember that the importer of \(names[index]) should read customer orders from the nightly archive folder.",
                at: "2026-02-01T00:00:00.000Z")
            #expect(outcome == .merged(into: index + 1), "\(names[index])")
        }
    }

    @Test func aTranscriptWrittenAnewHoldsItsNewTurnsOnly() throws {
        try ingest("/a", at: 1, ["Use port 8080", "A word of before", "Thank you"])
        try fixture.store.writing { () throws(SQLiteError) in
            let store = fixture.store
            let row = try store.transcriptRow("/a")
            let known = try store.turns(ofTranscript: "/a")
            let identities = try store.connection.rows("SELECT identity FROM turn ORDER BY id") { $0.int(0) }
            #expect(known.map(\.text) == ["Use port 8080", "A word of before", "Thank you"])
            try store.assign([identities[2]: 1, identities[0]: 2], toTranscript: row)
            #expect(try store.turns(ofTranscript: "/a").map(\.text) == ["Thank you", "Use port 8080"])
            // It is written back as it was.
            try store.assign([identities[0]: 1, identities[1]: 2, identities[2]: 3], toTranscript: row)
            #expect(try store.turns(ofTranscript: "/a") == known)
            // What was said stays said.
            #expect(try store.turns(ofSession: "/a").count == 3)
        }
    }
}
