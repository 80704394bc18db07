import JSON
import Memories
public import SQLite

/// A run that can be taken back, and what taking it back does.
public struct UndoneRun: Sendable, Equatable {
    public var id: Int
    /// `ingest`, `import`, `command` or `topics`.
    public var kind: String
    public var startedAt: String
    /// Memories that it stored: now archived.
    public var archived: [Int] = []
    /// Memories that it superseded or archived: active again.
    public var restored: [Int] = []
    /// Places where a memory was said that are not counted any more.
    public var sightings = 0
    /// Memories whose other fields are as they were before.
    public var changed: [Int] = []
    /// Memories that stay out of force, since the second one stands there now.
    public var blocked: [Blocked] = []

    public struct Blocked: Sendable, Equatable {
        public var memory: Int
        public var by: Int
    }
}

extension MemoryStore {
    static let undone = "undone"

    /// Takes back the last run that changed a memory and is not undone yet. Turns stay in the archive, and reading the
    /// same transcript again does not bring back what was undone. Call it inside `writing`.
    ///
    /// - Parameter newest: Runs that began after this one are left alone.
    /// - Returns: Nil when there is none.
    public func undoLastRun(upTo newest: Int = .max) throws(SQLiteError) -> UndoneRun? {
        guard
            var run = try connection.row(
                """
                SELECT g.id, g.kind, g.started_at FROM ingest AS g WHERE g.undone_at IS NULL AND g.id <= ?
                AND EXISTS (SELECT 1 FROM memory_event AS e WHERE e.ingest_id = g.id) ORDER BY g.id DESC LIMIT 1
                """, .integer(newest),
                read: { UndoneRun(id: $0.int(0), kind: $0.text(1), startedAt: $0.text(2)) })
        else { return nil }
        let events = try connection.rows(
            "SELECT id, memory_id, at, kind, detail, ingest_id FROM memory_event WHERE ingest_id = ? ORDER BY id DESC",
            .integer(run.id), read: StoredEvent.init)
        // What it stored goes first, so that it stands in nothing's way.
        let inserted = Set(events.filter { $0.kind == EventKind.inserted.rawValue }.map(\.memory))
        for id in inserted.sorted() {
            guard let memory = try memory(id), memory.state != .archived else { continue }
            try setArchived(id, MemoryStore.undone, [("before", memory.state.rawValue)], nil)
            run.archived.append(id)
        }
        // Then links: what one of them put out of force can come back only without it.
        let links = [EventKind.linked.rawValue, EventKind.unlinked.rawValue]
        let rest = events.filter { !inserted.contains($0.memory) }
        for event in rest where links.contains(event.kind) { try takeBack(event, &run) }
        for event in rest where !links.contains(event.kind) { try takeBack(event, &run) }
        let merged = Set(rest.filter { $0.kind == EventKind.merged.rawValue }.map(\.memory))
        for id in merged.sorted() { try takeBackSightings(of: id, &run) }
        try connection.run("UPDATE ingest SET undone_at = ? WHERE id = ?", .text(now), .integer(run.id))
        return run
    }

    /// The newest run, whatever it did.
    public func newestRun() throws(SQLiteError) -> Int {
        try connection.row("SELECT max(id) FROM ingest") { $0.int(0) } ?? 0
    }

