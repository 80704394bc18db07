import Memories
public import Storage

/// What answers a question, put together for a context window: memories, then excerpts of conversations, each with its place.
/// Extractive: every word was said.
public struct ContextPack: Sendable, Equatable {
    /// Pieces of one turn.
    public struct Excerpt: Sendable, Equatable {
        public var turn: StoredTurn
        /// In the order of the turn; what was left out between two is marked.
        public var text: String
        /// That of its best piece; thousandths.
        public var worth: Int
    }

    /// How it is going to be written; the marks cost tokens too.
    public enum Layout: Sendable {
        case plain
        case markdown

        /// The line of a memory, with its end.
        public func line(_ line: MemoryLine, _ text: String) -> String {
            (self == .plain ? "" : "- ") + ContextPack.line(line, text) + "\n"
        }

        /// The line over the excerpts of a session and a day, with its end.
        public func heading(_ turn: StoredTurn) -> String {
            self == .plain ? ContextPack.day(turn) + "\n" : "\n**\(ContextPack.day(turn))**\n"
        }

        /// What stands before an excerpt: its line in the session, and who said it.
        public func place(_ turn: StoredTurn) -> String { "\(ContextPack.place(turn)) " }
    }

    /// A memory of the pack.
    public struct MemoryLine: Sendable, Equatable {
        public var memory: StoredMemory
        /// The one that stands in its place.
        public var successor: Int?
        public var worth: Int
    }

    /// The best first, superseded ones last.
    public var memories: [MemoryLine] = []
    /// By session, the session with the best excerpt first; in a session in the order in which it was said.
    public var excerpts: [Excerpt] = []
    public var budget: Int

    /// What is worth less than this share of the best is left out, in thousandths: it is there by chance.
    static let leastShare = 30

    /// Takes the best that fits, without what says the same again.
    ///
    /// - Parameters:
    ///   - budget: In tokens; kept by the estimate of `TokenCount` and by the rule of four characters a token alike.
    ///   - clean: What is to be done to each text before it leaves the store.
    public init(_ found: Retrieved, budget: Int, layout: Layout = .plain, clean: @escaping (String) -> String) {
        var pack = Packing(budget: budget, layout: layout, clean: clean)
        if found.isEvidence, let best = found.items.first?.worth {
            let items = found.items.filter { $0.worth * 1000 >= best * ContextPack.leastShare }
            for item in items { pack.add(item) }
            // Marks of what was left out were counted for each piece; with what that was too much, more may fit.
            pack.recount(ContextPack(pack, budget).text(layout, clean: clean))
            for item in items { pack.add(item) }
        }
        self.init(pack, budget)
    }

    private init(_ pack: Packing, _ budget: Int) {
        self.budget = budget
        memories = pack.memories.sorted { a, b in
            let (x, y) = (a.memory.state == .superseded, b.memory.state == .superseded)
            return x != y ? y : a.worth > b.worth
        }
        excerpts = pack.excerpts()
    }

    /// What a text costs. Words of other languages than English are cut more finely: each letter with an accent costs one more.
    public static func tokens(_ text: String) -> Int {
        var accents = 0
        for scalar in text.unicodeScalars where scalar.value >= 0xC0 && scalar.value < 0x250 { accents += 1 }
        return TokenCount.estimate(of: text).value + accents
    }

    public var isEmpty: Bool { memories.isEmpty && excerpts.isEmpty }

    /// The least budget that it fits into.
    ///
    /// - Parameter clean: As it was given to make the pack.
    public func cost(_ layout: Layout = .plain, clean: (String) -> String) -> Int {
        // An excerpt is counted with the mark of what may be left out before the next one.
        let text = text(layout, clean: clean) + String(repeating: " …", count: excerpts.count)
        return max(ContextPack.tokens(text), (text.unicodeScalars.count + 3) / 4)
    }

    /// `#12 config 2026-03-01: The API listens on port 8081.`
    static func line(_ line: MemoryLine, _ text: String) -> String {
        var head = "#\(line.memory.id) \(line.memory.category.rawValue)"
        if !line.memory.saidAt.isEmpty { head += " \(line.memory.saidAt.prefix(10))" }
        if line.memory.state == .superseded {
            head += line.successor.map { " (superseded by #\($0))" } ?? " (superseded)"
        }
        return "\(head): \(text)"
    }

    /// The whole pack, its headings included.
    ///
    /// - Parameter clean: As it was given to make the pack.
    public func text(_ layout: Layout = .plain, clean: (String) -> String) -> String {
        var text = memories.map { layout.line($0, clean($0.memory.content)) }.joined()
        var day: String?
        for excerpt in excerpts {
            let now = ContextPack.day(excerpt.turn)
            if now != day {
                text += layout.heading(excerpt.turn)
                day = now
            }
            text += layout.place(excerpt.turn) + excerpt.text + "\n"
        }
        return text
    }

