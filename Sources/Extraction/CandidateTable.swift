import CByteSearch
import Memories
import RulePacks

/// The distinct candidates of a transcript, bounded in number.
///
/// The same statement by the same rule is one candidate with several sightings. When there are too many, the weakest of
/// those that nothing can change any more are dropped and counted.
struct CandidateTable {
    /// Above this many the weakest half is dropped.
    static let limit = 1_500
    /// Places that are kept for one candidate; more are only counted.
    static let sightingLimit = 8

    var candidates: [Candidate] = []
    private(set) var dropped = 0
    private var byIdentity = IdentityTable()
    private var repetition = RepetitionIndex()

    /// Notes one more sighting of a statement that is known; nothing is built for it.
    ///
    /// - Returns: False when the statement is new.
    mutating func merge(_ identity: UInt64, _ again: Again) -> Bool {
        guard let index = byIdentity[identity] else { return false }
        candidates[index].merge(again)
        return true
    }

    /// A statement that is said again, by the same rule.
    struct Again {
        var features: FeatureSet
        var gateScore: Int
        var sighting: Sighting
        var passage: Passage?
    }

    /// Adds what one segment gave; all share their words, their features and their place.
    ///
    /// - Parameter settled: Candidates with an index below this can't be changed by what follows.
    /// - Returns: Whether it is time to prune.
    mutating func add(_ found: [Candidate], settled: Int) -> Bool {
        let start = candidates.count
        for place in found.indices {
            guard let known = byIdentity[found[place].identity] else {
                candidates.append(found[place])
                continue
            }
            let again = Again(
                features: found[place].features, gateScore: found[place].gateScore, sighting: found[place].sighting,
                passage: found[place].passage)
            candidates[known].merge(again)
        }
        guard start < candidates.count else { return false }
        for index in start..<candidates.count { byIdentity[candidates[index].identity] = index }
        repetition.add(
            candidates[start].words, line: candidates[start].sighting.line, role: candidates[start].sighting.role,
            candidates: start..<candidates.count, marking: &candidates)
        return candidates.count > CandidateTable.limit && settled > CandidateTable.limit / 2
    }

    /// Drops the weaker half of the settled candidates.
    ///
    /// - Returns: How many went.
    mutating func prune(settled: Int, score: (FeatureSet, Role) -> Int) -> Int {
        let scores = (0..<settled).map { score(candidates[$0].features, candidates[$0].sighting.role) }
        let order = scores.withUnsafeBufferPointer { scores in
            (0..<settled).sorted { scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1] }
        }
        var isGoing = [Bool](repeating: false, count: candidates.count)
        for index in order[(settled / 2)...] { isGoing[index] = true }
        var newIndex = [Int?](repeating: nil, count: candidates.count)
        var kept = 0
        candidates.withUnsafeMutableBufferPointer { candidates in
            for index in candidates.indices where !isGoing[index] {
                newIndex[index] = kept
                // The others are moved up, not copied: an array would copy them to swap them.
                if kept < index { candidates.swapAt(kept, index) }
                kept += 1
            }
        }
        let going = candidates.count - kept
        candidates.removeLast(going)
        repetition.renumber(newIndex)
        byIdentity.renumber(newIndex)
        dropped += going
        return going
    }

    mutating func markRepetitions() { repetition.mark(&candidates) }

    /// Hands the candidates out, and forgets everything.
    mutating func takeCandidates() -> [Candidate] {
        var taken: [Candidate] = []
        swap(&taken, &candidates)
        self = CandidateTable()
        return taken
    }
}

extension Candidate {
    /// The same for the same statement of the same rule; ASCII case and bold marks do not count.
    static func identity(of text: UnsafeBufferPointer<UInt8>, rule: Int?) -> UInt64 {
        let seed = UInt64(rule.map { $0 + 1 } ?? 0) &* 0x9E37_79B9_7F4A_7C15
        guard let base = text.baseAddress, cbs_find(base, text.count, UInt8(ascii: "*")) >= 0 else {
            return TextHash.folded(text, seed)
        }
        var kept: [UInt8] = []
        kept.reserveCapacity(text.count)
        var afterStar = false
        for byte in text {
            if byte == UInt8(ascii: "*") {
                afterStar.toggle()
                continue
            }
            if afterStar { kept.append(UInt8(ascii: "*")) }
            afterStar = false
            kept.append(byte)
        }
        return kept.withUnsafeBufferPointer { TextHash.folded($0, seed) }
    }

    static func identity(of text: String, rule: Int?) -> UInt64 {
        var text = text
        return text.withUTF8 { identity(of: $0, rule: rule) }
    }

    /// One more sighting; the place that speaks more for the statement becomes the first one.
    fileprivate mutating func merge(_ again: CandidateTable.Again) {
        features.formUnion([.repeatRelated, .repeatSimilar, .repeatSame, .repeatContained])
        sightingCount += 1
        latestLine = max(latestLine, again.sighting.line)
        var place = again.sighting
        // The words are the same, but for markup and case; one copy of them is enough.
        place.quote = sighting.quote
        if again.gateScore > gateScore, place.role == sighting.role {
            let repeats = features.intersection(Feature.repetition)
            features = again.features
            features.formUnion(repeats)
            gateScore = again.gateScore
            passage = again.passage
            swap(&sighting, &place)
        }
        guard otherSightings.count < CandidateTable.sightingLimit, otherSightings.last?.line != place.line else {
            return
        }
        otherSightings.append(place)
    }
}
