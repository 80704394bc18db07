import LiteralSearch
import Memories
public import RulePacks

/// Whether rules read what their examples say.
public struct ExampleCheck {
    private let matcher: RuleMatcher

    public init(rules: [Rule]) {
        matcher = RuleMatcher(rules: rules)
    }

    /// The examples of one rule that fail, those for a match first.
    ///
    /// - Parameter index: Into the rules that were given.
    /// - Returns: Errors at the example itself, or at the override that broke an example of a layer below.
    public func failures(of index: Int) -> [RulePackError] {
        let rule = matcher.rules[index]
        var failures: [RulePackError] = []
        func fail(_ problem: RulePackError.ExampleProblem, _ text: String, _ location: SourceLocation) {
            let change = rule.changedAt.flatMap { $0.file == location.file ? nil : $0 }
            failures.append(
                RulePackError(
                    .exampleFails(
                        problem, rule: rule.id, text: text, inheritedFrom: change == nil ? nil : location),
                    at: change ?? location))
        }
        matcher.beginTranscript()
        for example in rule.matchExamples {
            guard let match = matches(index, example.text, under: example.under).first else {
                fail(.notRead, example.text, example.location)
                continue
            }
            if let statement = example.statement, statement != match.statement {
                fail(.readOtherwise(match.statement), example.text, example.location)
            } else if let key = example.key, match.key != "\(rule.category.rawValue):\(Statement.folded(key))" {
                fail(.otherKey(match.key), example.text, example.location)
            }
        }
        for example in rule.rejectExamples where !matches(index, example.text, under: example.under).isEmpty {
            fail(.notRefused, example.text, example.location)
        }
        return failures
    }

    /// - Throws: When an example of a rule fails that overrides have changed.
    public static func checkChanged(_ set: RuleSet) throws(RulePackErrors) {
        let changed = set.running.filter { set.rules[$0].changedAt != nil }
        guard !changed.isEmpty else { return }
        let check = ExampleCheck(rules: set.rules)
        let failures = changed.flatMap(check.failures)
        guard failures.isEmpty else { throw RulePackErrors(failures) }
    }

    /// What one rule makes of a text, asked in the way of extraction: no keyword, no match.
    private func matches(_ index: Int, _ text: String, under: String?) -> [RuleMatch] {
        let keywords = matcher.rules[index].keywords
        let folded = KeywordFolding.folded(text.utf8)
        guard keywords.isEmpty || keywords.contains(where: { folded.holds(Array($0.utf8)) }) else { return [] }
        var text = text
        matcher.beginSegment()
        return text.withUTF8 { bytes in
            matcher.outcomes(of: index, on: bytes, under: under.map { [$0, ""] } ?? ["", ""])
        }.compactMap { if case .match(let match) = $0 { match } else { nil } }
    }
}

extension [UInt8] {
    fileprivate func holds(_ part: [UInt8]) -> Bool {
        guard part.count <= count else { return false }
        return (0...(count - part.count)).contains { self[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
