import Memories

/// Whether the examples of a rule test anything.
enum ExampleChecks {
    /// A statement above this takes a tenth of what a session begins with.
    static let mostTokens = 120

    static func findings(of linted: LintedRule) -> [LintFinding] {
        let rule = linted.rule
        var findings: [LintFinding] = []
        for example in rule.rejectExamples where !linted.hasKeyword(example.text) {
            findings.append(
                LintFinding(
                    .rejectWeak, at: example.location, rule: rule.id,
                    "this text holds none of the keywords: nothing would read it, so it tests nothing",
                    hint: "make it a near miss: a sentence with a keyword that is still no memory."))
        }
        for example in rule.matchExamples {
            let isBoth = rule.rejectExamples.contains {
                LintedRule.folded($0.text) == LintedRule.folded(example.text) && $0.under == example.under
            }
            if isBoth {
                findings.append(
                    LintFinding(
                        .exampleContradiction, at: example.location, rule: rule.id,
                        "this text stands under `match:` and under `reject:`", hint: "remove one of them."))
            }
            let statement = example.statement ?? (isSentence(rule.statement) ? example.text : "")
            let tokens = TokenCount.estimate(of: statement).value
            if tokens > mostTokens {
                findings.append(
                    LintFinding(
                        .statementLong, at: example.location, rule: rule.id,
                        "the statement takes about \(tokens) tokens; more than \(mostTokens) crowd out others",
                        hint: "bound the pattern with a length guard such as `^(?=.{20,400}$)`, or capture less."))
            }
        }
        return findings + counts(linted)
    }

    private static func counts(_ linted: LintedRule) -> [LintFinding] {
        let rule = linted.rule
        let least = PackFormat.leastExamples
        let place = linted.location("examples")
        let few = [("match", rule.matchExamples.count), ("reject", rule.rejectExamples.count)].filter { $0.1 < least }
        return few.map { kind, count in
            LintFinding(
                .examplesFew, at: place, rule: rule.id,
                "\(count) \(kind) example\(count == 1 ? "" : "s"); \(least) show where the rule \(kind == "match" ? "begins" : "ends")",
                hint: "add them under `examples:`, `\(kind):`.")
        }
    }

    private static func isSentence(_ template: Template) -> Bool { template.fieldNames.contains("sentence") }
}
