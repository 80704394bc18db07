import Commands
import Extraction
import Importance
import JSON
import Memories
import Pipeline
import Redaction
import RulePacks

/// What one rule makes of the sentences of a message, and what becomes of them.
struct RuleExplanation {
    struct Sentence {
        var rule: Rule
        var role: Role
        var text: String
        var trace: RuleTrace
        var fates: [ReplayedSegment.Fate]
        /// Other rules that read something in it.
        var others: [String]
        var threshold: Int
        /// Where the element stands that stops the pattern.
        var stop: SourceLocation?

        /// Whether the rule, asked, gives a statement.
        var reads: Bool {
            trace.readsRole && trace.isWoken && trace.isUnder != false
                && trace.attempts.contains { $0.exceptions.isEmpty && $0.statement != nil }
        }
    }

    var sentences: [Sentence] = []
    /// What was read when no sentence stands in it: an example, or a text.
    var subject: String?
    var readsAny: Bool { sentences.contains(where: \.reads) }

    /// - Parameter quote: Only sentences that hold these words, when there is one.
    init(rule: Rule, replay: Replay, plan: ExtractionPlan, loaded: LoadedRules, holding quote: String? = nil) {
        let tracer = RuleTracer(rule: rule)
        let redactor = plan.redactor?.makeWorker()
        for message in replay.messages {
            for segment in message.segments {
                if let quote, !segment.text.contains(quote), !quote.contains(segment.text) { continue }
                let trace = tracer.trace(segment.said, role: message.role, under: segment.surroundings)
                    .shown { segment.secrets.shown($0, redactor) }
                let others = segment.findings.filter { finding in
                    finding.outcomes.contains { if case .match = $0 { true } else { false } }
                }.map { plan.engine.rules[$0.rule].id }.filter { $0 != rule.id }
                sentences.append(
                    Sentence(
                        rule: rule, role: message.role, text: segment.text, trace: trace, fates: segment.fates,
                        others: others, threshold: plan.scorer.table.threshold,
                        stop: trace.reach.flatMap { RuleExplanation.location(of: $0.offset, rule, loaded) }))
            }
        }
    }

    /// Where a byte of the rule's pattern stands in its file.
    static func location(of offset: Int, _ rule: Rule, _ loaded: LoadedRules) -> SourceLocation? {
        guard let file = loaded.file(of: rule.pattern.location),
            let root = try? YAMLNode(parsing: file.bytes, file: file.file).mapping()
        else { return nil }
        for list in ["rules", "overrides"] {
            for node in (try? root[list]?.list()) ?? [] {
                guard let scalar = try? node.mapping()["pattern"]?.scalar(),
                    scalar.location(ofByte: 0) == rule.pattern.location
                else { continue }
                return scalar.location(ofByte: offset)
            }
        }
        return nil
    }

    func add(to page: inout MemoryPage) {
        if sentences.isEmpty {
            if let subject { page.paragraph("“\(subject)”", indent: 0, hanging: 1) }
            page.line(subject == nil ? "No sentence of prose stands there." : "  No sentence of prose stands in it.")
        }
        for (index, sentence) in sentences.enumerated() {
            if index > 0 { page.line() }
            sentence.add(to: &page)
        }
    }
}

extension RuleExplanation.Sentence {
    func add(to page: inout MemoryPage) {
        page.paragraph("“\(text)”", indent: 0, hanging: 1)
        for (name, words) in stages {
            page.paragraph(
                "\((name + ":").padded(to: 12).replacing(" ", with: "\u{A0}"))\(words)", indent: 2, hanging: 12)
        }
        addFate(to: &page)
    }

    /// The stages in the order in which extraction goes through them.
    private var stages: [(String, String)] {
        let roles = Role.allCases.filter(rule.roles.contains).map(\.rawValue).joined(separator: ", ")
        var stages = [
            (
                "role",
                trace.readsRole
                    ? "\(role.rawValue): the rule reads it" : "\(role.rawValue): the rule reads only \(roles)"
            )
        ]
        if rule.keywords.isEmpty {
            stages.append(("keywords", "none are needed"))
        } else if trace.isWoken {
            stages.append(("keywords", trace.keywords.map { "“\($0)”" }.joined(separator: ", ") + " wakes the rule"))
        } else {
            let some = rule.keywords.prefix(12).joined(separator: ", ") + (rule.keywords.count > 12 ? ", …" : "")
            stages.append(("keywords", "none stands in it, so the rule is not tried (\(some))"))
        }
        if let isUnder = trace.isUnder {
            stages.append(
                ("under", isUnder ? "the heading above it matches" : "no heading or bold line above it matches"))
        }
        if trace.isStopped { stages.append(("pattern", "the match limit stopped it")) }
        if trace.attempts.isEmpty, !trace.isStopped { stages.append(("pattern", reachWords)) }
        for attempt in trace.attempts { stages += words(attempt) }
        return stages
    }

