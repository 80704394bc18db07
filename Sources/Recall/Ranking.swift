import Memories
import Storage

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
    /// - Returns: With the share of what the question's words tell that it holds.
    func item(_ memory: StoredMemory, turn: Double?, successor: Int?) -> (item: RecallItem, coverage: Double) {
        let words = ([memory.content, memory.key ?? ""] + memory.tags).joined(separator: " ")
        let found = weights.counts(in: words)
        let own = weights.worth(found, usualLength: Ranking.usualPiece)
        let whole = own * (1 + TermWeights.Tuning.coverage * weights.coverage(found))
        var sum = Sum()
        sum.add("words", own)
        sum.add("turn", TermWeights.Tuning.turn * max(turn ?? 0, whole))
        sum.add("exact", phrases(in: memory.content))
        if question.ids.contains(memory.id) { sum.add("number", 1_000) }
        sum.multiply("importance", 1 + TermWeights.Tuning.importance * Double(memory.importance.level))
        if question.intent.suits(memory.content) { sum.multiply("form", TermWeights.Tuning.form) }
        if question.intent.categories.contains(memory.category) {
            sum.multiply("category", TermWeights.Tuning.category)
        }
        if memory.category != .constraint {
            sum.multiply("age", 1 - TermWeights.Tuning.recency * (1 - recency.share(memory.saidAt)))
        }
        if memory.state == .superseded { sum.multiply("superseded", TermWeights.Tuning.superseded) }
        return (
            RecallItem(
                source: .memory(memory, successor: successor), text: memory.content, worth: sum.thousandths,
                terms: sum.terms),
            weights.coverage(found, withSynonyms: true)
        )
    }

    /// A quotation or a name that stands there as it was asked for.
    private func phrases(in text: String) -> Double {
        guard !question.phrases.isEmpty else { return 0 }
        let folded = text.lowercased()
        var sum = 0.0
        for phrase in question.phrases where folded.contains(phrase) {
            for word in Set(Words.all(in: phrase)) {
                if let number = weights.stems[word] { sum += 0.5 * weights.information[number] }
            }
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

    /// A sum that remembers its terms.
    private struct Sum {
        private(set) var value = 0.0
        private(set) var terms: [ScoreTerm] = []

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
