import Foundation
import Memories
import SQLite
import Testing

@testable import Storage

/// A store in a folder of its own.
final class FolderFixture {
    let folder: String
    let fixture: StoreFixture
    var store: MemoryStore { fixture.store }
    var path: String { folder + "/memory.db" }

    init() throws {
        folder = NSTemporaryDirectory() + "ccmem-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        fixture = try StoreFixture(folder + "/memory.db")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Whether any byte of any file of the folder belongs to the text, case folded.
    func holds(_ text: String) throws -> Bool {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
            if String(decoding: data, as: UTF8.self).lowercased().contains(text.lowercased()) { return true }
        }
        return false
    }

    /// Stores a conversation with memories in its turns.
    func ingest(
        _ turns: [(text: String, isMemory: Bool)], session: String = "session", path: String = "/t/session.jsonl"
    ) throws {
        let stored = turns.enumerated().map { index, turn in
            NewTurn(
                sessionID: session, line: index + 1, role: .user, saidAt: "2026-01-01T00:00:0\(index).000Z",
                text: turn.text)
        }
        let memories = zip(turns, stored).filter(\.0.isMemory).map { turn, row in
            NewMemory(
                category: .note, content: turn.text, importance: Importance(clamping: 3), origin: .salient,
                sightings: [
                    NewSighting(
                        transcriptID: nil, path: path, sessionID: session, line: row.line, endLine: row.line,
                        bytes: 0..<1,
                        role: .user, saidAt: row.saidAt, quote: turn.text, turnIdentity: row.identity)
                ])
        }
        let state = TranscriptState(
            path: path, sessionID: session, size: 1, tailHash: "", offset: 1, nextLine: 1, plan: "")
        let harvest = TranscriptHarvest(
            state: state, cwd: "/t", branch: nil, startedAt: "", endedAt: "", turns: stored, memories: memories,
            redactions: 0)
        _ = try store.writing { () throws(SQLiteError) in
            try store.store(harvest, ingest: store.beginIngest(.ingest))
        }
    }
}

@Suite struct ForgettingTests {
    let folder: FolderFixture
    init() throws { folder = try FolderFixture() }

    static let conversation: [(text: String, isMemory: Bool)] = [
        ("The vendor is called Zyxwvut Industries", true), ("Thank you, zyxwvut it is", false),
        ("Use port 8080 for the gateway", true),
    ]

    @Test("Nothing of it stays in the folder", arguments: ["id", "match"])
    func forgets(_ how: String) throws {
        try folder.ingest(Self.conversation)
        #expect(try folder.holds("zyxwvut"))
        let target: ForgetTarget = how == "id" ? .memories([1]) : .matching { $0.lowercased().contains("zyxwvut") }
        let report = try folder.store.forget(target)
        #expect(report.memories == [1])
        #expect(!report.isCleanupPending)
        #expect(try folder.holds("Zyxwvut Industries") == false)
        if how == "match" {
            #expect(report.turns == 2)
            #expect(try folder.holds("zyxwvut") == false)
            try folder.store.connection.execute(
                "CREATE VIRTUAL TABLE temp.v USING fts5vocab('main', 'turn_fts', 'row')")
            #expect(try folder.fixture.count("SELECT count(*) FROM temp.v WHERE term LIKE '%zyxwvut%'") == 0)
        }
        #expect(try folder.fixture.active == ["Use port 8080 for the gateway"])
        #expect(try folder.store.auditStructure().isEmpty)
    }

