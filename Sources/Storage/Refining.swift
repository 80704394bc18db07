public import Memories
public import SQLite

/// A memory in better words, or one that no rule saw, with what it rests on.
public struct RefinedMemory: Sendable, Equatable {
    public enum Kind: String, CaseIterable, Sendable { case rewritten, merged, new }

    public var kind: Kind
    public var category: MemoryCategory
    public var content: String
    public var importance: Importance
    /// The memories in whose place it stands; empty for a new one.
    public var originals: [Int]
    /// The words that carry it, as they were sent.
    public var quote: String
    /// The turn that holds the quote.
    public var turn: Int

    public init(
        kind: Kind, category: MemoryCategory, content: String, importance: Importance, originals: [Int], quote: String,
        turn: Int
    ) {
        self.kind = kind
        self.category = category
        self.content = content
        self.importance = importance
        self.originals = originals
        self.quote = quote
        self.turn = turn
    }
}

/// Who made a refinement.
public struct RefinementMaker: Sendable, Equatable {
    public var model: String
    /// Name and version of the instructions.
    public var prompt: String
    /// Row of the call; nil when it stands in no ledger.
    public var call: Int?

    public init(model: String, prompt: String, call: Int?) {
        self.model = model
        self.prompt = prompt
        self.call = call
    }
}

public enum RefineOutcome: Sendable, Equatable {
    /// It stands, under this number.
    case stored(Int)
    /// Another active memory says that already.
    case known(Int)
    /// What it would replace is no longer in force, or a person stands behind it by now.
    case notReplaceable(Int)
    case refused(RecordOutcome.Refused)
    /// The turn that holds its quote is no longer in the archive.
    case turnIsGone
}

/// Where a refinement comes from, as the store holds it.
public struct StoredRefinement: Sendable, Equatable {
    public var kind: RefinedMemory.Kind
    public var model: String
    public var prompt: String
    public var quote: String
    public var session: String?
    public var path: String?
    public var line: Int?
    public var madeAt: String
    /// In the order of their numbers.
    public var originals: [Int]
}

