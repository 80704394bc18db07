public import Memories
public import SQLite

/// One thing that a file of topics says.
public struct TopicLine: Sendable, Equatable {
    public var category: MemoryCategory
    public var content: String
    public var importance: Importance
    /// From 1.
    public var line: Int

    public init(category: MemoryCategory, content: String, importance: Importance, line: Int) {
        self.category = category
        self.content = content
        self.importance = importance
        self.line = line
    }
}

/// Files of topics in the store: rows of `transcript` with a plan of their own.
enum TopicSource {
    static let plan = "topic"
    /// How the reason begins for which a line that has vanished is archived.
    static let lineIsGone = "its line is gone from "
}

extension MemoryStore {
    /// Whether a file of topics is as it was when it was read.
    public func knowsTopics(_ path: String, hash: String) throws(SQLiteError) -> Bool {
        try transcript(path).map { $0.tailHash == hash && !$0.isGone } ?? false
    }

    /// The files of topics that have been read and are not known to be gone.
    public func topicPaths() throws(SQLiteError) -> [String] {
        try connection.rows(
            "SELECT path FROM transcript WHERE plan = ? AND is_gone = 0 ORDER BY path", .text(TopicSource.plan)
        ) { $0.text(0) }
    }

    /// Brings the memories of a file of topics in line with it: what is new is stored, what has vanished is archived.
    ///
    /// - Parameters:
    ///   - hash: Of the whole file; nil when the file is gone.
    ///   - name: What reasons call it.
    public func storeTopics(
        _ lines: [TopicLine], path: String, name: String, hash: String?, _ run: ChangeRun
    ) throws(SQLiteError) {
        let row = try transcriptRow(path)
        var held: Set<Int> = []
        for line in lines {
            let sighting = NewSighting(
                transcriptID: row, path: path, sessionID: nil, line: line.line, endLine: line.line, bytes: 0..<0,
                role: .user, saidAt: "", quote: line.content, turnIdentity: nil)
            let memory = NewMemory(
                category: line.category, content: line.content, importance: line.importance, origin: .topic,
                sightings: [sighting])
            let outcome = try record(memory, ingest: try run.begin())
            run.count(outcome)
            guard let id = outcome.memoryID else { continue }
            held.insert(id)
            // A line that has moved is still one place.
            try connection.run(
                "DELETE FROM memory_source WHERE memory_id = ? AND transcript_id = ? AND line <> ?", .integer(id),
                .integer(row), .integer(line.line))
        }
        let known = try connection.rows(
            """
            SELECT DISTINCT m.id FROM memory_source AS s JOIN memory AS m ON m.id = s.memory_id
            WHERE s.transcript_id = ? AND m.state = 'active' ORDER BY m.id
            """, .integer(row)
        ) { $0.int(0) }
        for id in known where !held.contains(id) { try drop(id, from: row, name, run) }
        try save(
            TranscriptState(
                path: path, sessionID: nil, size: 0, tailHash: hash ?? "", offset: 0, nextLine: 1,
                plan: TopicSource.plan, isGone: hash == nil), row: row)
    }

    /// What only the vanished line supported is archived; what else was said of it keeps it, with less authority.
    private func drop(_ id: Int, from row: Int, _ name: String, _ run: ChangeRun) throws(SQLiteError) {
        guard let memory = try memory(id), memory.origin == .topic else { return }
        let others = try connection.row(
            "SELECT count(*) FROM memory_source WHERE memory_id = ? AND transcript_id IS NOT ?", .integer(id),
            .integer(row)
        ) { $0.int(0) }
        let isElsewhere = try connection.row(
            """
            SELECT 1 FROM memory_source AS s JOIN transcript AS t ON t.id = s.transcript_id
            WHERE s.memory_id = ? AND t.id <> ? AND t.plan = ? AND t.is_gone = 0
            """, .integer(id), .integer(row), .text(TopicSource.plan)
        ) { _ in true }
        let ingest = try run.begin()
        if isElsewhere != nil {
            // The line stands in another file of topics too, as after a renaming.
        } else if others ?? 0 > 0 {
            let origin = memory.rule == nil ? MemoryOrigin.salient : .rule
            try set("origin", of: id, from: memory.origin.rawValue, to: origin.rawValue)
            try logChange(id, "origin", memory.origin.rawValue, origin.rawValue, ingest)
        } else {
            try setArchived(id, TopicSource.lineIsGone + name, [], ingest)
            run.countArchived()
        }
        try connection.run(
            "DELETE FROM memory_source WHERE memory_id = ? AND transcript_id = ?", .integer(id), .integer(row))
    }
}