    @Test func readingTheTranscriptAgainDoesNotBringItBack() throws {
        try folder.ingest(Self.conversation)
        _ = try folder.store.forget(.matching { $0.lowercased().contains("zyxwvut") })
        try folder.ingest(Self.conversation)
        #expect(try folder.holds("zyxwvut") == false)
        // Another session says the same words, with other marks.
        #expect(
            try folder.fixture.record("The vendor is called `Zyxwvut Industries`!", at: "2026-03-01T00:00:00.000Z")
                == .refused(.tombstone))
    }

    @Test(
        "A sentence that was forgotten does not come back beside another",
        arguments: [
            ("The vendor is called Zyxwvut Industries", "We pay monthly. The vendor is called Zyxwvut Industries."),
            ("The vendor is called Zyxwvut Industries.", "The vendor is called `Zyxwvut Industries`. Mind the dates."),
            ("It has a name. The vendor is called Zyxwvut Industries.", "The vendor is called Zyxwvut Industries"),
        ])
    func forgottenInCompany(forgotten: String, again: String) throws {
        try folder.ingest([(forgotten, true)])
        _ = try folder.store.forget(.memories([1]))
        #expect(try folder.fixture.record(again, at: "2026-03-01T00:00:00.000Z") == .refused(.tombstone))
        #expect(
            try folder.fixture.record("It has a name. We pay monthly.", at: "2026-03-02T00:00:00.000Z")
                != .refused(.tombstone))
    }

    /// The same to the eye and to Unicode, in other bytes.
    static let forms = [
        "The caf\u{E9} by the river is called Zyxwvut", "The cafe\u{301} by the river is called Zyxwvut",
    ]

    @Test("What was forgotten does not come back with its letters in the other form", arguments: [0, 1])
    func forgottenInOtherForm(_ first: Int) throws {
        try folder.ingest([(Self.forms[first], true)])
        #expect(try folder.store.forget(.memories([1])).turns == 1)
        for form in Self.forms {
            #expect(try folder.fixture.record(form, at: "2026-03-01T00:00:00.000Z") == .refused(.tombstone))
        }
        let inCompany = "We pay monthly. \(Self.forms[1 - first])."
        #expect(try folder.fixture.record(inCompany, at: "2026-03-01T00:00:00.000Z") == .refused(.tombstone))
        #expect(try folder.store.forgotten(among: Self.forms) == [true, true])
    }

    @Test("By number, turns go that say it in the other form or another case", arguments: [0, 1])
    func turnsInOtherForm(_ first: Int) throws {
        let other = Self.forms[1 - first].uppercased()
        try folder.ingest([(Self.forms[first], true), ("They say: \(other)", false), ("Nothing of it", false)])
        let report = try folder.store.forget(.memories([1]))
        #expect(report.turns == 2)
        #expect(report.words.stand(in: "- \(other)"))
    }

    @Test func aSigmaAtTheEndIsASigma() throws {
        try folder.ingest([("\u{39F} \u{3B4}\u{3C1}\u{3CC}\u{3BC}\u{3BF}\u{3C2} zyxwvut", true)])
        _ = try folder.store.forget(.memories([1]))
        let again = "\u{39F} \u{394}\u{3A1}\u{38C}\u{39C}\u{39F}\u{3A3} ZYXWVUT"
        #expect(try folder.fixture.record(again, at: "2026-03-01T00:00:00.000Z") == .refused(.tombstone))
    }

    @Test func whatWasForgottenWithoutItsMarksStaysAway() throws {
        // As it was folded before letters were composed.
        try folder.store.writing { () throws(SQLiteError) in
            try Tombstones(folder.store.connection).add(.quote, "thecafebytheriveriscalledzyxwvut", at: "")
        }
        #expect(try folder.fixture.record(Self.forms[1]) == .refused(.tombstone))
        #expect(try folder.fixture.record(Self.forms[0]) == .inserted(id: 1))
    }

    @Test("One fact is one memory, in whatever form its letters come", arguments: [0, 1])
    func oneFactInBothForms(_ first: Int) throws {
        #expect(try folder.fixture.record(Self.forms[first]) == .inserted(id: 1))
        #expect(
            try folder.fixture.record(Self.forms[1 - first], at: "2026-03-01T00:00:00.000Z") == .merged(into: 1))
        for word in ["caf\u{E9}", "cafe\u{301}"] { #expect(try folder.store.search(word).map(\.memory.id) == [1]) }
        let ports = ["port of the caf\u{E9}", "port of the cafe\u{301}"]
        try folder.fixture.record("Port 8080", .config, key: "config:\(ports[first])")
        #expect(
            try folder.fixture.record(
                "Port 8081", .config, key: "config:\(ports[1 - first])", at: "2026-03-01T00:00:00.000Z")
                == .supersedes(id: 3, older: 2))
    }

    @Test func hangulInItsPartsIsFound() throws {
        let word = "\u{C11C}\u{BC84}"
        let parts = "\u{1109}\u{1165}\u{1107}\u{1165}"
        try folder.ingest([("\(parts)\u{1102}\u{1173}\u{11AB} 8080", false)])
        #expect(try folder.store.searchTurns(word, limit: 5).count == 1)
        #expect(try folder.store.searchTurns(parts, limit: 5).count == 1)
    }

    /// No foreign key holds the hashes that nominate near duplicates: whatever happens to a memory, none is left of one that is
    /// gone, and each that is there has its own.
    @Test func noHashOfAMemoryOutlivesIt() throws {
        func check(_ place: Int = #line) throws {
            let loose = "SELECT count(*) FROM memory_near WHERE memory_id NOT IN (SELECT id FROM memory)"
            #expect(try folder.fixture.count(loose) == 0, "line \(place)")
            let bare = "SELECT count(*) FROM memory WHERE id NOT IN (SELECT memory_id FROM memory_near)"
            #expect(try folder.fixture.count(bare) == 0, "line \(place)")
        }
        try folder.ingest(Self.conversation)
        let fixture = folder.fixture
        try fixture.add("The port of the proxy is 9090", .config, key: "config:proxy")
        try fixture.add("The port of the proxy is 9191", .config, key: "config:proxy")
        try fixture.edit(1) { $0.content = "The vendor is called Zyxwvut Limited" }
        try fixture.archive(2)
        _ = try fixture.undo()
        try check()
        _ = try folder.store.previewForgetting(.memories([1]))
        try check()
        _ = try folder.store.forget(.memories([3]))
        try check()
        _ = try folder.store.forget(.matching { $0.contains("Zyxwvut") })
        try check()
        try folder.store.collectGarbage()
        _ = try folder.store.forget(.session("session"))
        try folder.ingest([("Use port 7070 for the gateway", true)], session: "other", path: "/t/other.jsonl")
        try check()
        _ = try fixture.undo()
        try check()
    }

    @Test func aSessionGoesWhole() throws {
        try folder.ingest(Self.conversation)
        try folder.ingest([("Use port 8080 for the gateway", true)], session: "other", path: "/t/other.jsonl")
        let report = try folder.store.forget(.session("session"))
        #expect(report.memories == [1])
        #expect(try folder.holds("zyxwvut") == false)
        #expect(try folder.fixture.active == ["Use port 8080 for the gateway"])
        try folder.ingest(Self.conversation)
        #expect(try folder.holds("zyxwvut") == false)
    }

    @Test func aReaderDelaysTheEndAndGcComesToIt() throws {
        try folder.ingest(Self.conversation)
        let reader = try MemoryStore(path: folder.path, access: .read)
        try reader.connection.execute("BEGIN; SELECT count(*) FROM memory")
        let writer = try MemoryStore(path: folder.path, access: .write, busyTimeout: 100)
        let report = try writer.forget(.matching { $0.lowercased().contains("zyxwvut") })
        #expect(report.isCleanupPending)
        #expect(try writer.auditStructure().map(\.check) == [.cleanup])
        try reader.connection.execute("COMMIT")
        #expect(try writer.collectGarbage().isClean)
        #expect(try folder.holds("zyxwvut") == false)
        #expect(try writer.auditStructure().isEmpty)
    }

    @Test func onlyForgettingDeletes() throws {
        try folder.ingest(Self.conversation)
        for sql in [
            "DELETE FROM memory", "DELETE FROM memory_event", "UPDATE memory SET content = 'x'",
            "UPDATE memory_event SET at = ''",
        ] {
            #expect(throws: SQLiteError.self) { try folder.store.connection.execute(sql) }
        }
    }
}