    private var reachWords: String {
        guard let reach = trace.reach else { return "does not match; nothing in the sentence suits its beginning" }
        let element = reach.element.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let shown = element.count > 60 ? element.prefix(60) + "…" : Substring(element)
        let place = stop.map { " (\(RuleNames.place($0)):\($0.column))" } ?? ""
        let start = reach.text.isEmpty ? "its beginning suits" : "it gets as far as “\(reach.text)”"
        return "does not match; \(start), then `\(shown)`\(place) finds nothing"
    }

    private func words(_ attempt: RuleTrace.Attempt) -> [(String, String)] {
        var stages = [("pattern", "matches “\(attempt.text)”")]
        for capture in attempt.captures {
            let trimmed = capture.trimmed == capture.raw ? "" : ", trimmed to “\(capture.trimmed)”"
            stages.append(("field", "\(capture.name) (\(capture.kind.rawValue)) = “\(capture.raw)”\(trimmed)"))
        }
        for why in attempt.exceptions { stages.append(("exception", "takes it back: \(why)")) }
        if attempt.exceptions.isEmpty, !rule.exceptions.isEmpty {
            stages.append(("exception", "none of \(rule.exceptions.count) applies"))
        }
        stages.append(("statement", attempt.statement.map { "“\($0)”" } ?? "cannot be filled: a field is empty"))
        if rule.key != nil { stages.append(("key", attempt.key.map { "“\($0)”" } ?? "cannot be filled")) }
        return stages
    }

    private func addFate(to page: inout MemoryPage) {
        if fates.isEmpty { page.line("  → The same words stand at a better place.") }
        for fate in fates {
            let (memory, words) =
                switch fate {
                case .kept(let memory, _): (memory, "Kept as \(memory.category.rawValue)")
                case .refused(let refusal): (refusal.memory, "Not kept: \(RuleWords.words(for: refusal.reason))")
                }
            page.paragraph(speaker(memory), indent: 2, hanging: 2)
            ScoreText.add(memory.terms, score: memory.score, threshold: threshold, to: &page, indent: 4)
            page.paragraph("→ \(words): “\(memory.content)”.", indent: 2, hanging: 2)
        }
    }

    /// Who speaks for the sentence.
    private func speaker(_ memory: Memory) -> String {
        if memory.rule?.id == rule.id { return "The rule speaks for the sentence; its score:" }
        if let other = memory.rule { return "Rule \(other.id) speaks for the sentence; its score:" }
        if reads {
            return
                "No rule was asked: the sentence says too little by itself (`floor` of the scoring table); its score:"
        }
        return "No rule speaks for the sentence; its score:"
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("text", text)
            writer.field("role", role.rawValue)
            writer.field("reads_role", trace.readsRole)
            writer.array("keywords", trace.keywords) { $1.string($0) }
            writer.field("is_woken", trace.isWoken)
            writer.key("is_under")
            if let isUnder = trace.isUnder { writer.bool(isUnder) } else { writer.null() }
            writer.array("attempts", trace.attempts) { attempt, writer in
                writer.object { writer in
                    writer.field("text", attempt.text)
                    writer.object("captures") { writer in
                        for capture in attempt.captures { writer.field(capture.name, capture.trimmed) }
                    }
                    writer.array("exceptions", attempt.exceptions) { $1.string($0) }
                    writer.field("statement", attempt.statement)
                    writer.field("key", attempt.key)
                }
            }
            writer.field("reaches", trace.reach?.text)
            writer.field("stops_at", trace.reach?.element)
            writer.field("stops_at_line", stop?.line)
            writer.field("reads", reads)
            writer.array("fates", fates) { fate, writer in
                writer.object { writer in
                    let (memory, name) =
                        switch fate {
                        case .kept(let memory, _): (memory, "kept")
                        case .refused(let refusal): (refusal.memory, RuleWords.name(of: refusal.reason))
                        }
                    writer.field("fate", name)
                    writer.field("rule", memory.rule?.id)
                    writer.field("content", memory.content)
                    writer.field("score", thousandths: memory.score)
                    writer.array("terms", memory.terms) { ScoreText.write($0, to: &$1) }
                }
            }
            writer.array("other_rules", others) { $1.string($0) }
        }
    }
}

extension RuleTrace {
    /// The same with every word of the sentence as it may be shown.
    fileprivate func shown(_ clean: (String) -> String) -> RuleTrace {
        var trace = self
        trace.keywords = keywords.map(clean)
        if let text = reach?.text { trace.reach?.text = clean(text) }
        for index in trace.attempts.indices {
            trace.attempts[index].text = clean(trace.attempts[index].text)
            trace.attempts[index].statement = trace.attempts[index].statement.map(clean)
            trace.attempts[index].key = trace.attempts[index].key.map(clean)
            for capture in trace.attempts[index].captures.indices {
                let found = trace.attempts[index].captures[capture]
                trace.attempts[index].captures[capture].raw = clean(found.raw)
                trace.attempts[index].captures[capture].trimmed = clean(found.trimmed)
            }
        }
        return trace
    }
}
