public import Memories
public import SQLite
public import Storage

/// A memory or a piece of a turn that may answer a question, and what it is worth.
public struct RecallItem: Sendable, Equatable {
    public enum Source: Sendable, Equatable {
        /// A memory; with the one that stands in its place, if there is one.
        case memory(StoredMemory, successor: Int?)
        /// A piece of a turn, counted from 0.
        case excerpt(StoredTurn, piece: Int)
    }

    public var source: Source
    public var text: String
    /// Thousandths, higher is better; comparable within one question only.
    public var worth: Int
    /// What it is made of; thousandths.
    public var terms: [ScoreTerm]
}

/// What was found for a question.
public struct Retrieved: Sendable, Equatable {
    /// The best first.
    public var items: [RecallItem] = []
    /// The best share of what the question's words tell that one text holds; thousandths.
    public var coverage = 0
    /// Words that were learnt from the best hits, and looked for too.
    public var learnt: [String] = []

    /// Whether anything that was found has to do with the question. Chance hits of a frequent word do not.
    public var isEvidence: Bool { !items.isEmpty && coverage >= Retrieved.leastCoverage }

    static let leastCoverage = 200
}

/// How to look.
public struct RecallOptions: Sendable {
    /// Which memories; their states, too.
    public var filter: MemoryQuery
    /// Whether to look at the archive of turns.
    public var includesTurns = true
    /// The time from which age counts, ISO 8601; nil for that of the newest entry, so that the answer is the same tomorrow.
    public var now: String?
    /// Days after which a part of the worth is half.
    public var halfLife = RecallOptions.usualHalfLife
    /// Where the question is asked: what was said there is worth a little more.
    public var directory: String?

    /// e^(-0.007 · days)
    public static let usualHalfLife = 99

    public init() {
        filter = MemoryQuery()
        filter.states = [.active, .superseded]
    }
}

/// The one way from a question to what answers it: candidates from the text indexes, keys, tags and names; their words weighed
/// as a whole and piece by piece.
public struct Retrieval {
    /// So many rows of a word are read, newest first, …
    private static let mostRows = (memories: 600, turns: 1_500)
    /// … and so many candidates are read whole.
    private static let mostCandidates = (memories: 60, turns: 100)
    /// The neighbours of so many of them are read.
    private static let mostNeighbours = 40

    private let store: MemoryStore
    private let options: RecallOptions
    private let question: Question
    private var weights = TermWeights()
    private var turnScores: [Int: Double] = [:]
    private var memoryScores: [Int: Double] = [:]

    public static func answers(
        to question: Question, in store: MemoryStore, _ options: RecallOptions
    ) throws(SQLiteError) -> Retrieved {
        guard !question.isEmpty else { return Retrieved() }
        var retrieval = Retrieval(store, question, options)
        return try retrieval.run()
    }

    private init(_ store: MemoryStore, _ question: Question, _ options: RecallOptions) {
        self.store = store
        self.question = question
        self.options = options
    }

    private mutating func run() throws(SQLiteError) -> Retrieved {
        let totals = (memories: try store.rowCount(of: .memories), turns: try store.rowCount(of: .turns))
        try findCandidates(totals)
        var turns = TurnPool(try turns(best: Retrieval.mostCandidates.turns), weights)
        var found = Retrieved()
        if options.includesTurns {
            found.learnt = try learn(from: &turns, totals)
            try addNeighbours(to: &turns)
        }
        let memories = try store.memories(
            numbered: Retrieval.best(memoryScores, Retrieval.mostCandidates.memories), filter: options.filter)
        let places = try places(of: memories, among: turns)
        turns.weigh(weights)
        let now: String
        if let given = options.now { now = given } else { now = try store.newestTime() }
        let recency = Recency(now: now, halfLife: options.halfLife)
        let ranking = Ranking(question: question, weights: weights, recency: recency, directory: options.directory)
        var coverage = turns.bestCoverage(weights)
        for memory in memories {
            let (item, covered) = ranking.item(
                memory, turn: places[memory.id].flatMap { turns.worth[$0] },
                successor: memory.state == .superseded ? try store.successor(of: memory.id) : nil)
            coverage = max(coverage, question.ids.contains(memory.id) ? 1 : covered)
            if item.worth > 0 { found.items.append(item) }
        }
        if options.includesTurns {
            for turn in turns.turns { found.items += ranking.items(turn, worth: turns.worth[turn.turn.id] ?? 0) }
        }
        found.items.sort(by: Ranking.isBefore)
        found.coverage = Int((coverage * 1000).rounded())
        return found
    }

    // MARK: - Candidates

