import LiteralSearch
import Memories
import PCRE2

/// Whether the keywords of a rule wake it when they should, and only then.
enum KeywordChecks {
    /// In nearly every English sentence.
    private static let common: Set<String> = [
        "a", "an", "the", "is", "are", "was", "of", "to", "and", "or", "in", "on", "at", "it", "we", "i", "you", "for",
        "that", "this", "be", "as", "with", "not", "have", "has", "will", "can",
    ]

    static func findings(of linted: LintedRule) -> [LintFinding] {
        let rule = linted.rule
        guard !rule.keywords.isEmpty else { return none(linted) }
        let items = ((try? linted.mapping["keywords"]?.list()) ?? []).compactMap { node in
            (try? node.text()).map { (keyword: LintedRule.folded($0), node: node) }
        }
        let calls = rule.pattern.source.contains("(?&KEYWORD)")
        let workspace = MatchWorkspace()
        let pattern = try? Pattern(rule.pattern.source)
        var findings: [LintFinding] = []
        for (index, item) in items.enumerated() {
            func find(_ check: LintCheck, _ message: String, _ hint: String) {
                findings.append(
                    LintFinding(check, at: item.node.location, rule: rule.id, message, hint: hint))
            }
            let quoted = DisplayText.quoted(item.keyword)
            if items[..<index].contains(where: { $0.keyword == item.keyword }) {
                find(.keywordImplied, "keyword \(quoted) is there twice", "remove one of them.")
            } else if !calls, let part = items.first(where: { implies($0.keyword, item.keyword) }) {
                find(
                    .keywordImplied, "keyword \(quoted) adds nothing: it holds \(DisplayText.quoted(part.keyword))",
                    "remove the longer one.")
            }
            if common.contains(item.keyword) {
                find(
                    .keywordCommon, "keyword \(quoted) stands in nearly every sentence",
                    "take a rarer word of the pattern, or a phrase.")
            }
            if let other = otherSpelling(of: item.keyword), !rule.keywords.contains(other) {
                find(
                    .keywordApostrophe,
                    "keyword \(quoted) is not found when it is written \(DisplayText.quoted(other))",
                    "list both spellings; a typographic apostrophe is another letter.")
            }
            if !calls, let pattern, isDead(item.keyword, linted, pattern, workspace) {
                find(
                    .keywordDead, "keyword \(quoted) is not in the pattern: it wakes the rule in vain",
                    "remove it, or write `(?&KEYWORD)` in the pattern where the word stands.")
            }
        }
        for example in rule.matchExamples where !linted.hasKeyword(example.text) {
            findings.append(
                LintFinding(
                    .keywordMissing, at: example.location, rule: rule.id,
                    "this text holds none of the keywords, so the pattern is never tried on it",
                    hint: "add the word that every match has to `keywords:`."))
        }
        return findings
    }

    private static func none(_ linted: LintedRule) -> [LintFinding] {
        guard linted.rule.under == nil else { return [] }
        return [
            LintFinding(
                .keywordNone, at: linted.mapping.location, rule: linted.rule.id,
                "the pattern is tried on every sentence of \(linted.rule.roles.count == 1 ? "its role" : "its roles")",
                hint: "give the words of which one must occur in `keywords:`, or limit the rule by `under:`.")
        ]
    }

    private static func implies(_ part: String, _ whole: String) -> Bool {
        part.utf8.count < whole.utf8.count && whole.contains(part)
    }

    private static func otherSpelling(of keyword: String) -> String? {
        if keyword.contains("'") { return keyword.replacing("'", with: "\u{2019}") }
        return keyword.contains("\u{2019}") ? keyword.replacing("\u{2019}", with: "'") : nil
    }

    /// Whether neither the pattern spells the keyword nor an example matches with it.
    private static func isDead(
        _ keyword: String, _ linted: LintedRule, _ pattern: Pattern, _ workspace: MatchWorkspace
    ) -> Bool {
        let beginning = keyword.prefix { $0 != " " }.prefix(3)
        let spelled = String(decoding: KeywordFolding.folded(linted.rule.pattern.source.utf8), as: UTF8.self)
        if spelled.contains(beginning) { return false }
        for example in linted.rule.matchExamples {
            let text = LintedRule.folded(example.text)
            for other in linted.rule.keywords where text.contains(other) {
                let replaced = text.replacing(other, with: keyword)
                if case .match = pattern.match(replaced, in: workspace) { return false }
            }
        }
        return true
    }
}
