public import Memories

/// Something wrong or weak in a pack: where, and what to do about it.
public struct LintFinding: Sendable, Equatable {
    public var check: LintCheck
    public var level: LintLevel
    public var location: SourceLocation
    /// Id of the rule; nil for what concerns the pack, or a rule without one.
    public var rule: String?
    /// A clause without a period.
    public var message: String
    /// What to do, as a sentence; nil when the message says it.
    public var hint: String?

    public init(
        _ check: LintCheck, at location: SourceLocation, rule: String? = nil, _ message: String, hint: String? = nil
    ) {
        self.check = check
        level = check.level
        self.location = location
        self.rule = rule
        self.message = message
        self.hint = hint
    }

    /// A problem that keeps the pack from being used.
    public init(_ error: RulePackError) {
        let words = DiagnosticMessage(error.code)
        self.init(error.code.check, at: error.location, words.text, hint: words.help)
        level = .error
    }

    /// What a user should know of a pack that can be used.
    init(_ notice: RuleNotice) {
        let words = notice.words
        self.init(.pinStale, at: notice.location, words.text, hint: words.help + ".")
    }

    /// By place; of one place, the heavier first.
    public static func precedes(_ a: LintFinding, _ b: LintFinding) -> Bool {
        let (p, q) = (a.location, b.location)
        return (p.file, p.line, p.column, b.level, a.check.rawValue) < (
            q.file, q.line, q.column, a.level, b.check.rawValue
        )
    }
}

extension DiagnosticRenderer {
    /// One finding with its line and a caret; every line ends with a line feed.
    public func render(_ finding: LintFinding) -> String {
        let rule = finding.rule.map { " (rule \(DisplayText.quoted($0)))" } ?? ""
        return render(
            at: finding.location, level: finding.level.rawValue,
            "\(finding.message)\(rule) [\(finding.check.rawValue)]", help: finding.hint)
    }
}
