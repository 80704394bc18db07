public import LanguageModels
import SQLite
public import Storage

/// Asks a model about sessions, holds its answers against what was sent, and stores what stands. One call after the other; the
/// ledger decides whether the next one may be made.
public struct RefineRun {
    /// What became of one call.
    public struct Call: Sendable {
        public var sessions: [String]
        public var outcome: CallOutcome
        /// What went wrong, in words.
        public var failure: ModelFailure?
        public var usage: ModelUsage?
        /// Millionths of a dollar; nil when the price is not known.
        public var cost: Int?
        /// Every claim that stands, with the number under which it is stored; nil in a dry run.
        public var stored: [(claim: RefineVerdict.Accepted, id: Int?)] = []
        public var kept: [Int] = []
        public var doubted: [Int] = []
        public var dropped: [RefineVerdict.Dropped] = []
    }

    /// Why a run ends before all is sent.
    public enum Stop: Sendable, Equatable {
        case budget
        case failure(ModelFailure)
        case deadline
    }

    private let store: MemoryStore
    private let model: any LanguageModel
    private let name: String
    private let isDry: Bool
    private let clean: (String) -> String
    private let isOutOfTime: () -> Bool

    /// - Parameters:
    ///   - name: The model by its vendor's name.
    ///   - isDry: Asks the model, and writes nothing but the ledger; what it sends does not count as sent.
    ///   - clean: Takes out secrets and private text, as everything that is stored goes through.
    ///   - isOutOfTime: Asked before each call.
    public init(
        store: MemoryStore, model: any LanguageModel, name: String, isDry: Bool = false,
        clean: @escaping (String) -> String, isOutOfTime: @escaping () -> Bool = { false }
    ) {
        self.store = store
        self.model = model
        self.name = name
        self.isDry = isDry
        self.clean = clean
        self.isOutOfTime = isOutOfTime
    }

    /// The sessions with turns that were never sent, the newest first, ready to be drafted.
    ///
    /// - Parameters:
    ///   - session: Only this one.
    ///   - since: Only sessions that ended at this time or later.
    public static func sessions(
        of store: MemoryStore, session: String? = nil, since: String = ""
    ) throws(StoreError) -> [RefineSession] {
        try store.reading { () throws(SQLiteError) in
            var sessions: [RefineSession] = []
            for unsent in try store.unsentSessions(session: session, since: since) {
                var memories: [(memory: StoredMemory, sightings: [StoredSighting])] = []
                for memory in try store.refinable(inSession: unsent.uid) {
                    memories.append((memory, try store.sightings(of: memory.id)))
                }
                sessions.append(RefineSession(uid: unsent.uid, turns: unsent.turns, memories: memories))
            }
            return sessions
        }
    }

    /// - Returns: What became of each call, and why not all were made.
    public func run(_ batches: [[RefineSession]]) throws(StoreError) -> (calls: [Call], stop: Stop?) {
        var calls: [Call] = []
        for batch in batches {
            guard !isOutOfTime() else { return (calls, .deadline) }
            let draft = RefineDraft(batch, redact: clean)
            guard !draft.isEmpty else { continue }
            let (call, stop) = try ask(draft)
            if let call { calls.append(call) }
            if let stop { return (calls, stop) }
        }
        return (calls, nil)
    }

