import Commands
import Extraction
import Importance
import JSON
import Memories
import Pipeline
import RulePacks
import SQLite
import Storage
import Transcripts

/// Where sentences stopped, for reading and as JSON.
struct ReplayText {
    let plan: ExtractionPlan
    let store: MemoryStore?
    /// What is new and below it is not stored.
    let minimum: Importance
    /// Rules that would be asked, were they not switched off.
    private let switchedOff: [SwitchedOffRule]
    /// What is kept without the packs that nobody has confirmed; nil where there are none.
    var keptWithoutTrust: Set<String>?
    /// Whether something that was rendered is kept.
    private(set) var keepsAny = false

    init(plan: ExtractionPlan, store: MemoryStore?, minimum: Importance) {
        self.plan = plan
        self.minimum = minimum
        self.store = store
        switchedOff = plan.switchedOff.compactMap(SwitchedOffRule.init)
    }

    /// The statements that are kept.
    static func kept(_ replay: Replay) -> Set<String> {
        var kept: Set<String> = []
        for fate in replay.messages.flatMap(\.segments).flatMap(\.fates) {
            if case .kept(let memory, _) = fate { kept.insert(memory.content) }
        }
        return kept
    }

    /// Whether a statement is kept only by packs that do not act yet.
    private func needsTrust(_ memory: Memory) -> Bool { keptWithoutTrust.map { !$0.contains(memory.content) } ?? false }

    private var threshold: Int { plan.scorer.table.threshold }

    // MARK: - For reading

    mutating func page(_ replay: Replay) throws -> MemoryPage {
        var page = MemoryPage.forOutput()
        if replay.messages.isEmpty { page.paragraph(ReplayText.noProse, indent: 0) }
        for (index, message) in replay.messages.enumerated() {
            if index > 0 { page.line() }
            page.heading("\(message.role.rawValue): \(ReplayText.summary(message))")
            for segment in message.segments {
                page.line()
                page.paragraph("“\(segment.text)”", indent: 0, hanging: 1)
                addFindings(segment, to: &page)
                for off in switchedOff where off.reads(segment, message.role) {
                    page.paragraph("\(off.words).", indent: 2, hanging: 2)
                }
                try addFates(segment, to: &page)
            }
        }
        return page
    }

    private static let noProse = """
        That line holds no words of a person or the model: calls of tools, bookkeeping, and what Claude Code wrote in a \
        person's place are left out.
        """

    private static let onceTrusted = """
        Only once it is trusted: what keeps it stands in `.ccmem`, and does nothing until `ccmem trust --yes`, after a look \
        at `ccmem trust`.
        """

    private static func summary(_ message: ReplayedMessage) -> String {
        let count = message.segments.count
        var words = count == 0 ? "no sentence of prose" : "\(count) \(ReaderWords.plural("sentence", count))"
        let excluded = message.excluded.map {
            "\($0.lines) \(ReaderWords.plural("line", $0.lines)) of \($0.kind.words)"
        }
        if !excluded.isEmpty { words += "; left out: " + excluded.joined(separator: ", ") }
        return words
    }

    private func addFindings(_ segment: ReplayedSegment, to page: inout MemoryPage) {
        if segment.findings.isEmpty { page.line("  No rule has a keyword in it.") }
        for finding in segment.findings where !finding.outcomes.isEmpty {
            page.paragraph(
                "Rule \(name(finding)): \(finding.outcomes.map(ReplayText.words).joined(separator: "; ")).", indent: 2,
                hanging: 2)
        }
        let others = segment.findings.filter(\.outcomes.isEmpty)
        guard !others.isEmpty else { return }
        page.paragraph(
            "A keyword stands in it, but the pattern does not match: \(others.map(name).joined(separator: ", ")).",
            indent: 2, hanging: 2)
    }

    private func name(_ finding: RuleFinding) -> String {
        let keywords = finding.keywords.map { "“\($0)”" }.joined(separator: ", ")
        return plan.engine.rules[finding.rule].id + (keywords.isEmpty ? "" : " (\(keywords))")
    }

    private static func words(_ outcome: RuleOutcome) -> String {
        switch outcome {
        case .match(let match): "reads “\(match.statement)”" + (match.key.map { ", key \($0)" } ?? "")
        case .excepted(_, let why): "matches, but an exception speaks against it (\(why))"
        case .incomplete: "matches, but a field of its statement is empty"
        }
    }

    private mutating func addFates(_ segment: ReplayedSegment, to page: inout MemoryPage) throws {
        if segment.fates.isEmpty { page.line("  → Not kept: the same words stand at a better place.") }
        for fate in segment.fates {
            switch fate {
            case .kept(let memory, let new):
                keepsAny = true
                ScoreText.add(memory.terms, score: memory.score, threshold: threshold, to: &page, indent: 4)
                page.paragraph(
                    "→ Kept as \(memory.category.rawValue), importance \(memory.importance.level): “\(memory.content)”.",
                    indent: 2, hanging: 2)
                if needsTrust(memory) {
                    page.paragraph("→ \(ReplayText.onceTrusted)", indent: 2, hanging: 2)
                } else if let words = try preview(new).map(ReplayText.words) {
                    page.paragraph("→ \(words)", indent: 2, hanging: 2)
                }
            case .refused(let refusal):
                ScoreText.add(
                    refusal.memory.terms, score: refusal.memory.score, threshold: threshold, to: &page, indent: 4)
                page.paragraph("→ Not kept: \(words(refusal)).", indent: 2, hanging: 2)
            }
        }
    }

