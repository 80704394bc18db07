import Memories
import SQLite
import TestSupport
import Testing

@testable import Storage

@Suite struct VocabularyTests {
    @Test(
        "Content words are folded, names stay whole",
        arguments: [
            ("We decided to use the Connection Pool.", ["decided", "connection", "pool"]),
            ("Set `max_retries` in src/config.ts, not getUser()", ["set", "max_retries", "src/config.ts", "getUser"]),
            ("The read-only replica doesn't need 30s or 8080", ["read", "replica", "need"]),
            ("使用SQLite存储", ["使用", "sqlite", "存储"]),
            ("Die Größe", ["die", "größe"]),
            ("", []),
        ])
    func words(_ text: String, _ expected: [String]) {
        #expect(Vocabulary.words(in: text) == expected)
    }

    @Test func aMemoryCountsOnceForAWord() throws {
        let fixture = try StoreFixture()
        for (index, text) in ["cache cache cache", "the cache", "queue"].enumerated() {
            try fixture.record(text, at: "2026-01-0\(index + 1)T00:00:00.000Z", line: index + 1)
        }
        let words = try fixture.store.keywords(limit: 10).words
        #expect(words.map(\.word) == ["cache", "queue"])
        #expect(words.map(\.count) == [2, 1])
    }

    @Test func whatIsSaidAgainAfterThreeCompactionsCountsOnce() throws {
        let fixture = try StoreFixture()
        for line in 1...4 {
            try fixture.record("The cache holds 50 rows", at: "2026-01-0\(line)T00:00:00.000Z", line: line)
            try fixture.store.countVocabulary()
        }
        try fixture.record("The queue is durable", at: "2026-01-05T00:00:00.000Z", line: 9)
        let words = try fixture.store.keywords(limit: 10).words
        #expect(words.contains(VocabularyWord(word: "cache", count: 1, sessions: 1)))
        #expect(words.contains(VocabularyWord(word: "queue", count: 1, sessions: 1)))
    }
}

@Suite struct TopicTests {
    let fixture: StoreFixture
    init() throws { fixture = try StoreFixture() }

    private func topics() throws -> [Topic] { try fixture.store.topics() }

    @Test func memoriesOfOneSubjectAreOneTopic() throws {
        try fixture.record("the api port is 8080", .config, key: "config:api port")
        try fixture.record("the api timeout is 30 s", .config, key: "config:api timeout")
        try fixture.record("nothing shares this one")
        let topics = try topics()
        #expect(topics.map(\.name) == ["api", ""])
        #expect(topics.map { $0.ids.sorted() } == [[1, 2], [3]])
        #expect(topics.map(\.kind) == [.subject, .other])
    }

    @Test func aSubjectGoesBeforeATagAndATagBeforeAName() throws {
        func add(_ content: String, key: String? = nil, tags: [String]) throws {
            let memory = NewMemory(
                category: .config, content: content, importance: Importance(clamping: 3), origin: .manual, key: key,
                tags: tags, saidAt: "2026-01-01T00:00:00.000Z")
            _ = try fixture.store.writing { () throws(SQLiteError) in try fixture.store.record(memory, ingest: nil) }
        }
        try add("pool size is 5 in db.toml", key: "config:pool size", tags: ["deploy"])
        try add("pool age is 60 in db.toml", key: "config:pool age", tags: ["deploy"])
        try add("blue first, then green in db.toml", tags: ["deploy"])
        try add("wait for the health check", tags: ["deploy"])
        try add("hosts stand in db.toml", tags: [])
        try add("passwords never stand in db.toml", tags: [])
        let topics = try topics()
        #expect(topics.map(\.name) == ["db.toml", "deploy", "pool"])
        #expect(topics.map(\.kind) == [.name, .tag, .subject])
        #expect(topics.allSatisfy { $0.ids.count == 2 })
    }

    @Test func filesOfOneFolderAreOneTopic() throws {
        try fixture.record("src/api/server.ts starts the server")
        try fixture.record("src/api/client.ts retries twice")
        #expect(try topics().map(\.name) == ["src/api/"])
    }

    @Test func everyMemoryIsInOneTopicWhateverTheOrder() throws {
        for index in 0..<40 {
            try fixture.record(
                "file\(index % 7).ts and mod_\(index % 5) say \(index)", .arch,
                at: "2026-01-01T00:00:\(index + 10).000Z")
        }
        let ids = try fixture.store.memories(MemoryQuery()).map(\.id).sorted()
        let topics = try topics()
        #expect(topics.flatMap(\.ids).sorted() == ids)
        try fixture.store.countVocabulary()
        #expect(try self.topics() == topics)
    }
}
