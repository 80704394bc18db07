import Digests
import Memories
public import SQLite

/// One run of a command that changes memories. Its row is made with the first change, so that a command that found nothing
/// to do leaves nothing to undo.
public final class ChangeRun {
    private let store: MemoryStore
    private let kind: MemoryStore.IngestKind
    /// The row in `ingest`; nil as long as nothing has changed.
    public private(set) var id: Int?
    public private(set) var counts = IngestCounts()

    init(_ store: MemoryStore, _ kind: MemoryStore.IngestKind) {
        self.store = store
        self.kind = kind
    }

    func begin() throws(SQLiteError) -> Int {
        if let id { return id }
        let begun = try store.beginIngest(kind)
        id = begun
        return begun
    }

    func count(_ outcome: RecordOutcome) { counts.add(outcome) }
    func countArchived(_ number: Int = 1) { counts.archived += number }
}

/// What became of what a person typed.
public struct AddOutcome: Sendable, Equatable {
    public var outcome: RecordOutcome
    /// Whether it had been archived, and is in force again.
    public var isRestored = false
    /// Fields of a known memory that are different now.
    public var changed: [String] = []
}

extension IngestCounts {
    mutating func add(_ outcome: RecordOutcome) {
        switch outcome {
        case .inserted, .history: inserted += 1
        case .merged: merged += 1
        case .supersedes:
            inserted += 1
            superseded += 1
        case .refused: refused += 1
        }
    }
}

extension MemoryStore {
    /// Runs the changes of one command in a transaction, all or nothing; what it did can be undone as a whole.
    public func changing<T>(
        _ kind: IngestKind = .command, _ body: (ChangeRun) throws(SQLiteError) -> T
    ) throws(StoreError) -> T {
        let run = ChangeRun(self, kind)
        return try writing { () throws(SQLiteError) in
            let result = try body(run)
            if let id = run.id { try add(run.counts, toIngest: id) }
            return result
        }
    }

    /// What the changes would do: runs them and takes all of them back.
    public func previewing<T>(_ body: (ChangeRun) throws(SQLiteError) -> T) throws(StoreError) -> T {
        let run = ChangeRun(self, .command)
        do throws(SQLiteError) {
            return try connection.preview { () throws(SQLiteError) in try body(run) }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Stores what a person typed, or Claude said to keep: it is the newest on its subject, whatever the clock says.
    ///
    /// - Parameter session: The conversation that it belongs to.
    public func add(
        _ memory: NewMemory, session: String? = nil, _ run: ChangeRun
    ) throws(SQLiteError) -> AddOutcome {
        let ingest = try run.begin()
        var memory = memory
        if let key = memory.key,
            let standing = try connection.row(
                "SELECT max(said_at) FROM memory WHERE key = ? AND state = 'active'", .text(key), read: { $0.text(0) }),
            standing > memory.saidAt
        {
            memory.saidAt = standing
        }
        var outcome = try record(memory, ingest: ingest)
        if case .merged(let id) = outcome, let older = try giveKey(memory.key, to: id, ingest) {
            outcome = .supersedes(id: id, older: older)
        }
        run.count(outcome)
        guard let id = outcome.memoryID else { return AddOutcome(outcome: outcome) }
        if let session, !session.isEmpty {
            try connection.run(
                """
                INSERT OR IGNORE INTO memory_source (memory_id, identity, session_id, role, said_at, quote, ingest_id)
                VALUES (?, ?, ?, 'user', ?, ?, ?)
                """, .integer(id), .integer(StableHash.integer("command", session, memory.content)),
                .integer(try sessionRow(session)), .text(memory.saidAt), .text(memory.content), .integer(ingest))
        }
        return AddOutcome(
            outcome: outcome, isRestored: try has(.restored, id, ingest), changed: try changedFields(of: id, ingest))
    }

    private func has(_ kind: EventKind, _ id: Int, _ ingest: Int) throws(SQLiteError) -> Bool {
        try connection.row(
            "SELECT 1 FROM memory_event WHERE memory_id = ? AND ingest_id = ? AND kind = ?", .integer(id),
            .integer(ingest), .text(kind.rawValue)
        ) { _ in true } ?? false
    }

    /// What a run has made different about a memory that was there before it, each field once.
    private func changedFields(of id: Int, _ ingest: Int) throws(SQLiteError) -> [String] {
        guard try !has(.inserted, id, ingest) else { return [] }
        var fields = try connection.rows(
            """
            SELECT json_extract(detail, '$.field') FROM memory_event
            WHERE memory_id = ? AND ingest_id = ? AND kind = 'changed' ORDER BY id
            """, .integer(id), .integer(ingest)
        ) { $0.text(0) }
        for field in ["importance", "key"] {
            let isChanged = try connection.row(
                """
                SELECT 1 FROM memory_event WHERE memory_id = ? AND ingest_id = ? AND kind = 'merged'
                AND json_extract(detail, ?) IS NOT NULL
                """, .integer(id), .integer(ingest), .text("$.\(field)_after")
            ) { _ in true }
            if isChanged == true { fields.append(field) }
        }
        return fields.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// A person names the subject of what was known without one: it takes the place of what had that key.
    ///
    /// - Returns: The memory that is superseded; nil when nothing changed.
    private func giveKey(_ key: String?, to id: Int, _ ingest: Int) throws(SQLiteError) -> Int? {
        guard let key, let known = try memory(id), known.key == nil, known.state == .active, known.category.latestWins,
            let older = try connection.row(
                """
                SELECT id FROM memory WHERE key = ? AND state = 'active'
                AND category IN ('config', 'result', 'task', 'decision')
                """, .text(key), read: { $0.int(0) })
        else { return nil }
        try connection.run(
            "UPDATE memory SET state = 'superseded', reason = ? WHERE id = ?", .text(RecordPlanner.replaced),
            .integer(older))
        try log(older, .superseded, [("by", "#\(id)"), ("reason", RecordPlanner.replaced)], ingest)
        try link(id, .supersedes, older)
        try log(id, .linked, [("kind", LinkKind.supersedes.rawValue), ("to", "#\(older)")], ingest)
        try set("key", of: id, from: nil, to: key)
        try logChange(id, "key", nil, key, ingest)
        return older
    }

    /// What keeps a memory from being active.
    func obstacle(
        for id: Int, content: String, key: String?, latestWins: Bool
    ) throws(SQLiteError) -> Int? {
        if let twin = try connection.row(
            "SELECT id FROM memory WHERE fingerprint = ?1 AND state = 'active' AND id <> ?2",
            .text(Fingerprint.of(content)), .integer(id), read: { $0.int(0) })
        {
            return twin
        }
        guard let key, latestWins else { return nil }
        return try connection.row(
            """
            SELECT id FROM memory WHERE key = ? AND state = 'active' AND id <> ?
            AND category IN ('config', 'result', 'task', 'decision')
            """, .text(key), .integer(id)
        ) { $0.int(0) }
    }
}
