public import Memories
public import Storage

/// `MEMORY.md`: every active memory on a line, by category.
///
/// The same memories give the same bytes: no clock, no order but that of subject, importance, time and number.
public struct MemoryIndex: Sendable {
    /// Categories in the order of the page, with their headings.
    public var titles: [(category: MemoryCategory, title: String)]
    /// Makes text of memories safe to show.
    public var shown: @Sendable (String) -> String

    public init(
        titles: [(category: MemoryCategory, title: String)], shown: @escaping @Sendable (String) -> String
    ) {
        self.titles = titles
        self.shown = shown
    }

    static let note = """
        <!-- Written by ccmem. Change the words or the importance [1-5] of a line, or add one such as `- Never do X.`
        below a heading: the next command of ccmem takes it over. A line that is deleted comes back; `ccmem archive ID`
        takes a memory out. -->
        """

    /// - Parameter memories: The active ones, in any order.
    public func page(of memories: [StoredMemory], title: String) -> String {
        var text = "# Memory of \(shown(title))\n\n\(MemoryIndex.note)\n"
        for (category, heading) in titles {
            let group = memories.filter { $0.category == category }.sorted(by: MemoryIndex.comesFirst)
            guard !group.isEmpty else { continue }
            text += "\n## \(heading)\n\n"
            for memory in group { text += line(of: memory) + "\n" }
        }
        if memories.isEmpty { text += "\nNothing is in force.\n" }
        return text
    }

    func line(of memory: StoredMemory) -> String {
        "- #\(memory.id) [\(memory.importance.level)] \(subject(of: memory))\(words(of: memory))"
    }

    func subject(of memory: StoredMemory) -> String { memory.key.map { "(\(shown($0))) " } ?? "" }

    /// On one line.
    func words(of memory: StoredMemory) -> String { MemoryIndex.folded(shown(memory.content)) }

    static func folded(_ text: some StringProtocol) -> String {
        // Most text is folded already; asking each character for its properties costs more than all the rest.
        var last = UInt8(ascii: " ")
        let isFolded = text.utf8.allSatisfy { byte in
            defer { last = byte }
            return byte > 0x20 && byte < 0x80 || byte == 0x20 && last != 0x20
        }
        if isFolded, last != 0x20 { return String(text) }
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// What has a subject first, by subject; then by importance, the newest first.
    private static func comesFirst(_ a: StoredMemory, _ b: StoredMemory) -> Bool {
        switch (a.key, b.key) {
        case (let one?, let other?) where one != other: return one.utf8.lexicographicallyPrecedes(other.utf8)
        case (_?, nil): return true
        case (nil, _?): return false
        default:
            if a.importance != b.importance { return a.importance > b.importance }
            if a.saidAt != b.saidAt { return b.saidAt.utf8.lexicographicallyPrecedes(a.saidAt.utf8) }
            return a.id > b.id
        }
    }
}
