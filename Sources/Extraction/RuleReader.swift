import Memories
import RulePacks
import Transcripts

/// Asks rules what they make of a segment, and decides which of several speaks.
final class RuleReader {
    private let matcher: RuleMatcher
    private let facts: [RuleFacts]
    /// Those that speak only under certain headings.
    private let underHeadings: RuleNumbers
    /// By role: the rules that read it, and those of them without keywords, which are asked for every segment.
    private let readers: [RuleNumbers]
    private let unfiltered: [RuleNumbers]
    /// Those that somebody asked for, of their own packs or of a domain, and those under a heading, where an item of two words says
    /// enough.
    private let asked: RuleNumbers
    /// What `readers(ofTool:)` said.
    private var toolReaders: [String?: RuleNumbers] = [:]
    private var verdicts = RuleVerdicts()
    /// Every rule.
    let all: RuleNumbers

    init(matcher: RuleMatcher) {
        self.matcher = matcher
        let rules = matcher.rules
        facts = rules.map(RuleFacts.init)
        underHeadings = RuleNumbers(rules.indices.filter { rules[$0].under != nil }, count: rules.count)
        all = RuleNumbers(rules.indices, count: rules.count)
        asked = RuleNumbers(
            rules.indices.filter { rules[$0].isOwn || rules[$0].isOfDomain || rules[$0].under != nil },
            count: rules.count)
        readers = Role.allCases.map { role in
            RuleNumbers(rules.indices.filter { rules[$0].roles.contains(role) }, count: rules.count)
        }
        unfiltered = Role.allCases.map { role in
            RuleNumbers(
                rules.indices.filter { rules[$0].keywords.isEmpty && rules[$0].roles.contains(role) },
                count: rules.count)
        }
    }

    /// Rules without keywords, which are asked for every segment of a role.
    func unfiltered(_ role: Role) -> RuleNumbers { unfiltered[role.index] }

    /// Leaves the rules that a person added or switched on, and those under a heading; the floor of the scoring table does not silence them.
    ///
    /// - Returns: Whether there are any.
    func keepAsked(_ woken: inout RuleNumbers) -> Bool {
        woken.formIntersection(asked)
        return !woken.isEmpty
    }

    /// The rules that read the output of a tool.
    func readers(ofTool tool: String?) -> RuleNumbers {
        if let known = toolReaders[tool] { return known }
        let numbers = matcher.rules.indices.filter {
            let tools = matcher.rules[$0].tools
            return tools.isEmpty || tool.map(tools.contains) ?? false
        }
        var readers = RuleNumbers(numbers, count: facts.count)
        readers.formIntersection(self.readers[Role.tool.index])
        // A transcript may name any number of tools.
        if toolReaders.count < 256 { toolReaders[tool] = readers }
        return readers
    }

    /// - Parameter woken: Rules whose keywords occur and rules without keywords.
    func apply(
        _ woken: RuleNumbers, to reading: inout SegmentReading, in bytes: UnsafeBufferPointer<UInt8>, role: Role,
        judge: TranscriptExtractor.Judge
    ) {
        let segment = reading.segment
        let readers = readers[role.index]
        guard woken.meets(readers) else { return }
        let text = UnsafeBufferPointer(rebasing: bytes[segment.range])
        let label = UnsafeBufferPointer(rebasing: bytes[segment.label])
        let heading = UnsafeBufferPointer(rebasing: bytes[segment.heading])
        let signature = verdicts.signature(role, woken, text, label, heading)
        switch verdicts[signature] {
        case nil: break
        case .silence: return
        case .fired(let known):
            for index in known.fired { facts[index].note(in: &reading.features) }
            let speakers = ranked(known.fired, reading.features, judge)
            if speakers == known.speakers {
                reading.matches = known.matches
                reading.otherRules = known.otherRules
                return
            }
        }

        var surroundings: [String]?
        var fired: [Int] = []
        let stops = matcher.stops
        matcher.beginSegment(text)
        woken.forEachShared(with: readers) { index in
            if underHeadings.contains(index) {
                guard !label.isEmpty || !heading.isEmpty else { return }
                if surroundings == nil {
                    surroundings = [String(decoding: label, as: UTF8.self), String(decoding: heading, as: UTF8.self)]
                }
            }
            if matcher.fires(index, on: text, under: surroundings ?? []) { fired.append(index) }
        }
        guard !fired.isEmpty else { return verdicts.insert(.silence, for: signature) }
        for index in fired { facts[index].note(in: &reading.features) }
        let speakers = ranked(fired, reading.features, judge)
        for (rank, speaker) in speakers.enumerated() {
            let matches = matches(of: speaker, on: text, under: surroundings ?? [])
            guard !matches.isEmpty else { continue }
            reading.matches = matches
            reading.otherRules = speakers.enumerated().filter { $0.offset != rank }.map(\.element).sorted()
            break
        }
        if matcher.stops == stops {
            let known = RuleVerdicts.Fired(
                fired: fired, speakers: speakers, matches: reading.matches, otherRules: reading.otherRules)
            verdicts.insert(.fired(known), for: signature)
        } else {
            // A rule that is stopped often enough is switched off: what was said with it does not hold any more.
            verdicts.forgetFired()
        }
    }

    /// The memories that a rule reads out of a segment, without repetition.
    private func matches(of rule: Int, on text: UnsafeBufferPointer<UInt8>, under surroundings: [String]) -> [RuleMatch]
    {
        var matches: [RuleMatch] = []
        for outcome in matcher.outcomes(of: rule, on: text, under: surroundings) {
            guard case .match(let match) = outcome, !matches.contains(where: { $0.statement == match.statement }) else {
                continue
            }
            matches.append(match)
        }
        return matches
    }

    /// Forgets what the transcript before taught.
    func beginTranscript() { verdicts.beginTranscript() }

    /// A person's own rules first, then those whose category suits the words best; of equals the one with the higher base,
    /// then the earlier one.
    private func ranked(_ fired: [Int], _ features: FeatureSet, _ judge: TranscriptExtractor.Judge) -> [Int] {
        guard fired.count > 1 else { return fired }
        let affinities = fired.map { judge.affinity(features, facts[$0].category) }
        return fired.indices.sorted { a, b in
            (facts[fired[a]].isOwn ? 1 : 0, affinities[a], facts[fired[a]].level, b)
                > (facts[fired[b]].isOwn ? 1 : 0, affinities[b], facts[fired[b]].level, a)
        }.map { fired[$0] }
    }
}

/// The parts of a rule that are asked for every segment, without the rest.
private struct RuleFacts {
    let category: MemoryCategory
    let level: Int
    let isOwn: Bool
    private let isOfDomain: Bool

    init(_ rule: Rule) {
        category = rule.category
        level = rule.importance.level
        isOwn = rule.isOwn
        isOfDomain = rule.isOfDomain
    }

    /// Adds the features of a rule that fired.
    func note(in features: inout FeatureSet) {
        features.insert(.ruleFired)
        if isOwn { features.insert(.ruleOwn) }
        if isOfDomain { features.insert(.ruleDomain) }
        if level >= 4 { features.insert(.ruleStrong) }
        if level >= 5 { features.insert(.ruleCritical) }
        features.insert(.fired(category))
    }
}
