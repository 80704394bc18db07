import Memories
public import RulePacks
public import Transcripts
import Extraction

/// Whether the texts of examples are what transcripts bring to a rule: one sentence, list item or line, without its marks.
///
/// Examples are run as they are written. A rule whose examples are headings, code or several sentences at once passes them
/// all and never reads anything.
public enum ExampleForm {
    /// One for each text that must match and that its rule never reads as transcripts bring it: a note, and a warning where
    /// that holds for all examples of the rule, so that nothing shows that it can read anything.
    ///
    /// - Parameter file: Only examples that stand in it.
    public static func findings(of rules: [Rule], file: String) -> [LintFinding] {
        rules.filter { $0.status != .deprecated }.flatMap { rule in
            let tracer = RuleTracer(rule: rule)
            let found = rule.matchExamples.map { (place: $0.location, finding: finding(rule, $0, tracer)) }
            let isDead = found.allSatisfy { $0.finding != nil }
            return found.filter { $0.place.file == file }.compactMap { item in
                var finding = item.finding
                if !isDead { finding?.level = .note }
                return finding
            }
        }
    }

    /// What a text that holds no sentence is taken for.
    public static func leftOut(_ replay: Replay) -> String {
        if replay.messages.isEmpty { return "words of the client" }
        return words(replay.messages.flatMap { $0.excluded.map(\.kind) }.first)
    }

    private static func finding(_ rule: Rule, _ example: Rule.MatchExample, _ tracer: RuleTracer) -> LintFinding? {
        let roles = Role.allCases.filter(rule.roles.contains)
        var first: SegmentedText?
        for role in roles {
            let cut = pieces(of: example.text, role)
            let texts = cut.segments.map { cut.text($0.range) }
            if texts.count == 1, folded(texts[0]) == folded(example.text) { return nil }
            // What is cut off may not matter to the rule.
            let read = texts.compactMap { statement(of: $0, role, example, tracer) }
            if !read.isEmpty, example.statement.map(read.contains) ?? true { return nil }
            if first == nil { first = cut }
        }
        guard let first else { return nil }
        return LintFinding(
            .exampleForm, at: example.location, rule: rule.id, words(first),
            hint:
                "rules get one sentence, list item or line at a time; write the example as one, without marks around it."
        )
    }

    private static func words(_ cut: SegmentedText) -> String {
        let texts = cut.segments.map { "“\(short(cut.text($0.range)))”" }
        if texts.count == 1 { return "this text reaches a rule as \(texts[0])" }
        if !texts.isEmpty {
            return
                "this text never reaches a rule as one piece: it is cut into \(texts.prefix(3).joined(separator: ", "))"
                + (texts.count > 3 ? ", …" : "")
        }
        return "this text never reaches a rule: it is left out as "
            + words(SegmentedText.Excluded.allCases.first { cut.excluded($0) > 0 })
    }

    private static func words(_ kind: SegmentedText.Excluded?) -> String { kind?.words ?? "a heading" }

    private static func short(_ text: String) -> String { text.count > 60 ? text.prefix(60) + "…" : text }

    private static func pieces(of text: String, _ role: Role) -> SegmentedText {
        var text = text
        return text.withUTF8 { role == .tool ? Segmenter.lines(of: $0) : Segmenter.segments(of: $0, role: role) }
    }

    private static func statement(
        of text: String, _ role: Role, _ example: Rule.MatchExample, _ tracer: RuleTracer
    ) -> String? {
        let trace = tracer.trace(text, role: role, under: [example.under ?? ""])
        guard trace.isWoken, trace.isUnder != false else { return nil }
        return trace.attempts.first { $0.exceptions.isEmpty && $0.statement != nil }?.statement
    }

    private static func folded(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension SegmentedText.Excluded {
    /// As a sentence names it.
    public var words: String {
        switch self {
        case .codeFence: "fenced code"
        case .indentedCode: "indented code"
        case .table: "a table"
        case .quotation: "quotation"
        case .diff: "a diff"
        case .stackTrace: "a stack trace"
        case .log: "a log"
        case .paste: "a paste"
        }
    }
}
