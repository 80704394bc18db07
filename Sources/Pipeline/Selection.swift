import Extraction
import Importance
import Memories
import RulePacks

/// Chooses what is kept of a transcript's candidates: the latest of a series, one of each fact, the best up to the limit.
struct Selection {
    let plan: ExtractionPlan
    /// In their order; all that follows goes by its number. Copies would cost more than the choice.
    private var candidates: [Candidate] = []
    private var items: [Scored] = []
    /// In the order in which they were chosen.
    private var kept: [Int] = []
    private var refused: [Refusal] = []
    private(set) var counts = RefusalCounts()

    /// What the scorer says of a candidate.
    private struct Scored {
        var category: MemoryCategory
        var score: Int
        var count: Int
        /// The places of others that say the same.
        var repetitions: [Sighting] = []
        /// The sentence beside it that became a part of it.
        var joined: Int?
    }

    /// One that may still be kept.
    private struct Waiting {
        let item: Int
        let score: Int
        let isAbove: Bool
        /// What it loses for what is kept already, in thousandths.
        var penalty = 0
        /// Where most of it is said.
        var overlapLine = 0

        var worth: Int { score - penalty }
    }

    init(plan: ExtractionPlan) {
        self.plan = plan
    }

    /// - Parameter below: Candidates that could not reach the threshold; the judge has counted them.
    /// - Returns: The memories in the order of their first line, and what was refused when the plan asks for it.
    mutating func choose(from candidates: [Candidate], below: [Candidate]) -> (memories: [Memory], refused: [Refusal]) {
        refused = below.map { Refusal(reason: .score, memory: memory($0, scored($0))) }
        self.candidates = candidates
        items = candidates.map(scored)
        keepBest(of: refuseSuperseded())
        let chosen = kept.sorted {
            (candidates[$0].sighting.line, items[$1].score) < (candidates[$1].sighting.line, items[$0].score)
        }
        refused.sort {
            ($0.memory.sightings[0].line, $0.memory.content) < ($1.memory.sightings[0].line, $1.memory.content)
        }
        return (chosen.map { memory(candidates[$0], items[$0]) }, refused)
    }

    // MARK: -

    private func scored(_ candidate: Candidate) -> Scored {
        Scored(
            category: candidate.category ?? plan.scorer.category(candidate.features),
            score: plan.scorer.score(candidate.features, role: candidate.sighting.role), count: candidate.sightingCount)
    }

    /// Of statements with one key the last one stands, in the categories where the latest wins, and of a value that a person
    /// corrects the correction.
    private mutating func refuseSuperseded() -> [Int] {
        var last: [String: Int] = [:]
        for index in items.indices {
            guard let key = candidates[index].key, items[index].category.latestWins, isAbove(items[index].score)
            else { continue }
            if let before = last[key], candidates[before].latestLine > candidates[index].latestLine {
                continue
            }
            last[key] = index
        }
        // Few of all candidates, looked for once: each of the others is compared with these alone.
        let renewing = items.indices.filter { isAbove(items[$0].score) && mayRenew($0) }
        var current: [Int] = []
        current.reserveCapacity(items.count)
        for index in items.indices {
            if let key = candidates[index].key, let final = last[key], final != index,
                candidates[final].statement != candidates[index].statement, items[index].category.latestWins
            {
                refuse(index, .superseded(line: candidates[final].latestLine))
            } else if let correction = correction(of: index, among: renewing) {
                refuse(index, .superseded(line: candidates[correction].latestLine))
            } else {
                current.append(index)
            }
        }
        return current
    }

    private func isAbove(_ score: Int) -> Bool { score >= plan.scorer.table.threshold }

    /// Keeps the best, then the best of what is left with regard to what is kept, and so on.
    private mutating func keepBest(of current: [Int]) {
        var waiting: [Waiting] = []
        waiting.reserveCapacity(current.count)
        for index in current {
            let isAbove = isAbove(items[index].score)
            if isAbove || isPartner(index) {
                waiting.append(Waiting(item: index, score: items[index].score, isAbove: isAbove))
            } else {
                refuse(index, refutedBelow(index) ? .refuted : .score)
            }
        }
        while kept.count < plan.scorer.table.maximumPerTranscript, let best = bestIndex(waiting) {
            let item = waiting.remove(at: best).item
            join(item, from: &waiting)
            if namesNothing(item) {
                refuse(item, .empty)
                continue
            }
            kept.append(item)
            note(item, in: &waiting)
        }
        for rest in waiting {
            if !rest.isAbove {
                refuse(rest.item, refutedBelow(rest.item) ? .refuted : .score)
            } else if rest.penalty > 0, rest.worth < threshold(of: rest.item), rest.score >= threshold(of: rest.item) {
                refuse(rest.item, .overlap(line: rest.overlapLine))
            } else {
                refuse(rest.item, .limit)
            }
        }
    }

    /// Whether only other sentences make clear what it says: it may stand beside one, not alone.
    private func namesNothing(_ item: Int) -> Bool {
        ([item] + (items[item].joined.map { [$0] } ?? [])).allSatisfy {
            candidates[$0].features.contains(.namesNothing)
        }
    }

