public import Memories
import JSON
import SQLite

/// A memory as the store holds it.
public struct StoredMemory: Sendable, Equatable {
    /// Short and local, shown as `#42`.
    public var id: Int
    /// Stable across machines.
    public var uid: String
    public var category: MemoryCategory
    public var content: String
    public var importance: Importance
    public var state: MemoryState
    public var origin: MemoryOrigin
    public var key: String?
    /// Thousandths.
    public var score: Int?
    /// Read when somebody asks: a search shows a tenth of what it weighs, and no terms.
    public var terms: [ScoreTerm] { StoredMemory.terms(termsText) }
    private var termsText: String
    public var rule: Memory.RuleReference?
    public var tokens: TokenCount
    public var saidAt: String
    public var createdAt: String
    /// Why it is not active.
    public var reason: String?
    public var tags: [String]
    /// Places where it was said.
    public var sightingCount: Int

    static let columns = """
        m.id, m.uid, m.category, m.content, m.importance, m.state, m.origin, m.key, m.score, m.terms, m.rule, m.pack,
        m.pack_version, m.tokens, m.said_at, m.created_at, m.reason,
        (SELECT group_concat(tag, char(31)) FROM (SELECT tag FROM memory_tag WHERE memory_id = m.id ORDER BY tag)),
        (SELECT count(*) FROM memory_source WHERE memory_id = m.id)
        """
    static let columnCount = 19

    init(_ row: Statement) {
        id = row.int(0)
        uid = row.text(1)
        category = MemoryCategory(rawValue: row.text(2)) ?? .note
        content = row.text(3)
        importance = Importance(clamping: row.int(4))
        state = MemoryState(rawValue: row.text(5)) ?? .archived
        origin = MemoryOrigin(rawValue: row.text(6)) ?? .manual
        key = row.optionalText(7)
        score = row.optionalInt(8)
        termsText = row.text(9)
        rule = row.optionalText(10).map {
            Memory.RuleReference(id: $0, pack: row.text(11), packVersion: row.text(12))
        }
        tokens = TokenCount(row.int(13))
        saidAt = row.text(14)
        createdAt = row.text(15)
        reason = row.optionalText(16)
        tags = row.text(17).split(separator: "\u{1F}").map(String.init)
        sightingCount = row.int(18)
    }

    /// Reads what `MemoryStore.json` wrote; what is broken is left out.
    private static func terms(_ text: String) -> [ScoreTerm] {
        var text = text
        return text.withUTF8 { bytes in
            var scanner = JSONScanner(bytes)
            var terms: [ScoreTerm] = []
            do throws(JSONError) {
                guard try scanner.enterArray() else { return terms }
                while try scanner.nextElement() {
                    guard try scanner.enterArray(), try scanner.nextElement() else { return terms }
                    let name = try scanner.string()?.text() ?? ""
                    guard try scanner.nextElement(), let value = try scanner.int() else { return terms }
                    while try scanner.nextElement() { _ = try scanner.skip() }
                    terms.append(ScoreTerm(name: name, value: value))
                }
            } catch {
                return terms
            }
            return terms
        }
    }
}

/// A place where a memory was said, as the store holds it.
public struct StoredSighting: Sendable, Equatable {
    public var sessionID: String?
    public var path: String?
    /// Whether Claude Code has deleted the transcript since.
    public var isGone: Bool
    public var turnID: Int?
    public var line: Int?
    public var endLine: Int?
    /// Within the file.
    public var bytes: Range<Int>?
    public var role: String?
    public var saidAt: String
    public var quote: String
    public var rule: Memory.RuleReference?
    public var ingest: Int?

    static let columns = """
        (SELECT uid FROM session WHERE id = s.session_id), t.path, coalesce(t.is_gone, 0), s.turn_id, s.line, s.end_line,
        s.role, s.said_at, s.quote, s.rule, s.pack, s.pack_version, s.ingest_id, s.byte_start, s.byte_end
        """

    init(_ row: Statement) {
        sessionID = row.optionalText(0)
        path = row.optionalText(1)
        isGone = row.int(2) != 0
        turnID = row.optionalInt(3)
        line = row.optionalInt(4)
        endLine = row.optionalInt(5)
        role = row.optionalText(6)
        saidAt = row.text(7)
        quote = row.text(8)
        rule = row.optionalText(9).map {
            Memory.RuleReference(id: $0, pack: row.text(10), packVersion: row.text(11))
        }
        ingest = row.optionalInt(12)
        if let start = row.optionalInt(13), let end = row.optionalInt(14), start < end { bytes = start..<end }
    }
}

/// Something that happened to a memory.
public struct StoredEvent: Sendable, Equatable {
    public var id: Int
    public var memory: Int
    public var at: String
    public var kind: String
    /// JSON object.
    public var detail: String
    public var ingest: Int?

    init(_ row: Statement) {
        id = row.int(0)
        memory = row.int(1)
        at = row.text(2)
        kind = row.text(3)
        detail = row.text(4)
        ingest = row.optionalInt(5)
    }
}

/// A typed edge between two memories.
public struct StoredLink: Sendable, Equatable {
    public var from: Int
    public var to: Int
    public var kind: LinkKind
    public var createdAt: String

    init(_ row: Statement) {
        from = row.int(0)
        to = row.int(1)
        kind = LinkKind(rawValue: row.text(2)) ?? .relatedTo
        createdAt = row.text(3)
    }
}
