import LanguageModels
import Memories
import SQLite
import Synchronization
import Testing

@testable import Refinement
@testable import Storage

/// Answers what it was told to, in its order, and remembers what it was asked.
final class ScriptedModel: LanguageModel {
    enum Turn: Sendable {
        case answers([String])
        case form(String)
        case failure(ModelFailure)
    }

    private let turns: Mutex<[Turn]>
    private let asked = Mutex<[ModelRequest]>([])
    private let usage: ModelUsage

    init(_ turns: [Turn], usage: ModelUsage = ModelUsage(input: 900, output: 100, cacheRead: 0, cacheWritten: 0)) {
        self.turns = Mutex(turns)
        self.usage = usage
    }

    var requests: [ModelRequest] { asked.withLock { $0 } }

    func answer(_ request: ModelRequest) throws(ModelFailure) -> ModelAnswer {
        asked.withLock { $0.append(request) }
        switch turns.withLock({ $0.isEmpty ? Turn.answers([]) : $0.removeFirst() }) {
        case .answers(let answers):
            return ModelAnswer(form: "{\"answers\":[\(answers.joined(separator: ","))]}", usage: usage)
        case .form(let form): return ModelAnswer(form: form, usage: usage)
        case .failure(let failure): throw failure
        }
    }
}

@Suite struct RefineRunTests {
    let fixture: RefineFixture
    static let rewrite =
        #"{"action":"rewrite","memories":["M1"],"quote":"It listens on port 8080 now","statement":"The gateway listens on port 8080 now"}"#

    init() throws {
        fixture = try RefineFixture([
            (.user, "NEVER push to main without a review.", ("NEVER push to main without a review", .constraint)),
            (.assistant, "The gateway is up. It listens on port 8080 now.", ("It listens on port 8080 now", .config)),
        ])
    }

    private func run(_ model: ScriptedModel, isDry: Bool = false) throws -> (
        calls: [RefineRun.Call], stop: RefineRun.Stop?
    ) {
        let batches = RefineBatches.batches(try RefineRun.sessions(of: fixture.store), isPatient: false)
        return try RefineRun(store: fixture.store, model: model, name: "claude-haiku-4-5", isDry: isDry, clean: { $0 })
            .run(batches)
    }

    private var contents: [String] {
        get throws { try fixture.store.memories(MemoryQuery()).map(\.content) }
    }

    /// All that the store holds of memories, byte for byte.
    private func dump() throws -> [String] {
        try fixture.store.connection.rows(
            """
            SELECT id || uid || category || content || importance || state || origin || coalesce(key, '') || said_at
                || coalesce(reason, '') FROM memory
            UNION ALL SELECT memory_id || quote || coalesce(line, '') FROM memory_source
            UNION ALL SELECT memory_id || kind || detail FROM memory_event
            UNION ALL SELECT from_id || kind || to_id FROM memory_link
            """
        ) { $0.text(0) }
    }

