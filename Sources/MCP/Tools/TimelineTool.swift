import Memories
import SQLite
import Storage

extension Tool {
    static let timeline = Tool(
        name: "memory_timeline",
        summary: "What was said around a memory, on a day or month, or last, in order of time.",
        parameters: [
            .memory("id"), .time("date", "2026-03 or 2026-03-01"), .integer("limit", 1...200), .page,
        ]
    ) { arguments, host in
        let limit = arguments.integer("limit") ?? 20
        let id = arguments.integer("id")
        let date = arguments.time("date")
        if id != nil, date != nil {
            throw ToolError("`id` and `date` ask for two different places.", remedy: "Give one of them.")
        }
        let entries: [TimelineEntry]? = try host.reading { store throws(SQLiteError) in
            if let id {
                guard let memory = try store.memory(id) else { return nil }
                return try store.timeline(around: memory, before: limit / 2, after: (limit - 1) / 2)
            }
            if let date { return try store.timeline(during: date, limit: limit) }
            return try store.latestTimeline(limit: limit)
        }
        guard let entries else { throw ToolError.unknown(id ?? 0) }
        guard !entries.isEmpty else { return "Nothing was said then." }
        return MemoryLines.costed(
            entries.map { entry in
                switch entry {
                case .memory(let memory): (memory.id == id ? "> " : "") + MemoryLines.index(memory)
                case .turn(let turn): MemoryLines.line(turn, length: 400)
                }
            })
    }
}
