public import Memories
public import Storage

/// A page of `topics/`, written by people: each list item and each paragraph is one memory.
///
/// A heading that names a category says what stands below it is; else it is a note. An item may begin with its importance,
/// as `[3]`. Code blocks, tables, quotations and comments are passed over.
public struct TopicPage: Sendable {
    /// The importance of what says none: people wrote it to be heeded.
    public static let importance = Importance(clamping: 5)
    /// Longer statements are no memories, in characters.
    static let longest = 2_000

    /// Categories with the words by which headings name them, besides their own names.
    public var titles: [(category: MemoryCategory, title: String)]

    public init(titles: [(category: MemoryCategory, title: String)]) { self.titles = titles }

    public func lines(of text: String) -> [TopicLine] {
        var reader = TopicReader(page: self)
        for (index, line) in PageLines.of(text).enumerated() {
            reader.add(line, number: index + 1)
        }
        reader.endStatement()
        return reader.lines
    }

    func category(of heading: String) -> MemoryCategory? {
        let words = heading.lowercased().split { !$0.isLetter }.map(String.init)
        let name = words.joined(separator: " ")
        for (category, title) in titles where title.lowercased() == name { return category }
        for word in words {
            let singular = word.hasSuffix("s") ? String(word.dropLast()) : word
            if let category = MemoryCategory(rawValue: singular) ?? TopicPage.others[singular] { return category }
        }
        return nil
    }

    private static let others: [String: MemoryCategory] = [
        "architecture": .arch, "configuration": .config, "setting": .config, "rule": .constraint,
        "convention": .constraint, "todo": .task,
    ]
}

private struct TopicReader {
    let page: TopicPage
    private(set) var lines: [TopicLine] = []
    private var category = MemoryCategory.note
    private var statement: [String] = []
    private var start = 0
    private var fence: Character?
    private var isInComment = false

    init(page: TopicPage) { self.page = page }

    mutating func add(_ line: Substring, number: Int) {
        let words = MemoryIndex.folded(line)
        if let open = fence {
            if words.hasPrefix(String(repeating: open, count: 3)) { fence = nil }
        } else if isInComment || words.hasPrefix("<!--") {
            endStatement()
            isInComment = !words.hasSuffix("-->")
        } else if words.hasPrefix("```") || words.hasPrefix("~~~") {
            endStatement()
            fence = words.first
        } else if words.isEmpty || words.hasPrefix("|") || words.hasPrefix(">") || words == "---" {
            endStatement()
        } else if words.hasPrefix("#"), let space = words.firstIndex(of: " ") {
            endStatement()
            category = page.category(of: String(words[space...])) ?? .note
        } else if let item = TopicReader.item(words) {
            endStatement()
            statement = [item]
            start = number
        } else {
            if statement.isEmpty { start = number }
            statement.append(words)
        }
    }

    mutating func endStatement() {
        defer { statement = [] }
        var words = statement.joined(separator: " ")
        var importance = TopicPage.importance
        let head = Array(words.prefix(3))
        if head.count == 3, head[0] == "[", head[2] == "]", let level = Int(String(head[1])), (1...5).contains(level) {
            importance = Importance(clamping: level)
            words = MemoryIndex.folded(words.dropFirst(3))
        }
        guard words.contains(where: { $0.isLetter || $0.isNumber }), words.count <= TopicPage.longest else { return }
        lines.append(TopicLine(category: category, content: words, importance: importance, line: start))
    }

    /// What stands behind `-`, `*`, `+` or `1.`.
    private static func item(_ words: String) -> String? {
        guard let space = words.firstIndex(of: " ") else { return nil }
        let mark = words[..<space]
        let isNumber =
            mark.count > 1 && (mark.last == "." || mark.last == ")") && mark.dropLast().allSatisfy(\.isNumber)
        guard ["-", "*", "+"].contains(mark) || isNumber else { return nil }
        return String(words[words.index(after: space)...])
    }
}
