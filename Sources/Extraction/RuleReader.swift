import Memories
import RulePacks
import Transcripts

/// Asks rules what they make of a segment, and decides which of several speaks.
final class RuleReader {
    private let matcher: RuleMatcher
    private let facts: [RuleFacts]
    /// By role: the rules that read it, and those of them without keywords, which are asked for every segment.
    private let readers: [RuleNumbers]
    private let unfiltered: [RuleNumbers]
    private let own: RuleNumbers
    /// What `readers(ofTool:)` said.
    private var toolReaders: [String?: RuleNumbers] = [:]
    private var misses = MissCache()
    /// Every rule.
    let all: RuleNumbers

    init(matcher: RuleMatcher) {
        self.matcher = matcher
        let rules = matcher.rules
        facts = rules.map(RuleFacts.init)
        all = RuleNumbers(rules.indices, count: rules.count)
        own = RuleNumbers(rules.indices.filter { rules[$0].isOwn }, count: rules.count)
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

    /// Leaves the rules that a person added; the floor of the scoring table does not silence them.
    ///
    /// - Returns: Whether there are any.
    func keepOwn(_ woken: inout RuleNumbers) -> Bool {
        woken.formIntersection(own)
        return !woken.isEmpty
    }

    /// The rules that read the output of a tool.
    func readers(ofTool tool: String?) -> RuleNumbers {
        if let known = toolReaders[tool] { return known }
        let numbers = facts.indices.filter { facts[$0].reads(tool: tool) }
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
        let signature = MissCache.signature(role, text, label, heading)
        guard !misses.contains(signature) else { return }

        var surroundings: [String]?
        var fired: [Int] = []
        var features = reading.features
        matcher.beginSegment()
        woken.forEachShared(with: readers) { index in
            if facts[index].hasUnder {
                guard !label.isEmpty || !heading.isEmpty else { return }
                if surroundings == nil {
                    surroundings = [String(decoding: label, as: UTF8.self), String(decoding: heading, as: UTF8.self)]
                }
            }
            guard matcher.fires(index, on: text, under: surroundings ?? []) else { return }
            facts[index].note(in: &features)
            fired.append(index)
        }
        reading.features = features
        guard !fired.isEmpty else { return misses.insert(signature) }
        let speakers = fired.count == 1 ? fired : ranked(fired, reading.features, judge)
        for (rank, speaker) in speakers.enumerated() {
            let matches = matches(of: speaker, on: text, under: surroundings ?? [])
            guard !matches.isEmpty else { continue }
            reading.matches = matches
            reading.otherRules = speakers.enumerated().filter { $0.offset != rank }.map(\.element).sorted()
            return
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
    func beginTranscript() { misses = MissCache() }

    /// A person's own rules first, then those whose category suits the words best; of equals the one with the higher base,
    /// then the earlier one.
    private func ranked(_ fired: [Int], _ features: FeatureSet, _ judge: TranscriptExtractor.Judge) -> [Int] {
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
    let hasUnder: Bool
    let isOwn: Bool
    private let tools: Set<String>

    init(_ rule: Rule) {
        category = rule.category
        level = rule.importance.level
        hasUnder = rule.under != nil
        isOwn = rule.isOwn
        tools = rule.tools
    }

    func reads(tool: String?) -> Bool { tools.isEmpty || tool.map(tools.contains) ?? false }

    /// Adds the features of a rule that fired.
    func note(in features: inout FeatureSet) {
        features.insert(.ruleFired)
        if isOwn { features.insert(.ruleOwn) }
        if level >= 4 { features.insert(.ruleStrong) }
        if level >= 5 { features.insert(.ruleCritical) }
        switch category {
        case .decision: features.insert(.ruleDecision)
        case .constraint: features.insert(.ruleConstraint)
        case .result: features.insert(.ruleResult)
        case .config: features.insert(.ruleConfig)
        case .bug: features.insert(.ruleBug)
        case .task: features.insert(.ruleTask)
        case .arch: features.insert(.ruleArch)
        case .note: features.insert(.ruleNote)
        }
    }
}

/// Texts that no rule matched, so that what stands in a transcript again is not tried again.
///
/// A direct-mapped table of 64-bit signatures: bounded, and what it forgets is only tried once more.
private struct MissCache {
    private static let size = 1 << 16
    private var signatures = [UInt64](repeating: 0, count: MissCache.size)

    func contains(_ signature: UInt64) -> Bool { signatures[Int(signature % UInt64(MissCache.size))] == signature }

    mutating func insert(_ signature: UInt64) { signatures[Int(signature % UInt64(MissCache.size))] = signature }

    /// Everything that rules look at.
    static func signature(_ role: Role, _ parts: UnsafeBufferPointer<UInt8>...) -> UInt64 {
        var hash = UInt64(role.index + 1) &* 0x9E37_79B9_7F4A_7C15
        for part in parts {
            hash = mixed(hash ^ UInt64(part.count))
            var position = 0
            while position + 8 <= part.count {
                let word = UnsafeRawBufferPointer(part).loadUnaligned(fromByteOffset: position, as: UInt64.self)
                hash = mixed(hash ^ UInt64(littleEndian: word))
                position += 8
            }
            while position < part.count {
                hash = mixed(hash ^ UInt64(part[position]))
                position += 1
            }
        }
        return hash | 1
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        let product = value &* 0xD6E8_FEB8_6659_FD93
        return product ^ (product >> 32)
    }
}
