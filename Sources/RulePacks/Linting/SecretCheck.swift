import LiteralSearch
import Memories
import PCRE2

/// Whether a rule would read the value of a secret. Redaction takes it out later; that no rule asks for it is the first line.
enum SecretCheck {
    /// Made up: the shape of such sentences without any shape of a real key.
    private static let value = "value-of-a-secret-31415"
    private static let texts = [
        "The API key is \(value).", "The access token is `\(value)`.", "Set DB_PASSWORD to \(value).",
        "DB_PASSWORD=\(value)", "export SERVICE_TOKEN=\(value)", "password: \(value)",
        "The default password is \(value).", "Use the token \(value) for the staging environment.",
        "We use the secret \(value) in production.", "`CLIENT_SECRET` is set to `\(value)`.",
    ]

    static func findings(of linted: LintedRule) -> [LintFinding] {
        let rule = linted.rule
        guard rule.under == nil, !rule.fields.isEmpty, let pattern = try? Pattern(rule.pattern.source) else {
            return []
        }
        let workspace = MatchWorkspace()
        for text in texts where linted.hasKeyword(text) {
            guard case .match(let captures) = pattern.match(text, in: workspace) else { continue }
            let bytes = Array(text.utf8)
            let reads = rule.fields.contains { field in
                pattern.range(of: field.name, in: captures).map { range in
                    String(decoding: bytes[range], as: UTF8.self).contains(value)
                } ?? false
            }
            guard reads, !isExcepted(rule, bytes, captures.range, workspace) else { continue }
            return [
                LintFinding(
                    .secretException, at: linted.mapping.location, rule: rule.id,
                    "the rule reads the value in \(DisplayText.quoted(text))",
                    hint: "add an exception: `context: '(?i)(?:passw(?:or)?d|secret|token|api[ _-]?key)'`.")
            ]
        }
        return []
    }

    private static func isExcepted(
        _ rule: Rule, _ text: [UInt8], _ match: Range<Int>, _ workspace: MatchWorkspace
    ) -> Bool {
        rule.exceptions.contains { exception in
            guard let pattern = try? Pattern(exception.pattern.source) else { return false }
            let part = exception.scope == .context ? text[...] : text[match]
            if case .match = pattern.match(String(decoding: part, as: UTF8.self), in: workspace) { return true }
            return false
        }
    }
}
