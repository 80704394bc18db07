import ArgumentParser
import Commands
import Importance
import JSON
import Memories
import Pipeline
import SQLite
import Storage

struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Explain why a memory was kept and is as it is.",
        discussion: """
            Shows the rule and its pack, the words in the transcript with what stands around them, each term of the score, and \
            all that happened to the memory since.

            EXAMPLES
              ccmem why 42
              ccmem why '#42' --json

            EXIT STATUS
              0  it was found
              1  there is no such memory, or no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("Number of the memory.", valueName: "id"))
    var id: MemoryID

    @Option(
        help: ArgumentHelp(
            "The scoring table whose threshold is shown, instead of the built-in one.", valueName: "file"))
    var scoring: String?

    func run() throws {
        let context = try ProjectContext.find(project)
        let store = try context.openToRead()
        let found = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in try Explanation.find(id.number, in: store) }
        }
        guard let found else { throw id.unknown }
        let threshold = try PlanFiles(scoring: scoring, context).load(isQuiet: true, leavesOutBroken: true).scorer.table
            .threshold
        if project.json {
            StandardStream.output.print(found.document(threshold: threshold))
        } else {
            var page = MemoryPage.forOutput()
            found.add(to: &page, threshold: threshold)
            page.print()
        }
    }
}

/// All that is known of how a memory came to be.
struct Explanation {
    var memory: StoredMemory
    var sightings: [(sighting: StoredSighting, evidence: Evidence)]
    var events: [StoredEvent]
    var links: [StoredLink]
    /// Where it comes from when a model has made it, and what it stands in the place of.
    var refinement: StoredRefinement?
    var originals: [StoredMemory] = []

    static func find(_ id: Int, in store: MemoryStore) throws(SQLiteError) -> Explanation? {
        guard let memory = try store.memory(id) else { return nil }
        var sightings: [(StoredSighting, Evidence)] = []
        for sighting in try store.sightings(of: id) {
            sightings.append((sighting, try Evidence.find(sighting, in: store)))
        }
        var found = Explanation(
            memory: memory, sightings: sightings, events: try store.events(of: id), links: try store.links(of: id))
        found.refinement = try store.refinement(id)
        for original in found.refinement?.originals ?? [] {
            if let memory = try store.memory(original) { found.originals.append(memory) }
        }
        return found
    }

    // MARK: - For reading

    func add(to page: inout MemoryPage, threshold: Int) {
        page.add(memory, detail: memory.category.rawValue)
        page.line()
        page.paragraph("State: \(memory.state.rawValue)\(memory.reason.map { ", \($0)" } ?? "").", indent: 0)
        page.paragraph(origin, indent: 0)
        if let key = memory.key { page.paragraph("Key: \(key).", indent: 0) }
        addRefinement(to: &page)
        addScore(to: &page, threshold: threshold)
        addSightings(to: &page)
        page.line()
        page.heading("What happened")
        for event in events { page.paragraph(EventText.line(event), indent: 2, hanging: 2) }
        for link in links { page.line("  #\(link.from) \(link.kind.rawValue) #\(link.to)") }
    }

    private var origin: String {
        if let rule = memory.rule { return "Rule: \(rule.id) of pack \(rule.pack) \(rule.packVersion)." }
        switch memory.origin {
        case .rule, .salient: return "Rule: none; the sentence was kept for its score."
        case .manual: return "Origin: a person gave it to the command."
        case .topic: return "Origin: a line of a topic file."
        case .llm: return "Origin: llm; a language model worded it, and its words were checked."
        case .claudeJudged, .retroactive, .import: return "Origin: \(memory.origin.rawValue)."
        }
    }

    private func addRefinement(to page: inout MemoryPage) {
        guard let refinement else { return }
        page.line()
        page.heading("Refined (\(refinement.kind.rawValue))")
        let place = [refinement.path, refinement.line.map { "line \($0)" }].compactMap(\.self).joined(separator: ", ")
        page.paragraph(
            "By \(refinement.model) with \(refinement.prompt), \(TimeText.minute(refinement.madeAt)).", indent: 2)
        for original in originals {
            page.paragraph("Before, #\(original.id): \(original.content)", indent: 2, hanging: 2)
        }
        page.paragraph("It rests on\(place.isEmpty ? "" : " \(place)"):", indent: 2, hanging: 2)
        page.paragraph("“\(refinement.quote)”", indent: 4)
    }

    private func addScore(to page: inout MemoryPage, threshold: Int) {
        guard let score = memory.score else { return }
        page.line()
        page.heading("Score")
        ScoreText.add(memory.terms, score: score, threshold: threshold, to: &page, indent: 2)
    }

    private func addSightings(to page: inout MemoryPage) {
        guard !sightings.isEmpty else { return }
        page.line()
        page.heading("Said \(sightings.count == 1 ? "once" : "\(sightings.count) times")")
        for (sighting, evidence) in sightings {
            var place = SightingText.place(sighting)
            if evidence.source == .unverifiable, !sighting.isGone {
                place += "  (unverifiable: the words are not there)"
            }
            page.paragraph(place.replacing("  ", with: "\u{A0}\u{A0}"), indent: 2, hanging: 2, faint: true)
            page.paragraph(
                "\(evidence.before)“\(sighting.quote.trimmed)”\(evidence.after)", indent: 4)
        }
    }

    // MARK: - As JSON

    private func writeRefinement(to writer: inout JSONWriter) {
        guard let refinement else { return writer.null() }
        writer.object { writer in
            writer.field("kind", refinement.kind.rawValue)
            writer.field("model", refinement.model)
            writer.field("prompt", refinement.prompt)
            writer.field("quote", refinement.quote)
            writer.field("session", refinement.session)
            writer.field("file", refinement.path)
            writer.field("line", refinement.line)
            writer.field("made_at", refinement.madeAt)
            writer.array("originals", originals) { original, writer in
                writer.object { writer in
                    writer.field("id", original.id)
                    writer.field("content", original.content)
                }
            }
        }
    }

    func document(threshold: Int) -> [UInt8] {
        MemoryJSON.document { writer in
            writer.key("memory")
            MemoryJSON.write(memory, to: &writer) { writer in writer.field("pack_version", memory.rule?.packVersion) }
            writer.key("refinement")
            writeRefinement(to: &writer)
            writer.field("threshold", thousandths: threshold)
            writer.array("terms", memory.terms) { ScoreText.write($0, to: &$1) }
            writer.array("evidence", sightings) { item, writer in
                writer.object { writer in
                    writer.field("source", item.evidence.source.rawValue)
                    writer.field("before", item.evidence.before)
                    writer.field("after", item.evidence.after)
                    writer.key("sighting")
                    MemoryJSON.write(item.sighting, to: &writer)
                }
            }
            writer.array("events", events) { EventText.write($0, to: &$1) }
            writer.array("links", links) { EventText.write($0, to: &$1) }
        }
    }
}

/// A score with its terms, in columns and as JSON.
enum ScoreText {
    static func add(
        _ terms: [ScoreTerm], score: Int, threshold: Int, to page: inout MemoryPage, indent: Int
    ) {
        let margin = String(repeating: " ", count: indent)
        let rows = terms.map { ($0.name, RuleWords.signed($0.value)) }
        let totals = [("total", RuleWords.signed(score)), ("threshold", RuleWords.signed(threshold))]
        let names = (rows + totals).map { TextStyle.columnCount($0.0) }.max() ?? 0
        let numbers = (rows + totals).map { TextStyle.columnCount($0.1) }.max() ?? 0
        for (name, value) in rows { page.line(margin + name.padded(to: names) + "  " + value.leftPadded(to: numbers)) }
        page.line(margin + page.style.paint(String(repeating: "-", count: names + 2 + numbers), .faint))
        for (name, value) in totals {
            page.line(margin + name.padded(to: names) + "  " + value.leftPadded(to: numbers))
        }
    }

    static func write(_ term: ScoreTerm, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", term.name)
            writer.field("value", thousandths: term.value)
        }
    }
}

extension String {
    /// Without white space at its ends.
    fileprivate var trimmed: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
