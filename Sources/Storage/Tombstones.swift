import Digests
import Memories
import SQLite

/// What was forgotten, as salted hashes: enough to know it again, not enough to read it.
struct Tombstones {
    enum Kind: String { case fact, quote, turn, session }

    let connection: Connection
    /// Nothing was ever forgotten: nothing to ask.
    let isEmpty: Bool

    init(_ connection: Connection) throws(SQLiteError) {
        self.connection = connection
        isEmpty = try connection.row("SELECT 1 FROM tombstone LIMIT 1") { _ in true } == nil
    }

    /// Call it for a turn while the turn is there yet: a copy of it in composed text is buried with it.
    func add(_ kind: Kind, _ text: String, at time: String) throws(SQLiteError) {
        try insert(kind, text, at: time)
        if kind == .turn, let composed = try composedIdentity(ofTurn: text) {
            try insert(kind, String(composed), at: time)
        }
    }

    private func insert(_ kind: Kind, _ text: String, at time: String) throws(SQLiteError) {
        try connection.run(
            "INSERT OR IGNORE INTO tombstone VALUES (?, ?, ?)", .text(kind.rawValue),
            .text(try hash(kind, text)), .text(time))
    }

    /// Nil when its text is composed, or the turn is not there.
    private func composedIdentity(ofTurn identity: String) throws(SQLiteError) -> Int? {
        guard let identity = Int(identity) else { return nil }
        let turn = try connection.row(
            "SELECT \(StoredTurn.columns) FROM turn AS t JOIN session AS c ON c.id = t.session_id WHERE t.identity = ?",
            .integer(identity), read: StoredTurn.init)
        guard let turn, let role = Role(rawValue: turn.role) else { return nil }
        return NewTurn(
            sessionID: turn.sessionID, line: turn.line, role: role, saidAt: turn.saidAt, text: turn.text
        ).composedIdentity
    }

    func holds(_ kind: Kind, _ text: String) throws(SQLiteError) -> Bool {
        guard !isEmpty else { return false }
        return try connection.row(
            "SELECT 1 FROM tombstone WHERE kind = ? AND hash = ?", .text(kind.rawValue), .text(try hash(kind, text))
        ) { _ in true } ?? false
    }

    /// Whether the statement, its words or the turn that it stands in were forgotten.
    func forbids(_ memory: NewMemory) throws(SQLiteError) -> Bool {
        guard !isEmpty else { return false }
        for fold in Tombstones.foldings(of: memory.content) {
            if try holds(.fact, fold(memory.content)) { return true }
            for sentence in Tombstones.sentences(of: memory.content, fold) where try holds(.quote, sentence) {
                return true
            }
        }
        guard let best = memory.sightings.first else { return false }
        return try forbids(best)
    }

    /// The memory without those of its places that were forgotten: what is said elsewhere too stays, the forgotten words do not.
    func withoutForgottenPlaces(_ memory: NewMemory) throws(SQLiteError) -> NewMemory {
        guard !isEmpty else { return memory }
        var left: [NewSighting] = []
        for sighting in memory.sightings where try !forbids(sighting) { left.append(sighting) }
        var memory = memory
        memory.sightings = left
        return memory
    }

    func forbids(_ sighting: NewSighting) throws(SQLiteError) -> Bool {
        for fold in Tombstones.foldings(of: sighting.quote) where try holds(.quote, fold(sighting.quote)) {
            return true
        }
        if let turn = sighting.turnIdentity, try holds(.turn, String(turn)) { return true }
        if let turn = sighting.composedTurnIdentity, try holds(.turn, String(turn)) { return true }
        if let session = sighting.sessionID, try holds(.session, session) { return true }
        return false
    }

    /// Whether the turn, in its own text or in composed text, or its session was forgotten.
    func forbids(_ turn: NewTurn) throws(SQLiteError) -> Bool {
        guard !isEmpty else { return false }
        if try holds(.turn, String(turn.identity)) { return true }
        if let composed = turn.composedIdentity, try holds(.turn, String(composed)) { return true }
        return try holds(.session, turn.sessionID)
    }

    /// Whether these words were forgotten, however they are marked.
    func holdWords(_ text: String) throws(SQLiteError) -> Bool {
        for fold in Tombstones.foldings(of: text) {
            let folded = fold(text)
            if !folded.isEmpty, try holds(.fact, folded) { return true }
        }
        return false
    }

    /// Letters, digits and nothing between them: a sentence is known again when only its marks have changed.
    static func folded(_ text: String) -> String { lettersAlone(FoldedText.of(text)) }

    private static func lettersAlone(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { $0.properties.isAlphabetic || $0.properties.numericType != nil }))
    }

    /// How a text may have been folded when it was forgotten: earlier versions left marks out that stand apart from their
    /// letters.
    private static func foldings(of text: String) -> [(String) -> String] {
        text.utf8.allSatisfy { $0 < 0x80 } ? [folded] : [folded, { lettersAlone($0.lowercased()) }]
    }

    /// The sentences of a statement that has several, folded: one that was forgotten must not come back beside another.
    /// Short ones are left out, since they are said of many things.
    static func sentences(of text: String, _ fold: (String) -> String = folded) -> [String] {
        var sentences: [Substring] = []
        var start = text.startIndex
        var isEnd = false
        for index in text.indices {
            if isEnd, text[index] == " " {
                sentences.append(text[start..<index])
                start = index
            }
            isEnd = ".!?".contains(text[index]) || isEnd && "*`\"')".contains(text[index])
        }
        guard !sentences.isEmpty else { return [] }
        sentences.append(text[start...])
        return sentences.map { fold(String($0)) }.filter { $0.unicodeScalars.count >= shortestSentence }
    }

    private static let shortestSentence = 24

    private func hash(_ kind: Kind, _ text: String) throws(SQLiteError) -> String {
        let salt = try connection.row("SELECT value FROM meta WHERE name = 'salt'") { $0.text(0) } ?? ""
        return String(SHA256.hex(salt + "\u{1F}" + kind.rawValue + "\u{1F}" + text).prefix(32))
    }
}

extension MemoryStore {
    /// What was forgotten before this transaction, which forgets nothing itself.
    func tombstones() throws(SQLiteError) -> Tombstones {
        if let known = knownTombstones, connection.isInTransaction, known.transaction == connection.transactionNumber {
            return known.tombstones
        }
        let tombstones = try Tombstones(connection)
        knownTombstones = (connection.transactionNumber, tombstones)
        return tombstones
    }
}
