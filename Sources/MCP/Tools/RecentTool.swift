import Memories
import SQLite
import Storage

extension Tool {
    static let recent = Tool(
        name: "memory_recent",
        summary: "The newest memories, newest first.",
        parameters: [.category, .text("since", most: 40), .integer("limit", 1...200), .page]
    ) { arguments, host in
        var filter = MemoryQuery()
        if let category = arguments.category { filter.categories = [category] }
        filter.since = arguments.text("since")
        let found = try host.reading { store throws(SQLiteError) in
            try store.newestMemories(filter, limit: arguments.integer("limit") ?? 20)
        }
        guard !found.isEmpty else { return "There is no such memory." }
        return MemoryLines.costed(found.map(MemoryLines.index))
    }
}
