import Memories
public import PCRE2
public import RulePacks

/// What became of one rule on one segment.
public enum RuleOutcome: Sendable, Equatable {
    case match(RuleMatch)
    /// The pattern matched, but an exception says that it is no memory.
    case excepted(rule: Int, why: String)
    /// The pattern matched, but the statement could not be filled: a field was empty.
    case incomplete(rule: Int)
}

/// A memory that a rule read out of a segment.
public struct RuleMatch: Sendable, Equatable {
    /// Index among the rules of the matcher.
    public var rule: Int
    /// The matched bytes of the segment.
    public var range: Range<Int>
    public var statement: String
    /// `category:subject`, folded; nil when the rule has no key.
    public var key: String?
}

/// A pattern that used up its limits in a transcript.
public struct LimitReport: Sendable, Equatable {
    public var rule: String
    /// How often it was stopped.
    public var hits: Int
    /// Whether it was switched off for the rest of the transcript.
    public var isOff: Bool
}

/// Runs rules on segments: pattern, fields, statement, key, exceptions.
///
/// Patterns are compiled when they are first needed. One matcher belongs to one thread.
public final class RuleMatcher {
    public let rules: [Rule]
    /// Stopped matches after which a rule is off for the rest of the transcript.
    public static let hitsBeforeOff = 3
    /// Matches of one rule in one segment that are looked at.
    static let matchesPerSegment = 4

    private let workspace: MatchWorkspace
    private var compiled: [CompiledRule?]
    private var hits: [Int]
    private let isDeprecated: [Bool]

    public init(rules: [Rule], limits: MatchLimits = .standard) {
        self.rules = rules
        workspace = MatchWorkspace(limits: limits)
        compiled = Array(repeating: nil, count: rules.count)
        hits = Array(repeating: 0, count: rules.count)
        isDeprecated = rules.map { $0.status == .deprecated }
    }

    /// Forgets the limit hits of the transcript before.
    public func beginTranscript() {
        for index in hits.indices { hits[index] = 0 }
    }

    /// The rules that were stopped since `beginTranscript`, in their order.
    public var limitReports: [LimitReport] {
        rules.indices.filter { hits[$0] > 0 }.map {
            LimitReport(rule: rules[$0].id, hits: hits[$0], isOff: hits[$0] >= RuleMatcher.hitsBeforeOff)
        }
    }

    /// All outcomes of one rule on a segment, in order of their place. Whether a keyword occurs is the caller's question.
    ///
    /// - Parameters:
    ///   - text: The segment, valid UTF-8.
    ///   - surroundings: The bold line and the heading above it, nearest first.
    public func outcomes(
        of index: Int, on text: UnsafeBufferPointer<UInt8>, under surroundings: [String]
    ) -> [RuleOutcome] {
        guard !isDeprecated[index], hits[index] < RuleMatcher.hitsBeforeOff, let compiled = compiled(index) else {
            return []
        }
        if let under = compiled.under {
            guard surroundings.contains(where: { !$0.isEmpty && found(under, $0, index) != nil }) else { return [] }
        }
        var outcomes: [RuleOutcome] = []
        var start = 0
        while outcomes.count < RuleMatcher.matchesPerSegment, start <= text.count,
            let captures = found(compiled.pattern, text, from: start, index)
        {
            outcomes.append(outcome(of: index, compiled, captures, text))
            start = captures.nextStart(in: text)
        }
        return outcomes
    }

    private func outcome(
        of index: Int, _ compiled: CompiledRule, _ captures: Captures, _ text: UnsafeBufferPointer<UInt8>
    ) -> RuleOutcome {
        let rule = rules[index]
        for exception in compiled.exceptions {
            let hit: Captures?
            switch exception.scope {
            case .context: hit = found(exception.pattern, text, from: 0, index)
            case .match:
                hit = found(exception.pattern, UnsafeBufferPointer(rebasing: text[captures.range]), from: 0, index)
            }
            if hit != nil { return .excepted(rule: index, why: exception.why) }
        }
        let value: (String) -> String? = { name in
            if name == "sentence" { return Statement.clean(text) }
            guard let field = rule.fields.first(where: { $0.name == name }),
                let range = compiled.pattern.range(of: name, in: captures)
            else { return nil }
            let trimmed = field.kind.trimmed(String(decoding: text[range], as: UTF8.self))
            return trimmed.isEmpty ? nil : trimmed
        }
        guard let statement = rule.statement.render(value).map(Statement.clean), !statement.isEmpty else {
            return .incomplete(rule: index)
        }
        let key = rule.key?.render(value).map { "\(rule.category.rawValue):\(Statement.folded($0))" }
        return .match(RuleMatch(rule: index, range: captures.range, statement: statement, key: key))
    }

    private func found(
        _ pattern: Pattern, _ text: UnsafeBufferPointer<UInt8>, from start: Int, _ rule: Int
    ) -> Captures? {
        switch pattern.match(text, from: start, in: workspace) {
        case .match(let captures): return captures
        case .noMatch, .tooLong: return nil
        case .limitExceeded, .failed:
            hits[rule] += 1
            return nil
        }
    }

    private func found(_ pattern: Pattern, _ text: String, _ rule: Int) -> Captures? {
        var text = text
        return text.withUTF8 { found(pattern, $0, from: 0, rule) }
    }

    /// A rule was checked when its pack was read; one that does not compile here is off.
    private func compiled(_ index: Int) -> CompiledRule? {
        if let ready = compiled[index] { return ready }
        guard let fresh = try? CompiledRule(rules[index]) else {
            hits[index] = RuleMatcher.hitsBeforeOff
            return nil
        }
        compiled[index] = fresh
        return fresh
    }
}

/// The patterns of one rule, ready to match.
private struct CompiledRule {
    let pattern: Pattern
    let under: Pattern?
    let exceptions: [(why: String, scope: Rule.Exception.Scope, pattern: Pattern)]

    init(_ rule: Rule) throws {
        pattern = try Pattern(rule.pattern.source)
        under = try rule.under.map { try Pattern($0.source) }
        exceptions = try rule.exceptions.map { ($0.why, $0.scope, try Pattern($0.pattern.source)) }
    }
}
