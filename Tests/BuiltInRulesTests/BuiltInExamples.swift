import LiteralSearch
import BuiltInRules
import Extraction
import Memories
import RulePacks
import Testing

/// The shipped packs as the product reads them, once for all tests.
enum BuiltIn {
    static let packs: [RulePack] = read(BuiltInRules.packs, .builtIn) + read(BuiltInRules.domainPacks, .domain)

    private static func read(_ packs: [(file: String, bytes: [UInt8])], _ layer: RuleLayer) -> [RulePack] {
        packs.compactMap { read($0.file, $0.bytes, layer) }
    }

    private static func read(_ file: String, _ bytes: [UInt8], _ layer: RuleLayer) -> RulePack? {
        do throws(RulePackErrors) {
            return try RulePack(parsing: bytes, file: file, strictness: .builtIn, layer: layer)
        } catch {
            Issue.record("\(DiagnosticRenderer(file: file, text: bytes).render(error))")
            return nil
        }
    }
    static let rules: [Rule] = packs.flatMap(\.rules)

    static let matchExamples: [BuiltInExample<Rule.MatchExample>] = rules.enumerated().flatMap { index, rule in
        rule.matchExamples.map { BuiltInExample(rule: index, id: rule.id, text: $0.text, example: $0) }
    }
    static let rejectExamples: [BuiltInExample<Rule.RejectExample>] = rules.enumerated().flatMap { index, rule in
        rule.rejectExamples.map { BuiltInExample(rule: index, id: rule.id, text: $0.text, example: $0) }
    }
}

/// One example, named by its rule and its text.
struct BuiltInExample<Example: Sendable>: Sendable, CustomTestStringConvertible {
    var rule: Int
    var id: String
    var text: String
    var example: Example

    var testDescription: String { "\(id): \(text)" }
}

/// What one rule makes of a text, asked in the way of the product: no keyword, no match.
struct RuleReading: CustomStringConvertible {
    var hasKeyword: Bool
    var outcomes: [RuleOutcome]
    var limitReports: [LimitReport]

    init(_ index: Int, _ text: String, under: String?) {
        // A matcher compiles what it is asked for, and only that.
        let matcher = RuleMatcher(rules: BuiltIn.rules)
        matcher.beginTranscript()
        let rule = BuiltIn.rules[index]
        let folded = String(decoding: KeywordFolding.folded(text.utf8), as: UTF8.self)
        hasKeyword = rule.keywords.isEmpty || rule.keywords.contains { folded.utf8.contains($0.utf8) }
        var text = text
        outcomes = text.withUTF8 { matcher.outcomes(of: index, on: $0, under: under.map { [$0, ""] } ?? ["", ""]) }
        limitReports = matcher.limitReports
    }

    var matches: [RuleMatch] {
        guard hasKeyword else { return [] }
        return outcomes.compactMap { outcome in
            if case .match(let match) = outcome { match } else { nil }
        }
    }

    var description: String {
        guard !outcomes.isEmpty else { return "the pattern does not match" }
        let said = outcomes.map { outcome in
            switch outcome {
            case .match(let match): "gives `\(match.statement)`, key \(match.key.map { "`\($0)`" } ?? "none")"
            case .excepted(_, let why): "is taken back: \(why)"
            case .incomplete: "leaves a field of the statement empty"
            }
        }
        return said.joined(separator: "; ") + (hasKeyword ? "" : "; but no keyword occurs")
    }
}

extension Sequence<UInt8> {
    /// Whether `part` occurs as it stands.
    fileprivate func contains(_ part: some Sequence<UInt8>) -> Bool {
        let (all, wanted) = (Array(self), Array(part))
        guard wanted.count <= all.count else { return false }
        return (0...(all.count - wanted.count)).contains { all[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
}
