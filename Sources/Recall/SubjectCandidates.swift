import SQLite
import Storage

/// Candidates of a subject: from the text indexes, keys, tags and names, with words learnt from the best of them and with what was
/// said before and behind.
extension Retrieval {
    /// So many rows of a word are read, newest first, …
    private static let mostRows = (memories: 600, turns: 1_500)
    /// … and so many candidates are read whole.
    private static let mostCandidates = (memories: 60, turns: 100)
    /// The neighbours of so many of them are read.
    private static let mostNeighbours = 40

    mutating func subjectCandidates(_ totals: Totals) throws(SQLiteError) -> Candidates {
        question.addSynonyms()
        try findRows(totals)
        var found = Candidates(turns: TurnPool(try turns(best: Retrieval.mostCandidates.turns), weights))
        if options.includesTurns {
            found.learnt = try learn(from: &found.turns, totals)
            try addNeighbours(to: &found.turns)
        }
        found.memories = try store.memories(
            numbered: Retrieval.best(memoryScores, Retrieval.mostCandidates.memories), filter: options.filter
        ).map { MemoryCandidate($0) }
        return found
    }

    private mutating func findRows(_ totals: Totals) throws(SQLiteError) {
        var askedNumbers: [String: Int] = [:]
        for term in question.terms {
            let share = term.isAsked ? 1 : 3
            let memories = try store.hits(
                of: term.text, in: .memories, total: totals.memories, most: Retrieval.mostRows.memories / share)
            let turns = try store.hits(
                of: term.text, in: .turns, total: totals.turns, most: Retrieval.mostRows.turns / share)
            let information = TermWeights.information(of: memories.count + turns.count, among: totals.all)
            let base = term.isAsked ? nil : askedNumbers[term.base] ?? -1
            weights.add(term.stem, weight: term.weight, information: information, standsFor: base)
            if term.isAsked { askedNumbers[term.stem] = weights.number(of: term.stem) }
            add(memories.rows, turns.rows, term.weight * information)
        }
        for joint in question.joints { try add(exact: joint, totals) }
        for phrase in question.phrases {
            try add(exact: phrase, totals)
            for id in try store.memories(holdingPart: phrase, most: 100) { memoryScores[id, default: 0] += 3 }
        }
        for term in question.terms where term.isAsked {
            for id in try store.memories(about: term.text.lowercased(), most: 50) { memoryScores[id, default: 0] += 2 }
        }
        for id in question.ids { memoryScores[id, default: 0] += 100 }
    }

    private mutating func add(
        exact words: String, _ totals: Totals
    ) throws(SQLiteError) {
        let memories = try store.hits(of: words, in: .memories, total: totals.memories, most: 100)
        let turns = try store.hits(of: words, in: .turns, total: totals.turns, most: 100)
        add(memories.rows, turns.rows, TermWeights.information(of: memories.count + turns.count, among: totals.all))
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
        from turns: inout TurnPool, _ totals: Totals
    ) throws(SQLiteError) -> [String] {
        let known = Set(turns.turns.map(\.turn.id))
        var learnt: [String] = []
        for (word, share) in turns.wordsOfBest(weights) {
            let hits = try store.hits(of: word, isBeginning: true, in: .turns, total: totals.turns, most: 300)
            guard hits.count * 10 < max(30, totals.turns) else { continue }
            let information = TermWeights.information(of: hits.count, among: totals.all)
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
}
