import Commands
import Memories
import Projects
import Redaction
import Storage

/// Memories of the store laid out for reading.
struct MemoryPage {
    let style: TextStyle
    private(set) var text = ""
    /// Nothing stands below the name of the project yet.
    private var isAtStart = false

    /// As the terminal wants it.
    static func forOutput() -> MemoryPage {
        MemoryPage(
            style: TextStyle(
                colour: TextStyle.isColoured(.output, Environment.current().variables),
                width: StandardStream.output.width ?? TextStyle.plainWidth))
    }

    init(style: TextStyle) { self.style = style }

    mutating func line(_ words: String = "") { text += words + "\n" }

    mutating func heading(_ words: String) { line(style.paint(words, .bold)) }

    /// `#42  5  content`, with what it is below when asked for.
    mutating func add(_ memory: StoredMemory, detail: String? = nil) {
        let mark = "#\(memory.id)"
        let head = mark + String(repeating: " ", count: max(1, 6 - mark.count)) + "\(memory.importance.level)  "
        let room = max(20, style.width - head.count)
        let lines = TextStyle.wrapped(TextStyle.printable(memory.content), columns: room)
        for (index, words) in lines.enumerated() {
            let start =
                index == 0 ? style.paint(head, .faint) : String(repeating: " ", count: head.count)
            line(start + (memory.state == .active ? words : style.paint(words, .faint)))
        }
        if let detail {
            line(String(repeating: " ", count: head.count) + style.paint(TextStyle.printable(detail), .faint))
        }
    }

    /// What follows belongs to another project.
    mutating func project(_ root: String) {
        if !text.isEmpty { line() }
        line(style.paint(TextStyle.printable(root), .bold))
        line()
        isAtStart = true
    }

    /// Grouped by category, in the order of the report of `extract`.
    mutating func addByCategory(_ memories: [StoredMemory]) {
        for category in RuleWords.categoryOrder {
            let group = memories.filter { $0.category == category }
            guard !group.isEmpty else { continue }
            if !text.isEmpty, !isAtStart { line() }
            isAtStart = false
            heading("\(RuleWords.title(of: category)) (\(group.count))")
            for memory in group { add(memory, detail: MemoryPage.status(memory)) }
        }
    }

    /// Its category, and what its words cost in context.
    static func cost(_ memory: StoredMemory) -> String { "\(memory.category.rawValue) · \(memory.tokens.value) tokens" }

    /// What is special about a memory; nil for a plain active one.
    static func status(_ memory: StoredMemory) -> String? {
        var words: [String] = []
        if memory.state != .active { words.append(memory.state.rawValue + (memory.reason.map { ": \($0)" } ?? "")) }
        if memory.origin == .llm { words.append("llm") }
        if memory.sightingCount > 1 { words.append("said \(memory.sightingCount) times") }
        if !memory.tags.isEmpty { words.append(memory.tags.map { "+\($0)" }.joined(separator: " ")) }
        return words.isEmpty ? nil : words.text(between: " · ")
    }

    func print() { StandardStream.output.write(text) }
}