@Suite struct ArchiveTests {
    @Test func theOldestGoFirstAndNeverWhatAMemoryCites() throws {
        let folder = try FolderFixture()
        try folder.store.writing { () throws(SQLiteError) in try folder.store.setArchiveBudget(bytes: 100) }
        let long = { (index: Int) in "turn \(index) " + String(repeating: "x", count: 30) }
        try folder.ingest((0..<8).map { (text: long($0), isMemory: $0 == 1) })
        let left = try folder.store.connection.rows("SELECT text FROM turn ORDER BY id") { $0.text(0).prefix(6) }
        #expect(left == ["turn 1", "turn 7"])
        #expect(try folder.store.auditStructure().isEmpty)
        #expect(try folder.store.searchTurns("turn", limit: 9).count == 2)
    }

    @Test func aPlainShellIsHeldToTheBudgetToo() throws {
        let folder = try FolderFixture()
        try folder.store.writing { () throws(SQLiteError) in try folder.store.setArchiveBudget(bytes: 10) }
        try folder.store.connection.execute("INSERT INTO session (uid) VALUES ('s')")
        try folder.store.connection.execute(
            """
            INSERT INTO turn_fts (rowid, text, cjk) VALUES (1, 'far too long a text', '');
            INSERT INTO turn (id, identity, session_id, line, role, text) VALUES (1, 1, 1, 1, 'user', 'far too long a text')
            """)
        #expect(try folder.fixture.count("SELECT count(*) FROM turn") == 0)
    }
}

