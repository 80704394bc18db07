import Memories
import RulePacks
import Transcripts

/// What one segment gave: its features, and what the rules made of it.
struct SegmentReading {
    var segment: Int
    var shape: TextShape
    var features: FeatureSet
    /// One for each memory that rules read out of it; empty when none did.
    var matches: [RuleMatch] = []
    var otherRules: [Int] = []
    var exceptions: [(rule: Int, why: String)] = []
}

/// Reads a block's segments: literals in one pass, then the rules whose keywords occur, then the features.
final class SegmentReader {
    let matcher: RuleMatcher
    let vocabulary: FeatureVocabulary
    private let literals: LiteralIndex
    /// Rules without keywords are tried on every segment.
    private let unfiltered: [Int]
    private let usesPrefilter: Bool
    private let narration: Int?
    private let objection: Int?
    private let correction: Int?

    /// - Parameter usesPrefilter: False tries every rule on every segment; a test shows that both give the same.
    init(rules: [Rule], table: ScoringTable, usesPrefilter: Bool = true) {
        matcher = RuleMatcher(rules: rules)
        vocabulary = FeatureVocabulary(table)
        literals = LiteralIndex(rules: rules, table: table)
        unfiltered = rules.indices.filter { rules[$0].keywords.isEmpty }
        self.usesPrefilter = usesPrefilter
        narration = vocabulary.number(of: "opening.narration")
        objection = vocabulary.number(of: "opening.objection")
        correction = vocabulary.number(of: "opening.correction")
    }

    /// Whether the words begin with an objection ("no, …", "that's wrong") or take something back ("you're right").
    struct Attitude {
        var objects = false
        var corrects = false
    }

    /// Reads all segments of a message.
    func read(
        _ cut: SegmentedText, place: MessagePlace, judge: TranscriptExtractor.Judge
    ) -> (readings: [SegmentReading], attitude: Attitude) {
        let literalsFound = findLiterals(in: cut)
        let proseLength = cut.proseLength
        var readings: [SegmentReading] = []
        readings.reserveCapacity(cut.segments.count)
        var surroundings = SurroundingsCache()
        cut.bytes.withUnsafeBufferPointer { bytes in
            for (index, segment) in cut.segments.enumerated() {
                let text = UnsafeBufferPointer(rebasing: bytes[segment.range])
                let shape = TextShape(text)
                var features = SegmentFeatures.structural(
                    of: index, in: cut, text: text, shape: shape, place: place, proseLength: proseLength)
                let here = literalsFound[index]
                for feature in here.cues { features.insert(feature) }
                for (feature, start) in here.openings where start == segment.range.lowerBound + shape.openingOffset {
                    features.insert(feature)
                }
                for feature in surroundings.features(segment, cut, literals) { features.insert(feature) }
                var reading = SegmentReading(segment: index, shape: shape, features: features)
                applyRules(here.rules, text, segment, cut, place.role, judge, &reading)
                readings.append(reading)
            }
        }
        noteNeighbours(&readings, place.role)
        var attitude = Attitude()
        if let first = readings.first {
            attitude.objects = objection.map(first.features.contains) ?? false
            attitude.corrects = correction.map(first.features.contains) ?? false
        }
        return (readings, attitude)
    }

    /// Runs the rules for tool output on its lines; lines without a keyword are not looked at again.
    func readToolOutput(
        _ cut: SegmentedText, tool: String?, judge: TranscriptExtractor.Judge
    ) -> [SegmentReading] {
        let found = findLiterals(in: cut)
        var readings: [SegmentReading] = []
        cut.bytes.withUnsafeBufferPointer { bytes in
            for (index, segment) in cut.segments.enumerated() {
                let rules = usesPrefilter ? found[index].rules + unfiltered : Array(matcher.rules.indices)
                let wanted = rules.filter { rule in
                    let rule = matcher.rules[rule]
                    return rule.roles.contains(.tool) && (rule.tools.isEmpty || tool.map(rule.tools.contains) ?? false)
                }
                guard !wanted.isEmpty else { continue }
                let text = UnsafeBufferPointer(rebasing: bytes[segment.range])
                let shape = TextShape(text)
                var reading = SegmentReading(
                    segment: index, shape: shape,
                    features: SegmentFeatures.structural(
                        of: index, in: cut, text: text, shape: shape, place: MessagePlace(role: .tool),
                        proseLength: segment.range.count))
                applyRules(wanted, text, segment, cut, .tool, judge, &reading)
                if !reading.matches.isEmpty { readings.append(reading) }
            }
        }
        return readings
    }

    // MARK: -

    private struct Literals {
        var cues: [Int] = []
        var openings: [(feature: Int, start: Int)] = []
        var rules: [Int] = []
    }

