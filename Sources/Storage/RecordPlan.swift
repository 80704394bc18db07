import Memories
import SQLite

/// What would become of a statement: read from the store, with nothing written.
enum RecordPlan: Equatable {
    case insert
    case merge(into: Int)
    /// It had been archived by the program itself; now it is supported again.
    case restore(id: Int)
    case supersede(older: Int)
    case history(newer: Int)
    case refuse(RecordOutcome.Refused)

    /// Whether something comes into force, or into history, that did not stand there before.
    var isNews: Bool {
        switch self {
        case .insert, .restore, .supersede, .history: true
        case .merge, .refuse: false
        }
    }
}

/// What is compared of a statement's words: cut once, for the plan and for the row.
struct Wording {
    let terms: FactTerms
    let nearHashes: [Int]

    init(_ content: String) {
        terms = FactTerms(content)
        nearHashes = terms.nearHashes
    }
}

/// The policy of `record`, as questions: a dry run asks them on a connection that can't write.
struct RecordPlanner {
    /// Reasons for archiving that no person gave.
    static let unsupported = "unsupported"
    /// Why something is superseded that a person put other words in place of.
    static let replaced = "replaced by hand"
    /// Why something is superseded that stands there in better words.
    static let refined = "refined"

    let connection: Connection
    let tombstones: Tombstones

    /// - Parameter wording: Of its content.
    func plan(_ memory: NewMemory, _ wording: Wording) throws(SQLiteError) -> RecordPlan {
        guard !memory.content.isEmpty, memory.content != "[private]" else { return .refuse(.empty) }
        if try tombstones.forbids(memory) { return .refuse(.tombstone) }
        if let known = try exactTwin(of: memory) { return known }
        if let near = try nearTwin(of: memory, wording) { return near }
        return try successor(of: memory)
    }

    private struct Twin {
        var id: Int
        var state: String
        var reason: String
        var saidAt: String
    }

    /// The same statement, whatever became of it.
    private func exactTwin(of memory: NewMemory) throws(SQLiteError) -> RecordPlan? {
        var twins = try connection.rows(
            "SELECT id, state, coalesce(reason, ''), said_at FROM memory WHERE fingerprint = ?",
            .text(Fingerprint.of(memory.content))
        ) { Twin(id: $0.int(0), state: $0.text(1), reason: $0.text(2), saidAt: $0.text(3)) }
        // Mostly none: SQLite would set up a sorter for them all the same.
        if twins.count > 1 { twins.sort { $0.id < $1.id } }
        if let active = twins.first(where: { $0.state == "active" }) { return .merge(into: active.id) }
        guard let last = twins.last else { return nil }
        switch MemoryState(rawValue: last.state) {
        case .archived?:
            return try fateOfArchived(last.id, last.reason, memory)
        case .superseded?:
            if last.reason == RecordPlanner.refined, let fate = try fateOfRefined(last.id, memory) { return fate }
            // A person has corrected it; hearing it once more does not take the correction back.
            if last.reason == RecordPlanner.replaced, !memory.origin.isOfAPerson { return .merge(into: last.id) }
            // Said again after something else stood in its place: a new statement. Else one more sighting of the old one.
            return twins.contains { $0.saidAt >= memory.saidAt } || memory.saidAt <= last.saidAt
                ? .merge(into: last.id) : nil
        case .active?, nil: return nil
        }
    }

    /// What stands there in better words counts as said once more; what a person did to those words holds for the old ones too.
    ///
    /// - Returns: Nil when a newer statement has taken the place of the better words, or a person speaks.
    private func fateOfRefined(_ id: Int, _ memory: NewMemory) throws(SQLiteError) -> RecordPlan? {
        guard !memory.origin.isOfAPerson else { return nil }
        var id = id
        while let next = try connection.row(
            """
            SELECT m.id, m.state, coalesce(m.reason, '') FROM refinement_original AS o JOIN memory AS m ON m.id = o.memory_id
            WHERE o.original_id = ?1 AND m.id > ?1 ORDER BY m.id DESC LIMIT 1
            """, .integer(id),
            read: { (id: $0.int(0), state: MemoryState(rawValue: $0.text(1)), reason: $0.text(2)) })
        {
            switch next.state {
            case .active?: return .merge(into: next.id)
            case .archived?: return try fateOfArchived(next.id, next.reason, memory)
            case .superseded? where next.reason == RecordPlanner.replaced: return .merge(into: next.id)
            case .superseded? where next.reason == RecordPlanner.refined: id = next.id
            case .superseded?, nil: return nil
            }
        }
        return nil
    }

    /// Brings back what the program itself took out of use, or what a person says again; what a person archived stays so,
    /// also when the line still stands in a file of topics.
    private func fateOfArchived(_ id: Int, _ reason: String, _ memory: NewMemory) throws(SQLiteError) -> RecordPlan {
        switch memory.origin {
        case .manual: return .restore(id: id)
        case .topic where reason.hasPrefix(TopicSource.lineIsGone): return .restore(id: id)
        // A person who imports once more what an undo has taken back wants it back.
        case .import where reason == MemoryStore.undone: return .restore(id: id)
        case .topic, .rule, .salient, .llm, .claudeJudged, .retroactive, .import:
            return reason == RecordPlanner.unsupported ? .restore(id: id) : .refuse(.archived(id: id))
        }
    }

