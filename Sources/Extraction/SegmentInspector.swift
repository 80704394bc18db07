public import Memories
public import Transcripts
import RulePacks

/// What one rule made of a segment.
public struct RuleFinding: Sendable, Equatable {
    /// Index among the rules of the engine.
    public var rule: Int
    /// Keywords of the rule that stand in the segment, as they are written there; empty for a rule without keywords.
    public var keywords: [String]
    /// Empty when the pattern does not match.
    public var outcomes: [RuleOutcome]
}

/// Asks all rules about segments, one by one: for explanations. Belongs to one thread.
///
/// Extraction asks fewer, because a segment that speaks too little for itself is not asked further.
public final class SegmentInspector {
    private let engine: ExtractionEngine
    private let matcher: RuleMatcher

    public init(engine: ExtractionEngine) {
        self.engine = engine
        matcher = RuleMatcher(rules: engine.rules)
    }

    /// For each segment the rules of the role whose keyword stands in it, in their order; a rule without keywords only when
    /// its pattern matches.
    public func findings(in cut: SegmentedText, role: Role) -> [[RuleFinding]] {
        matcher.beginTranscript()
        return cut.bytes.withUnsafeBufferPointer { bytes in
            let keywords = keywords(in: bytes, cut, role)
            return cut.segments.indices.map { index in
                let segment = cut.segments[index]
                let surroundings = [cut.text(segment.label), cut.text(segment.heading)]
                let text = UnsafeBufferPointer(rebasing: bytes[segment.range])
                matcher.beginSegment()
                return engine.rules.indices.compactMap { number -> RuleFinding? in
                    let rule = engine.rules[number]
                    guard rule.roles.contains(role), rule.status != .deprecated else { return nil }
                    let found = keywords[index][number] ?? []
                    guard !found.isEmpty || rule.keywords.isEmpty else { return nil }
                    let outcomes = matcher.outcomes(of: number, on: text, under: surroundings)
                    guard !found.isEmpty || !outcomes.isEmpty else { return nil }
                    return RuleFinding(rule: number, keywords: found, outcomes: outcomes)
                }
            }
        }
    }

    /// For each segment: by rule, the keywords that stand in it.
    private func keywords(
        in bytes: UnsafeBufferPointer<UInt8>, _ cut: SegmentedText, _ role: Role
    ) -> [[Int: [String]]] {
        let literals = LiteralIndex(of: engine.rules, where: { engine.rules[$0].roles.contains(role) })
        return cut.segments.map { segment in
            var found: [Int: [String]] = [:]
            let text = UnsafeBufferPointer(rebasing: bytes[segment.range])
            for (literal, range) in literals.matches(in: text) {
                let word = String(decoding: text[range], as: UTF8.self)
                var woken = RuleNumbers(count: engine.rules.count)
                literals.wake(&woken, by: literal)
                for rule in engine.rules.indices where woken.contains(rule) && found[rule]?.contains(word) != true {
                    found[rule, default: []].append(word)
                }
            }
            return found
        }
    }
}