    /// What the next one needs: the more there is, the more a further one must speak for itself.
    ///
    /// A person's rules count the same wherever they stand and however much else is said: they need half as much more.
    private func threshold(of item: Int) -> Int {
        let rise = plan.scorer.table.thresholdStep * kept.count
        let isRule = candidates[item].sighting.role == .user && candidates[item].rule != nil
        return plan.scorer.table.threshold + (isRule ? rise / 2 : rise)
    }

    /// The first of those that are worth most.
    private func bestIndex(_ waiting: [Waiting]) -> Int? {
        var best: Int?
        for index in waiting.indices where waiting[index].worth >= threshold(of: waiting[index].item) {
            if best.map({ waiting[index].worth > waiting[$0].worth }) ?? true { best = index }
        }
        return best
    }

    /// Whether it is too weak to stand alone, but not to stand beside another.
    private func isPartner(_ index: Int) -> Bool {
        guard let joining = plan.scorer.table.joining else { return false }
        return candidates[index].passage?.isWhole == true && items[index].score >= joining.threshold
    }

    /// Takes the sentence beside it in, the better one of two.
    private mutating func join(_ item: Int, from waiting: inout [Waiting]) {
        let candidate = candidates[item]
        guard let joining = plan.scorer.table.joining, let passage = candidate.passage else { return }
        let words = Statement.wordCount(candidate.statement)
        var best: Int?
        for index in waiting.indices where waiting[index].worth >= joining.threshold {
            let other = waiting[index].item
            guard let place = candidates[other].passage, passage.isBeside(place),
                candidates[other].sighting.role == candidate.sighting.role,
                !Selection.isSameFact(candidate, candidates[other]),
                !startsAnew(item, other, passage.index < place.index),
                words + Statement.wordCount(candidates[other].statement) <= joining.words
            else { continue }
            if best.map({ waiting[index].worth > waiting[$0].worth }) ?? true { best = index }
        }
        guard let best else { return }
        items[item].joined = waiting.remove(at: best).item
    }

    /// Whether a person sets a rule in the second of two sentences, behind the task at hand or a fault that is to be mended:
    /// that is another matter.
    private func startsAnew(_ item: Int, _ other: Int, _ otherIsSecond: Bool) -> Bool {
        let (first, second) = otherIsSecond ? (item, other) : (other, item)
        return items[second].category == .constraint && candidates[second].sighting.role == .user
            && [.task, .bug].contains(items[first].category)
    }

    /// Takes out of what waits what is the same as a kept one, and notes what it has in common with the rest.
    private mutating func note(_ item: Int, in waiting: inout [Waiting]) {
        let parts = [item] + (items[item].joined.map { [$0] } ?? [])
        let line = candidates[item].sighting.line
        var left = 0
        for place in waiting.indices {
            var other = waiting[place]
            var isSame = false
            var isSighting = false
            for part in parts where !isSame {
                let shared = ContentWords.shared(candidates[part].words, candidates[other.item].words)
                if other.isAbove, Selection.isSameFact(candidates[part], candidates[other.item], sharing: shared) {
                    // Two facts of one form: that they share words takes nothing from either.
                    isSame = !Contrast.stands(
                        between: candidates[part].statement, and: candidates[other.item].statement)
                    isSighting = Selection.isEvidence(candidates[other.item], of: candidates[part], sharing: shared)
                    continue
                }
                guard let overlap = plan.scorer.table.overlap else { continue }
                if isCorrection(other.item, of: part) || isCorrection(part, of: other.item) { continue }
                let own = candidates[other.item].words.count
                let isApart = isApart(other.item, from: part)
                let shorter = isApart ? own : min(candidates[part].words.count, own)
                let full = overlap.penalty(share: shorter == 0 ? 0 : shared * 1000 / shorter)
                let penalty = isApart ? full / 2 : full
                if penalty > other.penalty {
                    other.penalty = penalty
                    other.overlapLine = line
                }
            }
            if isSame {
                if isSighting {
                    items[item].repetitions += Selection.sightings(candidates[other.item])
                    items[item].count += items[other.item].count
                }
                refuse(other.item, .repetition(line: line))
            } else {
                waiting[left] = other
                left += 1
            }
        }
        waiting.removeLast(waiting.count - left)
    }

    /// Whether what it says is another matter than what a kept one says, though both share words: a person's words beside the
    /// assistant's, what is open or forbidden beside what is not, a figure beside an earlier one.
    private func isApart(_ waiting: Int, from kept: Int) -> Bool {
        let (a, b) = (candidates[waiting], candidates[kept])
        if a.sighting.role == .user, b.sighting.role != .user { return true }
        if items[waiting].category != items[kept].category,
            [.task, .constraint].contains(items[waiting].category)
        {
            return true
        }
        let (own, others) = a.guards.numbersApart(from: b.guards)
        return own > 0 && others > 0 && a.latestLine > b.latestLine
    }

    /// The first later one that gives another value for the same thing.
    private func correction(of index: Int, among renewing: [Int]) -> Int? {
        guard candidates[index].guards.hasNumbers else { return nil }
        return renewing.first { isCorrection($0, of: index) || isNewValue($0, of: index) }
    }

