import Memories
public import SQLite

/// What another store of the same project holds that is said nowhere else.
public struct StoreContents: Sendable {
    /// One archived turn, with the file that it stood in.
    struct Turn: Sendable {
        var turn: NewTurn
        var path: String?
        var isCited: Bool
    }

    /// All memories, also those that are not in force.
    public var memories: [ExportedMemory]
    var turns: [Turn]
    /// Whether something was forgotten there. The hashes that know it again are salted: no other store can read them.
    public var hasForgotten: Bool

    public var isEmpty: Bool { memories.isEmpty && turns.isEmpty }
}

extension MemoryStore {
    /// All memories and turns. Budgets, failures and what was injected stay where they are.
    public func contents() throws(SQLiteError) -> StoreContents {
        let turns = try connection.rows(
            """
            SELECT c.uid, t.line, t.role, t.said_at, t.text, f.path, t.cited FROM turn AS t
            JOIN session AS c ON c.id = t.session_id LEFT JOIN transcript AS f ON f.id = t.transcript_id ORDER BY t.id
            """
        ) {
            StoreContents.Turn(
                turn: NewTurn(
                    sessionID: $0.text(0), line: $0.int(1), role: Role(rawValue: $0.text(2)) ?? .assistant,
                    saidAt: $0.text(3), text: $0.text(4)), path: $0.optionalText(5), isCited: $0.int(6) != 0)
        }
        let hasForgotten = try connection.row("SELECT 1 FROM tombstone LIMIT 1") { _ in true } ?? false
        return StoreContents(memories: try exported(all: true), turns: turns, hasForgotten: hasForgotten)
    }

    /// Archives turns of another store that are new here. Call it inside `writing`.
    public func takeTurns(of other: StoreContents) throws(SQLiteError) {
        for (path, turns) in Dictionary(grouping: other.turns, by: \.path).sorted(by: { $0.key ?? "" < $1.key ?? "" }) {
            let transcript: Int? = if let path { try transcriptRow(path) } else { nil }
            let cited = Set(turns.filter(\.isCited).map(\.turn.identity))
            _ = try archive(turns.map(\.turn), cited: cited, transcript: transcript)
        }
    }
}
