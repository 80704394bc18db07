import Memories
public import SQLite
public import Storage

/// Searches for what is known of one thing by its name.
public enum MemorySearch {
    /// Bugs that name a file, a command or a symbol, the newest first.
    public static func bugs(
        naming names: [String], in store: MemoryStore, limit: Int
    ) throws(SQLiteError) -> [StoredMemory] {
        var filter = MemoryQuery()
        filter.categories = [.bug]
        var ids: Set<Int> = []
        for name in names {
            // A path in a memory may be shorter than the one that is asked for.
            let parts = [name] + name.split(whereSeparator: { $0 == "/" || $0.isWhitespace }).suffix(1).map(String.init)
            for part in parts where part.count >= 4 {
                ids.formUnion(try store.memories(holdingPart: part, most: 100))
            }
        }
        let found = try store.memories(numbered: ids.sorted(), filter: filter)
        return Array(found.sorted { ($0.saidAt, $0.id) > ($1.saidAt, $1.id) }.prefix(limit))
    }
}
