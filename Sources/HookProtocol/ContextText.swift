public import Memories

/// A memory as a line of context shows it.
public struct ContextLine: Sendable, Equatable {
    public var id: Int
    public var category: MemoryCategory
    public var text: String
    /// What its memory costs without a line around it.
    public var tokens: TokenCount

    public init(id: Int, category: MemoryCategory, text: String, tokens: TokenCount) {
        self.id = id
        self.category = category
        self.text = text
        self.tokens = tokens
    }
}

/// How much one answer may take.
public struct ContextBudget: Sendable, Equatable {
    public var tokens: Int
    public var items: Int
    public var caps: [MemoryCategory: Int]
    /// UTF-16 units.
    public var length: Int

    public init(tokens: Int, items: Int, caps: [MemoryCategory: Int] = [:], length: Int = HookOutput.mostContext) {
        self.tokens = tokens
        self.items = items
        self.caps = caps
        self.length = length
    }
}

/// Text that reaches the model, with the memories in it.
public struct ContextText: Sendable, Equatable {
    public var text: String
    /// With what their lines cost, in tokens.
    public var items: [(id: Int, tokens: TokenCount)]

    public static func == (a: ContextText, b: ContextText) -> Bool {
        a.text == b.text && a.items.elementsEqual(b.items) { $0.id == $1.id && $0.tokens == $1.tokens }
    }
}

/// Collects lines as long as they fit. What was taken stays; what does not fit is left out and ends nothing.
struct ContextWriter {
    private let budget: ContextBudget
    private let shown: (String) -> String
    private(set) var items: [(id: Int, tokens: TokenCount)] = []
    private var lines: [String] = []
    private var used = 0
    private var length = 0
    private var ofCategory: [MemoryCategory: Int] = [:]
    private var ids: Set<Int> = []

    /// - Parameter shown: Makes a text harmless: nothing in it passes for words of the harness, and it is one line.
    init(_ budget: ContextBudget, shown: @escaping (String) -> String) {
        self.budget = budget
        self.shown = shown
    }

    var text: String { lines.map { $0 + "\n" }.joined() }
    var isEmpty: Bool { lines.isEmpty }
    var tokensLeft: Int { budget.tokens - used }
    func holds(_ id: Int) -> Bool { ids.contains(id) }

    /// A line that is no memory, with the cost of what must follow it.
    ///
    /// - Returns: Whether it was taken.
    @discardableResult
    mutating func add(_ line: String, reserving more: Int = 0) -> Bool {
        let cost = TokenCount.estimate(of: line).value
        let size = line.utf16.count + 1
        guard used + cost + more <= budget.tokens, length + size <= budget.length else { return false }
        take(line, cost, size)
        return true
    }

    /// A heading and the memories below it that fit; no heading without a memory.
    ///
    /// - Parameters:
    ///   - most: So many tokens for the section at most.
    ///   - labels: Whether each line tells its category.
    mutating func add(section title: String, _ memories: [ContextLine], most: Int, labels: Bool = false) {
        let end = min(budget.tokens, used + most)
        var isOpen = false
        for memory in memories where !ids.contains(memory.id) {
            if let cap = budget.caps[memory.category], ofCategory[memory.category, default: 0] >= cap { continue }
            guard items.count < budget.items else { return }
            let label = labels ? " (\(memory.category.rawValue))" : ""
            let line = "- #\(memory.id)\(label) \(shown(memory.text))"
            let heading = isOpen ? "" : title
            let lineCost = max(TokenCount.estimate(of: line).value, memory.tokens.value)
            let headingCost = isOpen ? 0 : TokenCount.estimate(of: heading).value
            let size = line.utf16.count + 1 + (isOpen ? 0 : heading.utf16.count + 1)
            guard used + lineCost + headingCost <= end, length + size <= budget.length else { continue }
            if !isOpen {
                take(heading, headingCost, heading.utf16.count + 1)
                isOpen = true
            }
            take(line, lineCost, line.utf16.count + 1)
            items.append((memory.id, TokenCount(lineCost)))
            ids.insert(memory.id)
            ofCategory[memory.category, default: 0] += 1
        }
    }

    private mutating func take(_ line: String, _ cost: Int, _ size: Int) {
        lines.append(line)
        used += cost
        length += size
    }
}

extension StringProtocol {
    /// The beginning, cut behind a word, in one line.
    func clipped(_ limit: Int) -> String {
        let words = split(whereSeparator: \.isWhitespace)
        var text = ""
        for word in words {
            guard text.count + word.count + 1 <= limit else {
                return text.isEmpty ? String(word.prefix(limit)) + "…" : text + " …"
            }
            text += text.isEmpty ? String(word) : " \(word)"
        }
        return text
    }
}
