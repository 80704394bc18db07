public import SQLite
public import Storage

/// Finds what the anchors of a prompt call for: these decide what is clearly meant, `Ranking` which of it comes first. Where they
/// name nothing, as mostly, nothing is ranked.
public struct PromptRecall {
    /// What an anchor names in more memories than this tells nothing.
    static let mostHits = 200
    /// A name in code or a phrase in at most so many memories is enough by itself.
    static let fewHits = 20
    /// So many characters of a prompt tell its form.
    private static let formLength = 600

    private struct Evidence {
        /// Names, phrases and numbers.
        var exact = 0
        /// Rare words, and those of them that are names.
        var words = 0
        var names = 0
        /// The rarer, the more.
        var weight = 0
    }

    private let store: MemoryStore
    private let options: RecallOptions

    /// - Parameter options: Their reach is that of the anchors, whatever they say.
    public init(_ store: MemoryStore, _ options: RecallOptions = RecallOptions()) {
        self.store = store
        self.options = options
    }

    /// Memories that are clearly meant, the best first; mostly none.
    ///
    /// - Parameters:
    ///   - prompt: The prompt itself: its form tells which kind of memory it asks for.
    ///   - session: What it holds in its context already is left out.
    ///   - limit: At most so many.
    public func memories(
        for anchors: PromptAnchors, of prompt: String, session: String, limit: Int
    ) throws(SQLiteError) -> [InjectableMemory] {
        guard !anchors.isEmpty else { return [] }
        let newest = try store.newestMemory
        guard newest > 0 else { return [] }
        var evidence: [Int: Evidence] = [:]
        /// How many memories hold each anchor.
        var counts: [(anchor: String, count: Int)] = []
        for id in anchors.ids { evidence[id, default: Evidence()].exact += 2 }
        for forms in anchors.names {
            // The whole path, else less of it.
            var (name, hits) = ("", [Int]())
            for form in forms where hits.isEmpty {
                name = form
                hits = try self.hits(form)
            }
            counts.append((name, hits.count))
            let isMixedCase = name.allSatisfy(\.isLetter)
            count(hits, newest, atMost: isMixedCase ? PromptRecall.fewHits / 3 : PromptRecall.fewHits) {
                evidence[$0, default: Evidence()].exact += 1
                evidence[$0]?.weight += $1
            }
        }
        for phrase in anchors.phrases {
            let hits = try store.memories(holdingWords: phrase, most: PromptRecall.mostHits)
            counts.append((phrase, hits.count))
            count(hits, newest, atMost: PromptRecall.fewHits) {
                evidence[$0, default: Evidence()].exact += 1
                evidence[$0]?.weight += $1
            }
        }
        let rare = max(2, min(50, newest / 100))
        for word in anchors.words {
            let hits = try store.memories(holdingWords: word.text, most: rare + 1)
            counts.append((word.text, hits.count))
            count(hits, newest, atMost: rare) {
                evidence[$0, default: Evidence()].words += 1
                evidence[$0]?.weight += $1
                if word.isName, hits.count <= 3 { evidence[$0]?.names += 1 }
            }
        }
        let wordCount = anchors.words.count
        let relevant = evidence.filter { PromptRecall.isRelevant($0.value, words: wordCount) }
        guard let best = relevant.values.map(\.weight).max() else { return [] }
        let ranked = relevant.filter { $0.value.exact > 1 || $0.value.weight * 2 >= best }
            .sorted { a, b in
                (a.value.exact, a.value.weight, a.key) > (b.value.exact, b.value.weight, b.key)
            }
        let found = try store.injectable(ranked.prefix(4 * limit).map(\.key), toSession: session)
        guard found.count > 1 else { return found.map(\.memory) }
        let ranking = try ranking(anchors, prompt, counts, newest)
        var near: Set<Int> = []
        if let directory = options.directory, try store.hasSessions(outside: directory) {
            near = try store.memories(found.map(\.memory.id), saidIn: directory)
        }
        let weighed = found.map { candidate -> (memory: InjectableMemory, worth: Int) in
            var features = MemoryFeatures(candidate)
            features.isOfPlace = near.contains(features.id)
            return (candidate.memory, ranking.worth(of: features).thousandths)
        }
        return weighed.sorted { a, b in (a.worth, a.memory.id) > (b.worth, b.memory.id) }.prefix(limit).map(\.memory)
    }

    /// The words of the anchors, weighed by how many memories hold them.
    private func ranking(
        _ anchors: PromptAnchors, _ prompt: String, _ counts: [(anchor: String, count: Int)], _ newest: Int
    ) throws(SQLiteError) -> Ranking {
        let question = Question(anchors, of: String(prompt.prefix(PromptRecall.formLength)))
        var weights = TermWeights()
        for (anchor, count) in counts {
            let information = TermWeights.information(of: count, among: newest)
            for word in Words.all(in: anchor) { weights.add(word, weight: 1, information: information) }
        }
        let now: String
        if let given = options.now { now = given } else { now = try store.newestTime() }
        return Ranking(
            question: question, weights: weights, recency: Recency(now: now, halfLife: options.halfLife),
            directory: options.directory)
    }

    /// A name of several words is found by these next to each other, at a tenth of the cost of finding it as a part of
    /// another.
    private func hits(_ name: String) throws(SQLiteError) -> [Int] {
        let words = name.split { !$0.isLetter && !$0.isNumber }
        if words.count > 1 || words.first?.utf8.count == name.utf8.count {
            let hits = try store.memories(holdingWords: words.joined(separator: " "), most: PromptRecall.mostHits)
            if !hits.isEmpty { return hits }
        }
        return try store.memories(holdingName: name, most: PromptRecall.mostHits)
    }

    /// Hands out each hit of an anchor that is rare enough, with what such a hit weighs: twice the bits that it tells.
    private func count(_ hits: [Int], _ newest: Int, atMost most: Int, _ add: (Int, Int) -> Void) {
        guard !hits.isEmpty, hits.count <= most else { return }
        let ratio = max(2, (newest + 1) * 4 / hits.count)
        let weight = Int.bitWidth - ratio.leadingZeroBitCount
        for hit in hits { add(hit, weight) }
    }

    /// Of words alone it takes several, or a name that hardly anything else has.
    private static func isRelevant(_ evidence: Evidence, words: Int) -> Bool {
        if evidence.exact > 0 || evidence.names > 0 || evidence.words >= 3 { return true }
        return evidence.words >= 2 && evidence.words * 3 >= words || evidence.words == 1 && words == 1
    }
}
