import Digests
public import LanguageModels
import SQLite
public import Storage

/// Has a model look through the active memories, batch by batch, and notes what it proposes. It changes no memory.
public struct TidyRun {
    public struct Call: Sendable {
        public var outcome: CallOutcome
        public var failure: ModelFailure?
        public var usage: ModelUsage?
        public var cost: Int?
        /// Proposals that are new.
        public var proposed = 0
        public var dropped: [RefineVerdict.Dropped] = []
    }

    private let store: MemoryStore
    private let model: any LanguageModel
    private let name: String
    private let clean: (String) -> String
    private let isOutOfTime: () -> Bool

    /// As those of `RefineRun`.
    public init(
        store: MemoryStore, model: any LanguageModel, name: String, clean: @escaping (String) -> String,
        isOutOfTime: @escaping () -> Bool = { false }
    ) {
        self.store = store
        self.model = model
        self.name = name
        self.clean = clean
        self.isOutOfTime = isOutOfTime
    }

    public func run() throws(StoreError) -> (calls: [Call], stop: RefineRun.Stop?) {
        let memories = try store.reading { () throws(SQLiteError) in try store.tidySubjects().map(\.memory) }
        var calls: [Call] = []
        for draft in TidyDraft.drafts(of: memories, redact: clean) {
            guard !isOutOfTime() else { return (calls, .deadline) }
            let (call, stop) = try ask(draft)
            if let call { calls.append(call) }
            if let stop { return (calls, stop) }
        }
        return (calls, nil)
    }

    private func ask(_ draft: TidyDraft) throws(StoreError) -> (Call?, RefineRun.Stop?) {
        let instructions = Instructions.tidy
        // The same memories, the same question: asked once.
        let session =
            "tidy " + String(SHA256.hex([name, instructions.name, draft.text].joined(separator: "\u{1F}")).prefix(24))
        let isAnswered = try store.reading { () throws(SQLiteError) in try store.isAnswered(session: session) }
        guard !isAnswered else { return (nil, nil) }
        let planned = PlannedCall(
            purpose: "tidy", session: session, model: name, prompt: instructions.name,
            mostInput: instructions.mostInputTokens(draft.text), mostOutput: instructions.maxOutputTokens)
        let number: Int
        switch try store.reserve(planned) {
        case .success(let id): number = id
        case .failure: return (nil, .budget)
        }
        let (answer, failure) = ModelCall.make(instructions.request(draft.text, model: name), of: model)
        let verdict = answer.map { TidyChecker(draft, clean: clean).verdict(on: $0.form) } ?? TidyChecker.Verdict()
        let outcome: CallOutcome = verdict.isReadable ? failure.map { CallOutcome($0) } ?? .done : .unusable
        let (usage, cost) = try ModelCall.settle(number, in: store, outcome, answer?.usage, failure, model: name)
        var call = Call(outcome: outcome, failure: failure, usage: usage, cost: cost, dropped: verdict.dropped)
        if !verdict.proposals.isEmpty {
            let maker = RefinementMaker(model: name, prompt: instructions.name, call: number)
            call.proposed = try store.writing { () throws(SQLiteError) in
                try store.propose(verdict.proposals, by: maker)
            }
        }
        switch failure {
        case nil, .unusable?: return (call, nil)
        case .outOfTime?: return (call, .deadline)
        case let failure?: return (call, .failure(failure))
        }
    }
}
