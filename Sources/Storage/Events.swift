import JSON
import Memories
import SQLite

/// What can happen to a memory.
enum EventKind: String, CaseIterable, Sendable {
    case inserted, merged, superseded, archived, restored, changed, linked, unlinked
}

extension MemoryStore {
    func log(_ id: Int, _ kind: EventKind, _ detail: [(String, String)], _ ingest: Int?) throws(SQLiteError) {
        // What could ABORT would have FTS5 write its index out for each event: see 0008_replace.sql.
        try connection.run(
            "INSERT OR FAIL INTO memory_event (memory_id, at, kind, detail, ingest_id) VALUES (?, ?, ?, ?, ?)",
            .integer(id), .text(now), .text(kind.rawValue),
            .text(detail.isEmpty ? "{}" : MemoryStore.json(detail)), .optional(ingest))
    }

    private static func json(_ detail: [(String, String)]) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        for (name, value) in detail {
            writer.key(name)
            writer.string(value)
        }
        writer.endObject()
        return writer.text
    }

    func link(_ from: Int, _ kind: LinkKind, _ to: Int) throws(SQLiteError) {
        try connection.run(
            "INSERT OR IGNORE INTO memory_link VALUES (?, ?, ?, ?)", .integer(from), .integer(to),
            .text(kind.rawValue), .text(now))
    }

    /// The row of a session, made when it is new.
    func sessionRow(_ uid: String) throws(SQLiteError) -> Int {
        if let last = knownSession, last.transaction == connection.transactionNumber, connection.isInTransaction,
            last.uid == uid
        {
            return last.row
        }
        let row: Int
        if let known = try connection.row("SELECT id FROM session WHERE uid = ?", .text(uid), read: { $0.int(0) }) {
            row = known
        } else {
            try connection.run("INSERT INTO session (uid) VALUES (?)", .text(uid))
            row = connection.lastInsertedRowID
        }
        knownSession = (connection.transactionNumber, uid, row)
        return row
    }
}