@Suite struct RepairTests {
    @Test func aStaleIndexIsFoundAndRebuilt() throws {
        let folder = try FolderFixture()
        try folder.ingest(ForgettingTests.conversation)
        try folder.store.connection.execute("INSERT INTO memory_fts (memory_fts) VALUES ('delete-all')")
        #expect(try folder.store.search("gateway").isEmpty)
        let findings = try folder.store.auditStructure()
        #expect(findings.map(\.check) == [.index])
        #expect(try folder.store.repairIndexes(findings).rebuiltIndexes == ["memory_fts"])
        #expect(try folder.store.search("gateway").count == 1)
        #expect(try folder.store.auditStructure().isEmpty)
    }

    @Test func aDamagedFileGivesWhatCanBeRead() throws {
        let folder = try FolderFixture()
        try folder.ingest((0..<9).map { ("Fact number \($0) about the gateway at port 80\($0)", true) })
        for index in 0..<400 { try folder.fixture.record("Filler statement \(index) with value\(index)") }
        try folder.store.collectGarbage()
        let damaged = folder.folder + "/damaged.db"
        try FileManager.default.copyItem(atPath: folder.path, toPath: damaged)
        let page =
            try folder.store.connection.row("SELECT rootpage FROM sqlite_schema WHERE name = 'memory_near'") {
                $0.int(0)
            } ?? 0
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: damaged))
        try file.seek(toOffset: UInt64((page - 1) * 4096))
        try file.write(contentsOf: Data(repeating: 0xA5, count: 4096))
        try file.close()
        let rescued = try StoreFixture(folder.folder + "/rescued.db")
        let report = try rescued.store.salvage(from: damaged)
        #expect(report.damagedTables == ["memory_near"])
        #expect(try rescued.count("SELECT count(*) FROM memory") == 409)
        #expect(try rescued.store.search("gateway").count == 9)
        #expect(try rescued.store.auditStructure().isEmpty)
    }
}
