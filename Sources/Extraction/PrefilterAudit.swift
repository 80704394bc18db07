public import Memories
public import RulePacks
public import Transcripts

/// What the prefilter spares, and whether it loses anything: every pattern on every sentence, beside the keywords that stand
/// in it. Slow by design. Belongs to one thread.
public final class PrefilterAudit {
    /// Of one rule, over all that was read.
    public struct Count: Sendable, Equatable {
        /// Sentences of its roles.
        public var sentences = 0
        /// Those in which a keyword stands, or all of a rule without keywords.
        public var woken = 0
        /// Those in which it reads something.
        public var matched = 0
        /// Those in which it would read something, were it woken: must be none.
        public var lost = 0
    }

    private let rules: [Rule]
    private let matcher: RuleMatcher
    private let literals: LiteralIndex
    public private(set) var counts: [Count]
    /// The first few sentences that were lost.
    public private(set) var losses: [(rule: String, text: String)] = []
    /// The first few things that each rule read.
    public private(set) var samples: [[String]]

    public init(rules: [Rule]) {
        self.rules = rules
        matcher = RuleMatcher(rules: rules)
        literals = LiteralIndex(of: rules, where: { _ in true })
        counts = Array(repeating: Count(), count: rules.count)
        samples = Array(repeating: [], count: rules.count)
    }

    /// Reads one message.
    public func add(_ cut: SegmentedText, role: Role) {
        matcher.beginTranscript()
        cut.bytes.withUnsafeBufferPointer { bytes in
            for segment in cut.segments {
                let text = UnsafeBufferPointer(rebasing: bytes[segment.range])
                var woken = RuleNumbers(count: rules.count)
                for (literal, _) in literals.matches(in: text) { literals.wake(&woken, by: literal) }
                let surroundings = [cut.text(segment.label), cut.text(segment.heading)]
                matcher.beginSegment()
                for index in rules.indices where rules[index].roles.contains(role) {
                    add(index, text, surroundings, isWoken: rules[index].keywords.isEmpty || woken.contains(index))
                }
            }
        }
    }

    private func add(_ index: Int, _ text: UnsafeBufferPointer<UInt8>, _ surroundings: [String], isWoken: Bool) {
        counts[index].sentences += 1
        if isWoken { counts[index].woken += 1 }
        let read = matcher.outcomes(of: index, on: text, under: surroundings).compactMap { outcome -> String? in
            if case .match(let match) = outcome { match.statement } else { nil }
        }
        guard let first = read.first else { return }
        guard isWoken else {
            counts[index].lost += 1
            if losses.count < 20 { losses.append((rules[index].id, String(decoding: text, as: UTF8.self))) }
            return
        }
        counts[index].matched += 1
        if samples[index].count < 3, !samples[index].contains(first) { samples[index].append(first) }
    }
}
