import Memories
import SQLite
import Storage

/// Candidates that hold the words as they were asked for: what a list of results costs is mostly here.
extension Retrieval {
    /// So many candidates are weighed for each result that is wanted, …
    private static let candidatesPerResult = 5
    /// … within these bounds.
    private static let candidateBounds = 40...300
    /// How many results there are at most.
    var wanted: Int { min(options.filter.limit ?? 20, 1 << 30) }
    /// Of each word of the question so many memories are looked for by key and tag.
    private static let mostSubjects = 20

    mutating func wordCandidates(_ totals: Totals) throws(SQLiteError) -> Candidates {
        let wanted = self.wanted
        let bounds = Retrieval.candidateBounds
        let most = max(
            wanted, min(bounds.upperBound, max(bounds.lowerBound, wanted * Retrieval.candidatesPerResult)))
        var memories: [MemoryCandidate] = []
        if options.includesMemories {
            var filter = options.filter
            filter.limit = most
            memories = try store.search(
                question.text, filter: filter, raw: options.isExpression, enough: wanted, total: totals.memories
            )
            .map(MemoryCandidate.init)
            if !options.isExpression {
                memories += try store.memories(numbered: question.ids, filter: options.filter)
                    .filter { memory in !memories.contains { $0.id == memory.id } }
                    .map { MemoryCandidate($0) }
            }
        }
        var turns: [TurnHit] = []
        if options.includesTurns {
            turns = try store.searchTurns(
                question.text, limit: most, since: options.filter.since, session: options.filter.session,
                raw: options.isExpression, enough: wanted)
        }
        if !options.isExpression { try addTerms(totals) }
        if !options.isExpression, options.includesMemories, memories.count < wanted {
            try widen(&memories, totals, most)
        }
        var found = Candidates(memories: memories, turns: TurnPool(turns.map(\.candidate), weights))
        for hit in turns { found.turns.matched(hit.candidate, Double(hit.match) / 1e6) }
        return found
    }

    /// Weighs the words of the question that have no weight yet.
    private mutating func addTerms(_ totals: Totals) throws(SQLiteError) {
        for term in question.terms where weights.number(of: term.stem) == nil {
            var count = 0
            if options.includesMemories {
                count += try store.frequency(of: term.text, in: .memories, total: totals.memories)
            }
            if options.includesTurns {
                count += try store.frequency(of: term.text, in: .turns, total: totals.turns)
            }
            weights.add(
                term.stem, weight: term.weight,
                information: TermWeights.information(of: count, among: totals.all),
                standsFor: term.isAsked ? nil : weights.number(of: term.base) ?? -1)
        }
    }

    /// Few memories hold the words: those of that key or tag, and those with a part
    /// of a name or a word that stands for an asked one.
    private mutating func widen(
        _ memories: inout [MemoryCandidate], _ totals: Totals, _ most: Int
    ) throws(SQLiteError) {
        var filter = options.filter
        filter.limit = most - memories.count
        var known = Set(memories.map(\.id))
        var subjects: Set<Int> = []
        for subject in question.subjects {
            subjects.formUnion(try store.memories(about: subject, most: Retrieval.mostSubjects))
        }
        memories += try store.memories(numbered: subjects.subtracting(known).sorted(), filter: filter)
            .map { MemoryCandidate($0) }
        question.addSynonyms()
        // The parts of names, too: the search above has asked for these as they stand.
        let words = question.terms.map(\.text)
        guard !words.isEmpty, memories.count < most else { return }
        try addTerms(totals)
        known.formUnion(subjects)
        memories += try store.search(anyOf: words, filter: filter, limit: most - memories.count, total: totals.memories)
            .filter { !known.contains($0.memory.id) }
            // Another word is worth less than the word itself, so what the index makes of it has no say.
            .map { MemoryCandidate(features: MemoryFeatures($0.memory)) }
        if memories.isEmpty { try addNames(&memories, filter) }
    }

    /// Nothing holds the words: memories that have one as a part of a name in code, `pool` in `ClientPool`.
    private func addNames(_ memories: inout [MemoryCandidate], _ filter: MemoryQuery) throws(SQLiteError) {
        var named: Set<Int> = []
        for term in question.terms where term.isAsked {
            named.formUnion(try store.memories(holdingPart: term.text, most: wanted))
        }
        memories += try store.memories(numbered: named.sorted(), filter: filter).map { memory in
            var candidate = MemoryCandidate(memory)
            candidate.features.isPart = true
            return candidate
        }
    }
}

extension Retrieval.MemoryCandidate {
    fileprivate init(_ hit: SearchHit) {
        self.init(features: MemoryFeatures(hit.memory))
        features.match = Double(hit.match) / 1e6
        features.isPart = hit.match == 0
    }
}
