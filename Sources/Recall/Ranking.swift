import Memories
import Storage

/// What the ranking looks at in a memory.
struct MemoryFeatures {
    var id: Int
    var content: String
    var key: String?
    var tags: [String] = []
    var category: MemoryCategory
    var importance: Importance
    var saidAt: String
    var isSuperseded = false
    /// BM25 of the text index that found it; 0 where its words are weighed by themselves.
    var match = 0.0
    /// How near in meaning it is, from 0 to 1; 0 without vectors.
    var meaning = 0.0
    /// Found by a part of a name in code.
    var isPart = false
    /// Said in a session at work where the question is asked.
    var isOfPlace = false

    init(_ memory: CandidateMemory) {
        (id, content, key, tags) = (memory.id, memory.content, memory.key, memory.tags)
        (category, importance, saidAt) = (memory.category, memory.importance, memory.saidAt)
        isSuperseded = memory.state == .superseded
    }

    init(_ memory: StoredMemory) {
        (id, content, key, tags) = (memory.id, memory.content, memory.key, memory.tags)
        (category, importance, saidAt) = (memory.category, memory.importance, memory.saidAt)
        isSuperseded = memory.state == .superseded
    }

    init(_ candidate: InjectableCandidate) {
        let memory = candidate.memory
        (id, content, key, saidAt) = (memory.id, memory.content, candidate.key, candidate.saidAt)
        (category, importance) = (memory.category, memory.importance)
    }
}

/// What a memory or a piece of a turn is worth as an answer, with the terms that make it so.
struct Ranking {
    let question: Question
    let weights: TermWeights
    let recency: Recency
    let directory: String?

    /// Words of a usual sentence.
    private static let usualPiece = 12.0

    /// The pieces of a turn that are worth something.
    func items(_ candidate: CandidateTurn, worth: Double) -> [RecallItem] {
        guard worth > 0 else { return [] }
        let pieces = Excerpts.pieces(of: candidate.turn.text)
        let own = pieces.map { weights.worth(weights.counts(in: $0), usualLength: Ranking.usualPiece) }
        let age = recency.share(candidate.turn.saidAt)
        return pieces.indices.map { index in
            let before = index > 0 ? own[index - 1] : 0
            let after = index + 1 < own.count ? own[index + 1] * 0.7 : 0
            var sum = Sum()
            sum.add("words", own[index])
            sum.add("turn", TermWeights.Tuning.turn * worth)
            sum.add("near", TermWeights.Tuning.adjacent * max(before, after))
            sum.add("exact", phrases(in: pieces[index]))
            if question.intent.suits(pieces[index]) { sum.multiply("form", TermWeights.Tuning.form) }
            sum.multiply("age", 1 - TermWeights.Tuning.recency * (1 - age))
            if candidate.directory == directory { sum.multiply("place", TermWeights.Tuning.affinity) }
            return RecallItem(
                source: .excerpt(candidate.turn, piece: index), text: pieces[index], worth: sum.thousandths,
                terms: sum.terms)
        }
    }

    /// - Parameter turn: What the turn is worth in which it was said; nil when that is not known.
    func worth(of memory: MemoryFeatures, turn: Double? = nil) -> MemoryWorth {
        var found = weights.counts(in: memory.content)
        if let key = memory.key { weights.count(key, into: &found) }
        for tag in memory.tags { weights.count(tag, into: &found) }
        // The index folds some words that are two to us, and what it found is worth that much at least.
        let own = max(weights.worth(found, usualLength: Ranking.usualPiece), memory.match)
        let whole = own * (1 + TermWeights.Tuning.coverage * weights.coverage(found))
        var sum = Sum()
        sum.add("words", own)
        sum.add("turn", TermWeights.Tuning.turn * max(turn ?? 0, whole))
        sum.add("exact", phrases(in: memory.content))
        sum.add("meaning", TermWeights.Tuning.meaning * memory.meaning)
        if memory.isPart { sum.add("part", TermWeights.Tuning.part) }
        if question.ids.contains(memory.id) { sum.add("number", 1_000) }
        sum.multiply("importance", 1 + TermWeights.Tuning.importance * Double(memory.importance.level))
        if question.intent.suits(memory.content) { sum.multiply("form", TermWeights.Tuning.form) }
        if question.intent.categories.contains(memory.category) {
            sum.multiply("category", TermWeights.Tuning.category)
        }
        if memory.category != .constraint {
            sum.multiply("age", 1 - TermWeights.Tuning.recency * (1 - recency.share(memory.saidAt)))
        }
        if memory.isOfPlace { sum.multiply("place", TermWeights.Tuning.affinity) }
        if memory.isSuperseded { sum.multiply("superseded", TermWeights.Tuning.superseded) }
        return MemoryWorth(
            thousandths: sum.thousandths, terms: sum.terms, coverage: weights.coverage(found, withSynonyms: true))
    }

    /// A quotation or a name that stands there as it was asked for.
    /// A file that stands there without its folders is half of that.
    private func phrases(in text: String) -> Double {
        guard !question.phrases.isEmpty else { return 0 }
        let folded = text.lowercased()
        var sum = 0.0
        for phrase in question.phrases where folded.holds(phrase) { sum += 0.5 * information(of: phrase) }
        for file in question.files where folded.holds(file) {
            if !question.phrases.contains(where: { $0.hasSuffix(file) && folded.holds($0) }) {
                sum += 0.25 * information(of: file)
            }
        }
        return sum
    }

    private func information(of phrase: String) -> Double {
        var sum = 0.0
        // In the order of the phrase: a sum of fractions depends on it.
        var known: Set<String> = []
        for word in Words.all(in: phrase) where known.insert(word).inserted {
            if let number = weights.number(of: word) { sum += weights.information[number] }
        }
        return sum
    }

    /// The best first; then memories, the newer, the earlier in its session: the same order every time.
    static func isBefore(_ a: RecallItem, _ b: RecallItem) -> Bool {
        if a.worth != b.worth { return a.worth > b.worth }
        switch (a.source, b.source) {
        case (.memory(let a, _), .memory(let b, _)): return a.id > b.id
        case (.memory, .excerpt): return true
        case (.excerpt, .memory): return false
        case (.excerpt(let x, let i), .excerpt(let y, let j)): return (y.id, i) < (x.id, j)
        }
    }

    /// What a memory is worth as an answer.
    struct MemoryWorth {
        var thousandths: Int
        var terms: [ScoreTerm]
        /// The share of what the question's words tell that it holds.
        var coverage: Double
    }

    /// A sum that remembers its terms.
    private struct Sum {
        private(set) var value = 0.0
        private(set) var terms: [ScoreTerm] = []

        /// There are ten at most.
        init() { terms.reserveCapacity(10) }

        var thousandths: Int { Sum.thousandths(value) }

        mutating func add(_ name: String, _ part: Double) {
            guard part > 0 else { return }
            value += part
            terms.append(ScoreTerm(name: name, value: Sum.thousandths(part)))
        }

        /// The term is what the factor added or took.
        mutating func multiply(_ name: String, _ factor: Double) {
            guard factor != 1, value > 0 else { return }
            terms.append(ScoreTerm(name: name, value: Sum.thousandths(value * (factor - 1))))
            value *= factor
        }

        private static func thousandths(_ value: Double) -> Int { Int((value * 1000).rounded()) }
    }
}
