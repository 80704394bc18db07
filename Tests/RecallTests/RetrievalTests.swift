import Memories
import SQLite
import Storage
import Testing

@testable import Recall

/// A store in memory with a conversation about a shop and one about a sensor.
struct RecallFixture {
    let store: MemoryStore

    static let shop: [(role: Role, text: String)] = [
        (.user, "Which database do we take for the orders service?"),
        (.assistant, "PostgreSQL. We need JSON indexes, and MySQL has none that suit us. It listens on port 5433."),
        (.user, "ok. the tests fail since yesterday, can you look"),
        (
            .assistant,
            "The root cause was `maxConnections=10` in the pool: under load requests waited longer than the timeout. "
                + "I raised it to 50. The suite passes again."
        ),
        (.user, "never deploy on a friday please"),
        (.assistant, "Noted."),
    ]
    static let sensor: [(role: Role, text: String)] = [
        (.user, "The node draws too much current while it sleeps."),
        (.assistant, "The flash chip was never put into deep power-down. Now the board draws 5.9 µA."),
        (.user, "登录接口为什么超时?"),
        (.assistant, "登录接口超时是因为连接池只有十个连接。"),
    ]

    init() throws {
        store = try MemoryStore(path: ":memory:", access: .create, clock: .fixed(1_767_225_600_000))
        var turns: [NewTurn] = []
        for (session, day, talk) in [("aaaaaaaa-1", "01", Self.shop), ("bbbbbbbb-2", "09", Self.sensor)] {
            for (index, turn) in talk.enumerated() {
                turns.append(
                    NewTurn(
                        sessionID: session, line: index + 1, role: turn.role,
                        saidAt: "2026-01-\(day)T10:0\(index):00.000Z", text: turn.text))
            }
        }
        let all = turns
        _ = try store.writing { () throws(SQLiteError) in try store.archive(all, ofTranscript: "session.jsonl") }
    }

    @discardableResult
    func add(
        _ content: String, _ category: MemoryCategory = .note, key: String? = nil, at day: String = "2026-01-01",
        importance: Int = 3
    ) throws -> Int {
        let memory = NewMemory(
            category: category, content: content, importance: Importance(clamping: importance), origin: .manual,
            key: key,
            saidAt: day + "T12:00:00.000Z")
        let outcome = try store.writing { () throws(SQLiteError) in try store.record(memory, ingest: nil) }
        return outcome.memoryID ?? 0
    }

    func answers(_ question: String, _ options: RecallOptions = RecallOptions()) throws -> Retrieved {
        try Retrieval.answers(to: Question(question), in: store, options)
    }

    func pack(_ question: String, _ budget: Int = 500) throws -> String {
        ContextPack(try answers(question), budget: budget, clean: { $0 }).text(clean: { $0 })
    }
}

/// What answers a question.
@Suite struct RetrievalTests {
    let fixture: RecallFixture
    init() throws { fixture = try RecallFixture() }

    @Test(
        "The best piece holds the answer",
        arguments: [
            ("Why did we choose PostgreSQL?", "JSON indexes"), ("what port does it listen on", "5433"),
            // A kind calls for its members, a word for its synonym, a name in code for its parts.
            ("which db is used", "PostgreSQL"), ("what caused the failing specs?", "maxConnections"),
            ("max connections of the pool", "maxConnections=10"), ("How low is the sleep current?", "current"),
            ("登录为什么超时", "连接池"),
        ])
    func best(_ question: String, _ answer: String) throws {
        let found = try fixture.answers(question)
        #expect(found.isEvidence)
        #expect(found.items.prefix(2).contains { $0.text.contains(answer) }, "\(found.items.first?.text ?? "nothing")")
    }

    @Test func theAnswerNextToAQuestionComesWithIt() throws {
        let pack = try fixture.pack("Which database do we take for the orders service?")
        #expect(pack.contains("PostgreSQL"))
    }

