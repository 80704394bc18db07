import Memories
public import SQLite

/// What the start of a session is told, by section, each in its order of importance.
public struct StandingKnowledge: Sendable, Equatable {
    /// Constraints, and everything of importance 5.
    public var constraints: [InjectableMemory] = []
    public var decisions: [InjectableMemory] = []
    public var bugs: [InjectableMemory] = []
    /// Without those that are done.
    public var tasks: [InjectableMemory] = []

    public init() {}
}

/// A category or a tag with memories to ask for.
public struct KnowledgeIndexEntry: Sendable, Equatable {
    public var name: String
    public var count: Int
    /// The most important of them.
    public var ids: [Int]
}

extension MemoryStore {
    /// So many of a section are looked at: more than any budget takes.
    static let mostOfASection = 60

    /// - Parameter newest: Only what became known after this memory.
    public func standingKnowledge(after newest: Int = 0) throws(SQLiteError) -> StandingKnowledge {
        var knowledge = StandingKnowledge()
        for category in MemoryCategory.allCases {
            let memories = try standing(category, after: newest)
            let isCritical = { (memory: InjectableMemory) in memory.importance.level == 5 }
            switch category {
            case .constraint: knowledge.constraints = memories + knowledge.constraints
            case .decision: knowledge.decisions = memories.filter { !isCritical($0) }
            case .bug: knowledge.bugs = memories.filter { !isCritical($0) }
            case .task: knowledge.tasks = memories.filter { !isCritical($0) }
            case .result, .config, .arch, .note: break
            }
            if category != .constraint { knowledge.constraints += memories.filter(isCritical) }
        }
        // What is critical comes first, whatever it is; each category keeps its order.
        knowledge.constraints =
            knowledge.constraints.filter { $0.importance.level == 5 }
            + knowledge.constraints.filter { $0.importance.level < 5 }
        return knowledge
    }

    /// Of categories that have no section of their own, only what is critical.
    private func standing(_ category: MemoryCategory, after newest: Int) throws(SQLiteError) -> [InjectableMemory] {
        let least =
            switch category {
            case .constraint, .decision, .bug, .task: 1
            case .result, .config, .arch, .note: 5
            }
        return try connection.rows(
            """
            SELECT \(InjectableMemory.columns) FROM memory AS m INDEXED BY memory_to_tell
            WHERE \(MemoryStore.isInjectable) AND m.category = ?1 AND m.importance >= ?2 AND m.id > ?3
                AND coalesce(m.rule, '') <> 'task.done'
            ORDER BY m.importance DESC, m.said_at DESC, m.id DESC LIMIT \(MemoryStore.mostOfASection)
            """, .text(category.rawValue), .integer(least), .integer(newest), read: InjectableMemory.init)
    }

    /// What a session has said that is still active, the most important first.
    public func knowledge(ofSession uid: String) throws(SQLiteError) -> [InjectableMemory] {
        try connection.rows(
            """
            SELECT \(InjectableMemory.columns) FROM memory AS m
            WHERE \(MemoryStore.isInjectable) AND m.id IN (SELECT s.memory_id FROM memory_source AS s
                JOIN session AS c ON c.id = s.session_id WHERE c.uid = ?)
            ORDER BY m.importance DESC, m.category = 'constraint' DESC, m.said_at DESC, m.id DESC
            LIMIT \(MemoryStore.mostOfASection)
            """, .text(uid), read: InjectableMemory.init)
    }

    /// Categories in the order of their names, then the tags that most memories have.
    ///
    /// - Parameters:
    ///   - ids: How many of each.
    ///   - tags: How many tags.
    public func knowledgeIndex(ids: Int, tags: Int) throws(SQLiteError) -> [KnowledgeIndexEntry] {
        func entries(_ sql: String, _ values: [Value]) throws(SQLiteError) -> [KnowledgeIndexEntry] {
            var found: [KnowledgeIndexEntry] = []
            for row in try connection.rows(sql, values: values, read: { ($0.text(0), $0.int(1), $0.int(2)) }) {
                if found.last?.name != row.0 {
                    found.append(KnowledgeIndexEntry(name: row.0, count: row.1, ids: []))
                }
                found[found.count - 1].ids.append(row.2)
            }
            return found
        }
        let counts = try connection.rows(
            """
            SELECT category, count(*) FROM memory AS m INDEXED BY memory_to_tell
            WHERE m.state = 'active' GROUP BY category ORDER BY category
            """
        ) { KnowledgeIndexEntry(name: $0.text(0), count: $0.int(1), ids: []) }
        var categories: [KnowledgeIndexEntry] = []
        for var entry in counts {
            entry.ids = try connection.rows(
                """
                SELECT m.id FROM memory AS m INDEXED BY memory_to_tell WHERE \(MemoryStore.isInjectable) AND m.category = ?
                ORDER BY m.importance DESC, m.said_at DESC, m.id DESC LIMIT ?
                """, .text(entry.name), .integer(ids)
            ) { $0.int(0) }
            categories.append(entry)
        }
        let topics = try entries(
            """
            WITH often AS (
                SELECT g.tag, count(*) AS of_all FROM memory_tag AS g JOIN memory AS m ON m.id = g.memory_id
                WHERE \(MemoryStore.isInjectable) GROUP BY g.tag ORDER BY of_all DESC, g.tag LIMIT ?2
            ),
            placed AS (
                SELECT o.tag, o.of_all, m.id, row_number() OVER (
                    PARTITION BY o.tag ORDER BY m.importance DESC, m.said_at DESC, m.id DESC) AS place
                FROM often AS o JOIN memory_tag AS g ON g.tag = o.tag JOIN memory AS m ON m.id = g.memory_id
                WHERE \(MemoryStore.isInjectable)
            )
            SELECT tag, of_all, id FROM placed WHERE place <= ?1 ORDER BY of_all DESC, tag, place
            """, [.integer(ids), .integer(tags)])
        return categories + topics.map { KnowledgeIndexEntry(name: "+" + $0.name, count: $0.count, ids: $0.ids) }
    }
}
