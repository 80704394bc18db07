import Memories
import SQLite

/// What a person archived or corrected of what a transcript says, known again by its place: other packs may state the same
/// sentence in words that nobody has withdrawn.
///
/// A sentence can hold two facts, and a person may have withdrawn one of them. So a statement counts as the withdrawn one when
/// the same rule, or most of its words, say so, and no other memory of that sentence is closer to it.
final class WithdrawnSentences {
    private struct Row {
        var identity: Int
        var id: Int
        var rule: String?
        var terms: FactTerms
        var fate: RecordPlan?

        init(_ row: Statement) {
            identity = row.int(0)
            id = row.int(1)
            rule = row.optionalText(2)
            terms = FactTerms(row.text(3))
            let isOfAPerson = MemoryOrigin(rawValue: row.text(6))?.isOfAPerson == true
            fate =
                switch MemoryState(rawValue: row.text(4)) {
                // Who takes a run back has said nothing of its sentences.
                case .archived? where ![RecordPlanner.unsupported, MemoryStore.undone].contains(row.text(5)):
                    .refuse(.archived(id: id))
                case .superseded? where row.text(5) == RecordPlanner.replaced: .merge(into: id)
                // In force and changed by a person: this is what the sentence says, in whatever words.
                case .active? where isOfAPerson && rule != nil: .merge(into: id)
                default: nil
                }
        }
    }

    private let connection: Connection
    private let isFork: Bool
    /// What persons have withdrawn, by transcript.
    private var known: [Int: [Row]] = [:]
    private let transcript: Int

    /// - Parameters:
    ///   - transcript: The row of the one that is read.
    ///   - isFork: Whether turns of it were stored before, maybe for another one.
    init(_ connection: Connection, transcript: Int, isFork: Bool) throws(SQLiteError) {
        self.connection = connection
        self.transcript = transcript
        self.isFork = isFork
        known[transcript] = try withdrawn(from: transcript)
    }

    /// What becomes of a statement that would be a memory of its own; nil when nobody has withdrawn its sentence.
    func fate(of memory: NewMemory, _ wording: Wording) throws(SQLiteError) -> RecordPlan? {
        guard !memory.origin.isOfAPerson else { return nil }
        for sighting in memory.sightings {
            for transcript in try transcripts(of: sighting) {
                let rows = try withdrawn(of: transcript)
                guard !rows.isEmpty else { continue }
                let identity = sighting.identity
                for row in rows where row.identity == identity {
                    guard row.rule != nil && row.rule == memory.rule?.id || Self.isAlike(row.terms, wording.terms)
                    else {
                        continue
                    }
                    let others = try others(identity, in: transcript)
                    let share = Self.share(row.terms, wording.terms)
                    let isAnother = others.contains {
                        Self.share($0.terms, wording.terms) > share && !Self.isAlike($0.terms, row.terms)
                    }
                    if !isAnother { return row.fate }
                }
            }
        }
        return nil
    }

    // MARK: -

    /// The one that is read, and the one for which the words were stored first.
    private func transcripts(of sighting: NewSighting) throws(SQLiteError) -> [Int] {
        guard isFork, let turn = sighting.turnIdentity,
            let first = try connection.row(
                "SELECT transcript_id FROM turn WHERE identity = ? AND transcript_id IS NOT NULL", .integer(turn),
                read: { $0.int(0) }), first != transcript
        else { return [transcript] }
        return [transcript, first]
    }

    private func withdrawn(of transcript: Int) throws(SQLiteError) -> [Row] {
        if let rows = known[transcript] { return rows }
        let rows = try withdrawn(from: transcript)
        known[transcript] = rows
        return rows
    }

    private static let columns = "s.identity, m.id, m.rule, m.content, m.state, coalesce(m.reason, ''), m.origin"

    private func withdrawn(from transcript: Int) throws(SQLiteError) -> [Row] {
        try connection.rows(
            """
            SELECT \(Self.columns) FROM memory_source AS s JOIN memory AS m ON m.id = s.memory_id
            WHERE s.transcript_id = ?1 AND (m.state = 'archived' AND coalesce(m.reason, '') NOT IN (?2, ?4)
                OR m.state = 'superseded' AND m.reason = ?3
                OR m.state = 'active' AND m.origin = 'manual' AND m.rule IS NOT NULL)
            ORDER BY m.id
            """, .integer(transcript), .text(RecordPlanner.unsupported), .text(RecordPlanner.replaced),
            .text(MemoryStore.undone), read: Row.init)
    }

    /// Memories of a sentence that no person has had a hand in.
    private func others(_ identity: Int, in transcript: Int) throws(SQLiteError) -> [Row] {
        try connection.rows(
            """
            SELECT \(Self.columns) FROM memory_source AS s JOIN memory AS m ON m.id = s.memory_id
            WHERE s.transcript_id = ?1 AND s.identity = ?2 AND m.origin IN ('rule', 'salient', 'llm') ORDER BY m.id
            """, .integer(transcript), .integer(identity), read: Row.init
        ).filter { $0.fate == nil }
    }

    /// Whether one says most of what the other says, with the same numbers and names where both have any.
    private static func isAlike(_ a: FactTerms, _ b: FactTerms) -> Bool {
        let (few, many) = a.marks.count < b.marks.count ? (a.marks, b.marks) : (b.marks, a.marks)
        return share(a, b) >= 500 && Set(few).isSubset(of: many)
    }

    /// How many words of the shorter one stand in the longer one too, in thousandths.
    private static func share(_ a: FactTerms, _ b: FactTerms) -> Int {
        let (short, long) = (Set(a.words), Set(b.words))
        let least = min(short.count, long.count)
        return least == 0 ? 0 : short.intersection(long).count * 1_000 / least
    }
}