    @Test(
        "What has nothing to do with it is no evidence",
        arguments: ["", "???", "the of and", "kubernetes ingress annotations"])
    func silence(_ question: String) throws {
        #expect(try !fixture.answers(question).isEvidence)
        #expect(try fixture.pack(question).isEmpty)
    }

    @Test(
        "Marks of any script end a word of the form",
        arguments: ["¿Por qué PostgreSQL?", "Postgres：why？", "why!", "WHY PostgreSQL"])
    func form(_ question: String) { #expect(QuestionIntent(question).categories.first == .decision) }

    @Test func askingTwiceGivesTheSame() throws {
        try fixture.add("The pool has 50 connections", .config)
        #expect(try fixture.answers("pool connections") == fixture.answers("pool connections"))
    }

    @Test func aSupersededValueComesLastAndMarked() throws {
        let old = try fixture.add("The gateway listens on port 8080", .config, key: "config:gateway port")
        let new = try fixture.add(
            "The gateway listens on port 8081", .config, key: "config:gateway port", at: "2026-01-02")
        let pack = ContextPack(try fixture.answers("gateway port"), budget: 300, clean: { $0 })
        #expect(pack.memories.map(\.memory.id) == [new, old])
        #expect(pack.text(clean: { $0 }).contains("#\(old) config 2026-01-01 (superseded by #\(new))"))
    }

    @Test func whatIsNewerIsWorthMoreButARuleDoesNotAge() throws {
        func worth(_ category: MemoryCategory, _ day: String) throws -> Int {
            let id = try fixture.add("The quuxer \(category.rawValue) says \(day)", category, at: day)
            var options = RecallOptions()
            options.now = "2026-06-01"
            options.includesTurns = false
            let item = try fixture.answers("quuxer", options).items.first {
                if case .memory(let memory, _) = $0.source { memory.id == id } else { false }
            }
            return try #require(item).terms.first { $0.name == "age" }?.value ?? 0
        }
        #expect(try worth(.arch, "2025-06-01") < worth(.arch, "2026-05-30"))
        #expect(try worth(.constraint, "2025-06-01") == 0)
    }

    @Test func theTermsMakeTheSum() throws {
        try fixture.add("The pool has 50 connections", .config)
        for item in try fixture.answers("how many connections has the pool").items {
            let sum = item.terms.reduce(0) { $0 + $1.value }
            #expect(abs(sum - item.worth) <= item.terms.count, "\(item)")
        }
    }

    @Test func aNumberNamesItsMemory() throws {
        let id = try fixture.add("Completely unrelated words")
        #expect(try fixture.pack("what was #\(id) about").contains("#\(id) "))
    }

    @Test func timeIsHalvedInItsHalfLife() {
        let recency = Recency(now: "2026-04-10", halfLife: 99)
        #expect(abs(recency.share("2026-01-01T00:00:00Z") - 0.5) < 0.001)
        #expect(recency.share("2026-04-10") == 1)
        #expect(recency.share("2027-01-01") == 1)
        #expect(recency.share("") == 1)
        #expect(Recency.day("1970-01-01") == 0)
        #expect(Recency.day("2000-02-29T00") == 11_016)
        #expect(Recency.day("2000-13-01") == nil)
    }
}

/// The list of results that a search gives: other candidates, the same ranking.
@Suite struct WordReachTests {
    let fixture: RecallFixture
    init() throws { fixture = try RecallFixture() }

    private func found(_ text: String, _ change: (inout RecallOptions) -> Void = { _ in }) throws -> Retrieved {
        var options = RecallOptions(.words)
        options.includesTurns = false
        change(&options)
        return try fixture.answers(text, options)
    }

    private func ids(_ text: String, _ change: (inout RecallOptions) -> Void = { _ in }) throws -> [Int] {
        try found(text, change).memories.map(\.memory.id)
    }

