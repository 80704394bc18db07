import Digests
public import Memories

/// What is to be stored: a statement with its evidence.
public struct NewMemory: Sendable, Equatable {
    public var category: MemoryCategory
    /// One line; white space is folded when it is stored, and letters are composed, here and in the key.
    public var content: String
    public var importance: Importance
    public var origin: MemoryOrigin
    /// `category:subject`.
    public var key: String?
    /// Thousandths.
    public var score: Int?
    public var terms: [ScoreTerm]
    public var rule: Memory.RuleReference?
    public var tags: [String]
    /// Where it was said, the best place first; empty for what a person typed to the command.
    public var sightings: [NewSighting]
    /// When it was said, for what has no sighting.
    public var saidAt: String
    /// The uid that it has in another store; nil for a new one.
    public var uid: String?

    public init(
        category: MemoryCategory, content: String, importance: Importance, origin: MemoryOrigin, key: String? = nil,
        score: Int? = nil, terms: [ScoreTerm] = [], rule: Memory.RuleReference? = nil, tags: [String] = [],
        sightings: [NewSighting] = [], saidAt: String = ""
    ) {
        self.category = category
        self.content = NewMemory.folded(content).composed
        self.importance = importance
        self.origin = origin
        self.key = key?.composed
        self.score = score
        self.terms = terms
        self.rule = rule
        self.tags = tags
        self.sightings = sightings
        self.saidAt = sightings.map(\.saidAt).max() ?? saidAt
    }

    /// A key with the same subject for another category: `decision:retention` → `config:retention`.
    static func key(_ key: String, in category: MemoryCategory) -> String {
        guard let colon = key.firstIndex(of: ":") else { return key }
        return category.rawValue + key[colon...]
    }

    /// White space folded to single spaces; the same string when there is nothing to fold.
    static func folded(_ text: String) -> String {
        var text = text
        let isFolded = text.withUTF8 { bytes in
            guard let first = bytes.first, let last = bytes.last, first > 0x20, last > 0x20 else {
                return bytes.isEmpty
            }
            var previous: UInt8 = 0
            for byte in bytes {
                // Blanks outside ASCII begin with these bytes.
                if byte < 0x20 || byte == 0x20 && previous == 0x20 || byte == 0xC2 || byte == 0xE2 || byte == 0xE3 {
                    return false
                }
                previous = byte
            }
            return true
        }
        return isFolded ? text : text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

/// A place where a memory was said.
public struct NewSighting: Sendable, Equatable {
    /// Row of the transcript, when it is one that the store knows.
    public var transcriptID: Int?
    public var path: String
    public var sessionID: String?
    /// From 1; 0 when only the session is known.
    public var line: Int
    public var endLine: Int
    /// Within the file; empty when they are not known.
    public var bytes: Range<Int>
    public var role: Role
    /// Empty when the transcript does not say.
    public var saidAt: String
    public var quote: String
    /// Identity of the turn that holds it.
    public var turnIdentity: Int?
    /// Identity of that turn in composed text, where its own text is not.
    public var composedTurnIdentity: Int?
    /// What read it there; nil for the memory's own rule.
    public var rule: Memory.RuleReference?

    public init(
        transcriptID: Int?, path: String, sessionID: String?, line: Int, endLine: Int, bytes: Range<Int>, role: Role,
        saidAt: String, quote: String, turnIdentity: Int?
    ) {
        self.transcriptID = transcriptID
        self.path = path
        self.sessionID = sessionID
        self.line = line
        self.endLine = endLine
        self.bytes = bytes
        self.role = role
        self.saidAt = saidAt
        self.quote = quote
        self.turnIdentity = turnIdentity
    }

    /// The same in a copy or a fork of the session; where no time is given, the line stands for it.
    var identity: Int { StableHash.integer(role.rawValue, saidAt.isEmpty ? "\(path):\(line)" : saidAt, quote) }
}

/// What becomes of a statement.
public enum RecordOutcome: Sendable, Equatable {
    case inserted(id: Int)
    /// It is there already; this is another place where it was said.
    case merged(into: Int)
    /// It replaces an older statement on the same subject.
    case supersedes(id: Int, older: Int)
    /// A newer statement on the same subject is there already: stored as history.
    case history(id: Int, newer: Int)
    case refused(Refused)

    public enum Refused: Sendable, Equatable {
        /// It was forgotten, and is not to come back.
        case tombstone
        /// A person archived it.
        case archived(id: Int)
        /// A person said otherwise on the same subject.
        case outranked(by: Int)
        case empty
        /// It is below the importance that is asked for.
        case unimportant
    }

    /// The memory that now holds the statement.
    public var memoryID: Int? {
        switch self {
        case .inserted(let id), .merged(let id), .supersedes(let id, _), .history(let id, _): id
        case .refused: nil
        }
    }
}
