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
        /// The sentence beside it that became a part of it.
        var joined: Candidate?

        var parts: [Candidate] { joined.map { [candidate, $0] } ?? [candidate] }
    }

    /// One that may still be kept.
    private struct Waiting {
        var item: Scored
        /// What it loses for what is kept already, in thousandths.
        var penalty = 0
        /// Where most of it is said.
        var overlapLine = 0

        var worth: Int { item.score - penalty }
    }

    init(plan: ExtractionPlan) {
        self.plan = plan
    }

    /// - Parameter below: Candidates that could not reach the threshold; the judge has counted them.
    /// - Returns: The memories in the order of their first line, and what was refused when the plan asks for it.
    mutating func choose(from candidates: [Candidate], below: [Candidate]) -> (memories: [Memory], refused: [Refusal]) {
        refused = below.map { Refusal(reason: .score, memory: memory(scored($0))) }
        let current = refuseSuperseded(candidates.map(scored))
        keepBest(of: current)
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

    /// Keeps the best, then the best of what is left with regard to what is kept, and so on.
    private mutating func keepBest(of current: [Scored]) {
        var waiting: [Waiting] = []
        for item in current {
            if isAbove(item) {
                waiting.append(Waiting(item: item))
            } else if !isPartner(item) {
                refuse(item, refutedBelow(item) ? .refuted : .score)
            } else {
                waiting.append(Waiting(item: item))
            }
        }
        while kept.count < plan.scorer.table.maximumPerTranscript, let best = bestIndex(waiting) {
            var item = waiting.remove(at: best).item
            join(&item, from: &waiting)
            kept.append(item)
            note(kept.count - 1, in: &waiting)
        }
        for rest in waiting {
            if !isAbove(rest.item) {
                refuse(rest.item, refutedBelow(rest.item) ? .refuted : .score)
            } else if rest.penalty > 0, rest.worth < currentThreshold, rest.item.score >= currentThreshold {
                refuse(rest.item, .repetition(line: rest.overlapLine))
            } else {
                refuse(rest.item, .limit)
            }
        }
    }

    /// What the next one needs: the more there is, the more a further one must speak for itself.
    private var currentThreshold: Int {
        plan.scorer.table.threshold + plan.scorer.table.thresholdStep * kept.count
    }

    /// The first of those that are worth most.
    private func bestIndex(_ waiting: [Waiting]) -> Int? {
        var best: Int?
        for index in waiting.indices where waiting[index].worth >= currentThreshold {
            if best.map({ waiting[index].worth > waiting[$0].worth }) ?? true { best = index }
        }
        return best
    }

    /// Whether it is too weak to stand alone, but not to stand beside another.
    private func isPartner(_ item: Scored) -> Bool {
        guard let joining = plan.scorer.table.joining else { return false }
        return item.candidate.passage?.isWhole == true && item.score >= joining.threshold
    }

    /// Takes the sentence beside it in, the better one of two.
    private func join(_ item: inout Scored, from waiting: inout [Waiting]) {
        guard let joining = plan.scorer.table.joining, let passage = item.candidate.passage else { return }
        let words = Statement.wordCount(item.candidate.statement)
        var best: Int?
        for index in waiting.indices where waiting[index].worth >= joining.threshold {
            let other = waiting[index].item.candidate
            guard other.sighting.role == item.candidate.sighting.role, let place = other.passage,
                passage.isBeside(place), !Selection.isSameFact(item.candidate, other),
                !Selection.startsAnew(item, waiting[index].item, passage.index < place.index),
                words + Statement.wordCount(other.statement) <= joining.words
            else { continue }
            if best.map({ waiting[index].worth > waiting[$0].worth }) ?? true { best = index }
        }
        guard let best else { return }
        item.joined = waiting.remove(at: best).item.candidate
    }

    /// Whether a person sets a rule in the second of two sentences, behind the task at hand or a fault that is to be mended:
    /// that is another matter.
    private static func startsAnew(_ item: Scored, _ other: Scored, _ otherIsSecond: Bool) -> Bool {
        let (first, second) = otherIsSecond ? (item, other) : (other, item)
        return second.category == .constraint && second.candidate.sighting.role == .user
            && [.task, .bug].contains(first.category)
    }

    /// Takes out of what waits what is the same as a kept one, and notes what it has in common with the rest.
    private mutating func note(_ place: Int, in waiting: inout [Waiting]) {
        let parts = kept[place].parts
        let line = kept[place].candidate.sighting.line
        var rest: [Waiting] = []
        rest.reserveCapacity(waiting.count)
        for var other in waiting {
            if isAbove(other.item), parts.contains(where: { Selection.isSameFact($0, other.item.candidate) }) {
                kept[place].sightings += other.item.sightings
                kept[place].count += other.item.count
                refuse(other.item, .repetition(line: line))
                continue
            }
            if let overlap = plan.scorer.table.overlap {
                for part in parts {
                    let penalty = overlap.penalty(share: Selection.share(part, other.item.candidate))
                    if penalty > other.penalty {
                        other.penalty = penalty
                        other.overlapLine = line
                    }
                }
            }
            rest.append(other)
        }
        waiting = rest
    }

    /// Which part of the words of the shorter one both have, in thousandths.
    static func share(_ a: Candidate, _ b: Candidate) -> Int {
        let shorter = min(a.words.count, b.words.count)
        return shorter == 0 ? 0 : ContentWords.shared(a.words, b.words) * 1000 / shorter
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

    /// The two parts in the order in which they were said.
    private static func inOrder(_ item: Scored) -> (first: Candidate, second: Candidate)? {
        guard let other = item.joined, let a = item.candidate.passage, let b = other.passage else { return nil }
        return a.index < b.index ? (item.candidate, other) : (other, item.candidate)
    }

    private static func content(_ item: Scored) -> String {
        inOrder(item).map { Statement.joined($0.first.statement, $0.second.statement) } ?? item.candidate.statement
    }

    private static func place(_ item: Scored) -> Sighting {
        var place = item.candidate.sighting
        if let parts = inOrder(item) { place.quote = parts.first.sighting.quote + " " + parts.second.sighting.quote }
        return place
    }

    private mutating func refuse(_ item: Scored, _ reason: Refusal.Reason) {
        counts.add(reason)
        if plan.keepsRefusals { refused.append(Refusal(reason: reason, memory: memory(item))) }
    }

    private func importance(_ item: Scored, _ rule: Rule?) -> Importance {
        if let rule, rule.givesImportance { return rule.importance }
        var features = item.candidate.features
        features.insert(.taken(as: item.category))
        return plan.scorer.importance(features)
    }

    private func memory(_ item: Scored) -> Memory {
        let candidate = item.candidate
        let rule = candidate.rule.map { plan.engine.rules[$0] }
        let features = candidate.features
        // Places on one line are one place to a reader.
        var places = [Selection.place(item)]
        for sighting in item.sightings.sorted(by: { ($0.line, $0.bytes.lowerBound) < ($1.line, $1.bytes.lowerBound) })
        where !places.contains(where: { $0.line == sighting.line && $0.role == sighting.role }) {
            places.append(sighting)
        }
        return Memory(
            category: item.category, content: Selection.content(item),
            importance: importance(item, rule),
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
