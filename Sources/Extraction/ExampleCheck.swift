import LiteralSearch
import Memories
public import RulePacks

/// Whether rules read what their examples say.
public struct ExampleCheck {
    private let matcher: RuleMatcher

    public init(rules: [Rule]) {
        matcher = RuleMatcher(rules: rules)
        matcher.beginTranscript()
    }

    /// The examples of one rule that fail, those for a match first.
    ///
    /// - Parameter index: Into the rules that were given.
    /// - Returns: Errors that are placed at the example.
    public func failures(of index: Int) -> [RulePackError] {
        let rule = matcher.rules[index]
        var failures: [RulePackError] = []
        for example in rule.matchExamples {
            guard let match = matches(index, example.text, under: example.under).first else {
                failures.append(
                    RulePackError(
                        .exampleNotRead(rule: rule.id, text: example.text, at: example.location), at: example.location))
                continue
            }
            if let statement = example.statement, statement != match.statement {
                failures.append(otherwise(rule, example, match.statement))
            } else if let key = example.key, match.key != "\(rule.category.rawValue):\(Statement.folded(key))" {
                failures.append(otherwise(rule, example, match.key ?? ""))
            }
        }
        for example in rule.rejectExamples where !matches(index, example.text, under: example.under).isEmpty {
            failures.append(
                RulePackError(
                    .exampleNotRefused(rule: rule.id, text: example.text, at: example.location), at: example.location))
        }
        return failures
    }

    /// - Throws: When an example of a rule fails that overrides have changed; told at the override.
    public static func checkChanged(_ set: RuleSet) throws(RulePackErrors) {
        let changed = set.running.filter { set.rules[$0].changedAt != nil }
        guard !changed.isEmpty else { return }
        let check = ExampleCheck(rules: set.rules)
        let failures = changed.flatMap { index in
            check.failures(of: index).map { failure in
                RulePackError(failure.code, at: set.rules[index].changedAt ?? failure.location)
            }
        }
        guard failures.isEmpty else { throw RulePackErrors(failures) }
    }

    /// What one rule makes of a text, asked in the way of extraction: no keyword, no match.
    private func matches(_ index: Int, _ text: String, under: String?) -> [RuleMatch] {
        let keywords = matcher.rules[index].keywords
        let folded = KeywordFolding.folded(text.utf8)
        guard keywords.isEmpty || keywords.contains(where: { folded.holds(Array($0.utf8)) }) else { return [] }
        var text = text
        return text.withUTF8 { bytes in
            matcher.outcomes(of: index, on: bytes, under: under.map { [$0, ""] } ?? ["", ""])
        }.compactMap { if case .match(let match) = $0 { match } else { nil } }
    }

    private func otherwise(_ rule: Rule, _ example: Rule.MatchExample, _ found: String) -> RulePackError {
        RulePackError(
            .exampleReadOtherwise(rule: rule.id, text: example.text, found: found, at: example.location),
            at: example.location)
    }
}

extension [UInt8] {
    fileprivate func holds(_ part: [UInt8]) -> Bool {
        guard part.count <= count else { return false }
        return (0...(count - part.count)).contains { self[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
