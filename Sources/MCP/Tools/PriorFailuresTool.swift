import Memories
import Recall
import SQLite
import Storage

extension Tool {
    static let priorFailures = Tool(
        name: "check_prior_failures",
        summary: "Before editing a file or running a command: what failed there before, and the fix.",
        parameters: [
            .text("path", most: 1_000), .text("command", most: 2_000), .text("symbol", most: 500),
            .integer("limit", 1...10),
        ]
    ) { arguments, host in
        let names = ["path", "command", "symbol"].compactMap { arguments.text($0) }.filter { !$0.isEmpty }
        guard !names.isEmpty else {
            throw ToolError("There is nothing to look for.", remedy: "Give `path`, `command` or `symbol`.")
        }
        let found = try host.reading { store throws(SQLiteError) in
            try MemorySearch.bugs(naming: names, in: store, limit: arguments.integer("limit") ?? 5)
        }
        guard !found.isEmpty else { return "No failure is known there." }
        return MemoryLines.costed(found.map(MemoryLines.index))
    }
}