    @Test(
        "Each index finds its candidates",
        arguments: [
            ("SQLite", 1), ("存储", 1), ("数", 1), ("timeout", 2), ("importer timeouts", 2), ("max_conn", 3),
            ("db.toml", 3),
            ("passwords", 4), ("#2", 2), ("the", 2), ("gateway port", 5), ("cellular", 6), ("\"", 0),
            ("NEAR(importer", 2),
        ])
    func candidates(_ text: String, _ id: Int) throws {
        for content in [
            "使用SQLite存储数据", "The timeouts of the importer are too short", "Set max_connections to 20 in db.toml",
            "Never log the password of a user",
        ] { try fixture.add(content) }
        try fixture.add("It listens on 8081", .config, key: "config:gateway port")
        try fixture.add("Photos go over mobile networks only when asked")
        #expect(try ids(text).first ?? 0 == id)
    }

    @Test func allWordsComeBeforeSome() throws {
        let some = try fixture.add("The pool of the importer is small", importance: 5)
        let all = try fixture.add("The timeout of the pool is 30 s", importance: 3)
        #expect(try ids("pool timeout") == [all, some])
    }

    @Test func theFormOfTheQuestionSaysWhichCategoryComesFirst() throws {
        let note = try fixture.add("Kafka in place of Redis streams", .note, at: "2026-01-02")
        let decision = try fixture.add("Kafka instead of Redis streams", .decision, at: "2026-01-02")
        #expect(try ids("kafka redis").first == decision || ids("kafka redis").first == note)
        #expect(try ids("why did we choose kafka over redis") == [decision, note])
        let terms = try #require(try found("why did we choose kafka over redis").items.first?.terms)
        #expect(terms.contains { $0.name == "category" && $0.value > 0 })
    }

    @Test func whatIsSupersededComesLastThoughItFitsBetter() throws {
        let old = try fixture.add("The gateway port is the port 8080", .config, key: "config:gateway port")
        let new = try fixture.add("It listens on 8081", .config, key: "config:gateway port", at: "2026-01-02")
        let other = try fixture.add("A port is open", at: "2026-01-02")
        let all: (inout RecallOptions) -> Void = { $0.filter.states = [] }
        #expect(try ids("gateway port", all).last == old)
        #expect(try Set(ids("gateway port", all)) == [old, new, other])
        #expect(try found("gateway port", all).memories.last?.successor == new)
        #expect(try !ids("gateway port").contains(old))
    }

    @Test func ageAndPlaceCountAsInAnAnswer() throws {
        let old = try fixture.add("The quuxer uses gRPC", .arch, at: "2025-01-01")
        let new = try fixture.add("The quuxer speaks gRPC", .arch, at: "2026-01-01")
        #expect(try ids("quuxer grpc") == [new, old])
        let term = try found("quuxer grpc").items.last?.terms.first { $0.name == "age" }
        #expect(try #require(term).value < 0)
        let mild = try found("quuxer grpc") { $0.halfLife = 100_000 }.items.last?.terms.first { $0.name == "age" }
        #expect(try #require(term).value < mild?.value ?? 0)
    }

    @Test func theTermsMakeTheSum() throws {
        try fixture.add("The pool has 50 connections", .config)
        try fixture.add("max_connections_pool is read once", .arch)
        let found = try found("connections pool max_conn") { $0.includesTurns = true }
        #expect(found.items.count > 2)
        for item in found.items {
            #expect(abs(item.terms.reduce(0) { $0 + $1.value } - item.worth) <= item.terms.count, "\(item)")
        }
    }

    @Test func turnsAreFoundByTheSameRanking() throws {
        let turns = try found("maxConnections pool") { ($0.includesTurns, $0.includesMemories) = (true, false) }.turns
        #expect(turns.first?.line == 4)
        #expect(Set(turns.map(\.id)).count == turns.count)
    }

