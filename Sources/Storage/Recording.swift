import Digests
import JSON
import Memories
public import SQLite

extension MemoryStore {
    /// What `record` would do, without doing it. Earlier statements of the same run are not in it.
    public func outcome(of memory: NewMemory) throws(SQLiteError) -> RecordPreview {
        let wording = Wording(memory.content)
        var plan = try RecordPlanner(connection: connection, tombstones: Tombstones(connection)).plan(memory, wording)
        if plan.isNews, let path = memory.sightings.first?.path,
            let row = try connection.row(
                "SELECT id FROM transcript WHERE path = ?", .text(path), read: { $0.int(0) }),
            let fate = try WithdrawnSentences(connection, transcript: row, isFork: true).fate(of: memory, wording)
        {
            plan = fate
        }
        switch plan {
        case .insert: return .inserted
        case .merge(let id), .restore(let id): return .merged(into: id)
        case .supersede(let older): return .supersedes(older)
        case .history(let newer): return .history(newer: newer)
        case .refuse(let why): return .refused(why)
        }
    }

    /// Stores a statement, or adds its sightings to the one that is there. Call it inside `writing`.
    ///
    /// Exact twins and near duplicates merge, a newer statement with the same key supersedes, what was forgotten or archived
    /// stays away.
    public func record(_ memory: NewMemory, ingest: Int?) throws(SQLiteError) -> RecordOutcome {
        try record(memory, withdrawn: nil, ingest: ingest)
    }

    /// - Parameter withdrawn: Of the transcript that says it; nil for what no transcript says.
    func record(
        _ memory: NewMemory, withdrawn: WithdrawnSentences?, ingest: Int?
    ) throws(SQLiteError) -> RecordOutcome {
        let tombstones = try tombstones()
        let wording = Wording(memory.content)
        var plan = try RecordPlanner(connection: connection, tombstones: tombstones).plan(memory, wording)
        if plan.isNews, let fate = try withdrawn?.fate(of: memory, wording) { plan = fate }
        let memory = try tombstones.withoutForgottenPlaces(memory)
        switch plan {
        case .insert:
            return .inserted(id: try insert(memory, wording, state: .active, reason: nil, ingest))
        case .merge(let id):
            try merge(memory, into: id, ingest)
            return .merged(into: id)
        case .restore(let id):
            if let archived = try self.memory(id) { try setActive(archived, "said again", ingest) }
            try merge(memory, into: id, ingest)
            return .merged(into: id)
        case .supersede(let older):
            try connection.run(
                "UPDATE memory SET state = 'superseded', reason = 'a newer statement' WHERE id = ?", .integer(older))
            let id = try insert(memory, wording, state: .active, reason: nil, ingest)
            try link(id, .supersedes, older)
            try log(older, .superseded, [("by", "#\(id)")], ingest)
            return .supersedes(id: id, older: older)
        case .history(let newer):
            let id = try insert(
                memory, wording, state: .superseded, reason: "a newer statement was known", ingest)
            try link(newer, .supersedes, id)
            try log(id, .superseded, [("by", "#\(newer)")], ingest)
            return .history(id: id, newer: newer)
        case .refuse(let why):
            return .refused(why)
        }
    }

    // MARK: -

