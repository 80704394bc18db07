public import Memories
public import SQLite

/// What is to be different about a memory.
public struct MemoryChange: Sendable, Equatable {
    public enum Key: Sendable, Equatable { case keep, remove, set(String) }

    public var content: String?
    public var category: MemoryCategory?
    public var importance: Importance?
    public var key = Key.keep
    public var addedTags: [String] = []
    public var removedTags: [String] = []

    public init() {}

    public var isEmpty: Bool { self == MemoryChange() }
}

public enum EditOutcome: Sendable, Equatable {
    case unknown
    /// Only what is in force can be changed.
    case notActive(MemoryState)
    /// It is like that already.
    case unchanged
    /// These fields, in place.
    case changed([String])
    /// The new wording is a memory of its own.
    case replaced(by: Int)
    /// Another active memory has that wording or that key.
    case standing(Int)
    /// That wording was forgotten, and is not to come back.
    case forgotten
}

extension MemoryStore {
    /// Changes a memory. Words are never overwritten: new ones make a new memory that supersedes the old one and takes
    /// over its evidence; everything else changes in place, with what it was before in an event.
    public func edit(_ id: Int, _ change: MemoryChange, _ run: ChangeRun) throws(SQLiteError) -> EditOutcome {
        guard let old = try memory(id) else { return .unknown }
        guard old.state == .active else { return .notActive(old.state) }
        let category = change.category ?? old.category
        let key: String? =
            switch change.key {
            case .keep: old.key
            case .remove: nil
            case .set(let text): text
            }
        let content = change.content.map(NewMemory.folded) ?? old.content
        if let other = try obstacle(for: id, content: content, key: key, latestWins: category.latestWins) {
            return .standing(other)
        }
        guard content != old.content else { return try changeInPlace(old, change, category, key, run) }
        var tags = Set(old.tags).union(change.addedTags)
        tags.subtract(change.removedTags)
        let new = NewMemory(
            category: category, content: content, importance: change.importance ?? old.importance, origin: .manual,
            key: key, tags: tags.sorted(), saidAt: now)
        if try Tombstones(connection).forbids(new) { return .forgotten }
        return .replaced(by: try replace(old, with: new, run))
    }

    private func replace(_ old: StoredMemory, with new: NewMemory, _ run: ChangeRun) throws(SQLiteError) -> Int {
        let ingest = try run.begin()
        try connection.run(
            "UPDATE memory SET state = 'superseded', reason = ? WHERE id = ?", .text(RecordPlanner.replaced),
            .integer(old.id))
        let id = try insert(new, Wording(new.content), state: .active, reason: nil, ingest)
        try link(id, .supersedes, old.id)
        try log(old.id, .superseded, [("by", "#\(id)"), ("reason", RecordPlanner.replaced)], ingest)
        try copySightings(from: old.id, to: id)
        run.count(.supersedes(id: id, older: old.id))
        return id
    }

    /// Gives a memory the places where another one was said, too.
    func copySightings(from old: Int, to id: Int) throws(SQLiteError) {
        try connection.run(
            """
            INSERT OR IGNORE INTO memory_source (memory_id, identity, session_id, transcript_id, turn_id, line, end_line,
                byte_start, byte_end, role, said_at, quote, rule, pack, pack_version, ingest_id)
            SELECT ?1, identity, session_id, transcript_id, turn_id, line, end_line, byte_start, byte_end, role, said_at,
                quote, rule, pack, pack_version, ingest_id
            FROM memory_source WHERE memory_id = ?2 ORDER BY id
            """, .integer(id), .integer(old))
    }

    private func changeInPlace(
        _ old: StoredMemory, _ change: MemoryChange, _ category: MemoryCategory, _ key: String?, _ run: ChangeRun
    ) throws(SQLiteError) -> EditOutcome {
        var fields: [(name: String, before: String?, after: String?)] = []
        if category != old.category { fields.append(("category", old.category.rawValue, category.rawValue)) }
        if let importance = change.importance, importance != old.importance {
            fields.append(("importance", "\(old.importance.level)", "\(importance.level)"))
        }
        if key != old.key { fields.append(("key", old.key, key)) }
        for tag in change.addedTags where !old.tags.contains(tag) { fields.append(("tag", nil, tag)) }
        for tag in change.removedTags where old.tags.contains(tag) { fields.append(("tag", tag, nil)) }
        guard !fields.isEmpty else { return .unchanged }
        // What a person has touched is a person's: no transcript takes it away or changes it back.
        if old.origin != .manual { fields.append(("origin", old.origin.rawValue, MemoryOrigin.manual.rawValue)) }
        let ingest = try run.begin()
        for (name, before, after) in fields {
            try set(name, of: old.id, from: before, to: after)
            try logChange(old.id, name, before, after, ingest)
        }
        return .changed(fields.map(\.name).filter { $0 != "origin" })
    }

    func logChange(
        _ id: Int, _ field: String, _ before: String?, _ after: String?, _ ingest: Int?
    ) throws(SQLiteError) {
        var detail = [("field", field)]
        if let before { detail.append(("before", before)) }
        if let after { detail.append(("after", after)) }
        try log(id, .changed, detail, ingest)
    }

    /// Sets one field of a memory; for tags, takes out `before` and puts in `after`.
    func set(_ field: String, of id: Int, from before: String?, to after: String?) throws(SQLiteError) {
        switch field {
        case "tag":
            if let before {
                try connection.run(
                    "DELETE FROM memory_tag WHERE memory_id = ? AND tag = ?", .integer(id), .text(before))
            }
            if let after {
                try connection.run("INSERT OR IGNORE INTO memory_tag VALUES (?, ?)", .integer(id), .text(after))
            }
        case "category":
            try connection.run("UPDATE memory SET category = ? WHERE id = ?", .optional(after), .integer(id))
        case "importance":
            try connection.run(
                "UPDATE memory SET importance = ? WHERE id = ?", .optional(after.flatMap { Int($0) }), .integer(id))
        case "key": try connection.run("UPDATE memory SET key = ? WHERE id = ?", .optional(after), .integer(id))
        case "said_at":
            try connection.run("UPDATE memory SET said_at = ? WHERE id = ?", .text(after ?? ""), .integer(id))
        case "origin": try connection.run("UPDATE memory SET origin = ? WHERE id = ?", .optional(after), .integer(id))
        default: return
        }
    }
}
