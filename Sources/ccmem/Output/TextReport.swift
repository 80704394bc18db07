import Commands
import Memories
import Pipeline
import Storage
import Transcripts

/// A page made for reading: grouped by category, most important first.
struct TextReport {
    var result: RunResult
    var explain: Bool
    var refused: Bool
    var style: TextStyle

    private var single: Bool { result.extractions.count == 1 }
    private var columns: Int { min(120, max(40, style.width)) }

    private struct Item {
        var file: String
        var memory: Memory
        var outcome: RecordPreview?
    }

    var text: String {
        var out = ""
        let items = result.extractions.enumerated().flatMap { index, extraction in
            extraction.memories.enumerated().map { number, memory in
                Item(file: extraction.file, memory: memory, outcome: result.outcome(index, number))
            }
        }
        for category in RuleWords.categoryOrder {
            let group = items.filter { $0.memory.category == category }.sorted { a, b in
                RuleWords.order(a.memory, b.memory)
            }
            guard !group.isEmpty else { continue }
            out += style.paint("\(RuleWords.title(of: category)) (\(group.count))", .bold) + "\n\n"
            for item in group { out += entry(item) + "\n" }
        }
        if refused { out += refusals() }
        return out + summary(items.map(\.memory))
    }

    // MARK: - One memory

    private func entry(_ item: Item) -> String {
        let memory = item.memory
        var out = ""
        let lines = TextStyle.wrapped(TextStyle.printable(memory.content), columns: columns - 8)
        for (number, line) in lines.enumerated() {
            out += (number == 0 ? "  \(level(memory.importance)) " : "        ") + line + "\n"
        }
        out += "        " + style.paint(origin(item), .faint) + "\n"
        if explain { out += explanation(memory) }
        return out
    }

    private func level(_ importance: Importance) -> String {
        let text = "[\(importance.level)] "
        switch importance.level {
        case 5: return style.paint(text, .red)
        case 4: return style.paint(text, .yellow)
        case 3: return style.paint(text, .cyan)
        default: return style.paint(text, .faint)
        }
    }

    private func origin(_ item: Item) -> String {
        let first = item.memory.sightings[0]
        let place = single ? "line \(first.line)" : "\(TextStyle.printable(item.file)):\(first.line)"
        var parts = [place, first.role.rawValue, item.memory.rule?.id ?? RuleWords.salience]
        if item.memory.sightingCount > 1 { parts.append("said \(item.memory.sightingCount) times") }
        if let outcome = item.outcome { parts.append(RecordWords.words(outcome)) }
        return parts.joined(separator: " · ")
    }

    private func explanation(_ memory: Memory) -> String {
        let terms = memory.terms.map { "\($0.name) \(RuleWords.signed($0.value))" }.joined(separator: "  ")
        var text = "score \(RuleWords.plain(memory.score)) = \(terms)"
        if !memory.otherRules.isEmpty { text += "; also matched: " + memory.otherRules.joined(separator: ", ") }
        if let key = memory.key { text += "; key \(TextStyle.printable(key))" }
        return TextStyle.wrapped(text, columns: columns - 10).map { "          " + style.paint($0, .faint) + "\n" }
            .joined()
    }

    // MARK: - What was not kept

    private func refusals() -> String {
        let all = result.extractions.flatMap { extraction in extraction.refusals.map { (extraction.file, $0) } }
        guard !all.isEmpty else { return "" }
        var out = style.paint("Not kept (\(all.count))", .bold) + "\n\n"
        for (file, refusal) in all {
            let memory = refusal.memory
            let place =
                single ? "line \(memory.sightings[0].line)" : "\(TextStyle.printable(file)):\(memory.sightings[0].line)"
            for (number, line) in TextStyle.wrapped(TextStyle.printable(memory.content), columns: columns - 8)
                .enumerated()
            {
                out += (number == 0 ? "   -    " : "        ") + line + "\n"
            }
            let why = "\(place) · \(RuleWords.words(for: refusal.reason)) (\(RuleWords.plain(memory.score)))"
            out += "        " + style.paint(why, .faint) + "\n"
            if explain { out += explanation(memory) }
        }
        return out + "\n"
    }

    // MARK: - Summary

    private func summary(_ memories: [Memory]) -> String {
        let lines = result.extractions.reduce(0) { $0 + $1.report.lines }
        let segments = result.extractions.reduce(0) { $0 + $1.segmentCount }
        var counts = RefusalCounts()
        for extraction in result.extractions { counts += extraction.refusalCounts }
        let transcripts = result.extractions.count
        var text = "\(RuleWords.grouped(memories.count)) \(ReaderWords.memories(memories.count)) from "
        text += "\(RuleWords.grouped(segments)) \(ReaderWords.plural("sentence", segments)) in "
        text +=
            "\(RuleWords.grouped(lines)) \(ReaderWords.plural("line", lines)) of \(transcripts) \(ReaderWords.plural("transcript", transcripts))"
        let kinds = [
            (counts.score, "under the threshold"), (counts.repetition, "said before"),
            (counts.superseded, "replaced later"), (counts.refuted, "taken back"), (counts.limit, "behind better ones"),
        ].filter { $0.0 > 0 }.map { "\(RuleWords.grouped($0.0)) \($0.1)" }
        if !kinds.isEmpty { text += "; not kept: " + kinds.joined(separator: ", ") }
        return TextStyle.wrapped(text + ".", columns: columns).joined(separator: "\n") + "\n"
    }
}

extension ReaderWords {
    static func memories(_ count: Int) -> String { count == 1 ? "memory" : "memories" }
}
