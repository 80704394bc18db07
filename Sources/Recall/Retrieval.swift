import Memories
public import SQLite
public import Storage

/// How to look.
public struct RecallOptions: Sendable {
    /// How far candidates are looked for. What they are worth is the same ranking.
    public enum Reach: Sendable {
        /// Those that hold the words, and where these are few, those with words that stand for them: for a list of results.
        case words
        /// Those of the subject: with words learnt from the best, and with what was said around them: for an answer.
        case subject
    }

    public var reach = Reach.subject
    /// Which memories; their states, too. Its limit is how many results a list of them wants.
    public var filter: MemoryQuery
    public var includesMemories = true
    /// Whether to look at the archive of turns.
    public var includesTurns = true
    /// The words are an expression of FTS5, which nothing is added to.
    public var isExpression = false
    /// The time from which age counts, ISO 8601; nil for that of the newest entry, so that the answer is the same tomorrow.
    public var now: String?
    /// Days after which a part of the worth is half.
    public var halfLife = RecallOptions.usualHalfLife
    /// What the question means, where the store has vectors of that model; nil changes nothing.
    public var vector: QuestionVector?
    /// Where the question is asked: what was said there is worth a little more.
    public var directory: String?

    /// e^(-0.007 · days)
    public static let usualHalfLife = 99

    public init(_ reach: Reach = .subject) {
        self.reach = reach
        filter = MemoryQuery()
        if reach == .subject { filter.states = [.active, .superseded] }
    }
}

/// The one way from a question to what answers it, for `search`, `recall` and the tools for models; the hook of a prompt ranks
/// by the same `Ranking` what the prompt's own anchors name.
public struct Retrieval {
    let store: MemoryStore
    let options: RecallOptions
    var question: Question
    var weights = TermWeights()
    /// What the text indexes say of rows, by number of the row.
    var turnScores: [Int: Double] = [:]
    var memoryScores: [Int: Double] = [:]

    /// About how many rows there are.
    struct Totals {
        var memories: Int
        var turns: Int

        var all: Int { memories + turns }
    }

    /// What may answer, before it is weighed.
    struct Candidates {
        var memories: [MemoryCandidate] = []
        var turns: TurnPool
        /// Words that were learnt from the best hits.
        var learnt: [String] = []
    }

    struct MemoryCandidate {
        var features: MemoryFeatures
        /// All of it, where it was read for another reason than to be weighed.
        var whole: StoredMemory?

        var id: Int { features.id }

        init(features: MemoryFeatures) { self.features = features }

        init(_ memory: StoredMemory) {
            features = MemoryFeatures(memory)
            whole = memory
        }
    }

    public static func answers(
        to question: Question, in store: MemoryStore, _ options: RecallOptions
    ) throws(SQLiteError) -> Retrieved {
        guard !question.isEmpty || options.reach == .words || options.vector != nil else { return Retrieved() }
        var retrieval = Retrieval(store, question, options)
        return try retrieval.run()
    }

    private init(_ store: MemoryStore, _ question: Question, _ options: RecallOptions) {
        self.store = store
        self.question = question
        self.options = options
    }