    @Test func anExpressionIsTakenAsItStands() throws {
        let id = try fixture.add("Retry the upload when the connection is lost")
        let raw: (inout RecallOptions) -> Void = { $0.isExpression = true }
        #expect(try ids("retry NOT download", raw) == [id])
        #expect(try ids("retry NOT upload", raw).isEmpty)
        #expect(throws: SQLiteError.self) { try ids("\"unbalanced", raw) }
    }
}

/// With vectors beside the memories, what says the same in other words is found too.
@Suite struct MeaningTests {
    let fixture: RecallFixture
    let wanted: Int

    init() throws {
        let fixture = try RecallFixture()
        for index in 0..<20 { try fixture.add("The module number \(index) is formatted by the linter") }
        let wanted = try fixture.add("Photos leave the phone on Wi-Fi only", .constraint)
        try fixture.store.writing { () throws(SQLiteError) in
            for id in 1...wanted {
                var vector: [Float] = [1, Float(id % 5) / 10, 0, 0]
                if id == wanted { vector = [0, 0.1, 1, 0] }
                _ = try fixture.store.setVector(vector, of: id, .memories, model: "m")
            }
        }
        self.fixture = fixture
        self.wanted = wanted
    }

    private func options(
        _ values: [Float]?, model: String = "m", _ reach: RecallOptions.Reach = .subject
    ) -> RecallOptions {
        var options = RecallOptions(reach)
        options.vector = values.map { QuestionVector(model: model, values: $0) }
        return options
    }

    @Test("The nearest is found though it shares no word", arguments: [RecallOptions.Reach.subject, .words])
    func nearest(_ reach: RecallOptions.Reach) throws {
        let question = "may uploads use cellular data?"
        let without = try fixture.answers(question, options(nil, reach))
        #expect(!without.memories.contains { $0.memory.id == wanted })
        let with = try fixture.answers(question, options([0, 0, 2, 0], reach))
        #expect(with.memories.first?.memory.id == wanted)
        #expect(with.items.first?.terms.contains { $0.name == "meaning" } == true)
        #expect(with.isEvidence && with.comparedVectors == 21)
    }

    @Test("Vectors of another model or dimension change nothing", arguments: [("other", 4), ("m", 3)])
    func other(_ model: String, _ dimension: Int) throws {
        let question = "which linter formats the module?"
        let vector = Array(repeating: Float(1), count: dimension)
        #expect(
            try fixture.answers(question, options(vector, model: model)) == fixture.answers(question, options(nil)))
    }

    @Test func whereNothingStandsOutWordsDecide() throws {
        let all = try fixture.answers("which linter formats the module?", options([1, 1, 1, 1]))
        #expect(all.memories.first?.memory.content.contains("linter") == true)
    }
}

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

/// How texts are cut and compared.
@Suite struct WordsTests {
    @Test(
        "The forms of a word are one",
        arguments: [
            ("migrations", "migrate"), ("dropped", "drops"), ("queries", "query"), ("containerized", "containerizing"),
        ])
    func forms(_ a: String, _ b: String) { #expect(Words.stem(a) == Words.stem(b)) }

    @Test func namesAreCutAndAccentsFall() {
        #expect(
            Words.all(in: "maxConnections, max_connections; Facturación") == [
                "max", "connect", "max", "connect", "facturac",
            ])
        #expect(Words.all(in: "使用SQLite存储") == ["使用", "sqlit", "存储"])
    }

    @Test func piecesAreSentencesItemsAndBlocks() {
        let text = """
            We looked at three ways to do it and took the second one, since the first needs a lock. It is fast. Done?
            - an item. With two sentences.
            ```
            let a = 1

            let b = 2
            ```
            """
        #expect(
            Excerpts.pieces(of: text) == [
                "We looked at three ways to do it and took the second one, since the first needs a lock. It is fast. Done?",
                "- an item. With two sentences.", "```\nlet a = 1\n\nlet b = 2\n```",
            ])
        #expect(
            Excerpts.pieces(of: String(repeating: "This one is long enough to be cut. ", count: 5)).count == 5)
    }
}
