import Memories
import Neutralization
public import Storage

/// What one session has for a model: its turns that were never sent, and the memories that were said in them.
public struct RefineSession: Sendable {
    public var uid: String
    public var turns: [StoredTurn]
    /// Active memories that no person stands behind, with where they were said.
    public var memories: [(memory: StoredMemory, sightings: [StoredSighting])]

    public init(
        uid: String, turns: [StoredTurn], memories: [(memory: StoredMemory, sightings: [StoredSighting])]
    ) {
        self.uid = uid
        self.turns = turns
        self.memories = memories
    }

    /// The rows of all its turns: what is left out of a request is done with too.
    public var range: TurnRange {
        let ids = turns.map(\.id)
        return TurnRange(session: uid, first: ids.min() ?? 0, last: ids.max() ?? 0)
    }
}

/// One request: the text that is sent, and what each of its labels means.
public struct RefineDraft: Sendable {
    /// A part of a turn, as it is sent: folded, without secrets, harmless.
    struct Excerpt: Sendable, Equatable {
        var session: String
        var turn: Int
        var role: String
        var text: String
    }

    struct Subject: Sendable, Equatable {
        var memory: StoredMemory
        /// Rows of the turns that were sent and in which it was said.
        var turns: Set<Int>
    }

    /// What is sent.
    public private(set) var text = ""
    public private(set) var ranges: [TurnRange] = []
    private(set) var excerpts: [Excerpt] = []
    /// By its label.
    private(set) var subjects: [String: Subject] = [:]
    /// In the order of their labels.
    private(set) var labels: [String] = []

    /// The most that is sent of conversations and memories, in characters.
    public static let mostCharacters = 12_000
    /// Memories of one session that are sent, the newest.
    static let mostMemories = 40
    private static let wholeTurn = 1_200

    /// Characters; of a script that takes three bytes for one, a character and a half each, since it takes more tokens too.
    static func size(_ text: String) -> Int { max(text.count, text.utf8.count / 2) }

    private static let window = 350

    public var memoryCount: Int { subjects.count }
    public var sessions: [String] { ranges.map(\.session) }

    /// - Parameters:
    ///   - sessions: More than one only when they are short: they share the characters.
    ///   - redact: Takes secrets and private text out once more; rules for them may have come since the text was stored.
    public init(_ sessions: [RefineSession], most: Int = mostCharacters, redact: (String) -> String) {
        text = "\(OwnRequest.mark) \(Instructions.refine.name)]\n"
        for (index, session) in sessions.enumerated() {
            ranges.append(session.range)
            let share = (most - RefineDraft.size(text)) / (sessions.count - index)
            add(session, share) { Folding.folded(Neutralizer.neutralized(redact($0))) }
        }
    }

    /// Whether there is anything that a model could do something with.
    public var isEmpty: Bool { excerpts.isEmpty }

    private mutating func add(_ session: RefineSession, _ most: Int, _ clean: (String) -> String) {
        let turns = session.turns.filter { Role(rawValue: $0.role) != .tool }
        let known = Dictionary(turns.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var left = most - 20
        var chosen: [Int: [String]] = [:]
        var cleaned: [Int: String] = [:]
        func text(_ turn: StoredTurn) -> String {
            if let text = cleaned[turn.id] { return text }
            // What is far behind the front of a very long message is not looked at.
            let text = clean(String(turn.text.prefix(200_000)))
            cleaned[turn.id] = text
            return text
        }
        /// Takes a part of a turn when there is room for it.
        func take(_ turn: StoredTurn, _ parts: [String]) -> Bool {
            let fresh = parts.filter { part in !part.isEmpty && chosen[turn.id]?.contains { $0.contains(part) } != true
            }
            let cost = fresh.reduce(0) { $0 + RefineDraft.size($1) + 18 }
            guard cost <= left else { return false }
            left -= cost
            if !fresh.isEmpty { chosen[turn.id, default: []] += fresh }
            return true
        }
        var lines: [String] = []
        let newest = session.memories.sorted { ($0.memory.saidAt, $0.memory.id) > ($1.memory.saidAt, $1.memory.id) }
        for (memory, sightings) in newest where lines.count < RefineDraft.mostMemories {
            let places = sightings.compactMap { place in place.turnID.flatMap { known[$0] }.map { ($0, place.quote) } }
            let content = clean(memory.content)
            let line = "[\(memory.category.rawValue) \(memory.importance.level)] | \(content)"
            let cost = RefineDraft.size(line) + 24
            guard !places.isEmpty, !content.isEmpty, cost <= left else { continue }
            var seen: Set<Int> = []
            left -= cost
            for (turn, quote) in places where take(turn, [RefineDraft.part(of: text(turn), around: clean(quote))]) {
                seen.insert(turn.id)
            }
            guard !seen.isEmpty else {
                left += cost
                continue
            }
            let label = "M\(labels.count + 1)"
            labels.append(label)
            subjects[label] = Subject(memory: memory, turns: seen)
            lines.append("\(label) in \(seen.sorted().map { "T\($0)" }.joined(separator: ",")) \(line)")
        }
        for turn in turns.reversed() where chosen[turn.id] == nil {
            let text = text(turn)
            let parts =
                text.count <= RefineDraft.wholeTurn
                ? [text] : [String(text.prefix(RefineDraft.wholeTurn - 400)), String(text.suffix(400))]
            guard take(turn, parts) else { break }
        }
        guard !chosen.isEmpty else { return }
        self.text += "Session \(ranges.count), statements:\n" + lines.map { $0 + "\n" }.joined()
        self.text += "Session \(ranges.count), conversation:\n"
        for turn in turns {
            for part in chosen[turn.id] ?? [] {
                excerpts.append(Excerpt(session: session.uid, turn: turn.id, role: turn.role, text: part))
                self.text += "T\(turn.id) \(turn.role) | \(part)\n"
            }
        }
    }

    /// A turn, or what stands around a quotation in a long one.
    private static func part(of text: String, around quote: String) -> String {
        guard text.count > wholeTurn else { return text }
        guard !quote.isEmpty, let range = text.firstRange(of: quote) else { return String(text.prefix(wholeTurn)) }
        let start = text.index(range.lowerBound, offsetBy: -window, limitedBy: text.startIndex) ?? text.startIndex
        let end = text.index(range.upperBound, offsetBy: window, limitedBy: text.endIndex) ?? text.endIndex
        return String(text[start..<end])
    }
}

/// Which sessions go into one call.
public enum RefineBatches {
    /// A session with less text than this shares a call with others.
    static let short = 3_000
    static let mostSessions = 8

    static func size(_ session: RefineSession) -> Int {
        session.turns.reduce(0) { $0 + min($1.text.utf8.count, 1_200) }
            + session.memories.reduce(0) { $0 + $1.memory.content.utf8.count + 24 }
    }

    /// - Parameter isPatient: Whether few short sessions wait until others join them.
    /// - Returns: Long sessions alone, short ones together, in their order.
    public static func batches(_ sessions: [RefineSession], isPatient: Bool) -> [[RefineSession]] {
        var batches: [[RefineSession]] = []
        var open: [RefineSession] = []
        var size = 0
        for session in sessions {
            let own = RefineBatches.size(session)
            guard own < short else {
                batches.append([session])
                continue
            }
            if size + own > RefineDraft.mostCharacters || open.count == mostSessions {
                batches.append(open)
                (open, size) = ([], 0)
            }
            open.append(session)
            size += own
        }
        if !open.isEmpty, !isPatient || size >= short || open.count >= 3 { batches.append(open) }
        return batches
    }
}