    private mutating func run() throws(SQLiteError) -> Retrieved {
        let outline = try store.outline(outside: options.directory)
        let totals = Totals(
            memories: options.includesMemories ? outline.memories : 0, turns: options.includesTurns ? outline.turns : 0)
        var candidates: Candidates
        switch options.reach {
        case .words: candidates = try wordCandidates(totals)
        case .subject: candidates = try subjectCandidates(totals)
        }
        var meaning = Meaning()
        if let vector = options.vector {
            meaning = try Meaning(
                of: vector, in: store, memories: options.includesMemories, turns: options.includesTurns)
            try addNear(meaning, to: &candidates)
        }
        let ids = candidates.memories.map { $0.id }
        let places = try places(of: ids, among: candidates.turns)
        candidates.turns.weigh(weights)
        let ranking = Ranking(
            question: question, weights: weights,
            recency: Recency(now: options.now ?? outline.newestTime, halfLife: options.halfLife),
            directory: options.directory)
        var near: Set<Int> = []
        if let directory = options.directory, outline.hasOtherDirectories {
            near = try store.memories(ids, saidIn: directory)
        }
        var found = Retrieved()
        found.learnt = candidates.learnt
        found.comparedVectors = meaning.compared
        var coverage = candidates.turns.bestCoverage(weights)
        var weighed: [WeighedMemory] = []
        weighed.reserveCapacity(candidates.memories.count)
        for index in candidates.memories.indices {
            let id = candidates.memories[index].id
            if let meant = meaning.memories[id] { candidates.memories[index].features.meaning = meant }
            if near.contains(id) { candidates.memories[index].features.isOfPlace = true }
            let worth = ranking.worth(
                of: candidates.memories[index].features, turn: places[id].flatMap { candidates.turns.worth[$0] })
            coverage = max(coverage, question.ids.contains(id) ? 1 : worth.coverage)
            guard worth.thousandths > 0 || options.reach == .words else { continue }
            weighed.append(
                WeighedMemory(
                    index: index, id: id, worth: worth.thousandths, terms: worth.terms,
                    isSuperseded: candidates.memories[index].features.isSuperseded))
        }
        if options.reach == .words { weighed = WeighedMemory.best(weighed, wanted) }
        try add(weighed, candidates.memories, to: &found)
        if !candidates.turns.turns.isEmpty {
            for turn in candidates.turns.turns {
                found.items += ranking.items(turn, worth: candidates.turns.worth[turn.turn.id] ?? 0)
            }
            found.items.sort(by: Ranking.isBefore)
        }
        found.coverage = Int((coverage * 1000).rounded())
        if meaning.isEvidence { found.coverage = max(found.coverage, Retrieved.leastCoverage) }
        return found
    }

    /// Reads the rest of the memories that are shown, the best first.
    private func add(
        _ weighed: [WeighedMemory], _ candidates: [MemoryCandidate], to found: inout Retrieved
    ) throws(SQLiteError) {
        found.items.reserveCapacity(weighed.count)
        for one in weighed.sorted(by: WeighedMemory.isBefore) {
            let whole: StoredMemory?
            if let known = candidates[one.index].whole { whole = known } else { whole = try store.memory(one.id) }
            guard let whole else { continue }
            let successor = one.isSuperseded ? try store.successor(of: one.id) : nil
            found.items.append(
                RecallItem(
                    source: .memory(whole, successor: successor), text: whole.content, worth: one.worth,
                    terms: one.terms))
        }
    }

    /// What a candidate is worth; little, so that it is quickly put in order.
    private struct WeighedMemory {
        var index: Int
        var id: Int
        var worth: Int
        var terms: [ScoreTerm]
        var isSuperseded: Bool

        /// The order of `Ranking.isBefore`.
        static func isBefore(_ a: WeighedMemory, _ b: WeighedMemory) -> Bool {
            a.worth != b.worth ? a.worth > b.worth : a.id > b.id
        }

        /// So many of them, superseded ones last.
        static func best(_ all: [WeighedMemory], _ count: Int) -> [WeighedMemory] {
            guard all.count > count else { return all }
            let sorted = all.sorted { a, b in
                a.isSuperseded != b.isSuperseded ? b.isSuperseded : isBefore(a, b)
            }
            return Array(sorted.prefix(count))
        }
    }

    /// The turn of each memory that was said in one of them, the latest.
    private func places(of memories: [Int], among turns: TurnPool) throws(SQLiteError) -> [Int: Int] {
        guard !turns.turns.isEmpty else { return [:] }
        var places: [Int: Int] = [:]
        for (memory, turn) in try store.turns(ofMemories: memories) where turns.holds(turn) {
            places[memory] = turn
        }
        return places
    }
}