    /// Whether it gives a value that may take the place of another one.
    private func mayRenew(_ index: Int) -> Bool {
        candidates[index].guards.hasNumbers
            && (candidates[index].guards.isRenewed
                || candidates[index].sighting.role == .user && candidates[index].features.contains(.messageCorrects))
    }

    /// Whether nearly the same words are said later with another value, which is said to be new: "the job takes 38 minutes", "the
    /// job takes 11 minutes now". Without such a word two values are two facts.
    private func isNewValue(_ later: Int, of earlier: Int) -> Bool {
        let (a, b) = (candidates[later], candidates[earlier])
        guard a.latestLine > b.latestLine, items[later].category.latestWins, items[earlier].category.latestWins,
            a.guards.renews(b.guards)
        else { return false }
        let shared = ContentWords.shared(a.words, b.words)
        let (shorter, longer) = (min(a.words.count, b.words.count) - 1, max(a.words.count, b.words.count) - 1)
        return shared >= 2 && shared >= shorter && shared * 2 >= longer
    }

    /// Whether a person says another value than before for what the same words name: "actually use port 9090".
    private func isCorrection(_ later: Int, of earlier: Int) -> Bool {
        guard candidates[later].sighting.role == .user, candidates[later].features.contains(.messageCorrects),
            candidates[earlier].sighting.role == .user, candidates[later].latestLine > candidates[earlier].latestLine
        else { return false }
        let (a, b) = (candidates[later], candidates[earlier])
        let (own, others) = a.guards.numbersApart(from: b.guards)
        guard own > 0, others > 0 else { return false }
        let shared = ContentWords.shared(a.words, b.words)
        let shorter = min(a.words.count - own, b.words.count - others)
        return shared > 0 && shared * 2 >= shorter
    }

    /// Whether it would be kept had nobody objected.
    private func refutedBelow(_ index: Int) -> Bool {
        var features = candidates[index].features
        features.remove(.refutedByUser)
        features.remove(.refutedByAssistant)
        guard features != candidates[index].features else { return false }
        return isAbove(plan.scorer.score(features, role: candidates[index].sighting.role))
    }

    /// Two wordings of one fact: most content words are shared, and neither numbers nor negation disagree.
    static func isSameFact(_ a: Candidate, _ b: Candidate) -> Bool {
        isSameFact(a, b, sharing: ContentWords.shared(a.words, b.words))
    }

    private static func isSameFact(_ a: Candidate, _ b: Candidate, sharing shared: Int) -> Bool {
        let union = a.words.count + b.words.count - shared
        let shorter = min(a.words.count, b.words.count)
        guard shared > 0, shared * 2 >= union || shorter >= 4 && shared * 4 >= shorter * 3 else { return false }
        return FactGuards.agree(a.guards, b.guards)
    }

    /// Whether a repetition says so much of a fact that it is one more place where it was said: all of its words, or half of
    /// those of both.
    private static func isEvidence(_ repetition: Candidate, of fact: Candidate, sharing shared: Int) -> Bool {
        let union = repetition.words.count + fact.words.count - shared
        return shared * 2 >= union || shared == min(repetition.words.count, fact.words.count)
    }

    private static func sightings(_ candidate: Candidate) -> [Sighting] {
        [candidate.sighting] + candidate.otherSightings
    }

    /// The two parts in the order in which they were said.
    private func inOrder(_ candidate: Candidate, _ item: Scored) -> (first: Candidate, second: Candidate)? {
        guard let other = item.joined.map({ candidates[$0] }), let a = candidate.passage, let b = other.passage else {
            return nil
        }
        return a.index < b.index ? (candidate, other) : (other, candidate)
    }

    private mutating func refuse(_ index: Int, _ reason: Refusal.Reason) {
        counts.add(reason)
        guard plan.keepsRefusals else { return }
        refused.append(Refusal(reason: reason, memory: memory(candidates[index], items[index])))
    }

    private func importance(_ candidate: Candidate, _ category: MemoryCategory, _ rule: Rule?) -> Importance {
        if let rule, rule.givesImportance { return rule.importance }
        var features = candidate.features
        features.insert(.taken(as: category))
        return plan.scorer.importance(features)
    }

    private func memory(_ candidate: Candidate, _ item: Scored) -> Memory {
        let rule = candidate.rule.map { plan.engine.rules[$0] }
        let features = candidate.features
        var content = candidate.statement
        var place = candidate.sighting
        if let parts = inOrder(candidate, item) {
            content = Statement.joined(parts.first.statement, parts.second.statement)
            place.quote = parts.first.sighting.quote + " " + parts.second.sighting.quote
        }
        // Places on one line are one place to a reader.
        var places = [place]
        for sighting in (Selection.sightings(candidate) + item.repetitions).sorted(by: {
            ($0.line, $0.bytes.lowerBound) < ($1.line, $1.bytes.lowerBound)
        })
        where !places.contains(where: { $0.line == sighting.line && $0.role == sighting.role }) {
            places.append(sighting)
        }
        return Memory(
            category: item.category, content: content,
            importance: importance(candidate, item.category, rule),
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
