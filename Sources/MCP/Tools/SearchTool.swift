import Memories
import Recall
import SQLite
import Storage

extension Tool {
    static let search = Tool(
        name: "memory_search",
        summary: "Search memories by words: an index of ids. Next: memory_get.",
        parameters: [
            .text("query").required, .category, .time("since", "ISO date"), .integer("limit", 1...50),
            .flag("turns", "also what was said"),
        ]
    ) { arguments, host in
        let query = arguments.text("query") ?? ""
        var options = RecallOptions(.words)
        if let category = arguments.category { options.filter.categories = [category] }
        options.filter.since = arguments.time("since")
        let limit = arguments.integer("limit") ?? 10
        options.filter.limit = limit
        options.includesTurns = arguments.flag("turns")
        options.directory = host.directory
        options.halfLife = host.halfLife
        options.vector = host.vector(of: query)
        let found = try host.reading { store throws(SQLiteError) in
            try Retrieval.answers(to: Question(query), in: store, options)
        }
        let (memories, turns) = (found.memories.prefix(limit), found.turns.prefix(limit))
        guard !memories.isEmpty || !turns.isEmpty else {
            return "Nothing matches. Try other words, or recall_context with the whole question."
        }
        return MemoryLines.costed(
            memories.map { MemoryLines.index($0.memory) } + turns.map { MemoryLines.line($0) })
    }
}