    func insert(
        _ memory: NewMemory, _ wording: Wording, state: MemoryState, reason: String?, _ ingest: Int?
    ) throws(SQLiteError) -> Int {
        let now = self.now
        let identifiers = SearchText.identifiers(memory.content)
        let pairs = SearchText.pairs(memory.content)
        let identities = memory.sightings.map(\.identity)
        let statement = try connection.statement(
            """
            INSERT INTO memory (uid, category, content, importance, state, origin, key, score, terms, rule, pack,
                pack_version, tokens, said_at, created_at, reason, cjk, identifiers)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        statement.bind([
            .null, .text(memory.category.rawValue), .text(memory.content),
            .integer(memory.importance.level), .text(state.rawValue), .text(memory.origin.rawValue),
            .optional(memory.key), .optional(memory.score), .text(MemoryStore.json(memory.terms)),
            .optional(memory.rule?.id), .optional(memory.rule?.pack), .optional(memory.rule?.packVersion),
            .integer(TokenCount.estimate(of: memory.content).value), .text(memory.saidAt.isEmpty ? now : memory.saidAt),
            .text(now), .optional(reason), .text(pairs), .text(identifiers),
        ])
        var attempt = memory.uid == nil ? 0 : -1
        while true {
            statement.bind(1, .text(MemoryStore.uid(of: memory, identities.first, now, attempt)))
            do throws(SQLiteError) {
                _ = try statement.step()
                break
            } catch {
                // Another life of the same statement has it: nobody is asked before, since hardly ever one has.
                guard error.message == "UNIQUE constraint failed: memory.uid" else { throw error }
                attempt += 1
            }
        }
        statement.reset()
        let id = connection.lastInsertedRowID
        try connection.run(
            "INSERT INTO memory_fts (rowid, content, cjk) VALUES (?, ?, ?)", .integer(id), .text(memory.content),
            .text(pairs))
        if !identifiers.isEmpty {
            try connection.run(
                "INSERT INTO memory_trigram (rowid, identifiers) VALUES (?, ?)", .integer(id), .text(identifiers))
        }
        for hash in wording.nearHashes {
            try connection.run("INSERT OR IGNORE INTO memory_near VALUES (?, ?)", .integer(hash), .integer(id))
        }
        for tag in memory.tags {
            try connection.run("INSERT OR IGNORE INTO memory_tag VALUES (?, ?)", .integer(id), .text(tag))
        }
        for (sighting, identity) in zip(memory.sightings, identities) {
            _ = try add(sighting, identity, of: memory, to: id, ingest)
        }
        if memory.rule?.isExperimental == true {
            try connection.run("INSERT OR IGNORE INTO memory_withheld VALUES (?)", .integer(id))
        }
        try log(id, .inserted, [], ingest)
        return id
    }

    /// Adds the sightings that are new. What a person says makes the memory a person's, and only a person changes that
    /// one's importance; else it only grows.
    private func merge(_ memory: NewMemory, into id: Int, _ ingest: Int?) throws(SQLiteError) {
        guard let old = try self.memory(id) else { return }
        // What a rule on trial has read counts once something else says it.
        if memory.rule?.isExperimental != true {
            try connection.run("DELETE FROM memory_withheld WHERE memory_id = ?", .integer(id))
        }
        var added = 0
        for sighting in memory.sightings where try add(sighting, of: memory, to: id, ingest) { added += 1 }
        var detail = [("as", memory.content)]
        for tag in memory.tags where !old.tags.contains(tag) {
            try connection.run("INSERT OR IGNORE INTO memory_tag VALUES (?, ?)", .integer(id), .text(tag))
            try logChange(id, "tag", nil, tag, ingest)
        }
        guard memory.origin.isOfAPerson || added > 0 else { return }
        if memory.importance > old.importance, memory.origin.isOfAPerson || !old.origin.isOfAPerson {
            try set("importance", of: id, from: nil, to: "\(memory.importance.level)")
            detail += [
                ("importance_before", "\(old.importance.level)"), ("importance_after", "\(memory.importance.level)"),
            ]
        }
        if memory.origin.isOfAPerson, !old.origin.isOfAPerson {
            try set("origin", of: id, from: nil, to: memory.origin.rawValue)
            detail += [("origin_before", old.origin.rawValue), ("origin_after", memory.origin.rawValue)]
        }
        let category = try takeCategory(memory, old, ingest)
        if old.key == nil, let key = try freeKey(memory.key.map { NewMemory.key($0, in: category) }) {
            try set("key", of: id, from: nil, to: key)
            detail.append(("key_after", key))
        }
        let isNews = added > 0 || detail.count > 1
        if old.saidAt < memory.saidAt {
            try set("said_at", of: id, from: nil, to: memory.saidAt)
            detail += [("said_at_before", old.saidAt), ("said_at_after", memory.saidAt)]
        }
        if isNews { try log(id, .merged, detail, ingest) }
    }

    /// A person says of what kind it is: its subject goes with it, unless another memory has that one.
    private func takeCategory(
        _ memory: NewMemory, _ old: StoredMemory, _ ingest: Int?
    ) throws(SQLiteError) -> MemoryCategory {
        guard memory.origin.isOfAPerson, memory.category != old.category else { return old.category }
        let key = old.key.map { NewMemory.key($0, in: memory.category) }
        if key != nil, try freeKey(key) == nil { return old.category }
        try set("category", of: old.id, from: nil, to: memory.category.rawValue)
        try logChange(old.id, "category", old.category.rawValue, memory.category.rawValue, ingest)
        if let key, key != old.key {
            try set("key", of: old.id, from: nil, to: key)
            try logChange(old.id, "key", old.key, key, ingest)
        }
        return memory.category
    }

    /// A key that no active memory has yet.
    func freeKey(_ key: String?) throws(SQLiteError) -> String? {
        guard let key else { return nil }
        let isTaken = try connection.row("SELECT 1 FROM memory WHERE key = ? AND state = 'active'", .text(key)) { _ in
            true
        }
        return isTaken == nil ? key : nil
    }

    func add(
        _ sighting: NewSighting, _ identity: Int? = nil, of memory: NewMemory, to id: Int, _ ingest: Int?
    ) throws(SQLiteError) -> Bool {
        let turn = try sighting.turnIdentity.flatMap { (identity) throws(SQLiteError) -> Int? in
            try connection.row("SELECT id FROM turn WHERE identity = ?", .integer(identity)) { $0.int(0) }
        }
        let statement = try connection.statement(
            """
            INSERT OR IGNORE INTO memory_source (memory_id, identity, session_id, transcript_id, turn_id, line, end_line,
                byte_start, byte_end, role, said_at, quote, rule, pack, pack_version, ingest_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        let session = try sighting.sessionID.map { (uid) throws(SQLiteError) -> Int in try sessionRow(uid) }
        let rule = sighting.rule ?? memory.rule
        // What a person typed has a session at most, and a line of a page has no bytes that count.
        let (isPlaced, bytes) = (sighting.line > 0, sighting.bytes.isEmpty ? nil : sighting.bytes)
        statement.bind([
            .integer(id), .integer(identity ?? sighting.identity), .optional(session), .optional(sighting.transcriptID),
            .optional(turn), .optional(isPlaced ? sighting.line : nil), .optional(isPlaced ? sighting.endLine : nil),
            .optional(bytes?.lowerBound), .optional(bytes?.upperBound), .text(sighting.role.rawValue),
            .text(sighting.saidAt), .text(sighting.quote), .optional(rule?.id), .optional(rule?.pack),
            .optional(rule?.packVersion), .optional(ingest),
        ])
        _ = try statement.step()
        statement.reset()
        guard connection.changes > 0 else { return false }
        if let turn {
            try connection.run("UPDATE turn SET cited = 1 WHERE id = ? AND cited = 0", .integer(turn))
        }
        return true
    }

    /// The same statement from the same place has the same uid on every machine; a second life of it gets another.
    ///
    /// - Parameters:
    ///   - identity: Of its first sighting.
    ///   - attempt: Below 0 for the uid that it brings along.
    private static func uid(of memory: NewMemory, _ identity: Int?, _ now: String, _ attempt: Int) -> String {
        if attempt < 0, let uid = memory.uid { return uid }
        var text: [UInt8] = []
        text.reserveCapacity(memory.content.utf8.count + 128)
        text += memory.category.rawValue.utf8
        text.append(0x1F)
        text += memory.content.utf8
        text.append(0x1F)
        if let first = memory.sightings.first, let identity {
            if let session = first.sessionID { text += session.utf8 }
            text.append(0x20)
            text += first.saidAt.utf8
            text.append(0x20)
            text += String(identity).utf8
        } else {
            text += now.utf8
        }
        text.append(0x1F)
        if attempt > 0 { text += String(attempt).utf8 }
        return Hexadecimal.text(Array(SHA256.hash(text).prefix(16)))
    }

    static func json(_ terms: [ScoreTerm]) -> String {
        var writer = JSONWriter()
        writer.beginArray()
        for term in terms {
            writer.beginArray()
            writer.string(term.name)
            writer.int(term.value)
            writer.endArray()
        }
        writer.endArray()
        return writer.text
    }
}

/// What would become of a statement.
public enum RecordPreview: Sendable, Equatable {
    case inserted
    case merged(into: Int)
    case supersedes(Int)
    case history(newer: Int)
    case refused(RecordOutcome.Refused)
}
