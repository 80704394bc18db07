import Memories
import SQLite

/// What follows when a transcript is read again by other packs: what is stored of it becomes what they say.
extension MemoryStore {
    /// Whether a transcript was read before, and by other packs than now.
    func isReadAnew(_ state: TranscriptState) throws(SQLiteError) -> Bool {
        guard let known = try transcript(state.path) else { return false }
        return !known.plan.isEmpty && known.plan != state.plan
    }

    /// Archives what only this transcript supported and other packs state in other words or not at all. This comes before their
    /// words are recorded: else these would be taken for another wording of the same fact, and the old words would stay.
    func archiveRestated(
        _ transcript: Int, by harvest: TranscriptHarvest, _ ingest: Int
    ) throws(SQLiteError) -> Int {
        var stated: Set<Int> = []
        for memory in harvest.memories {
            if let id = try activeMemory(stating: memory.content) { stated.insert(id) }
        }
        return try archiveUnsupported(
            transcript, by: harvest, supported: stated, because: "the rules no longer support it", ingest)
    }

    /// Gives memories that only this transcript supports the category, importance, key and rule that other packs give them.
    ///
    /// - Returns: How many of them are different now.
    func refresh(
        by harvest: TranscriptHarvest, _ outcomes: [RecordOutcome], of transcript: Int, _ ingest: Int
    ) throws(SQLiteError) -> Int {
        let held = Set(try heldAlone(by: transcript, onlyInTurns: false, except: harvest.restingPacks))
        var changed: Set<Int> = []
        for (memory, outcome) in zip(harvest.memories, outcomes) {
            guard case .merged(let id) = outcome, held.contains(id), !changed.contains(id),
                try activeMemory(stating: memory.content) == id, let old = try self.memory(id)
            else { continue }
            if try refresh(old, with: memory, transcript, ingest) { changed.insert(id) }
        }
        return changed.count
    }

    // MARK: -

    private func activeMemory(stating content: String) throws(SQLiteError) -> Int? {
        try connection.row(
            "SELECT id FROM memory WHERE fingerprint = ?1 AND state = 'active'",
            .text(Fingerprint.of(content))
        ) { $0.int(0) }
    }

    private func refresh(
        _ old: StoredMemory, with new: NewMemory, _ transcript: Int, _ ingest: Int
    ) throws(SQLiteError) -> Bool {
        var fields: [(name: String, before: String?, after: String?)] = []
        if new.category != old.category {
            fields.append(("category", old.category.rawValue, new.category.rawValue))
        }
        if new.importance != old.importance {
            fields.append(("importance", "\(old.importance.level)", "\(new.importance.level)"))
        }
        if new.key != old.key {
            let key = try freeKey(new.key)
            if key != old.key { fields.append(("key", old.key, key)) }
        }
        for (name, before, after) in fields {
            try set(name, of: old.id, from: before, to: after)
            try logChange(old.id, name, before, after, ingest)
        }
        let (rule, pack, version) = (new.rule?.id, new.rule?.pack, new.rule?.packVersion)
        try connection.run(
            """
            UPDATE memory SET origin = ?, score = ?, terms = ?, rule = ?, pack = ?, pack_version = ? WHERE id = ?
            """,
            .text(new.origin.rawValue), .optional(new.score), .text(MemoryStore.json(new.terms)), .optional(rule),
            .optional(pack), .optional(version), .integer(old.id))
        try connection.run(
            "UPDATE memory_source SET rule = ?, pack = ?, pack_version = ? WHERE memory_id = ? AND transcript_id = ?",
            .optional(rule), .optional(pack), .optional(version), .integer(old.id), .integer(transcript))
        return !fields.isEmpty
    }
}