    private mutating func findCandidates(_ totals: (memories: Int, turns: Int)) throws(SQLiteError) {
        let total = totals.memories + totals.turns
        var askedNumbers: [String: Int] = [:]
        for term in question.terms {
            let share = term.isAsked ? 1 : 3
            let memories = try store.hits(
                of: term.text, in: .memories, total: totals.memories, most: Retrieval.mostRows.memories / share)
            let turns = try store.hits(
                of: term.text, in: .turns, total: totals.turns, most: Retrieval.mostRows.turns / share)
            let information = TermWeights.information(of: memories.count + turns.count, among: total)
            let base = term.isAsked ? nil : askedNumbers[term.base] ?? -1
            weights.add(term.stem, weight: term.weight, information: information, standsFor: base)
            if term.isAsked { askedNumbers[term.stem] = weights.stems[term.stem] }
            add(memories.rows, turns.rows, term.weight * information)
        }
        for joint in question.joints { try add(exact: joint, total, totals) }
        for phrase in question.phrases {
            try add(exact: phrase, total, totals)
            for id in try store.memories(holdingPart: phrase, most: 100) { memoryScores[id, default: 0] += 3 }
        }
        for term in question.terms where term.isAsked {
            for id in try store.memories(about: term.text.lowercased(), most: 50) { memoryScores[id, default: 0] += 2 }
        }
        for id in question.ids { memoryScores[id, default: 0] += 100 }
    }

    private mutating func add(
        exact words: String, _ total: Int, _ totals: (memories: Int, turns: Int)
    ) throws(SQLiteError) {
        let memories = try store.hits(of: words, in: .memories, total: totals.memories, most: 100)
        let turns = try store.hits(of: words, in: .turns, total: totals.turns, most: 100)
        add(memories.rows, turns.rows, TermWeights.information(of: memories.count + turns.count, among: total))
    }

    private mutating func add(_ memories: [Int], _ turns: [Int], _ worth: Double) {
        for id in memories { memoryScores[id, default: 0] += worth }
        for id in turns { turnScores[id, default: 0] += worth }
    }

    private static func best(_ scores: [Int: Double], _ count: Int, without known: Set<Int> = []) -> [Int] {
        scores.filter { !known.contains($0.key) }
            .sorted { a, b in a.value != b.value ? a.value > b.value : a.key > b.key }
            .prefix(count).map(\.key)
    }

    private func turns(best count: Int) throws(SQLiteError) -> [CandidateTurn] {
        guard options.includesTurns else { return [] }
        return try store.turns(numbered: Retrieval.best(turnScores, count))
    }

    /// Words that stand in the best turns and in few others belong to the subject: they are looked for too.
    private mutating func learn(
        from turns: inout TurnPool, _ totals: (memories: Int, turns: Int)
    ) throws(SQLiteError) -> [String] {
        let total = totals.memories + totals.turns
        let known = Set(turns.turns.map(\.turn.id))
        var learnt: [String] = []
        for (word, share) in turns.wordsOfBest(weights) {
            let hits = try store.hits(of: word, isBeginning: true, in: .turns, total: totals.turns, most: 300)
            guard hits.count * 10 < max(30, totals.turns) else { continue }
            let information = TermWeights.information(of: hits.count, among: total)
            let weight = TermWeights.Tuning.learnt * share
            weights.add(word, weight: weight, information: information, standsFor: -1)
            learnt.append(word)
            for id in hits.rows { turnScores[id, default: 0] += weight * information }
        }
        if !learnt.isEmpty {
            turns.add(try store.turns(numbered: Retrieval.best(turnScores, 20, without: known)))
            turns.count(weights)
        }
        return learnt
    }

    private func addNeighbours(to turns: inout TurnPool) throws(SQLiteError) {
        let best = turns.turns.sorted { a, b in
            let (x, y) = (turnScores[a.turn.id] ?? 0, turnScores[b.turn.id] ?? 0)
            return x != y ? x > y : a.turn.id > b.turn.id
        }
        var wanted: Set<Int> = []
        for turn in best.prefix(Retrieval.mostNeighbours) {
            let (before, after) = try store.neighbours(of: turn)
            for id in [before, after] { if let id, !turns.holds(id) { wanted.insert(id) } }
        }
        turns.add(try store.turns(numbered: wanted.sorted()))
        turns.count(weights)
    }

    /// The turn of each memory that was said in one of them, the latest.
    private func places(of memories: [StoredMemory], among turns: TurnPool) throws(SQLiteError) -> [Int: Int] {
        var places: [Int: Int] = [:]
        for (memory, turn) in try store.turns(ofMemories: memories.map(\.id)) where turns.holds(turn) {
            places[memory] = turn
        }
        return places
    }
}