    /// What `undoLastRun` would do.
    public func previewUndo() throws(StoreError) -> UndoneRun? {
        do throws(SQLiteError) {
            return try connection.preview { () throws(SQLiteError) in try undoLastRun() }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private func takeBack(_ event: StoredEvent, _ run: inout UndoneRun) throws(SQLiteError) {
        guard let kind = EventKind(rawValue: event.kind), let memory = try memory(event.memory) else { return }
        let detail = EventDetail(event.detail)
        switch kind {
        case .inserted: return
        case .superseded where memory.state == .superseded: try reactivate(memory, &run)
        case .archived where memory.state == .archived:
            if let before = MemoryState(rawValue: detail["before"] ?? ""), before != .active {
                try connection.run(
                    "UPDATE memory SET state = ?, reason = ? WHERE id = ?", .text(before.rawValue),
                    .optional(detail["before_reason"]), .integer(memory.id))
                try log(memory.id, .restored, [("reason", MemoryStore.undone), ("to", before.rawValue)], nil)
                run.changed.append(memory.id)
            } else {
                try reactivate(memory, &run)
            }
        case .superseded, .archived: return
        case .restored:
            guard memory.state == .active else { return }
            let before = MemoryState(rawValue: detail["before"] ?? "") ?? .archived
            let reason = detail["before_reason"] ?? MemoryStore.undone
            if before == .superseded {
                try connection.run(
                    "UPDATE memory SET state = 'superseded', reason = ? WHERE id = ?", .text(reason),
                    .integer(memory.id))
                try log(memory.id, .superseded, [("reason", MemoryStore.undone)], nil)
            } else {
                try setArchived(memory.id, reason, [("undone", "restored")], nil)
            }
            run.archived.append(memory.id)
        case .merged:
            for field in ["importance", "origin", "key", "said_at"] {
                guard let now = detail["\(field)_after"] else { continue }
                try setBack(field, of: memory, detail["\(field)_before"], now, &run)
            }
        case .changed:
            guard let field = detail["field"] else { return }
            try setBack(field, of: memory, detail["before"], detail["after"], &run)
        case .linked, .unlinked:
            guard let link = LinkKind(rawValue: detail["kind"] ?? ""), let to = Int(detail["to"]?.dropFirst() ?? "")
            else { return }
            if kind == .linked {
                try removeLink(memory.id, link, to)
            } else {
                try self.link(memory.id, link, to)
            }
            let opposite = kind == .linked ? EventKind.unlinked : .linked
            try log(
                memory.id, opposite, [("kind", link.rawValue), ("to", "#\(to)"), ("reason", MemoryStore.undone)], nil)
            run.changed.append(memory.id)
        }
    }

    /// Takes out the places that a run added to a memory that was there before it; not those that a later run has found too.
    private func takeBackSightings(of id: Int, _ run: inout UndoneRun) throws(SQLiteError) {
        let before = try sightingCount(of: id)
        try connection.run(
            """
            DELETE FROM memory_source WHERE memory_id = ?1 AND ingest_id = ?2 AND NOT EXISTS (
                SELECT 1 FROM transcript AS t JOIN ingest AS g ON g.started_at <= t.ingested_at
                WHERE t.id = memory_source.transcript_id AND g.id > ?2 AND g.kind = 'ingest' AND g.undone_at IS NULL)
            """, .integer(id), .integer(run.id))
        let after = try sightingCount(of: id)
        guard after < before else { return }
        run.sightings += before - after
        try logChange(id, "sightings", "\(before)", "\(after)", nil)
    }

    private func sightingCount(of id: Int) throws(SQLiteError) -> Int {
        try connection.row("SELECT count(*) FROM memory_source WHERE memory_id = ?", .integer(id)) { $0.int(0) } ?? 0
    }

    private func reactivate(_ memory: StoredMemory, _ run: inout UndoneRun) throws(SQLiteError) {
        if let other = try standing(inPlaceOf: memory) {
            run.blocked.append(UndoneRun.Blocked(memory: memory.id, by: other))
        } else {
            try setActive(memory, MemoryStore.undone, nil)
            run.restored.append(memory.id)
        }
    }

    /// Sets a field back, unless it was changed again since or another memory has taken the key.
    private func setBack(
        _ field: String, of memory: StoredMemory, _ before: String?, _ after: String?, _ run: inout UndoneRun
    ) throws(SQLiteError) {
        let now: String? =
            switch field {
            case "importance": "\(memory.importance.level)"
            case "origin": memory.origin.rawValue
            case "said_at": memory.saidAt
            case "category": memory.category.rawValue
            case "key": memory.key
            default: after
            }
        guard now == after else { return }
        let key = field == "key" ? before : memory.key
        let category = field == "category" ? before.flatMap(MemoryCategory.init(rawValue:)) : memory.category
        if field == "key" || field == "category", memory.state == .active,
            let other = try obstacle(
                for: memory.id, content: memory.content, key: key, latestWins: category?.latestWins ?? false)
        {
            run.blocked.append(UndoneRun.Blocked(memory: memory.id, by: other))
            return
        }
        try set(field, of: memory.id, from: after, to: before)
        try logChange(memory.id, field, after, before, nil)
        if run.changed.last != memory.id { run.changed.append(memory.id) }
    }
}

/// The fields of an event, as `MemoryStore.log` wrote them.
struct EventDetail {
    private var fields: [String: String] = [:]

    init(_ json: String) {
        var json = json
        json.withUTF8 { bytes in
            var scanner = JSONScanner(bytes)
            do throws(JSONError) {
                guard try scanner.enterObject() else { return }
                while let key = try scanner.nextKey() { fields[key.text()] = try scanner.string()?.text() }
            } catch {
                return
            }
        }
    }

    subscript(name: String) -> String? { fields[name] }
}
