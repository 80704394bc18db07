public import Memories
public import RulePacks

/// What came of one example of a rule.
public struct ExampleResult: Sendable, Equatable {
    public enum Kind: String, Sendable { case match, reject }

    /// Index among the rules of the runner.
    public var rule: Int
    public var kind: Kind
    public var text: String
    public var location: SourceLocation
    public var verdict: ExampleVerdict
}

/// Whether a rule does with a text what its example says.
public enum ExampleVerdict: Sendable, Equatable {
    case passed
    /// Nothing is read out of a text that must match.
    case missing(MissReason)
    /// Something is read out of a text that must not match.
    case noisy(statement: String)
    case wrongStatement(expected: String, actual: String)
    case wrongKey(expected: String, actual: String?)
    /// The match limit stopped the pattern.
    case stopped
}

/// Why a rule reads nothing out of a text.
public enum MissReason: Sendable, Equatable {
    case noKeyword
    /// The pattern, or what the text must stand under, does not match.
    case noMatch
    case excepted(why: String)
    /// A field of the statement is empty.
    case incomplete
}

/// Runs the examples of rules in the way of the product: no keyword, no match. Belongs to one thread.
public final class ExampleRunner {
    private let matcher: RuleMatcher
    private let rules: [Rule]
    /// Of the rule that was asked last.
    private var literals: (rule: Int, index: LiteralIndex)?

    public init(rules: [Rule]) {
        self.rules = rules
        matcher = RuleMatcher(rules: rules)
    }

    /// In the order of the file; none for a deprecated rule, which does not run.
    public func results(of index: Int) -> [ExampleResult] {
        let rule = rules[index]
        guard rule.status != .deprecated else { return [] }
        let match = rule.matchExamples.map { example in
            ExampleResult(
                rule: index, kind: .match, text: example.text, location: example.location,
                verdict: verdict(of: index, example))
        }
        let reject = rule.rejectExamples.map { example in
            let reading = read(index, example.text, under: example.under)
            return ExampleResult(
                rule: index, kind: .reject, text: example.text, location: example.location,
                verdict: reading.isStopped
                    ? .stopped : reading.match.map { .noisy(statement: $0.statement) } ?? .passed)
        }
        return match + reject
    }

    /// The verdict on a text that must match.
    private func verdict(of index: Int, _ example: Rule.MatchExample) -> ExampleVerdict {
        let reading = read(index, example.text, under: example.under)
        if reading.isStopped { return .stopped }
        guard let match = reading.match else { return .missing(reading.miss) }
        if let expected = example.statement, match.statement != expected {
            return .wrongStatement(expected: expected, actual: match.statement)
        }
        if let expected = example.key {
            let key = "\(rules[index].category.rawValue):\(Statement.folded(expected))"
            if match.key != key {
                let actual = match.key.map { String($0.dropFirst(rules[index].category.rawValue.count + 1)) }
                return .wrongKey(expected: Statement.folded(expected), actual: actual)
            }
        }
        return .passed
    }

    /// Whether a rule reads anything out of a text.
    public func reads(_ index: Int, _ text: String) -> Bool { read(index, text, under: nil).match != nil }

    private func literals(of index: Int) -> LiteralIndex {
        if let literals, literals.rule == index { return literals.index }
        let fresh = LiteralIndex(of: rules, where: { $0 == index })
        literals = (index, fresh)
        return fresh
    }

    private struct Reading {
        var match: RuleMatch?
        var miss: MissReason = .noMatch
        var isStopped = false
    }

    private func read(_ index: Int, _ text: String, under: String?) -> Reading {
        let literals = self.literals(of: index)
        var text = text
        return text.withUTF8 { bytes in
            guard rules[index].keywords.isEmpty || !literals.matches(in: bytes).isEmpty else {
                return Reading(miss: .noKeyword)
            }
            // Each text is a transcript of its own.
            matcher.beginTranscript()
            matcher.beginSegment()
            let outcomes = matcher.outcomes(of: index, on: bytes, under: [under ?? "", ""])
            var reading = Reading(isStopped: !matcher.limitReports.isEmpty)
            for outcome in outcomes.reversed() {
                switch outcome {
                case .match(let match): reading.match = match
                case .excepted(_, let why): reading.miss = .excepted(why: why)
                case .incomplete: reading.miss = .incomplete
                }
            }
            return reading
        }
    }
}