    /// So many statements of one hash are compared, more than a project has of one pattern; each costs about ten microseconds.
    private static let nearCandidates = 2_000

    private struct NearTwin {
        var id: Int
        var content: String
        var key: String?
        var state: MemoryState
        var reason: String
    }

    /// Another wording of the same fact, first among what is in force. What a person archived or replaced is not brought
    /// back by another wording of it either.
    private func nearTwin(of memory: NewMemory, _ wording: Wording) throws(SQLiteError) -> RecordPlan? {
        guard try isNominated(wording.nearHashes) else { return nil }
        var asked: Set<Int> = []
        var closed: NearTwin?
        for hash in wording.nearHashes {
            // By id, which is the order of the index: a sorter, which SQLite would set up also for no rows, costs more than the
            // question.
            let found = try connection.rows(
                """
                SELECT m.id, m.content, m.key, m.state, coalesce(m.reason, '') FROM memory_near AS n JOIN memory AS m ON m.id = n.memory_id
                WHERE n.hash = ?1 AND m.category = ?2 AND (m.state = 'active'
                    OR m.state = 'archived' AND m.reason IS NOT ?3 OR m.state = 'superseded' AND m.reason IN (?4, ?5))
                ORDER BY n.memory_id LIMIT \(RecordPlanner.nearCandidates)
                """, .integer(hash), .text(memory.category.rawValue), .text(RecordPlanner.unsupported),
                .text(RecordPlanner.replaced), .text(RecordPlanner.refined)
            ) {
                NearTwin(
                    id: $0.int(0), content: $0.text(1), key: $0.optionalText(2),
                    state: MemoryState(rawValue: $0.text(3)) ?? .archived, reason: $0.text(4))
            }
            let ordered = found.filter { $0.state == .active } + found.filter { $0.state != .active }
            for candidate in ordered where asked.insert(candidate.id).inserted {
                // Two subjects are two facts, however they are worded.
                if let a = memory.key, let b = candidate.key, a != b { continue }
                guard FactTerms.isOneFact(wording.terms, FactTerms(candidate.content)) else { continue }
                if candidate.state == .active { return .merge(into: candidate.id) }
                if closed == nil { closed = candidate }
            }
        }
        guard let closed, !memory.origin.isOfAPerson else { return nil }
        if closed.state == .superseded, closed.reason == RecordPlanner.refined {
            return try fateOfRefined(closed.id, memory)
        }
        return closed.state == .superseded ? .merge(into: closed.id) : .refuse(.archived(id: closed.id))
    }

    /// Whether any memory shares a hash: one question for all three, since mostly none does.
    private func isNominated(_ hashes: [Int]) throws(SQLiteError) -> Bool {
        guard hashes.count == 3 else { return !hashes.isEmpty }
        return try connection.row(
            """
            SELECT 1 FROM memory_near WHERE hash = ? UNION ALL SELECT 1 FROM memory_near WHERE hash = ?
            UNION ALL SELECT 1 FROM memory_near WHERE hash = ? LIMIT 1
            """, .integer(hashes[0]), .integer(hashes[1]), .integer(hashes[2])
        ) { _ in true } ?? false
    }

    /// What a statement with a key does to the one that stands.
    private func successor(of memory: NewMemory) throws(SQLiteError) -> RecordPlan {
        guard let key = memory.key, memory.category.latestWins,
            let standing = try connection.row(
                """
                SELECT id, said_at, origin FROM memory WHERE key = ? AND state = 'active'
                AND category IN ('config', 'result', 'task', 'decision')
                """, .text(key),
                read: { (id: $0.int(0), saidAt: $0.text(1), origin: MemoryOrigin(rawValue: $0.text(2))) })
        else { return .insert }
        if standing.origin?.isOfAPerson == true, !memory.origin.isOfAPerson {
            return .refuse(.outranked(by: standing.id))
        }
        // A person's words stand above what was found, and what has neither place nor time is said now.
        if memory.origin.isOfAPerson, standing.origin?.isOfAPerson != true { return .supersede(older: standing.id) }
        if memory.sightings.isEmpty, memory.saidAt.isEmpty { return .supersede(older: standing.id) }
        if memory.saidAt != standing.saidAt {
            return memory.saidAt > standing.saidAt ? .supersede(older: standing.id) : .history(newer: standing.id)
        }
        return try isLater(memory, than: standing.id) ? .supersede(older: standing.id) : .history(newer: standing.id)
    }

    /// At the same time: by file, then line. What has no place was typed just now.
    private func isLater(_ memory: NewMemory, than id: Int) throws(SQLiteError) -> Bool {
        guard let place = memory.sightings.max(by: { ($0.path, $0.line) < ($1.path, $1.line) }) else { return true }
        let standing = try connection.row(
            """
            SELECT t.path, s.line FROM memory_source AS s JOIN transcript AS t ON t.id = s.transcript_id
            WHERE s.memory_id = ? ORDER BY t.path DESC, s.line DESC LIMIT 1
            """, .integer(id)
        ) { ($0.text(0), $0.int(1)) }
        guard let standing else { return false }
        return (place.path, place.line) > standing
    }
}
