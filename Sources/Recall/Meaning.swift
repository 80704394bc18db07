import SQLite
import Storage

/// A question as a model of embeddings sees it.
public struct QuestionVector: Sendable, Equatable {
    /// The model, as the vectors of the store name theirs.
    public var model: String
    public var values: [Float]

    public init(model: String, values: [Float]) {
        self.model = model
        self.values = values
    }
}

/// How near in meaning memories and turns are to a question, by vectors that somebody computed before; nothing without these.
struct Meaning {
    /// By row, from 0 (as near as most) to 1 (the nearest).
    private(set) var memories: [Int: Double] = [:]
    private(set) var turns: [Int: Double] = [:]
    /// Whether the nearest stands out so far that it answers, though it may share no word.
    private(set) var isEvidence = false
    /// How many vectors were compared.
    private(set) var compared = 0

    /// So many rows of each kind come from the vectors.
    private static let most = 20
    /// Vectors of the newest so many rows are compared.
    private static let mostCompared = 200_000
    /// Standard deviations above the mean: what stands out, and what is evidence.
    private static let outstanding = 1.5
    private static let evident = 3.0
    /// Among fewer vectors nothing can be said to stand out.
    private static let fewest = 8

    init() {}

    init(
        of vector: QuestionVector, in store: MemoryStore, memories includesMemories: Bool, turns includesTurns: Bool
    ) throws(SQLiteError) {
        func near(_ index: MemoryStore.TextIndex) throws(SQLiteError) -> Nearest {
            try store.nearest(
                to: vector.values, model: vector.model, in: index, most: Meaning.most, among: Meaning.mostCompared)
        }
        if includesMemories { memories = share(try near(.memories)) }
        if includesTurns { turns = share(try near(.turns)) }
    }

    private mutating func share(_ nearest: Nearest) -> [Int: Double] {
        compared += nearest.count
        guard nearest.count >= Meaning.fewest, nearest.deviation > 0, let best = nearest.rows.first?.cosine,
            best > nearest.mean
        else { return [:] }
        if best - nearest.mean >= Meaning.evident * nearest.deviation { isEvidence = true }
        var shares: [Int: Double] = [:]
        for row in nearest.rows where row.cosine - nearest.mean >= Meaning.outstanding * nearest.deviation {
            let share = (row.cosine - nearest.mean) / (best - nearest.mean)
            shares[row.id] = share * share
        }
        return shares
    }
}

extension Retrieval {
    /// Adds what is near in meaning to the candidates that words found.
    func addNear(_ meaning: Meaning, to candidates: inout Candidates) throws(SQLiteError) {
        let known = Set(candidates.memories.map(\.id))
        var filter = options.filter
        filter.limit = nil
        candidates.memories += try store.memories(
            numbered: meaning.memories.keys.filter { !known.contains($0) }.sorted(), filter: filter
        ).map { MemoryCandidate($0) }
        let missing = meaning.turns.keys.filter { !candidates.turns.holds($0) }.sorted()
        candidates.turns.add(try store.turns(numbered: missing).filter(isWanted))
        candidates.turns.count(weights)
        candidates.turns.means(meaning.turns.mapValues { TermWeights.Tuning.meaning * $0 })
    }

    private func isWanted(_ turn: CandidateTurn) -> Bool {
        if let since = options.filter.since, turn.turn.saidAt < since { return false }
        if let session = options.filter.session, turn.turn.sessionID != session { return false }
        return true
    }
}