    @Test func whatStandsIsStoredAndCounted() throws {
        let model = ScriptedModel([.answers([Self.rewrite, #"{"action":"doubt","memories":["M2"]}"#])])
        let (calls, stop) = try run(model)
        #expect(stop == nil && calls.map(\.outcome) == [.done])
        #expect(calls[0].cost == 1_400 && calls[0].doubted.count == 1)
        #expect(try contents.contains("The gateway listens on port 8080 now"))
        #expect(try fixture.store.openProposals().map(\.proposal.kind) == [.garbage])
        #expect(try contents.contains("NEVER push to main without a review"), "a doubt changes nothing")
        #expect(try fixture.store.modelBudget().spent == 1_000)
    }

    @Test func aTranscriptIsSentOnce() throws {
        let model = ScriptedModel([])
        _ = try run(model)
        _ = try run(model)
        #expect(model.requests.count == 1)
        // What comes after it is sent, and nothing before.
        try fixture.add(
            [
                (.user, "NEVER push to main without a review.", nil),
                (.assistant, "The gateway is up. It listens on port 8080 now.", nil),
                (.user, "Use Redis for queues.", nil),
            ], session: "s")
        _ = try run(model)
        #expect(model.requests.count == 2)
        #expect(model.requests[1].text.contains("Use Redis") && !model.requests[1].text.contains("8080"))
    }

    @Test func aDryRunWritesNothingButTheLedger() throws {
        let before = try dump()
        let model = ScriptedModel([.answers([Self.rewrite]), .answers([Self.rewrite])])
        let (calls, _) = try run(model, isDry: true)
        #expect(calls[0].stored.map(\.claim.refinement.content) == ["The gateway listens on port 8080 now"])
        #expect(try dump() == before)
        #expect(try fixture.store.modelBudget().spent == 1_000)
        #expect(try run(model).calls[0].stored.count == 1, "it can still be sent")
    }

    static let failures: [(ScriptedModel.Turn, CallOutcome)] = [
        (.failure(.refused("401")), .refused), (.failure(.busy(status: 529)), .busy),
        (.failure(.rejected(status: 400, "bad")), .rejected), (.failure(.unreachable("reset")), .unreachable),
        (.failure(.outOfTime), .outOfTime), (.failure(.unusable("cut", .none)), .unusable), (.form("{"), .unusable),
        (.form(""), .unusable), (.form(#"{"items":[]}"#), .unusable), (.answers([]), .done),
        (.form("{\"answers\":[\"" + String(repeating: "x", count: 4 << 20) + "\"]}"), .unusable),
    ]

    @Test("Whatever a model does, the memories of the rules stay as they are", arguments: failures)
    func untouched(_ turn: ScriptedModel.Turn, _ outcome: CallOutcome) throws {
        let before = try dump()
        let (calls, _) = try run(ScriptedModel([turn]))
        #expect(calls.map(\.outcome) == [outcome])
        #expect(try dump() == before)
        #expect(try fixture.store.modelCosts().map(\.outcome) == [outcome.rawValue])
    }

    @Test func whenTheBudgetEndsInTheMiddleTheRestWaits() throws {
        for name in ["a", "b", "c"] {
            let words = String(repeating: "words of a long session. ", count: 40)
            try fixture.add((0..<12).map { (.user, "\(name)\($0) \(words)", nil) }, session: name)
        }
        try fixture.store.setBudgets(sessionStart: nil, prompt: nil, modelDay: 15_000)
        let model = ScriptedModel([], usage: ModelUsage(input: 3_000, output: 100, cacheRead: 0, cacheWritten: 0))
        let (calls, stop) = try run(model)
        #expect(stop == .budget)
        #expect(calls.count == 2 && model.requests.count == 2)
        #expect(try fixture.store.modelBudget().spent == 6_200)
        #expect(try RefineRun.sessions(of: fixture.store).count == 2, "the others were not sent")
    }

    @Test func shortSessionsShareACall() throws {
        for index in 0..<3 { try fixture.add([(.user, "Short words \(index).", nil)], session: "t\(index)") }
        let model = ScriptedModel([])
        let (calls, _) = try run(model)
        #expect(calls.count == 1 && calls[0].sessions.count == 4)
        let patient = RefineBatches.batches(
            [RefineSession(uid: "x", turns: [], memories: [])], isPatient: true)
        #expect(patient.isEmpty, "one short session waits for others")
    }

    @Test func theInstructionsAreTheSameForEveryRequest() throws {
        let model = ScriptedModel([])
        _ = try run(model)
        let request = try #require(model.requests.first)
        #expect(request.instructions == Instructions.refine.text && request.text.hasPrefix(OwnRequest.mark))
        #expect(request.form.schema.contains("answers"))
    }
}

@Suite struct TidyTests {
    private func fixture(_ contents: [(String, MemoryCategory)], origin: MemoryOrigin = .salient) throws -> MemoryStore
    {
        let store = try MemoryStore(path: ":memory:", access: .create, clock: .fixed(1_767_225_600_000))
        for (index, (content, category)) in contents.enumerated() {
            let sighting = NewSighting(
                transcriptID: nil, path: "s.jsonl", sessionID: "s", line: index + 1, endLine: index + 1, bytes: 0..<1,
                role: .user, saidAt: "2026-01-0\(index + 1)T00:00:00.000Z", quote: content, turnIdentity: nil)
            _ = try store.writing { () throws(SQLiteError) in
                try store.record(
                    NewMemory(
                        category: category, content: content, importance: Importance(clamping: 2), origin: origin,
                        sightings: origin == .manual ? [] : [sighting], saidAt: sighting.saidAt), ingest: nil)
            }
        }
        return store
    }

    private func findings(_ store: MemoryStore) throws -> [TidyProposal] {
        let subjects = try store.tidySubjects().map {
            TidySubject(memory: $0.memory, injections: $0.injections, isVouchedFor: true)
        }
        return TidyFindings.proposals(on: subjects, now: 1_767_225_600_000)
    }

    @Test func whatSaysAllOfAnotherMakesThatOneSuperfluous() throws {
        let store = try fixture([
            ("The gateway listens on port 8080", .arch),
            ("The gateway really listens on port 8080 since the proxy took the old one", .config),
            ("The cache is off", .arch), ("The cache is off in tests", .config),
            ("The gateway listens on port 8081", .note),
        ])
        let found = try findings(store)
        #expect(found.map(\.goes) == [[1]] && found.map(\.stays) == [[2]])
    }

    @Test func aTwinOfAnotherCategoryIsADuplicate() throws {
        let store = try fixture([
            ("The importer keeps its state in Redis", .arch), ("The importer keeps its state in Redis", .note),
            ("The importer keeps all its old state in Redis too", .config),
        ])
        #expect(try store.memories(MemoryQuery()).count == 2)
        let found = try findings(store)
        #expect(found.map(\.kind) == [.duplicate])
        #expect(found.map(\.goes) == [[1]])
    }

    @Test func fragmentsAreGarbageAndAPersonsAreNot() throws {
        let store = try fixture([("The next step is:", .note), ("Done", .note), ("Should we use Redis?", .note)])
        #expect(try findings(store).map(\.kind) == [.garbage, .garbage, .garbage])
        #expect(try findings(fixture([("The next step is:", .note)], origin: .manual)).isEmpty)
    }

    @Test func whatWasDoneMakesNothingObsolete() throws {
        let store = try fixture([
            ("Uploads go to the S3 bucket", .arch), ("Removed the S3 bucket uploads go to", .note),
            ("Removed the code that uploads to the S3 bucket", .arch), ("Uploads go to the GCS bucket", .arch),
        ])
        func verdict(_ goes: String, _ stays: String) throws -> TidyChecker.Verdict {
            let memories = try store.memories(MemoryQuery()).sorted { $0.id < $1.id }
            let draft = try #require(TidyDraft.drafts(of: memories, redact: { $0 }).first)
            return TidyChecker(draft, clean: { $0 }).verdict(
                on: #"{"proposals":[{"kind":"obsolete","goes":["\#(goes)"],"stays":"\#(stays)"}]}"#)
        }
        #expect(try verdict("M1", "M2").dropped.map(\.reason) == [.notNewer])
        #expect(try verdict("M1", "M3").dropped.map(\.reason) == [.notNewer])
        #expect(try verdict("M4", "M1").dropped.map(\.reason) == [.notNewer])
        #expect(try verdict("M1", "M4").proposals.map(\.goes) == [[1]])
    }

    static let refused: [(String, DropReason)] = [
        (#"{"kind":"duplicate","goes":["M1"],"stays":"M2"}"#, .lost),
        (#"{"kind":"duplicate","goes":["M1"],"stays":"M9"}"#, .unknownMemory),
        (#"{"kind":"garbage","goes":["M9"]}"#, .unknownMemory),
        (#"{"kind":"delete","goes":["M1"]}"#, .unknownAction),
        (#"{"kind":"mergeable","goes":["M1","M2"],"statement":"The gateway listens on port 8080"}"#, .lost),
        (
            #"{"kind":"mergeable","goes":["M1","M2"],"statement":"The gateway listens on ports 8080, 8081 and 9090"}"#,
            .number
        ),
        (#"{"kind":"duplicate","goes":["M3"],"stays":"M4"}"#, .negation),
    ]

    @Test("What the memories do not carry is not proposed", arguments: refused)
    func unsupported(_ answer: String, _ reason: DropReason) throws {
        let store = try fixture([
            ("The gateway listens on port 8080", .arch), ("The gateway listens on port 8081", .arch),
            ("Never deploy on Friday", .constraint), ("Deploy on Friday", .constraint),
        ])
        let memories = try store.memories(MemoryQuery()).sorted { $0.id < $1.id }
        let draft = try #require(TidyDraft.drafts(of: memories, redact: { $0 }).first)
        let verdict = TidyChecker(draft, clean: { $0 }).verdict(on: "{\"proposals\":[\(answer)]}")
        #expect(verdict.proposals == [] && verdict.dropped.map(\.reason) == [reason])
    }

    @Test func theSameMemoriesAreAskedAboutOnce() throws {
        let store = try fixture([
            ("The gateway listens on port 8080", .arch), ("The importer keeps state in Redis", .arch),
        ])
        let model = ScriptedModel([.form(#"{"proposals":[{"kind":"garbage","goes":["M1"]}]}"#)])
        let run = TidyRun(store: store, model: model, name: "claude-haiku-4-5", clean: { $0 })
        #expect(try run.run().calls.map(\.proposed) == [1])
        #expect(try run.run().calls.isEmpty)
        #expect(model.requests.count == 1)
        #expect(try store.memories(MemoryQuery()).count == 2)
    }
}
