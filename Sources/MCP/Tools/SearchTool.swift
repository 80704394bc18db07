import Memories
import Recall
import SQLite
import Storage

extension Tool {
    static let search = Tool(
        name: "memory_search",
        summary: "Search memories by words: an index of ids. Next: memory_get.",
        parameters: [
            .text("query").required, .category, .text("since", "ISO date", most: 40), .integer("limit", 1...50),
            .flag("turns", "also what was said"),
        ]
    ) { arguments, host in
        let query = arguments.text("query") ?? ""
        var filter = MemoryQuery()
        if let category = arguments.category { filter.categories = [category] }
        filter.since = arguments.text("since")
        filter.limit = arguments.integer("limit") ?? 10
        let limit = filter.limit ?? 10
        let (memories, turns) = try host.reading { store throws(SQLiteError) in
            (
                try MemorySearch.memories(query, in: store, filter),
                arguments.flag("turns") ? try store.searchTurns(query, limit: limit, since: filter.since) : []
            )
        }
        guard !memories.isEmpty || !turns.isEmpty else {
            return "Nothing matches. Try other words, or recall_context with the whole question."
        }
        return MemoryLines.costed(
            memories.map { MemoryLines.index($0.memory) } + turns.map { MemoryLines.line($0.turn) })
    }
}
