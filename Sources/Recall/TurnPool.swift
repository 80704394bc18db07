import Storage

/// The turns that were read for a question, weighed together: what stands near a good turn is worth more.
struct TurnPool {
    private(set) var turns: [CandidateTurn] = []
    private(set) var counts: [Int: TermWeights.Counts] = [:]
    /// By row of the turn; set by `weigh`.
    private(set) var worth: [Int: Double] = [:]
    private var usualLength = 1.0
    /// BM25 of the text index, where it was asked for: what a turn is worth at least.
    private var matches: [Int: Double] = [:]
    /// What nearness in meaning adds.
    private var meanings: [Int: Double] = [:]

    /// So many turns, the best, teach words, and at most so many words are learnt.
    private static let teachers = 5
    private static let mostLearnt = 8

    init(_ turns: [CandidateTurn], _ weights: TermWeights) {
        self.turns = turns
        count(weights)
    }

    func holds(_ turn: Int) -> Bool { counts[turn] != nil }

    mutating func add(_ more: [CandidateTurn]) { turns += more }

    /// Counts the words anew: turns or words were added.
    mutating func count(_ weights: TermWeights) {
        var words = 0
        for turn in turns {
            let found = weights.counts(in: turn.turn.text)
            words += found.length
            counts[turn.turn.id] = found
        }
        usualLength = Double(words) / Double(max(1, turns.count))
    }

    mutating func means(_ worths: [Int: Double]) { meanings = worths }

    mutating func matched(_ turn: CandidateTurn, _ match: Double) { matches[turn.turn.id] = match }

    private func own(_ turn: CandidateTurn, _ weights: TermWeights) -> Double {
        guard let found = counts[turn.turn.id] else { return 0 }
        return max(weights.worth(found, usualLength: usualLength), matches[turn.turn.id] ?? 0)
            * (1 + TermWeights.Tuning.coverage * weights.coverage(found)) + (meanings[turn.turn.id] ?? 0)
    }

    /// Content words of the best turns that stand in at least two turns, with their share of the strongest.
    func wordsOfBest(_ weights: TermWeights) -> [(word: String, share: Double)] {
        var ranked: [(turn: CandidateTurn, worth: Double)] = []
        for turn in turns {
            let worth = own(turn, weights)
            if worth > 0 { ranked.append((turn, worth)) }
        }
        ranked.sort { a, b in a.worth != b.worth ? a.worth > b.worth : a.turn.turn.id > b.turn.turn.id }
        var spread: [String: Int] = [:]
        for turn in turns {
            for word in Set(Words.all(in: turn.turn.text)) { spread[word, default: 0] += 1 }
        }
        var strengths: [String: Double] = [:]
        for (turn, worth) in ranked.prefix(TurnPool.teachers) {
            var times: [String: Int] = [:]
            for word in Words.all(in: turn.turn.text) { times[word, default: 0] += 1 }
            for (word, count) in times where weights.number(of: word) == nil {
                let spread = spread[word] ?? 1
                guard spread >= 2, spread * 8 <= max(16, turns.count), word.utf8.count >= 3,
                    word.utf8.contains(where: { $0 > 0x39 })
                else { continue }
                strengths[word, default: 0] +=
                    worth * Double(min(2, count)) * TermWeights.information(of: spread, among: turns.count)
            }
        }
        let best = strengths.sorted { a, b in a.value != b.value ? a.value > b.value : a.key < b.key }
            .prefix(TurnPool.mostLearnt)
        guard let top = best.first?.value else { return [] }
        return best.map { ($0.key, $0.value / top) }
    }

    /// Each turn by its own words, its neighbours', and the best of its session.
    mutating func weigh(_ weights: TermWeights) {
        turns.sort { a, b in
            (a.session, a.turn.saidAt, a.turn.line, a.turn.id) < (b.session, b.turn.saidAt, b.turn.line, b.turn.id)
        }
        let own = turns.map { self.own($0, weights) }
        var best: [Int: Double] = [:]
        for (turn, worth) in zip(turns, own) { best[turn.session] = max(best[turn.session] ?? 0, worth) }
        for index in turns.indices {
            let turn = turns[index]
            var sum = own[index] + TermWeights.Tuning.session * (best[turn.session] ?? 0)
            for near in [index - 1, index + 1] where turns.indices.contains(near) {
                // Next to each other in the pool is not next to each other in the session, but near enough to speak of the same.
                if turns[near].session == turn.session { sum += TermWeights.Tuning.neighbour * own[near] }
            }
            worth[turn.turn.id] = sum
        }
    }

    func bestCoverage(_ weights: TermWeights) -> Double {
        turns.reduce(0) { best, turn in
            max(best, counts[turn.turn.id].map { weights.coverage($0, withSynonyms: true) } ?? 0)
        }
    }
}
