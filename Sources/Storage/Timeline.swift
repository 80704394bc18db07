public import SQLite

/// One thing on the line of time: a memory that was said, or a turn of the archive.
public enum TimelineEntry: Sendable, Equatable {
    case memory(StoredMemory)
    case turn(StoredTurn)

    /// ISO 8601; empty when nobody knows.
    public var saidAt: String {
        switch self {
        case .memory(let memory): memory.saidAt
        case .turn(let turn): turn.saidAt
        }
    }

    /// At the same time words come before the memory that was read out of them.
    private var rank: (String, Int, Int, Int) {
        switch self {
        case .turn(let turn): (turn.saidAt, 0, turn.line, turn.id)
        case .memory(let memory): (memory.saidAt, 1, memory.id, 0)
        }
    }

    static func isBefore(_ a: TimelineEntry, _ b: TimelineEntry) -> Bool { a.rank < b.rank }
}

extension MemoryStore {
    /// A memory with what was said around it, in the order of time.
    ///
    /// - Parameters:
    ///   - before: How many entries before it, at most.
    ///   - after: How many behind it, at most.
    public func timeline(
        around memory: StoredMemory, before: Int, after: Int
    ) throws(SQLiteError) -> [TimelineEntry] {
        let time = Value.text(memory.saidAt)
        let earlier = try timelineEntries(
            turns: "t.said_at <= ?", [time], memories: "(m.said_at, m.id) < (?, ?)", [time, .integer(memory.id)],
            latestFirst: true, limit: before)
        let later = try timelineEntries(
            turns: "t.said_at > ?", [time], memories: "(m.said_at, m.id) > (?, ?)", [time, .integer(memory.id)],
            latestFirst: false, limit: after)
        return earlier + [.memory(memory)] + later
    }

    /// What was said at a time that begins with `prefix`, such as `2026-03` or `2026-03-01`; the first `limit` entries.
    public func timeline(during prefix: String, limit: Int) throws(SQLiteError) -> [TimelineEntry] {
        let range: [Value] = [.text(prefix), .text(prefix + "\u{7F}")]
        return try timelineEntries(
            turns: "t.said_at >= ? AND t.said_at < ?", range, memories: "m.said_at >= ? AND m.said_at < ?", range,
            latestFirst: false, limit: limit)
    }

    /// What was said last.
    public func latestTimeline(limit: Int) throws(SQLiteError) -> [TimelineEntry] {
        try timelineEntries(turns: "true", [], memories: "true", [], latestFirst: true, limit: limit)
    }

    /// In the order of time; of more than `limit` those at the end that `latestFirst` names.
    private func timelineEntries(
        turns: String, _ turnValues: [Value], memories: String, _ memoryValues: [Value], latestFirst: Bool, limit: Int
    ) throws(SQLiteError) -> [TimelineEntry] {
        let way = latestFirst ? "DESC" : "ASC"
        // Chosen by time alone first: what else a row has is looked up for those that are shown.
        var entries = try connection.rows(
            """
            WITH best AS MATERIALIZED (
                SELECT t.id FROM turn AS t WHERE \(turns) ORDER BY t.said_at \(way), t.line \(way), t.id \(way) LIMIT ?
            )
            SELECT \(StoredTurn.columns) FROM best JOIN turn AS t ON t.id = best.id JOIN session AS c ON c.id = t.session_id
            """, values: turnValues + [.integer(limit)]
        ) { TimelineEntry.turn(StoredTurn($0)) }
        entries += try connection.rows(
            """
            WITH best AS MATERIALIZED (
                SELECT m.id FROM memory AS m WHERE \(memories) ORDER BY m.said_at \(way), m.id \(way) LIMIT ?
            )
            SELECT \(StoredMemory.columns) FROM best JOIN memory AS m ON m.id = best.id
            """, values: memoryValues + [.integer(limit)]
        ) { TimelineEntry.memory(StoredMemory($0)) }
        entries.sort(by: TimelineEntry.isBefore)
        return latestFirst ? Array(entries.suffix(limit)) : Array(entries.prefix(limit))
    }
}
