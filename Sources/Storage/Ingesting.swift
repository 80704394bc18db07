public import Memories
public import SQLite

/// All that one transcript gave.
public struct TranscriptHarvest: Sendable {
    public var state: TranscriptState
    public var cwd: String?
    public var branch: String?
    /// Of the first and the last entry; empty when the transcript does not say.
    public var startedAt: String
    public var endedAt: String
    public var turns: [NewTurn]
    /// The turns that the transcript holds now: their lines by their identities. Nil when only what is behind the known part was
    /// looked at.
    public var turnLines: [Int: Int]?
    /// Everything that the whole transcript gives now.
    public var memories: [NewMemory]
    /// Secrets and private spans that were taken out.
    public var redactions: Int
    /// Names of packs that did not read it though they are there: what they have found before is left alone.
    public var restingPacks: Set<String> = []

    public init(
        state: TranscriptState, cwd: String?, branch: String?, startedAt: String, endedAt: String, turns: [NewTurn],
        memories: [NewMemory], redactions: Int
    ) {
        self.state = state
        self.cwd = cwd
        self.branch = branch
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.turns = turns
        self.memories = memories
        self.redactions = redactions
    }
}

/// What ingestion did.
public struct IngestCounts: Sendable, Equatable {
    public var transcripts = 0
    public var turns = 0
    public var inserted = 0
    public var merged = 0
    public var superseded = 0
    /// Memories that their transcript, or the rules, no longer support.
    public var archived = 0
    /// Memories to which other rules give another category, importance or key.
    public var changed = 0
    public var refused = 0
    public var redacted = 0
    /// Transcripts whose end was cut off: what was stored of it is kept.
    public var cutOff = 0

    public init() {}

    public static func += (a: inout IngestCounts, b: IngestCounts) {
        a.transcripts += b.transcripts
        a.turns += b.turns
        a.inserted += b.inserted
        a.merged += b.merged
        a.superseded += b.superseded
        a.archived += b.archived
        a.changed += b.changed
        a.refused += b.refused
        a.redacted += b.redacted
        a.cutOff += b.cutOff
    }
}

extension MemoryStore {
    public enum IngestKind: String, Sendable { case ingest, `import`, command, topics }

    /// Begins a run. Call it inside `writing`, when there is something to store.
    public func beginIngest(_ kind: IngestKind) throws(SQLiteError) -> Int {
        try connection.run(
            "INSERT INTO ingest (kind, started_at) VALUES (?, ?)", .text(kind.rawValue), .text(now))
        return connection.lastInsertedRowID
    }

    /// Adds to what a run has done.
    public func add(_ counts: IngestCounts, toIngest id: Int) throws(SQLiteError) {
        try connection.run(
            """
            UPDATE ingest SET transcripts = transcripts + ?, turns = turns + ?, inserted = inserted + ?,
                merged = merged + ?, superseded = superseded + ?, archived = archived + ?, refused = refused + ?,
                redacted = redacted + ? WHERE id = ?
            """, .integer(counts.transcripts), .integer(counts.turns), .integer(counts.inserted),
            .integer(counts.merged), .integer(counts.superseded), .integer(counts.archived), .integer(counts.refused),
            .integer(counts.redacted), .integer(id))
    }

    /// Stores what a transcript gave, all in the transaction of the caller: turns, memories, how far it was read.
    ///
    /// The harvest is always that of the whole transcript, so what is stored does not depend on when it was read: what an
    /// earlier run kept and the whole does not support any more is archived with that reason. When other packs have read the
    /// transcript before, what is stored of it becomes what today's say. Of a file whose end was cut off nothing is archived.
    ///
    /// - Parameter minimum: New memories below this importance are refused; what is stored already stays.
    /// - Returns: The counts, and the outcome of each memory in its order.
    public func store(
        _ harvest: TranscriptHarvest, minimum: Importance = .init(clamping: 1), ingest: Int
    ) throws(SQLiteError) -> (counts: IngestCounts, outcomes: [RecordOutcome]) {
        var counts = IngestCounts()
        counts.transcripts = 1
        counts.redacted = harvest.redactions
        let row = try transcriptRow(harvest.state.path)
        try saveSession(harvest)
        let cited = Set(harvest.memories.flatMap { $0.sightings.compactMap(\.turnIdentity) })
        counts.turns = try archive(harvest.turns, cited: cited, transcript: row)
        if let lines = harvest.turnLines {
            if try isCutOff(harvest.state, lines, row: row) {
                counts.cutOff = 1
            } else {
                try assign(lines, toTranscript: row)
            }
        }
        var outcomes: [RecordOutcome] = []
        let isReadAnew = counts.cutOff > 0 ? false : try isReadAnew(harvest.state)
        if isReadAnew { counts.archived = try archiveRestated(row, by: harvest, ingest) }
        let withdrawn = try WithdrawnSentences(
            connection, transcript: row, isFork: counts.turns < harvest.turns.count)
        for var memory in harvest.memories {
            for index in memory.sightings.indices { memory.sightings[index].transcriptID = row }
            if memory.importance < minimum, try self.outcome(of: memory, minimum: minimum) == .refused(.unimportant) {
                outcomes.append(.refused(.unimportant))
                counts.refused += 1
                continue
            }
            let before = connection.totalChanges
            let outcome = try record(memory, withdrawn: withdrawn, ingest: ingest)
            outcomes.append(outcome)
            // A place that was known already is no news.
            if case .merged = outcome, connection.totalChanges == before { continue }
            counts.add(outcome)
        }
        if isReadAnew { counts.changed = try refresh(by: harvest, outcomes, of: row, ingest) }
        if counts.cutOff == 0 {
            counts.archived += try archiveUnsupported(
                row, by: harvest, supported: Set(outcomes.compactMap(\.memoryID)),
                because: isReadAnew ? "the rules no longer support it" : "its transcript no longer supports it", ingest)
        }
        try save(harvest.state, row: row)
        try add(counts, toIngest: ingest)
        return (counts, outcomes)
    }

