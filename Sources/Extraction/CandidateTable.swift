import Memories
import RulePacks

/// The distinct candidates of a transcript, bounded in number.
///
/// The same statement by the same rule is one candidate with several sightings. When there are too many, the weakest of
/// those that nothing can change any more are dropped and counted.
struct CandidateTable {
    /// Above this many the weakest half is dropped.
    static let limit = 6_000
    /// Places that are kept for one candidate; more are only counted.
    static let sightingLimit = 32

    var candidates: [Candidate] = []
    private(set) var dropped = 0
    private var byIdentity: [UInt64: Int] = [:]
    private var repetition = RepetitionIndex()

    /// Adds what one segment gave; all share their words, their features and their place.
    ///
    /// - Parameters:
    ///   - found: May be empty: a segment that gave nothing can still be a repetition of another.
    ///   - isPlausible: Only plausible segments are compared, so that showing the others changes nothing.
    ///   - settled: Candidates with an index below this can't be changed by what follows.
    /// - Returns: Whether it is time to prune.
    mutating func add(_ found: [Candidate], words: [UInt32], line: Int, isPlausible: Bool, settled: Int) -> Bool {
        var fresh: [Candidate] = []
        for candidate in found {
            if let index = byIdentity[candidate.identity] {
                candidates[index].merge(candidate)
            } else {
                fresh.append(candidate)
            }
        }
        guard !fresh.isEmpty || found.isEmpty else { return false }
        let start = candidates.count
        for (offset, candidate) in fresh.enumerated() { byIdentity[candidate.identity] = start + offset }
        candidates += fresh
        if isPlausible {
            repetition.add(words, line: line, candidates: start..<candidates.count, marking: &candidates)
        }
        return candidates.count > CandidateTable.limit && settled > CandidateTable.limit / 2
    }

    /// Drops the weaker half of the settled candidates.
    ///
    /// - Returns: How many went.
    mutating func prune(settled: Int, score: (FeatureSet, Role) -> Int) -> Int {
        let scores = candidates[..<settled].map { score($0.features, $0.sighting.role) }
        let order = (0..<settled).sorted { (scores[$0], $1) > (scores[$1], $0) }
        let going = Set(order[(settled / 2)...])
        var newIndex = [Int?](repeating: nil, count: candidates.count)
        var kept: [Candidate] = []
        for index in candidates.indices where !going.contains(index) {
            newIndex[index] = kept.count
            kept.append(candidates[index])
        }
        candidates = kept
        repetition.renumber(newIndex)
        byIdentity = byIdentity.compactMapValues { newIndex[$0] }
        dropped += going.count
        return going.count
    }

    mutating func markRepetitions() { repetition.mark(&candidates) }
}

extension Candidate {
    /// The same for the same statement of the same rule.
    fileprivate var identity: UInt64 {
        var hash: UInt64 = 14_695_981_039_346_656_037 &+ UInt64(rule.map { 2 * $0 + 2 } ?? 0)
        if !isInReach { hash &+= 1 }
        for byte in statement.utf8 {
            hash = (hash ^ UInt64(KeywordFolding.folded(byte))) &* 1_099_511_628_211
        }
        return hash
    }

    /// The same statement again: one more sighting; the place that speaks more for it becomes the first one.
    fileprivate mutating func merge(_ again: Candidate) {
        features.insert(Feature.repeatRelated)
        features.insert(Feature.repeatSimilar)
        features.insert(Feature.repeatSame)
        features.insert(Feature.repeatContained)
        sightingCount += 1
        if again.gateScore > gateScore, again.sighting.role == sighting.role {
            let repeats = features.intersection(Feature.repetition)
            features = again.features
            features.formUnion(repeats)
            gateScore = again.gateScore
            if otherSightings.count < CandidateTable.sightingLimit { otherSightings.append(sighting) }
            sighting = again.sighting
        } else if otherSightings.count < CandidateTable.sightingLimit {
            otherSightings.append(again.sighting)
        }
    }
}
