public import SQLite

/// Turns of a session that no model has seen.
public struct UnsentSession: Sendable, Equatable {
    public var uid: String
    /// Of its last turn; empty when the transcript does not say.
    public var endedAt: String
    /// In their order.
    public var turns: [StoredTurn]

    /// The rows of its turns: what a call that holds them is entered with, also where it holds only the newest of them.
    public var range: TurnRange {
        let ids = turns.map(\.id)
        return TurnRange(session: uid, first: ids.min() ?? 0, last: ids.max() ?? 0)
    }
}

extension MemoryStore {
    /// After so many calls without an answer, turns are left alone.
    static let mostAttempts = 3

    /// Sessions with turns in the archive that were not sent, the newest first.
    ///
    /// - Parameters:
    ///   - session: Only this one.
    ///   - since: Only sessions that ended at this time or later; a prefix of an ISO 8601 time.
    public func unsentSessions(session: String? = nil, since: String = "") throws(SQLiteError) -> [UnsentSession] {
        let sessions = try connection.rows(
            """
            SELECT c.uid, max(t.said_at) AS ended FROM session AS c JOIN turn AS t ON t.session_id = c.id
            WHERE ?1 IS NULL OR c.uid = ?1 GROUP BY c.id HAVING ended >= ?2 ORDER BY ended DESC, c.uid
            """, .optional(session), .text(since)
        ) { (uid: $0.text(0), endedAt: $0.text(1)) }
        var unsent: [UnsentSession] = []
        for (uid, endedAt) in sessions {
            let known = try lastSentTurn(of: uid)
            let turns = try connection.rows(
                """
                SELECT \(StoredTurn.columns) FROM turn AS t JOIN session AS c ON c.id = t.session_id
                WHERE c.uid = ? AND t.id > ? ORDER BY t.said_at, t.line, t.id
                """, .text(uid), .integer(known), read: StoredTurn.init)
            if !turns.isEmpty { unsent.append(UnsentSession(uid: uid, endedAt: endedAt, turns: turns)) }
        }
        return unsent
    }

    /// The row of the last turn that is done with: it was answered, it may have been, or it was tried often enough.
    private func lastSentTurn(of session: String) throws(SQLiteError) -> Int {
        let answered =
            try connection.row(
                """
                SELECT max(s.last_turn) FROM llm_sent AS s JOIN llm_call AS c ON c.id = s.call_id
                WHERE s.session = ? AND c.outcome NOT IN ('refused', 'busy', 'rejected', 'unreachable', 'out of time')
                """, .text(session), read: { $0.int(0) }) ?? 0
        let failed = try connection.rows(
            "SELECT last_turn FROM llm_sent WHERE session = ? AND last_turn > ?", .text(session), .integer(answered)
        ) { $0.int(0) }
        return failed.count < MemoryStore.mostAttempts ? answered : max(answered, failed.max() ?? 0)
    }
}
