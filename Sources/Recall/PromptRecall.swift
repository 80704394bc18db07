public import SQLite
public import Storage

/// Finds what the anchors of a prompt call for.
public struct PromptRecall {
    /// What an anchor names in more memories than this tells nothing.
    static let mostHits = 200
    /// A name in code or a phrase in at most so many memories is enough by itself.
    static let fewHits = 20

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

    public init(_ store: MemoryStore) { self.store = store }

    /// Memories that are clearly meant, the best first; mostly none.
    ///
    /// - Parameters:
    ///   - session: What it holds in its context already is left out.
    ///   - limit: At most so many.
    public func memories(
        for anchors: PromptAnchors, session: String, limit: Int
    ) throws(SQLiteError) -> [InjectableMemory] {
        guard !anchors.isEmpty else { return [] }
        let newest = try store.newestMemory
        guard newest > 0 else { return [] }
        var evidence: [Int: Evidence] = [:]
        for id in anchors.ids { evidence[id, default: Evidence()].exact += 2 }
        for name in anchors.names {
            let hits = try store.memories(holdingName: name, most: PromptRecall.mostHits)
            let isMixedCase = name.allSatisfy(\.isLetter)
            count(hits, newest, atMost: isMixedCase ? PromptRecall.fewHits / 3 : PromptRecall.fewHits) {
                evidence[$0, default: Evidence()].exact += 1
                evidence[$0]?.weight += $1
            }
        }
        for phrase in anchors.phrases {
            let hits = try store.memories(holdingWords: phrase, most: PromptRecall.mostHits)
            count(hits, newest, atMost: PromptRecall.fewHits) {
                evidence[$0, default: Evidence()].exact += 1
                evidence[$0]?.weight += $1
            }
        }
        let rare = max(2, min(50, newest / 100))
        for word in anchors.words {
            let hits = try store.memories(holdingWords: word.text, most: rare + 1)
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
        return Array(found.prefix(limit))
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