    /// What `store` would make of a statement found in a transcript, without doing it.
    ///
    /// - Parameter minimum: What would be a row of its own and is less important is refused.
    public func outcome(of memory: NewMemory, minimum: Importance) throws(SQLiteError) -> RecordPreview {
        let outcome = try outcome(of: memory)
        return switch outcome {
        case .inserted, .supersedes, .history: memory.importance < minimum ? .refused(.unimportant) : outcome
        case .merged, .refused: outcome
        }
    }

    /// A transcript that is no longer there: its memories stay, its prose is in the archive.
    public func markGone(_ path: String) throws(SQLiteError) {
        try connection.run("UPDATE transcript SET is_gone = 1 WHERE path = ? AND is_gone = 0", .text(path))
    }

    private func saveSession(_ harvest: TranscriptHarvest) throws(SQLiteError) {
        guard let uid = harvest.state.sessionID else { return }
        let id = try sessionRow(uid)
        try connection.run(
            """
            UPDATE session SET cwd = coalesce(cwd, ?2), branch = coalesce(?3, branch),
                started_at = CASE WHEN started_at = '' OR (?4 <> '' AND ?4 < started_at) THEN ?4 ELSE started_at END,
                ended_at = max(ended_at, ?5)
            WHERE id = ?1
            """, .integer(id), .optional(harvest.cwd), .optional(harvest.branch), .text(harvest.startedAt),
            .text(harvest.endedAt))
    }

    /// Archives what only this transcript supported and does not support any more. What a person touched stays.
    func archiveUnsupported(
        _ transcript: Int, by harvest: TranscriptHarvest, supported: Set<Int>, because reason: String, _ ingest: Int
    ) throws(SQLiteError) -> Int {
        // Of a transcript that is gone only what the archive holds was read.
        let lost = try heldAlone(by: transcript, onlyInTurns: harvest.state.isGone, except: harvest.restingPacks)
            .filter { !supported.contains($0) }
        for id in lost {
            try connection.run(
                "UPDATE memory SET state = 'archived', reason = ? WHERE id = ?", .text(RecordPlanner.unsupported),
                .integer(id))
            try log(id, .archived, [("reason", reason)], ingest)
        }
        return lost.count
    }

    /// What is in force, was found by the program, is supported by this transcript alone, and no person has touched.
    ///
    /// - Parameters:
    ///   - onlyInTurns: Without what stands in words that the archive does not hold.
    ///   - packs: Without what these have found.
    func heldAlone(
        by transcript: Int, onlyInTurns: Bool, except packs: Set<String>
    ) throws(SQLiteError) -> [Int] {
        try connection.rows(
            """
            SELECT DISTINCT m.id, m.pack FROM memory_source AS s JOIN memory AS m ON m.id = s.memory_id
            WHERE s.transcript_id = ?1 AND m.state = 'active' AND (m.origin IN ('rule', 'salient')
                    OR m.origin = 'llm' AND EXISTS (SELECT 1 FROM refinement_original AS r WHERE r.memory_id = m.id))
                AND NOT EXISTS (SELECT 1 FROM memory_source AS o WHERE o.memory_id = m.id AND o.transcript_id IS NOT ?1)
                AND NOT EXISTS (SELECT 1 FROM memory_event AS e JOIN ingest AS g ON g.id = e.ingest_id
                    WHERE e.memory_id = m.id AND e.kind IN ('changed', 'restored')
                    AND g.kind IN ('command', 'import') AND g.undone_at IS NULL)
                AND (?2 = 0 OR NOT EXISTS
                    (SELECT 1 FROM memory_source AS o WHERE o.memory_id = m.id AND o.turn_id IS NULL))
            ORDER BY m.id
            """, .integer(transcript), .integer(onlyInTurns ? 1 : 0)
        ) { (id: $0.int(0), pack: $0.optionalText(1)) }
        .filter { found in !packs.contains { $0 == found.pack } }.map(\.id)
    }
}
