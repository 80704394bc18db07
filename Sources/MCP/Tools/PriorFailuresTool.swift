import Failures
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
        let limit = arguments.integer("limit") ?? 5
        let (failures, bugs) = try host.reading { store throws(SQLiteError) in
            var failures: [KnownFailure] = []
            if let path = arguments.text("path"), !path.isEmpty {
                failures += try store.failures(in: path, limit: limit)
            }
            if let program = arguments.text("command").flatMap(Invocation.main) {
                failures += try store.failures(of: program.name, limit: limit)
                    .filter { failure in !failures.contains { $0.id == failure.id } }
            }
            return (failures, try MemorySearch.bugs(naming: names, in: store, limit: limit))
        }
        guard !failures.isEmpty || !bugs.isEmpty else { return "No failure is known there." }
        return MemoryLines.costed(failures.prefix(limit).map(line) + bugs.map(MemoryLines.index))
    }

    /// What failed, how often, and what ended it.
    private static func line(_ failure: KnownFailure) -> String {
        var line =
            "`\(failure.program)` failed \(failure.count) times, last on \(failure.lastAt.prefix(10)): \(failure.line)"
        line += failure.isOpen ? " (not mended yet)" : " (mended)"
        if let change = failure.mending?.changes.last {
            line += "; mended in \(change.file): `\(change.before)` → `\(change.after)`"
        }
        return line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