    private func findLiterals(in cut: SegmentedText) -> [Literals] {
        var found = [Literals](repeating: Literals(), count: cut.segments.count)
        guard !found.isEmpty else { return found }
        var current = 0
        cut.bytes.withUnsafeBufferPointer { bytes in
            literals.forEachUse(in: bytes) { use, range in
                while current < cut.segments.count, cut.segments[current].range.upperBound < range.upperBound {
                    current += 1
                }
                guard current < cut.segments.count, cut.segments[current].range.lowerBound <= range.lowerBound else {
                    return
                }
                switch use {
                case .keyword(let rule):
                    if !found[current].rules.contains(rule) { found[current].rules.append(rule) }
                case .cue(let feature):
                    if !found[current].cues.contains(feature), AhoCorasick.isWholeWord(range, in: bytes) {
                        found[current].cues.append(feature)
                    }
                case .opening(let feature):
                    if AhoCorasick.isWholeWord(range, in: bytes) {
                        found[current].openings.append((feature, range.lowerBound))
                    }
                }
            }
        }
        return found
    }

    private func applyRules(
        _ hit: [Int], _ text: UnsafeBufferPointer<UInt8>, _ segment: Segment, _ cut: SegmentedText, _ role: Role,
        _ judge: TranscriptExtractor.Judge, _ reading: inout SegmentReading
    ) {
        let candidates = usesPrefilter ? (hit + unfiltered) : Array(matcher.rules.indices)
        guard !candidates.isEmpty else { return }
        var surroundings: [String]?
        var fired: [(rule: Int, matches: [RuleMatch])] = []
        for index in candidates.sorted() where matcher.rules[index].roles.contains(role) {
            let rule = matcher.rules[index]
            if rule.under != nil, surroundings == nil { surroundings = [cut.text(segment.label), cut.text(segment.heading)] }
            var matches: [RuleMatch] = []
            for outcome in matcher.outcomes(of: index, on: text, under: surroundings ?? []) {
                switch outcome {
                case .match(let match): matches.append(match)
                case .excepted(let rule, let why): reading.exceptions.append((rule, why))
                case .incomplete: break
                }
            }
            guard !matches.isEmpty else { continue }
            noteRule(rule, &reading.features)
            fired.append((index, matches))
        }
        guard let speaker = speaker(among: fired.map(\.rule), reading.features, judge) else { return }
        reading.otherRules = fired.map(\.rule).filter { $0 != speaker }
        reading.matches = fired.first { $0.rule == speaker }?.matches ?? []
        var seen: Set<String> = []
        reading.matches.removeAll { !seen.insert($0.statement).inserted }
    }

    /// The rule whose category suits the words best; of equals the one with the higher base, then the earlier one.
    private func speaker(among fired: [Int], _ features: FeatureSet, _ judge: TranscriptExtractor.Judge) -> Int? {
        var best: (rule: Int, affinity: Int)?
        for index in fired {
            let affinity = judge.affinity(features, matcher.rules[index].category)
            if let before = best {
                let level = matcher.rules[before.rule].importance.level
                guard (affinity, matcher.rules[index].importance.level) > (before.affinity, level) else { continue }
            }
            best = (index, affinity)
        }
        return best?.rule
    }

    private func noteRule(_ rule: Rule, _ features: inout FeatureSet) {
        features.insert(Feature.ruleFired)
        if rule.importance.level >= 4 { features.insert(Feature.ruleStrong) }
        if rule.importance.level >= 5 { features.insert(Feature.ruleCritical) }
        let category: Feature
        switch rule.category {
        case .decision: category = .ruleDecision
        case .constraint: category = .ruleConstraint
        case .result: category = .ruleResult
        case .config: category = .ruleConfig
        case .bug: category = .ruleBug
        case .task: category = .ruleTask
        case .arch: category = .ruleArch
        case .note: category = .ruleNote
        }
        features.insert(category)
    }

    private func noteNeighbours(_ readings: inout [SegmentReading], _ role: Role) {
        for index in readings.indices {
            if index + 1 < readings.count, let narration, readings[index + 1].features.contains(narration) {
                readings[index].features.insert(Feature.beforeNarration)
            }
            if let correction {
                if readings[index].features.contains(correction) { readings[index].features.insert(Feature.correction) }
                if index > 0, readings[index - 1].features.contains(correction) {
                    readings[index].features.insert(Feature.afterCorrection)
                }
            }
            if role == .user, let objection, readings[index].features.contains(objection) {
                readings[index].features.insert(Feature.objection)
            }
        }
    }
}

/// The features of the heading and the label above a segment; they change seldom from one segment to the next.
private struct SurroundingsCache {
    private var heading = 0..<0
    private var label = 0..<0
    private var cached: [Int] = []

    mutating func features(_ segment: Segment, _ cut: SegmentedText, _ literals: LiteralIndex) -> [Int] {
        guard segment.heading != heading || segment.label != label else { return cached }
        heading = segment.heading
        label = segment.label
        cached = cut.bytes.withUnsafeBufferPointer { bytes in
            literals.features(of: UnsafeBufferPointer(rebasing: bytes[heading]), as: .heading)
                + literals.features(of: UnsafeBufferPointer(rebasing: bytes[label]), as: .label)
        }
        return cached
    }
}
