import Memories
import SQLite
import Testing

@testable import Storage

/// Counts of words and topics follow whatever happens to memories, whenever they are brought up to date.
@Suite struct CountingTests {
    /// The same sequence on every machine.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private static let subjects = [
        "cache", "queue", "gateway", "parser", "`db.toml`", "src/api/server.ts", "超时 timeout",
    ]
    private static let claims = [
        "holds rows", "is durable", "retries twice", "reads src/api/client.ts", "must never block",
    ]

    /// What the words of the active memories are, cut from their texts here and now.
    private func recounted(_ store: MemoryStore) throws -> [VocabularyWord] {
        var counts: [String: (memories: Int, sessions: Set<Int>)] = [:]
        for memory in try store.memories(MemoryQuery()) {
            let sessions = try store.connection.rows(
                "SELECT session_id FROM memory_source WHERE memory_id = ? AND session_id IS NOT NULL",
                .integer(memory.id)
            ) { $0.int(0) }
            for word in Set(Vocabulary.words(in: memory.content)) {
                counts[word, default: (0, [])].memories += 1
                counts[word]?.sessions.formUnion(sessions)
            }
        }
        return counts.map { VocabularyWord(word: $0.key, count: $0.value.memories, sessions: $0.value.sessions.count) }
            .sorted { a, b in
                a.count != b.count ? a.count > b.count : a.word.utf8.lexicographicallyPrecedes(b.word.utf8)
            }
    }

    /// Groups by labels that are worked out from all memories here and now.
    private func regrouped(_ store: MemoryStore) throws -> [[Int]] {
        let memories = try store.memories(MemoryQuery()).sorted {
            ($1.importance, $1.saidAt, $1.id) < ($0.importance, $0.saidAt, $0.id)
        }
        let labels = memories.map { TopicLabel.labels(content: $0.content, key: $0.key, tags: $0.tags) }
        let names = Array(Set(labels.joined()))
        let grouping = TopicGrouping(labels: names, labelsOf: labels.map { $0.map { names.firstIndex(of: $0) ?? 0 } })
        return grouping.groups().map { $0.members.map { memories[$0].id } }
    }

    private func check(_ store: MemoryStore) throws {
        let words = try store.keywords(limit: 10_000)
        #expect(try words.words == recounted(store))
        #expect(!words.isCut)
        #expect(try store.topics().map(\.ids) == regrouped(store))
    }

    @Test("Whatever happens to memories, the counts say what the rows say", arguments: 1...6)
    func follow(_ seed: Int) throws {
        let fixture = try StoreFixture()
        let store = fixture.store
        var random = Numbers(state: UInt64(seed) &* 7_919)
        for step in 0..<150 {
            let known = try store.memories(MemoryQuery()).map(\.id)
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<10:
                let text = [Self.subjects, Self.claims].map { $0[Int.random(in: 0..<$0.count, using: &random)] }
                let session = "s\(Int.random(in: 0..<4, using: &random))"
                let time = "2026-01-01T00:\(10 + step / 60):\(10 + step % 50).000Z"
                let memory = NewMemory(
                    category: .config, content: "The \(text[0]) \(text[1]) \(Int.random(in: 0..<4, using: &random))",
                    importance: Importance(clamping: Int.random(in: 1...5, using: &random)), origin: .rule,
                    key: Bool.random(using: &random) ? "config:\(text[0]) x" : nil,
                    sightings: [
                        NewSighting(
                            transcriptID: nil, path: "\(session).jsonl", sessionID: session, line: step + 1,
                            endLine: step + 1, bytes: 0..<1, role: .user, saidAt: time, quote: "line \(step)",
                            turnIdentity: nil)
                    ])
                try store.writing { () throws(SQLiteError) in
                    _ = try store.record(memory, ingest: try store.beginIngest(.ingest))
                }
            case 10: if let id = known.randomElement(using: &random) { try fixture.archive(id) }
            case 11: try fixture.restore(Int.random(in: 1...(step + 1), using: &random))
            case 12:
                if let id = known.randomElement(using: &random) { try fixture.edit(id) { $0.addedTags = ["deploy"] } }
            case 13:
                if let id = known.randomElement(using: &random) {
                    try fixture.edit(id) { $0.content = "The mirror says \(step % 3)" }
                }
            case 14: _ = try fixture.undo()
            case 15: if let id = known.randomElement(using: &random) { _ = try store.forget(.memories([id])) }
            case 16:
                let session = "s\(Int.random(in: 0..<40, using: &random))"
                _ = try store.forget(.session(session))
            case 17: _ = try store.forget(.matching { $0 == "line \(step - 20)" })
            default: try store.countVocabulary()
            }
            try check(store)
        }
        try store.countVocabulary()
        try check(store)
        #expect(try store.auditStructure() == [])
        // Nothing waits to be counted, so all of it was read from the counts.
        #expect(try store.uncounted() == [])
    }

    @Test func whatIsForgottenIsCountedOut() throws {
        let fixture = try FolderFixture()
        try fixture.ingest([("The zanzibar gateway answers in src/zanzibar.ts", true), ("The queue is durable", true)])
        try fixture.store.countVocabulary()
        #expect(try fixture.fixture.count("SELECT count(*) FROM keyword WHERE word = 'zanzibar'") == 1)
        #expect(try fixture.fixture.count("SELECT count(*) FROM topic WHERE name LIKE '%zanzibar%'") > 0)
        _ = try fixture.store.forget(.matching { $0.contains("zanzibar") })
        #expect(try fixture.store.keywords(limit: 10).words.map(\.word) == ["durable", "queue"])
        #expect(try !fixture.holds("zanzibar"))
        #expect(try fixture.store.auditStructure() == [])
    }

    @Test func aSessionHasAVocabularyOfItsOwn() throws {
        let fixture = try FolderFixture()
        try fixture.ingest([("The queue is durable", true), ("The queue retries", true)], session: "one")
        try fixture.ingest([("The cache is small", true)], session: "two", path: "/t/two.jsonl")
        for _ in 0..<2 {
            #expect(
                try fixture.store.keywords(limit: 1, ofSession: "one").words == [
                    VocabularyWord(word: "queue", count: 2, sessions: 1)
                ])
            #expect(try fixture.store.keywords(limit: 1, ofSession: "one").isCut)
            #expect(try fixture.store.keywords(limit: 9, ofSession: "two").words.map(\.word) == ["cache", "small"])
            #expect(try fixture.store.keywords(limit: 9, ofSession: "none").words.isEmpty)
            try fixture.store.countVocabulary()
        }
    }

    @Test func whatAnotherHandHasChangedIsFoundAndCountedAnew() throws {
        for damage in [
            "UPDATE keyword SET memories = memories + 1", "UPDATE keyword SET sessions = 7",
            "DELETE FROM session_keyword",
            "DELETE FROM topic", "DELETE FROM counted_memory", "UPDATE session_keyword SET memories = 5",
            "INSERT INTO keyword (word, memories, sessions) VALUES ('ghost', 1, 0)",
        ] {
            let fixture = try FolderFixture()
            try fixture.ingest([("The queue in src/queue.ts is durable", true), ("src/queue.ts retries", true)])
            try fixture.store.countVocabulary()
            #expect(try fixture.store.auditStructure() == [])
            try fixture.store.connection.run(damage)
            let findings = try fixture.store.auditStructure()
            #expect(findings.map(\.place) == ["keyword"], "\(damage)")
            #expect(try fixture.store.repairIndexes(findings).rebuiltIndexes == ["keyword"])
            #expect(try fixture.store.auditStructure() == [])
            #expect(try fixture.store.uncounted() == [])
            try check(fixture.store)
        }
    }

    /// Counts that would fall below nothing are made anew, not believed.
    @Test func countsThatCantBeRightAreMadeAnew() throws {
        let fixture = try FolderFixture()
        try fixture.ingest([("The queue is durable", true)])
        try fixture.store.countVocabulary()
        try fixture.store.connection.run("DELETE FROM keyword")
        try fixture.fixture.archive(1)
        try fixture.store.countVocabulary()
        try check(fixture.store)
        #expect(try fixture.store.auditStructure() == [])
    }

    @Test func theCountsOfManyAreMadeInPortions() throws {
        let fixture = try StoreFixture()
        try fixture.store.writing { () throws(SQLiteError) in
            for number in 0..<2_500 {
                let memory = NewMemory(
                    category: .note, content: "Shard \(number) lives in host_\(number % 50).toml",
                    importance: Importance(clamping: 3), origin: .import)
                _ = try fixture.store.record(memory, ingest: nil)
            }
        }
        #expect(try fixture.store.countVocabulary() == 2_500)
        #expect(try fixture.store.countVocabulary() == 0)
        try check(fixture.store)
        #expect(try fixture.store.topics(limit: 3).count == 3)
    }
}
