import Extraction
import Importance
import Memories
import RulePacks

/// Chooses what is kept of a transcript's candidates: the latest of a series, one of each fact, the best up to the limit.
struct Selection {
    let plan: ExtractionPlan
    private var kept: [Scored] = []
    private var refused: [Refusal] = []
    private(set) var counts = RefusalCounts()

    /// A candidate with what the scorer says of it.
    private struct Scored {
        var candidate: Candidate
        var category: MemoryCategory
        var score: Int
        var sightings: [Sighting]
        var count: Int
    }

    init(plan: ExtractionPlan) {
        self.plan = plan
    }

    /// - Parameter below: Candidates that could not reach the threshold; the judge has counted them.
    /// - Returns: The memories in the order of their first line, and what was refused when the plan asks for it.
    mutating func choose(from candidates: [Candidate], below: [Candidate]) -> (memories: [Memory], refused: [Refusal]) {
        refused = below.map { Refusal(reason: .score, memory: memory(scored($0))) }
        let current = refuseSuperseded(candidates.map(scored))
        let order = current.indices.sorted {
            (current[$0].score, $1) > (current[$1].score, $0)
        }
        for index in order { consider(current[index]) }
        kept.sort { ($0.candidate.sighting.line, $1.score) < ($1.candidate.sighting.line, $0.score) }
        refused.sort {
            ($0.memory.sightings[0].line, $0.memory.content) < ($1.memory.sightings[0].line, $1.memory.content)
        }
        return (kept.map(memory), refused)
    }

    // MARK: -

    private func scored(_ candidate: Candidate) -> Scored {
        Scored(
            candidate: candidate, category: candidate.category ?? plan.scorer.category(candidate.features),
            score: plan.scorer.score(candidate.features, role: candidate.sighting.role),
            sightings: [candidate.sighting] + candidate.otherSightings, count: candidate.sightingCount)
    }

    /// Of statements with one key the last one stands, in the categories where the latest wins.
    private mutating func refuseSuperseded(_ scored: [Scored]) -> [Scored] {
        var last: [String: Int] = [:]
        for (index, item) in scored.enumerated() {
            guard let key = item.candidate.key, item.category.latestWins, isAbove(item) else { continue }
            if let before = last[key], scored[before].candidate.latestLine > item.candidate.latestLine {
                continue
            }
            last[key] = index
        }
        var current: [Scored] = []
        for (index, item) in scored.enumerated() {
            if let key = item.candidate.key, let final = last[key], final != index,
                scored[final].candidate.statement != item.candidate.statement, item.category.latestWins
            {
                refuse(item, .superseded(line: scored[final].candidate.latestLine))
            } else {
                current.append(item)
            }
        }
        return current
    }

    private func isAbove(_ item: Scored) -> Bool { item.score >= plan.scorer.table.threshold }

    private mutating func consider(_ item: Scored) {
        guard isAbove(item) else { return refuse(item, refutedBelow(item) ? .refuted : .score) }
        if let same = kept.firstIndex(where: { Selection.isSameFact($0.candidate, item.candidate) }) {
            kept[same].sightings += item.sightings
            kept[same].count += item.count
            return refuse(item, .repetition(line: kept[same].candidate.sighting.line))
        }
        guard kept.count < plan.scorer.table.maximumPerTranscript else { return refuse(item, .limit) }
        kept.append(item)
    }

    /// Whether it would be kept had nobody objected.
    private func refutedBelow(_ item: Scored) -> Bool {
        var features = item.candidate.features
        features.remove(.refutedByUser)
        features.remove(.refutedByAssistant)
        guard features != item.candidate.features else { return false }
        let score = plan.scorer.score(features, role: item.candidate.sighting.role)
        return score >= plan.scorer.table.threshold
    }

    /// Two wordings of one fact: most content words are shared, and neither numbers nor negation disagree.
    static func isSameFact(_ a: Candidate, _ b: Candidate) -> Bool {
        let shared = ContentWords.shared(a.words, b.words)
        let union = a.words.count + b.words.count - shared
        guard shared > 0, FactGuards.agree(a.guards, b.guards) else { return false }
        if shared * 2 >= union { return true }
        let shorter = min(a.words.count, b.words.count)
        return shorter >= 4 && shared * 4 >= shorter * 3
    }

    private mutating func refuse(_ item: Scored, _ reason: Refusal.Reason) {
        counts.add(reason)
        if plan.keepsRefusals { refused.append(Refusal(reason: reason, memory: memory(item))) }
    }

    private func memory(_ item: Scored) -> Memory {
        let candidate = item.candidate
        let rule = candidate.rule.map { plan.engine.rules[$0] }
        let features = candidate.features
        // Places on one line are one place to a reader.
        var places = [candidate.sighting]
        for sighting in item.sightings.sorted(by: { ($0.line, $0.bytes.lowerBound) < ($1.line, $1.bytes.lowerBound) })
        where !places.contains(where: { $0.line == sighting.line && $0.role == sighting.role }) {
            places.append(sighting)
        }
        return Memory(
            category: item.category, content: candidate.statement,
            importance: plan.scorer.importance(features, base: rule?.importance ?? item.category.defaultImportance),
            score: item.score, terms: plan.scorer.terms(features, role: candidate.sighting.role),
            rule: rule.map {
                .init(
                    id: $0.id, pack: $0.pack.name, packVersion: $0.pack.version,
                    isExperimental: $0.status == .experimental)
            },
            otherRules: candidate.otherRules.map { plan.engine.rules[$0].id }, key: candidate.key,
            sightings: places, sightingCount: item.count)
    }
}

/// How many candidates were not kept, by reason.
public struct RefusalCounts: Sendable, Equatable {
    public internal(set) var score = 0
    public internal(set) var repetition = 0
    public internal(set) var superseded = 0
    public internal(set) var refuted = 0
    public internal(set) var limit = 0

    public init() {}

    mutating func add(_ reason: Refusal.Reason) {
        switch reason {
        case .score: score += 1
        case .repetition: repetition += 1
        case .superseded: superseded += 1
        case .refuted: refuted += 1
        case .limit: limit += 1
        }
    }

    public static func += (a: inout RefusalCounts, b: RefusalCounts) {
        a.score += b.score
        a.repetition += b.repetition
        a.superseded += b.superseded
        a.refuted += b.refuted
        a.limit += b.limit
    }
}