    private func ask(_ draft: RefineDraft) throws(StoreError) -> (Call?, Stop?) {
        let instructions = Instructions.refine
        let planned = PlannedCall(
            purpose: "refine", session: draft.sessions.joined(separator: ","), model: name, prompt: instructions.name,
            mostInput: instructions.mostInputTokens(draft.text), mostOutput: instructions.maxOutputTokens,
            turns: isDry ? [] : draft.ranges)
        let number: Int
        switch try store.reserve(planned) {
        case .success(let id): number = id
        case .failure(.budget): return (nil, .budget)
        // Another process was faster.
        case .failure(.sentBefore): return (nil, nil)
        }
        let (answer, failure) = ModelCall.make(instructions.request(draft.text, model: name), of: model)
        var verdict = answer.map { RefineChecker(draft, clean: clean).verdict(on: $0.form) } ?? RefineVerdict()
        let outcome: CallOutcome = verdict.isReadable ? failure.map { CallOutcome($0) } ?? .done : .unusable
        let cost = try ModelCall.settle(number, in: store, outcome, answer?.usage, failure, model: name)
        var call = Call(
            sessions: draft.sessions, outcome: outcome, failure: failure, usage: cost.usage, cost: cost.cost)
        try keep(&verdict, of: number, in: &call)
        switch failure {
        case nil, .unusable?: return (call, nil)
        case .outOfTime?: return (call, .deadline)
        case let failure?: return (call, .failure(failure))
        }
    }

    /// Stores what stands, all or nothing.
    private func keep(_ verdict: inout RefineVerdict, of number: Int, in call: inout Call) throws(StoreError) {
        call.kept = verdict.kept
        call.doubted = verdict.doubted
        call.dropped = verdict.dropped
        let (accepted, doubted, store) = (verdict.accepted, verdict.doubted, self.store)
        guard !accepted.isEmpty || !doubted.isEmpty else { return }
        let maker = RefinementMaker(model: name, prompt: Instructions.refine.name, call: number)
        func work(_ run: ChangeRun) throws(SQLiteError) -> [RefineOutcome] {
            var outcomes: [RefineOutcome] = []
            for claim in accepted { outcomes.append(try store.refine(claim.refinement, by: maker, run)) }
            let proposals = doubted.map {
                TidyProposal(kind: .garbage, reason: "A model doubts that anyone will need it.", goes: [$0])
            }
            _ = try store.propose(proposals, by: maker)
            return outcomes
        }
        let outcomes = try isDry ? store.previewing(work) : store.changing(.command, work)
        for (claim, outcome) in zip(accepted, outcomes) {
            let reason: DropReason
            switch outcome {
            case .stored(let id):
                call.stored.append((claim, isDry ? nil : id))
                continue
            case .known: reason = .known
            case .notReplaceable, .turnIsGone: reason = .overtaken
            case .refused: reason = .forgotten
            }
            call.dropped.append(
                RefineVerdict.Dropped(
                    reason: reason, statement: claim.refinement.content, memories: claim.refinement.originals))
        }
    }
}

/// One call of a model, and how it is entered into the ledger.
enum ModelCall {
    static func make(
        _ request: ModelRequest, of model: any LanguageModel
    ) -> (answer: ModelAnswer?, failure: ModelFailure?) {
        do throws(ModelFailure) {
            return (try model.answer(request), nil)
        } catch {
            return (nil, error)
        }
    }

    /// What nobody knows, such as a call that hung, counts as what was reserved for it.
    static func settle(
        _ number: Int, in store: MemoryStore, _ outcome: CallOutcome, _ answered: ModelUsage?, _ failure: ModelFailure?,
        model: String
    ) throws(StoreError) -> (usage: ModelUsage?, cost: Int?) {
        var usage = answered
        var detail = ""
        switch failure {
        case .refused(let words)?:
            usage = ModelUsage.none
            detail = words
        case .busy(let status)?:
            usage = ModelUsage.none
            detail = "status \(status)"
        case .rejected(let status, let words)?:
            usage = ModelUsage.none
            detail = "status \(status): \(words)"
        case .unreachable(let words)?: detail = words
        case .unusable(let words, let spent)?:
            usage = spent
            detail = words
        case .outOfTime?, nil: break
        }
        let cost = usage.flatMap { ModelPrices.cost(of: $0, model: model) }
        try store.settle(number, outcome, usage: usage, cost: cost, detail: String(detail.prefix(200)))
        return (usage, cost)
    }
}