extension MemoryStore {
    /// Stores a refinement: a new version that supersedes its originals, which stay as history, with its provenance. What the
    /// rules of facts refuse (forgotten, archived by a person, said already) is refused here too.
    public func refine(
        _ refinement: RefinedMemory, by maker: RefinementMaker, _ run: ChangeRun
    ) throws(SQLiteError) -> RefineOutcome {
        var originals: [StoredMemory] = []
        for id in refinement.originals {
            guard let original = try memory(id), original.state == .active, !original.origin.isOfAPerson,
                try !isTouchedByAPerson(id)
            else { return .notReplaceable(id) }
            originals.append(original)
        }
        guard var place = try sighting(of: refinement) else { return .turnIsGone }
        let line = place.line
        // Where an original was said in that turn, that is the place: it is not counted twice.
        for original in originals {
            guard let said = try sightings(of: original.id).first(where: { $0.turnID == refinement.turn }) else {
                continue
            }
            place.quote = said.quote
            place.line = said.line ?? place.line
            place.endLine = said.endLine ?? place.line
            place.bytes = said.bytes ?? place.bytes
            place.rule = said.rule
            break
        }
        let keys = Set(originals.compactMap(\.key))
        var memory = NewMemory(
            category: refinement.category, content: refinement.content, importance: refinement.importance, origin: .llm,
            tags: Set(originals.flatMap(\.tags)).sorted(), sightings: [place])
        memory.saidAt = originals.map(\.saidAt).max() ?? place.saidAt
        let wording = Wording(memory.content)
        switch try RecordPlanner(connection: connection, tombstones: Tombstones(connection)).plan(memory, wording) {
        case .insert: break
        case .merge(let id) where refinement.originals.contains(id): break
        case .merge(let id), .restore(let id), .supersede(let id), .history(let id): return .known(id)
        case .refuse(let why): return .refused(why)
        }
        if keys.count == 1, let key = keys.first { memory.key = key }
        let ingest = try run.begin()
        for original in originals {
            try connection.run(
                "UPDATE memory SET state = 'superseded', reason = ? WHERE id = ?", .text(RecordPlanner.refined),
                .integer(original.id))
        }
        let id = try insert(memory, wording, state: .active, reason: nil, ingest)
        try connection.run(
            """
            INSERT INTO refinement (memory_id, kind, model, prompt, quote, session, transcript_id, line, call_id, ingest_id,
                made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, .integer(id), .text(refinement.kind.rawValue), .text(maker.model), .text(maker.prompt),
            .text(refinement.quote), .optional(place.sessionID), .optional(place.transcriptID),
            .optional(line > 0 ? line : nil), .optional(maker.call), .integer(ingest), .text(now))
        for original in originals { try take(over: original.id, by: id, ingest) }
        run.count(originals.first.map { .supersedes(id: id, older: $0.id) } ?? .inserted(id: id))
        return .stored(id)
    }

    /// Whether a person has changed a memory or brought it back, and that stands.
    private func isTouchedByAPerson(_ id: Int) throws(SQLiteError) -> Bool {
        try connection.row(
            """
            SELECT 1 FROM memory_event AS e JOIN ingest AS g ON g.id = e.ingest_id
            WHERE e.memory_id = ? AND e.kind IN ('changed', 'restored') AND g.kind IN ('command', 'import')
                AND g.undone_at IS NULL
            """, .integer(id)
        ) { _ in true } ?? false
    }

    private func sighting(of refinement: RefinedMemory) throws(SQLiteError) -> NewSighting? {
        try connection.row(
            """
            SELECT t.transcript_id, coalesce(p.path, ''), c.uid, t.line, t.role, t.said_at, t.identity
            FROM turn AS t JOIN session AS c ON c.id = t.session_id LEFT JOIN transcript AS p ON p.id = t.transcript_id
            WHERE t.id = ?
            """, .integer(refinement.turn)
        ) {
            NewSighting(
                transcriptID: $0.optionalInt(0), path: $0.text(1), sessionID: $0.text(2), line: $0.int(3),
                endLine: $0.int(3), bytes: 0..<0, role: Role(rawValue: $0.text(4)) ?? .assistant, saidAt: $0.text(5),
                quote: refinement.quote, turnIdentity: $0.int(6))
        }
    }

    private func take(over original: Int, by id: Int, _ ingest: Int) throws(SQLiteError) {
        try connection.run("INSERT INTO refinement_original VALUES (?, ?)", .integer(id), .integer(original))
        try link(id, .supersedes, original)
        try log(original, .superseded, [("by", "#\(id)"), ("reason", RecordPlanner.refined)], ingest)
        try copySightings(from: original, to: id)
        // What only a rule on trial has read is not injected in better words either.
        try connection.run(
            """
            INSERT OR IGNORE INTO memory_withheld SELECT ?1 WHERE EXISTS (
                SELECT 1 FROM memory_withheld WHERE memory_id = ?2)
            """, .integer(id), .integer(original))
    }

    /// Where a refinement comes from; nil for what is none.
    public func refinement(_ id: Int) throws(SQLiteError) -> StoredRefinement? {
        let originals = try connection.rows(
            "SELECT original_id FROM refinement_original WHERE memory_id = ? ORDER BY 1", .integer(id)
        ) { $0.int(0) }
        return try connection.row(
            """
            SELECT r.kind, r.model, r.prompt, r.quote, r.session, t.path, r.line, r.made_at
            FROM refinement AS r LEFT JOIN transcript AS t ON t.id = r.transcript_id WHERE r.memory_id = ?
            """, .integer(id)
        ) {
            StoredRefinement(
                kind: RefinedMemory.Kind(rawValue: $0.text(0)) ?? .new, model: $0.text(1), prompt: $0.text(2),
                quote: $0.text(3), session: $0.optionalText(4), path: $0.optionalText(5), line: $0.optionalInt(6),
                madeAt: $0.text(7), originals: originals)
        }
    }

    /// The active memories that were said in a session and that a model may refine: nothing that a person stands behind.
    public func refinable(inSession uid: String) throws(SQLiteError) -> [StoredMemory] {
        var found: [StoredMemory] = []
        for memory in try memories(ofSession: uid) where memory.state == .active && !memory.origin.isOfAPerson {
            if try !isTouchedByAPerson(memory.id) { found.append(memory) }
        }
        return found
    }
}
