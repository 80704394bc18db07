import Memories
import SQLite
import Testing

@testable import Storage

/// A store in memory and short ways to fill it.
struct StoreFixture {
    let store: MemoryStore

    init(_ path: String = ":memory:", clock: Clock = .fixed(1_767_225_600_000)) throws {
        store = try MemoryStore(path: path, access: .create, clock: clock)
    }

    @discardableResult
    func record(
        _ content: String, _ category: MemoryCategory = .note, key: String? = nil,
        at time: String = "2026-01-01T00:00:00.000Z",
        origin: MemoryOrigin = .salient, line: Int = 1, importance: Int = 3
    ) throws -> RecordOutcome {
        let sighting = NewSighting(
            transcriptID: nil, path: "session.jsonl", sessionID: "s", line: line, endLine: line, bytes: 0..<10,
            role: .user,
            saidAt: time, quote: content, turnIdentity: nil)
        let memory = NewMemory(
            category: category, content: content, importance: Importance(clamping: importance), origin: origin,
            key: key,
            sightings: origin == .manual ? [] : [sighting], saidAt: time)
        return try store.writing { () throws(SQLiteError) in try store.record(memory, ingest: nil) }
    }

    func count(_ sql: String) throws -> Int { try store.connection.row(sql) { $0.int(0) } ?? -1 }

    var active: [String] {
        get throws {
            try store.connection.rows("SELECT content FROM memory WHERE state = 'active' ORDER BY id") { $0.text(0) }
        }
    }
}

@Suite struct DeduplicationTests {
    let fixture: StoreFixture
    init() throws { fixture = try StoreFixture() }

    /// Pairs that fuzzy matching elsewhere has merged, destroying the first.
    static let twoFacts: [(String, String)] = [
        ("The API server listens on port 8080", "The API server listens on port 8081"),
        ("Telemetry is enabled in the worker", "Telemetry is disabled in the worker"),
        ("We must always use http for the probe", "We must always use https for the probe"),
        ("Never rename the order table", "Never rename the orders table"),
        ("We must never commit .env files", "We must never commit env files"),
        ("The p95 latency of search is the metric we report", "The p99 latency of search is the metric we report"),
        ("The production database runs on db-main", "The staging database runs on db-main"),
        ("We train with model A on the small set", "We train with model B on the small set"),
        ("The batch size is 32 for training", "The batch size is 16 for training"),
        ("Access tokens expire after refresh", "Access tokens expire after revocation"),
        ("Use tabs instead of spaces", "Use spaces instead of tabs"),
        ("The timeout is 30 seconds", "The timeout is 60 seconds"),
        ("超时为三十秒", "超时为六十秒"),
        ("Never deploy on Friday", "Deploy on Friday"),
        ("Reads must go to the replica", "Writes must go to the replica"),
        ("Prefer Redis over Postgres for queues", "Prefer Postgres over Redis for queues"),
        ("Retry when status >= 500", "Retry when status <= 500"),
        ("The cache is off", "The cache is off in tests"),
        ("Deploy with Docker to the cluster", "Deploy with Docker Swarm to the cluster"),
        ("`max_retries` is the setting for uploads", "`max_delay` is the setting for uploads"),
        ("Don't use the v1 API", "Use the v1 API"),
        ("Accuracy went from 0.71 to 0.74", "Accuracy went from 0.74 to 0.71"),
        ("The job runs before the migration", "The job runs after the migration"),
        ("Never retry reads, retry writes", "Retry reads, never retry writes"),
        ("Don't cache in memory, cache on disk", "Cache in memory, don't cache on disk"),
        ("The parser is not thread-safe but the writer is", "The parser is thread-safe but the writer is not"),
        (
            "Deploy the api to staging every Friday evening",
            "Deploy the api to staging and production every Friday evening"
        ),
        ("Only ops may restart the prod database", "Only ops and devs may restart the prod database"),
        (
            "The proxy gives up after thirty seconds on all calls",
            "The proxy gives up after thirty five seconds on all calls"
        ),
        ("The gateway accepts requests of all partners", "The gateway accepts signed requests of all partners"),
        ("Backups are kept in the eu region of the cloud", "Backups are kept in the eu and us region of the cloud"),
        ("Staging does not need approval, the rest does", "Staging does need approval, the rest does not"),
    ]

    @Test("Two facts stay two", arguments: twoFacts)
    func apart(_ first: String, _ second: String) throws {
        try fixture.record(first, .arch)
        try fixture.record(second, .arch, at: "2026-01-02T00:00:00.000Z")
        #expect(try fixture.active == [first, second])
    }

