import Memories
public import SQLite

public enum ArchiveOutcome: Sendable, Equatable {
    case unknown
    case archived
    case alreadyArchived
}

public enum RestoreOutcome: Sendable, Equatable {
    case unknown
    case restored
    case alreadyActive
    /// Another active memory says the same, has the same key, or was put in its place.
    case standing(Int)
}

extension MemoryStore {
    /// Takes a memory out of use. What a transcript or another ingest says does not bring it back; `restore` does.
    public func archive(
        memory id: Int, reason: String?, _ run: ChangeRun
    ) throws(SQLiteError) -> ArchiveOutcome {
        guard let old = try memory(id) else { return .unknown }
        // What the program archived because nothing supports it could come back by itself.
        if old.state == .archived, old.reason != RecordPlanner.unsupported { return .alreadyArchived }
        let ingest = try run.begin()
        var reason = reason ?? "archived by hand"
        if reason == RecordPlanner.unsupported { reason += ", said by hand" }
        var detail = [("before", old.state.rawValue)]
        if let before = old.reason { detail.append(("before_reason", before)) }
        try setArchived(id, reason, detail, ingest)
        run.countArchived()
        return .archived
    }

    func setArchived(
        _ id: Int, _ reason: String, _ detail: [(String, String)] = [], _ ingest: Int?
    ) throws(SQLiteError) {
        try connection.run("UPDATE memory SET state = 'archived', reason = ? WHERE id = ?", .text(reason), .integer(id))
        try log(id, .archived, [("reason", reason)] + detail, ingest)
    }

    /// Brings back what was archived or superseded, unless something active stands in its place.
    public func restore(memory id: Int, _ run: ChangeRun) throws(SQLiteError) -> RestoreOutcome {
        guard let old = try memory(id) else { return .unknown }
        guard old.state != .active else { return .alreadyActive }
        if let other = try standing(inPlaceOf: old) { return .standing(other) }
        try setActive(old, "by hand", try run.begin())
        return .restored
    }

    /// The active memory in whose place this one would come.
    func standing(inPlaceOf memory: StoredMemory) throws(SQLiteError) -> Int? {
        if let other = try obstacle(
            for: memory.id, content: memory.content, key: memory.key, latestWins: memory.category.latestWins)
        {
            return other
        }
        return try connection.row(
            """
            SELECT m.id FROM memory_link AS l JOIN memory AS m ON m.id = l.from_id
            WHERE l.to_id = ? AND l.kind = 'supersedes' AND m.state = 'active' ORDER BY m.id LIMIT 1
            """, .integer(memory.id)
        ) { $0.int(0) }
    }

    func setActive(_ memory: StoredMemory, _ reason: String, _ ingest: Int?) throws(SQLiteError) {
        try connection.run("UPDATE memory SET state = 'active', reason = NULL WHERE id = ?", .integer(memory.id))
        var detail = [("reason", reason), ("before", memory.state.rawValue)]
        if let old = memory.reason { detail.append(("before_reason", old)) }
        try log(memory.id, .restored, detail, ingest)
    }
}
