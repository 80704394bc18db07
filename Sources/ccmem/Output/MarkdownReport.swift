import Commands
import Memories
import Pipeline
import Storage

/// Markdown for a page or a pull request. Text of the transcript is escaped, so that it can't become markup.
struct MarkdownReport {
    var result: RunResult
    var explain: Bool
    var refused: Bool

    var text: String {
        var out = "# Memories\n"
        for (index, extraction) in result.extractions.enumerated() {
            guard !extraction.memories.isEmpty || (refused && !extraction.refusals.isEmpty) else { continue }
            out += "\n## \(MarkdownReport.escaped(extraction.file))\n"
            for category in RuleWords.categoryOrder {
                let group = extraction.memories.enumerated().filter { $0.element.category == category }
                    .sorted { RuleWords.order($0.element, $1.element) }
                guard !group.isEmpty else { continue }
                out += "\n### \(RuleWords.title(of: category))\n\n"
                for (number, memory) in group { out += item(memory, result.outcome(index, number)) }
            }
            guard refused, !extraction.refusals.isEmpty else { continue }
            out += "\n### Not kept\n\n"
            for refusal in extraction.refusals {
                out +=
                    "- \(MarkdownReport.escaped(refusal.memory.content)) _(line \(refusal.memory.sightings[0].line), "
                out += "\(RuleWords.words(for: refusal.reason)))_\n"
            }
        }
        return out
    }

    private func item(_ memory: Memory, _ outcome: RecordPreview?) -> String {
        let first = memory.sightings[0]
        var out = "- **[\(memory.importance.level)]** \(MarkdownReport.escaped(memory.content)) "
        out += "_(line \(first.line), \(first.role.rawValue), \(memory.rule?.id ?? RuleWords.salience)"
        if memory.sightingCount > 1 { out += ", said \(memory.sightingCount) times" }
        if let outcome { out += ", \(RecordWords.words(outcome))" }
        out += ")_\n"
        if explain {
            let terms = memory.terms.map { "\($0.name) \(RuleWords.signed($0.value))" }.joined(separator: ", ")
            out += "  - score \(RuleWords.plain(memory.score)): \(terms)\n"
        }
        return out
    }

    /// Code spans of single backticks stay; everything that could open markup outside of them is escaped.
    static func escaped(_ text: String) -> String {
        let text = TextStyle.printable(text)
        let ticks = text.utf8.count { $0 == UInt8(ascii: "`") }
        // Runs of backticks, or one without its partner, would open spans elsewhere than here.
        let hasSpans =
            ticks % 2 == 0
            && !text.utf8.indices.dropLast().contains {
                text.utf8[$0] == UInt8(ascii: "`") && text.utf8[text.utf8.index(after: $0)] == UInt8(ascii: "`")
            }
        var out = ""
        var inCode = false
        for character in text {
            if character == "`", hasSpans {
                inCode.toggle()
            } else if !inCode, "\\*_[]<>#|!~&`".contains(character) {
                out.append("\\")
            }
            out.append(character)
        }
        return out
    }
}
