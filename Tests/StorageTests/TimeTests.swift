import Memories
import SQLite
import Testing

@testable import Storage

@Suite struct TimelineTests {
    let fixture: StoreFixture

    init() throws {
        fixture = try StoreFixture()
        let store = fixture.store
        let turns = (1...6).map {
            NewTurn(
                sessionID: "s\($0 % 2)", line: $0, role: .user, saidAt: "2026-01-0\($0)T10:00:00.000Z",
                text: "turn \($0)")
        }
        _ = try store.writing { () throws(SQLiteError) in try store.archive(turns, transcript: nil) }
        try fixture.record("memory of the third day", at: "2026-01-03T10:00:00.000Z")
        try fixture.record("memory of the fourth day", at: "2026-01-04T12:00:00.000Z")
    }

    private func words(_ entries: [TimelineEntry]) -> [String] {
        entries.map { entry in
            switch entry {
            case .memory(let memory): "#\(memory.id)"
            case .turn(let turn): turn.text
            }
        }
    }

    @Test func aMemoryStandsBetweenWhatWasSaidBeforeAndAfter() throws {
        let memory = try #require(try fixture.store.memory(1))
        let entries = try fixture.store.timeline(around: memory, before: 2, after: 3)
        #expect(words(entries) == ["turn 2", "turn 3", "#1", "turn 4", "#2", "turn 5"])
    }

    @Test(
        "A day and a month hold what was said in them",
        arguments: [
            ("2026-01-04", ["turn 4", "#2"]), ("2026-01-03", ["turn 3", "#1"]), ("2025-01", []), ("2026-01-0", []),
        ])
    func during(_ prefix: String, _ expected: [String]) throws {
        let entries = try fixture.store.timeline(during: prefix, limit: 50)
        if prefix == "2026-01-0" { #expect(entries.count == 8) } else { #expect(words(entries) == expected) }
    }

    @Test func theLatestComesLast() throws {
        #expect(words(try fixture.store.latestTimeline(limit: 3)) == ["#2", "turn 5", "turn 6"])
    }
}

@Suite struct SessionTests {
    let fixture: StoreFixture

    init() throws {
        fixture = try StoreFixture()
        let store = fixture.store
        let turns = ["abc1", "abc2", "xyz"].enumerated().map { index, session in
            NewTurn(
                sessionID: session, line: 1, role: .user, saidAt: "2026-01-0\(index + 1)T10:00:00.000Z", text: session)
        }
        _ = try store.writing { () throws(SQLiteError) in try store.archive(turns, transcript: nil) }
    }

    @Test func theNewestSessionComesFirst() throws {
        #expect(try fixture.store.sessions().map(\.uid) == ["xyz", "abc2", "abc1"])
        #expect(try fixture.store.sessions(since: "2026-01-02").map(\.uid) == ["xyz", "abc2"])
        #expect(try fixture.store.sessions(limit: 1).map(\.uid) == ["xyz"])
    }

    @Test func theBeginningOfANameIsEnoughWhenItIsTheOnlyOne() throws {
        func uid(_ beginning: String) throws -> String? {
            guard case .one(let session) = try fixture.store.session(beginning) else { return nil }
            return session.uid
        }
        #expect(try uid("x") == "xyz")
        #expect(try uid("abc1") == "abc1")
        #expect(try fixture.store.session("abc") == .several(["abc1", "abc2"]))
        #expect(try fixture.store.session("q") == .none)
        #expect(try fixture.store.session("") == .several(["abc1", "abc2", "xyz"]))
        // A `%` is a character like any other.
        #expect(try fixture.store.session("%") == .none)
    }

    @Test func memoriesCountForTheSessionsInWhichTheyWereSaid() throws {
        try fixture.record("Use port 8080")
        let session = try #require(try fixture.store.sessions().first { $0.uid == "s" })
        #expect(session.memoryCount == 1)
        #expect(try fixture.store.memories(ofSession: "s").map(\.content) == ["Use port 8080"])
    }
}

@Suite struct FeedTests {
    @Test func theFeedGoesOnBehindAnId() throws {
        let fixture = try StoreFixture()
        try fixture.record("port = 8080", .config, key: "config:port")
        let last = try fixture.store.lastOfFeed()
        try fixture.record("port = 8081", .config, key: "config:port", at: "2026-01-02T00:00:00.000Z")
        let events = try fixture.store.events(after: last.event, limit: 10)
        #expect(events.map(\.event.kind) == ["inserted", "superseded"])
        #expect(events.last?.event.details.first?.value == "#2")
        #expect(try fixture.store.events(after: last.event, limit: 1).count == 1)
        #expect(try fixture.store.injections(after: 0, limit: 10).isEmpty)
    }
}

@Suite struct InspectionTests {
    @Test(
        "Nothing that writes gets through `query`",
        arguments: [
            "DELETE FROM memory", "UPDATE memory SET importance = 1", "DROP TABLE meta", "PRAGMA user_version = 9",
            "PRAGMA writable_schema = ON", "ATTACH ':memory:' AS other", "VACUUM", "BEGIN", "REINDEX", "ANALYZE",
            "INSERT INTO memory_fts (memory_fts) VALUES ('optimize')", "CREATE TEMP TABLE t (x)",
            "WITH x AS (SELECT 1) DELETE FROM memory", "SELECT 1; DELETE FROM memory",
            "SELECT load_extension('libm.so')",
        ])
    func refused(_ sql: String) throws {
        let fixture = try StoreFixture()
        try fixture.record("Use port 8080")
        #expect(throws: SQLiteError.self) { try fixture.store.query(sql, limit: 10) }
        #expect(try fixture.store.query("SELECT count(*) FROM memory", limit: 1).rows == [[1]])
    }

    @Test func textIndexesCanBeQueried() throws {
        let fixture = try StoreFixture()
        try fixture.record("Set max_connections to 20")
        for index in ["memory_fts", "memory_trigram"] {
            let table = try fixture.store.query(
                "SELECT rowid FROM \(index) WHERE \(index) MATCH 'max_connections' OR rowid = -1", limit: 5)
            #expect(table.rows == [[1]])
        }
    }

    @Test func rowsBehindTheLimitAreCutWithAWord() throws {
        let fixture = try StoreFixture()
        let table = try fixture.store.query("WITH n (v) AS (VALUES (1), (2), (3)) SELECT v FROM n", limit: 2)
        #expect(table == QueryTable(columns: ["v"], rows: [[1], [2]], isCut: true))
        #expect(try fixture.store.query("VALUES (1), (2)", limit: 2).isCut == false)
    }
}