    private func words(_ refusal: Refusal) -> String {
        guard case .score = refusal.reason else { return RuleWords.words(for: refusal.reason) }
        let missing = threshold - refusal.memory.score
        return "the score \(RuleWords.plain(refusal.memory.score)) is \(RuleWords.plain(missing)) under the threshold"
    }

    // MARK: - The store

    private func preview(_ memory: NewMemory) throws -> RecordPreview? {
        guard let store else { return nil }
        return try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in try store.outcome(of: memory, minimum: minimum) }
        }
    }

    private static func words(_ preview: RecordPreview) -> String {
        switch preview {
        case .inserted: "The store would take it as a new memory."
        case .merged(let id): "The store has it: it counts as one more sighting of #\(id)."
        case .supersedes(let id):
            "The store would take it in the place of #\(id), which says something older on the same key."
        case .history(let id): "The store would keep it as history: #\(id) says something newer on the same key."
        case .refused(.tombstone): "The store refuses it: it was forgotten."
        case .refused(.archived(let id)):
            "The store refuses it: it was archived as #\(id); `ccmem restore \(id)` brings it back."
        case .refused(.outranked(let id)): "The store refuses it: a person said otherwise on the same key in #\(id)."
        case .refused(.empty): "The store refuses it: nothing is left of it."
        case .refused(.unimportant): "The store refuses it: it is less important than `ingest.min-importance` asks for."
        }
    }

    private static func name(_ preview: RecordPreview) -> (name: String, memory: Int?) {
        switch preview {
        case .inserted: ("inserted", nil)
        case .merged(let id): ("merged", id)
        case .supersedes(let id): ("supersedes", id)
        case .history(let id): ("history", id)
        case .refused(.tombstone): ("forgotten", nil)
        case .refused(.archived(let id)): ("archived", id)
        case .refused(.outranked(let id)): ("outranked", id)
        case .refused(.empty): ("empty", nil)
        case .refused(.unimportant): ("unimportant", nil)
        }
    }

    // MARK: - As JSON

    mutating func document(_ replay: Replay) throws -> [UInt8] {
        var writer = MemoryJSON.writer()
        writer.beginObject()
        writer.field("threshold", thousandths: threshold)
        writer.key("messages")
        writer.beginArray()
        for message in replay.messages {
            writer.beginObject()
            writer.field("role", message.role.rawValue)
            writer.object("left_out") { writer in
                for (kind, lines) in message.excluded { writer.field("\(kind)", lines) }
            }
            writer.key("sentences")
            writer.beginArray()
            for segment in message.segments { try write(segment, message.role, to: &writer) }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        writer.newline()
        return writer.bytes
    }

    private mutating func write(_ segment: ReplayedSegment, _ role: Role, to writer: inout JSONWriter) throws {
        writer.beginObject()
        writer.field("text", segment.text)
        writer.field("kind", segment.kind.rawValue)
        writer.array("rules", segment.findings) { finding, writer in
            writer.object { writer in
                writer.field("rule", plan.engine.rules[finding.rule].id)
                writer.array("keywords", finding.keywords) { $1.string($0) }
                writer.array("outcomes", finding.outcomes) { $1.string(ReplayText.words($0)) }
            }
        }
        writer.array("switched_off_rules", switchedOff.filter { $0.reads(segment, role) }) { $0.write(to: &$1) }
        writer.key("fates")
        writer.beginArray()
        for fate in segment.fates { try write(fate, to: &writer) }
        writer.endArray()
        writer.endObject()
    }

    private mutating func write(_ fate: ReplayedSegment.Fate, to writer: inout JSONWriter) throws {
        writer.beginObject()
        switch fate {
        case .kept(let memory, let new):
            keepsAny = true
            writer.field("fate", "kept")
            write(fieldsOf: memory, to: &writer)
            let preview = try preview(new).map(ReplayText.name)
            writer.field("store", preview?.name)
            writer.field("store_memory", preview?.memory)
            writer.field("needs_trust", needsTrust(memory))
        case .refused(let refusal):
            writer.field("fate", RuleWords.name(of: refusal.reason))
            writer.field("because_of_line", RuleWords.line(of: refusal.reason))
            write(fieldsOf: refusal.memory, to: &writer)
        }
        writer.endObject()
    }

    private func write(fieldsOf memory: Memory, to writer: inout JSONWriter) {
        writer.field("category", memory.category.rawValue)
        writer.field("content", memory.content)
        writer.field("importance", memory.importance.level)
        writer.field("rule", memory.rule?.id)
        writer.field("key", memory.key)
        writer.field("score", thousandths: memory.score)
        writer.array("terms", memory.terms) { ScoreText.write($0, to: &$1) }
    }
}
