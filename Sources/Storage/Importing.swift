public import Memories
public import SQLite

/// A memory that comes from another store, in the state that it had there.
public struct ImportedMemory: Sendable, Equatable {
    public var memory: NewMemory
    public var state: MemoryState
    /// Why it is not active.
    public var reason: String?
    /// Edges from it, to memories by their `uid`.
    public var links: [ExportedLink]

    public init(memory: NewMemory, state: MemoryState, reason: String? = nil, links: [ExportedLink] = []) {
        self.memory = memory
        self.state = state
        self.reason = reason
        self.links = links
    }
}

extension MemoryStore {
    /// Stores memories that come from elsewhere, with the places where they were said and what links them. Importing them
    /// again changes nothing.
    ///
    /// - Returns: How many links are new, and how many memories that an undo had taken back are in use again.
    public func importMemories(
        _ items: [ImportedMemory], _ run: ChangeRun
    ) throws(SQLiteError) -> (linked: Int, restored: Int) {
        var ids: [Int?] = []
        var idOfUID: [String: Int] = [:]
        for item in items {
            let id = try importMemory(item, run).memoryID
            ids.append(id)
            if let id, let uid = item.memory.uid { idOfUID[uid] = id }
        }
        var linked = 0
        for (item, id) in zip(items, ids) {
            guard let id else { continue }
            for link in item.links {
                var other = idOfUID[link.uid]
                if other == nil { other = try self.id(ofUID: link.uid) }
                guard let other else { continue }
                if try importLink(id, link.kind, to: other, run) { linked += 1 }
            }
        }
        guard let ingest = run.id else { return (linked, 0) }
        let restored = try connection.row(
            "SELECT count(*) FROM memory_event WHERE ingest_id = ? AND kind = 'restored'", .integer(ingest)
        ) { $0.int(0) }
        return (linked, restored ?? 0)
    }

    private func id(ofUID uid: String) throws(SQLiteError) -> Int? {
        try connection.row("SELECT id FROM memory WHERE uid = ?", .text(uid)) { $0.int(0) }
    }

    private func importMemory(_ item: ImportedMemory, _ run: ChangeRun) throws(SQLiteError) -> RecordOutcome {
        if let uid = item.memory.uid, let known = try id(ofUID: uid) {
            if item.state == .active, let memory = try memory(known), memory.state == .archived,
                memory.reason == MemoryStore.undone
            {
                _ = try restore(memory: known, run)
            }
            try addPlaces(of: item.memory, to: known, run)
            return .merged(into: known)
        }
        let ingest = try run.begin()
        let memory = try withTranscripts(item.memory)
        let outcome: RecordOutcome
        let tombstones = try Tombstones(connection)
        if item.state == .active {
            outcome = try record(memory, ingest: ingest)
        } else if try tombstones.forbids(memory) {
            outcome = .refused(.tombstone)
        } else if let twin = try twin(of: memory, olderThan: ingest) {
            outcome = .merged(into: twin)
        } else {
            let reason = item.reason ?? "imported as \(item.state.rawValue)"
            outcome = .inserted(
                id: try insert(
                    try tombstones.withoutForgottenPlaces(memory), Wording(memory.content), state: item.state,
                    reason: reason, ingest))
        }
        run.count(outcome)
        return outcome
    }

    /// The same words, stored before this run: what the file itself holds twice is two memories there, and so here.
    private func twin(of memory: NewMemory, olderThan ingest: Int) throws(SQLiteError) -> Int? {
        try connection.row(
            """
            SELECT id FROM memory WHERE fingerprint = ?1 AND NOT EXISTS (
                SELECT 1 FROM memory_event AS e WHERE e.memory_id = memory.id AND e.kind = 'inserted' AND e.ingest_id = ?2)
            ORDER BY id DESC LIMIT 1
            """, .text(Fingerprint.of(memory.content)), .integer(ingest)
        ) { $0.int(0) }
    }

    /// The file may not be here; its name is part of the evidence all the same.
    private func withTranscripts(_ memory: NewMemory) throws(SQLiteError) -> NewMemory {
        var memory = memory
        for index in memory.sightings.indices where !memory.sightings[index].path.isEmpty {
            memory.sightings[index].transcriptID = try transcriptRow(memory.sightings[index].path)
        }
        return memory
    }

    /// Adds the places that the store does not know of a memory that it knows.
    private func addPlaces(of memory: NewMemory, to id: Int, _ run: ChangeRun) throws(SQLiteError) {
        var memory = try Tombstones(connection).withoutForgottenPlaces(memory)
        var missing: [NewSighting] = []
        for sighting in memory.sightings {
            let isKnown = try connection.row(
                "SELECT 1 FROM memory_source WHERE memory_id = ? AND quote = ? AND said_at = ? AND role IS ?",
                .integer(id), .text(sighting.quote), .text(sighting.saidAt), .text(sighting.role.rawValue)
            ) { _ in true }
            if isKnown == nil { missing.append(sighting) }
        }
        guard !missing.isEmpty else { return }
        memory.sightings = missing
        let ingest = try run.begin()
        memory = try withTranscripts(memory)
        var added = 0
        for sighting in memory.sightings where try add(sighting, of: memory, to: id, ingest) { added += 1 }
        if added > 0 { try log(id, .merged, [("as", memory.content)], ingest) }
    }

    /// - Returns: Whether it is new.
    private func importLink(_ from: Int, _ kind: LinkKind, to: Int, _ run: ChangeRun) throws(SQLiteError) -> Bool {
        guard kind == .supersedes, from != to, let older = try memory(to), older.state != .active else {
            return try link(from, kind, to: to, run) == .linked
        }
        // What is out of force stays so, whoever took its place; the link only tells who did.
        guard try !isLinked(from, kind, to), try !supersedes(to, from) else { return false }
        let ingest = try run.begin()
        try link(from, kind, to)
        try log(from, .linked, [("kind", kind.rawValue), ("to", "#\(to)")], ingest)
        return true
    }
}