    /// `session 1f2e3d4c 2026-03-01`
    static func day(_ turn: StoredTurn) -> String {
        turn.saidAt.isEmpty
            ? "session \(turn.sessionID.prefix(8))" : "session \(turn.sessionID.prefix(8)) \(turn.saidAt.prefix(10))"
    }

    /// `:17 user`; with the session above it the place of a turn.
    static func place(_ turn: StoredTurn) -> String { ":\(turn.line) \(turn.role)" }
}

/// A pack while it is filled.
private struct Packing {
    private let budget: Int
    private let layout: ContextPack.Layout
    private let clean: (String) -> String
    private var tokens = 0
    private var characters = 0
    private var said: [Said] = []
    private var days: Set<String> = []
    private var pieces: [Int: Pieces] = [:]
    private(set) var memories: [ContextPack.MemoryLine] = []

    private struct Said {
        var words: Set<String>
        var text: String
    }

    private struct Pieces {
        var turn: StoredTurn
        var worth: Int
        var texts: [Int: String]
    }

    init(budget: Int, layout: ContextPack.Layout, clean: @escaping (String) -> String) {
        self.budget = budget
        self.layout = layout
        self.clean = clean
    }

    mutating func add(_ item: RecallItem) {
        // Nothing that says something is shorter.
        guard budget - tokens >= 3, budget * 4 - characters >= 12 else { return }
        let text = clean(item.text)
        guard text.contains(where: { $0.isLetter || $0.isNumber }) else { return }
        let words = Set(Words.all(in: text))
        switch item.source {
        case .memory(let memory, let successor):
            let line = ContextPack.MemoryLine(memory: memory, successor: successor, worth: item.worth)
            guard !isSaid(words, text), take(layout.line(line, text)) else { return }
            memories.append(line)
        case .excerpt(let turn, let piece):
            var head = ""
            if pieces[turn.id] == nil {
                head = (days.contains(ContextPack.day(turn)) ? "" : layout.heading(turn)) + layout.place(turn)
            }
            // A mark where something was left out, and the line's end.
            guard !isSaid(words, text), take(head + text + " …\n") else { return }
            days.insert(ContextPack.day(turn))
            pieces[turn.id, default: Pieces(turn: turn, worth: item.worth, texts: [:])].texts[piece] = text
        }
        said.append(Said(words: words, text: text))
    }

    /// - Parameter text: The pack as it is by now.
    mutating func recount(_ text: String) {
        tokens = ContextPack.tokens(text)
        characters = text.unicodeScalars.count
    }

    private mutating func take(_ text: String) -> Bool {
        let cost = ContextPack.tokens(text)
        let length = text.unicodeScalars.count
        guard tokens + cost <= budget, characters + length <= budget * 4 else { return false }
        tokens += cost
        characters += length
        return true
    }

    /// Whether one text that was taken holds nearly all these words, and each number.
    private func isSaid(_ words: Set<String>, _ text: String) -> Bool {
        said.contains { other in
            if other.text == text { return true }
            guard words.count >= 2 else { return false }
            var missing = 0
            for word in words where !other.words.contains(word) {
                if word.utf8.contains(where: { $0 >= 0x30 && $0 <= 0x39 }) { return false }
                missing += 1
                if missing * 8 > words.count { return false }
            }
            return true
        }
    }

    func excerpts() -> [ContextPack.Excerpt] {
        var sessions: [String: Int] = [:]
        for pieces in pieces.values {
            sessions[pieces.turn.sessionID] = max(sessions[pieces.turn.sessionID] ?? 0, pieces.worth)
        }
        return pieces.values.map {
            ContextPack.Excerpt(turn: $0.turn, text: Packing.joined($0.texts), worth: $0.worth)
        }.sorted { a, b in
            let (x, y) = (sessions[a.turn.sessionID] ?? 0, sessions[b.turn.sessionID] ?? 0)
            if x != y { return x > y }
            return (a.turn.sessionID, a.turn.saidAt, a.turn.line, a.turn.id)
                < (b.turn.sessionID, b.turn.saidAt, b.turn.line, b.turn.id)
        }
    }

    private static func joined(_ texts: [Int: String]) -> String {
        var text = ""
        var last: Int?
        for (number, piece) in texts.sorted(by: { $0.key < $1.key }) {
            if let last { text += number == last + 1 ? "\n" : " …\n" }
            text += piece
            last = number
        }
        return text
    }
}
