import Memories
import SQLite
import Storage

enum StatusWords {
    static func pending(_ count: Int) -> String {
        (count == 1 ? "1 transcript is" : "\(count) transcripts are")
            + " not ingested to the end: ingest_sessions reads them"
    }
}

extension Tool {
    static let status = Tool(
        name: "memory_status",
        summary: "Size of the store, sessions not yet ingested, health.",
        parameters: []
    ) { _, host in
        let pending = try host.pendingTranscripts()
        let found = try host.reading { store throws(SQLiteError) in
            (
                statistics: try store.statistics(plan: ""), newest: try store.newestTime(),
                isSound: try store.isSound()
            )
        }
        let numbers = found.statistics
        let counts = { (counts: [StoreStatistics.Count]) in
            counts.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
        }
        return [
            "store \(host.database), \(numbers.databaseBytes / 1_000) kB, \(found.isSound ? "sound" : "damaged: run `ccmem repair` in a shell")",
            "active memories by category: \(numbers.categories.isEmpty ? "none" : counts(numbers.categories)); \(numbers.activeTokens) tokens",
            "states: \(numbers.states.isEmpty ? "none" : counts(numbers.states))",
            "conversations: \(numbers.sessions) sessions, \(numbers.turns) turns, newest \(found.newest.prefix(16))",
            pending == 0
                ? "all transcripts are ingested"
                : StatusWords.pending(pending),
        ].joined(separator: "\n")
    }
}