    static let oneFact: [(String, String)] = [
        ("Never force push to main.", "never force push to main"),
        ("Never force-push to `main`", "You must never force push to main"),
        ("The API listens on port 8080", "the API is listening on port 8080."),
        ("We decided to use PostgreSQL for the queue", "Use PostgreSQL for the queue!"),
        ("Do not edit generated files", "Don't edit generated files"),
        ("The importer reads the whole archive at once", "The importer actually reads the whole archive at once now"),
        ("The importer test fails on Windows", "the importer tests fail on Windows"),
    ]

    @Test("Rewordings become one with two sightings", arguments: oneFact)
    func together(_ first: String, _ second: String) throws {
        let stored = try fixture.record(first, .constraint)
        #expect(
            try fixture.record(second, .constraint, at: "2026-01-02T00:00:00.000Z", line: 9)
                == .merged(into: stored.memoryID ?? 0))
        #expect(try fixture.active == [first])
        #expect(try fixture.count("SELECT count(*) FROM memory_source") == 2)
    }

    @Test func theSameSightingCountsOnce() throws {
        try fixture.record("Use port 8080")
        try fixture.record("Use port 8080")
        #expect(try fixture.count("SELECT count(*) FROM memory_source") == 1)
        #expect(try fixture.count("SELECT count(*) FROM memory_event") == 1)
    }

    @Test func aNewerValueSupersedesAndHistoryIsWalkable() throws {
        let old = try fixture.record("port = 8080", .config, key: "config:port")
        let new = try fixture.record("port = 8081", .config, key: "config:port", at: "2026-01-02T00:00:00.000Z")
        #expect(new == .supersedes(id: 2, older: old.memoryID ?? 0))
        #expect(try fixture.active == ["port = 8081"])
        #expect(
            try fixture.count(
                "SELECT count(*) FROM memory_link WHERE from_id = 2 AND to_id = 1 AND kind = 'supersedes'") == 1)
    }

    @Test func anOlderValueThatComesLaterIsHistory() throws {
        try fixture.record("port = 8081", .config, key: "config:port", at: "2026-01-02T00:00:00.000Z")
        #expect(try fixture.record("port = 8080", .config, key: "config:port") == .history(id: 2, newer: 1))
        #expect(try fixture.active == ["port = 8081"])
    }

    @Test func aValueThatReturnsIsActiveAgain() throws {
        for (day, port) in [(1, 8080), (2, 8081), (3, 8080)] {
            try fixture.record("port = \(port)", .config, key: "config:port", at: "2026-01-0\(day)T00:00:00.000Z")
        }
        #expect(try fixture.active == ["port = 8080"])
        #expect(try fixture.count("SELECT count(*) FROM memory") == 3)
        // Reading the first day again changes nothing.
        #expect(try fixture.record("port = 8080", .config, key: "config:port").memoryID != nil)
        #expect(try fixture.active == ["port = 8080"])
        #expect(try fixture.count("SELECT count(*) FROM memory") == 3)
    }

    @Test func whatAPersonSaidIsNotReplacedByWhatARuleFound() throws {
        try fixture.record("port = 8080", .config, key: "config:port", origin: .manual)
        let found = try fixture.record(
            "port = 9090", .config, key: "config:port", at: "2026-02-01T00:00:00.000Z", origin: .rule)
        #expect(found == .refused(.outranked(by: 1)))
        #expect(try fixture.active == ["port = 8080"])
    }

    @Test(
        "The fold in queries is the fold of the column",
        arguments: [
            "Use `port` 8080.", "**Never** \"do\" it!", "ÄÖ x: ", "it's", "EIN \u{00C4} .;:!", "***x*** ' .\"; :!",
            "使用 `SQLite`。", ".:x", "e\u{301}É!",
        ])
    func fold(_ text: String) throws {
        try fixture.record(text)
        let column = try fixture.store.connection.row("SELECT fingerprint FROM memory") { $0.text(0) }
        #expect(column == Fingerprint.of(NewMemory.folded(text)))
    }

    @Test func theUidDoesNotDependOnTheStore() throws {
        let other = try StoreFixture()
        try other.record("Another fact first")
        try other.record("Use port 8080")
        try fixture.record("Use port 8080")
        let uid = "SELECT uid FROM memory WHERE content = 'Use port 8080'"
        #expect(
            try fixture.store.connection.row(uid) { $0.text(0) } == other.store.connection.row(uid) { $0.text(0) })
    }
}

@Suite struct SearchTextTests {
    @Test(
        "Ideographs become pairs, words between them stand alone",
        arguments: [
            ("使用SQLite存储数据", "使用 SQLite 存储 储数 数据"), ("plain English", ""), ("数据 and words", "数据"), ("記", "記"),
        ])
    func pairs(_ text: String, _ expected: String) {
        #expect(SearchText.pairs(text) == expected)
    }

    @Test func identifiersAreNamesInCode() {
        #expect(
            SearchText.identifiers("Set `max_retries` in src/config.ts (getUser), port 8080, v1.2 and plain words.")
                == "max_retries src/config.ts getUser v1.2")
    }
}
