public import Memories
public import Storage

/// What a person has changed in `MEMORY.md` since it was written.
public struct IndexEdits: Sendable, Equatable {
    /// Lines of memories that read differently now.
    public struct Change: Sendable, Equatable {
        public var id: Int
        public var content: String?
        public var importance: Importance?
        public var category: MemoryCategory?
    }

    /// Lines without a number.
    public struct Addition: Sendable, Equatable {
        public var category: MemoryCategory
        public var content: String
        public var importance: Importance?
    }

    public var changes: [Change] = []
    public var additions: [Addition] = []
    /// Memories whose lines are gone.
    public var deleted: [Int] = []
    /// Numbers of the lines, from 1, that say nothing which could be taken over.
    public var unreadable: [Int] = []
}

extension MemoryIndex {
    private struct Item {
        var line: Int
        var category: MemoryCategory?
        var text: String
    }

    /// Compares an edited page with the memories that it was made of.
    ///
    /// - Parameter memories: The active ones.
    public func edits(in text: String, of memories: [StoredMemory]) -> IndexEdits {
        var edits = IndexEdits()
        let known = Dictionary(memories.map { ($0.id, $0) }) { first, _ in first }
        var seen: Set<Int> = []
        for item in items(in: text, &edits.unreadable) {
            guard let entry = Entry(item.text) else {
                edits.unreadable.append(item.line)
                continue
            }
            guard let id = entry.id else {
                if let category = item.category {
                    edits.additions.append(
                        IndexEdits.Addition(category: category, content: entry.words, importance: entry.importance))
                } else {
                    edits.unreadable.append(item.line)
                }
                continue
            }
            guard let memory = known[id], seen.insert(id).inserted else {
                edits.unreadable.append(item.line)
                continue
            }
            if let change = change(of: memory, to: entry, under: item.category) { edits.changes.append(change) }
        }
        edits.deleted = memories.map(\.id).filter { !seen.contains($0) }.sorted()
        edits.unreadable.sort()
        return edits
    }

    private func change(
        of memory: StoredMemory, to entry: Entry, under category: MemoryCategory?
    ) -> IndexEdits.Change? {
        var change = IndexEdits.Change(id: memory.id)
        var words = entry.words
        let subject = subject(of: memory)
        if words.hasPrefix(subject) { words = String(words.dropFirst(subject.count)) }
        if words != self.words(of: memory) { change.content = words }
        if let importance = entry.importance, importance != memory.importance { change.importance = importance }
        if let category, category != memory.category { change.category = category }
        return change == IndexEdits.Change(id: memory.id) ? nil : change
    }

    /// List items with the category of the heading above them; indented lines belong to the item before.
    private func items(in text: String, _ unreadable: inout [Int]) -> [Item] {
        var items: [Item] = []
        var category: MemoryCategory?
        var isInComment = false
        var mayGoOn = false
        for (index, line) in PageLines.of(text).enumerated() {
            let words = MemoryIndex.folded(line)
            defer { if words.isEmpty { mayGoOn = false } }
            if isInComment || words.hasPrefix("<!--") {
                isInComment = !words.hasSuffix("-->")
            } else if words.isEmpty || words == "Nothing is in force." || words.hasPrefix("# ") {
                continue
            } else if words.hasPrefix("## ") {
                category = self.category(named: words.dropFirst(3))
                mayGoOn = false
                if category == nil { unreadable.append(index + 1) }
            } else if words.hasPrefix("- ") || words.hasPrefix("* ") {
                items.append(Item(line: index + 1, category: category, text: String(words.dropFirst(2))))
                mayGoOn = true
            } else if mayGoOn, line.first?.isWhitespace == true {
                items[items.count - 1].text += " " + words
            } else {
                unreadable.append(index + 1)
            }
        }
        return items
    }

    private func category(named name: Substring) -> MemoryCategory? {
        let name = name.lowercased()
        return titles.first { category, title in
            [title.lowercased(), category.rawValue, category.rawValue + "s"].contains(name)
        }?.category
    }
}

/// The parts of `#12 [4] words`; number and importance may be missing.
private struct Entry {
    var id: Int?
    var importance: Importance?
    var words: String

    init?(_ text: String) {
        var rest = text[...]
        if rest.first == "#", let number = Entry.number(rest.dropFirst(), before: " "), number.value > 0 {
            id = number.value
            rest = number.rest
        }
        if rest.first == "[", let number = Entry.number(rest.dropFirst(), before: "]"), (1...5).contains(number.value) {
            importance = Importance(clamping: number.value)
            rest = number.rest.first == " " ? number.rest.dropFirst() : number.rest
        }
        words = String(rest)
        if words.isEmpty { return nil }
    }

    private static func number(_ text: Substring, before end: Character) -> (value: Int, rest: Substring)? {
        guard let index = text.firstIndex(of: end), let value = Int(text[..<index]) else { return nil }
        return (value, text[text.index(after: index)...])
    }
}
