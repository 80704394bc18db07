import Memories
import SQLite
import Storage

extension Tool {
    static let recent = Tool(
        name: "memory_recent",
        summary: "The newest memories, newest first.",
        parameters: [.category, .time("since"), .integer("limit", 1...200), .page]
    ) { arguments, host in
        var filter = MemoryQuery()
        if let category = arguments.category { filter.categories = [category] }
        filter.since = arguments.time("since")
        let found = try host.reading { store throws(SQLiteError) in
            try store.newestMemories(filter, limit: arguments.integer("limit") ?? 20)
        }
        guard !found.isEmpty else { return "No memory is like that." }
        return MemoryLines.costed(found.map(MemoryLines.index))
    }
}
