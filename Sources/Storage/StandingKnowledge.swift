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

    /// - Parameter since: Only what became known after this time; ISO 8601.
    public func standingKnowledge(since: String? = nil) throws(SQLiteError) -> StandingKnowledge {
        let rows = try connection.rows(
            """
            WITH candidate AS (
                SELECT m.id, iif(m.importance = 5 OR m.category = 'constraint', 'constraint', m.category) AS section,
                    m.importance, m.category, m.said_at
                FROM memory AS m
                WHERE \(MemoryStore.isInjectable) AND (m.importance = 5 OR m.category IN ('constraint', 'decision', 'bug', 'task'))
                    AND coalesce(m.rule, '') <> 'task.done' AND (?1 IS NULL OR m.created_at > ?1)
            ),
            placed AS (
                SELECT id, section, row_number() OVER (PARTITION BY section
                    ORDER BY importance DESC, category = 'constraint' DESC, said_at DESC, id DESC) AS place
                FROM candidate
            )
            SELECT \(InjectableMemory.columns), p.section FROM placed AS p JOIN memory AS m ON m.id = p.id
            WHERE p.place <= \(MemoryStore.mostOfASection) ORDER BY p.section, p.place
            """, .optional(since)
        ) { (memory: InjectableMemory($0), section: $0.text(5)) }
        var knowledge = StandingKnowledge()
        for (memory, section) in rows {
            switch section {
            case "constraint": knowledge.constraints.append(memory)
            case "decision": knowledge.decisions.append(memory)
            case "bug": knowledge.bugs.append(memory)
            default: knowledge.tasks.append(memory)
            }
        }
        return knowledge
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
        let categories = try entries(
            """
            WITH placed AS (
                SELECT m.category, m.id, count(*) OVER (PARTITION BY m.category) AS of_all, row_number() OVER (
                    PARTITION BY m.category ORDER BY m.importance DESC, m.said_at DESC, m.id DESC) AS place
                FROM memory AS m WHERE \(MemoryStore.isInjectable)
            )
            SELECT category, of_all, id FROM placed WHERE place <= ? ORDER BY category, place
            """, [.integer(ids)])
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
