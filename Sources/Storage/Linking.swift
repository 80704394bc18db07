public import Memories
public import SQLite

public enum LinkOutcome: Sendable, Equatable {
    case unknown(Int)
    case linked
    case alreadyLinked
    case unlinked
    case notLinked
    case toItself
    /// The other one supersedes this one already, directly or over others.
    case circle
    /// What is not in force can't replace anything.
    case notActive(Int, MemoryState)
}

extension MemoryStore {
    /// Joins two memories. `supersedes` takes the second one out of force.
    public func link(
        _ from: Int, _ kind: LinkKind, to: Int, _ run: ChangeRun
    ) throws(SQLiteError) -> LinkOutcome {
        guard from != to else { return .toItself }
        guard let newer = try memory(from) else { return .unknown(from) }
        guard let older = try memory(to) else { return .unknown(to) }
        if try isLinked(from, kind, to) { return .alreadyLinked }
        if kind == .supersedes {
            if try supersedes(to, from) { return .circle }
            guard newer.state == .active else { return .notActive(from, newer.state) }
        }
        let ingest = try run.begin()
        try link(from, kind, to)
        try log(from, .linked, [("kind", kind.rawValue), ("to", "#\(to)")], ingest)
        if kind == .supersedes, older.state == .active {
            try connection.run(
                "UPDATE memory SET state = 'superseded', reason = ? WHERE id = ?", .text(RecordPlanner.replaced),
                .integer(to))
            try log(to, .superseded, [("by", "#\(from)"), ("reason", RecordPlanner.replaced)], ingest)
        }
        return .linked
    }

    /// Takes a link away; what was superseded by nothing but that is in force again.
    public func unlink(
        _ from: Int, _ kind: LinkKind, to: Int, _ run: ChangeRun
    ) throws(SQLiteError) -> LinkOutcome {
        guard try memory(from) != nil else { return .unknown(from) }
        guard let older = try memory(to) else { return .unknown(to) }
        guard try isLinked(from, kind, to) else { return .notLinked }
        let ingest = try run.begin()
        try removeLink(from, kind, to)
        try log(from, .unlinked, [("kind", kind.rawValue), ("to", "#\(to)")], ingest)
        if kind == .supersedes, older.state == .superseded, try standing(inPlaceOf: older) == nil {
            try setActive(older, "no longer superseded by #\(from)", ingest)
        }
        return .unlinked
    }

    func removeLink(_ from: Int, _ kind: LinkKind, _ to: Int) throws(SQLiteError) {
        try connection.run(
            "DELETE FROM memory_link WHERE from_id = ? AND to_id = ? AND kind = ?", .integer(from), .integer(to),
            .text(kind.rawValue))
    }

    func isLinked(_ from: Int, _ kind: LinkKind, _ to: Int) throws(SQLiteError) -> Bool {
        try connection.row(
            "SELECT 1 FROM memory_link WHERE from_id = ? AND to_id = ? AND kind = ?", .integer(from), .integer(to),
            .text(kind.rawValue)
        ) { _ in true } ?? false
    }

    /// Whether one memory stands in the place of another, directly or over others.
    func supersedes(_ newer: Int, _ older: Int) throws(SQLiteError) -> Bool {
        try connection.row(
            """
            WITH RECURSIVE below (id) AS (
                SELECT to_id FROM memory_link WHERE from_id = ?1 AND kind = 'supersedes'
                UNION
                SELECT l.to_id FROM memory_link AS l JOIN below ON l.from_id = below.id AND l.kind = 'supersedes'
            )
            SELECT 1 FROM below WHERE id = ?2
            """, .integer(newer), .integer(older)
        ) { _ in true } ?? false
    }
}
