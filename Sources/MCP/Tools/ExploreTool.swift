import Memories
import SQLite
import Storage

extension Tool {
    static let explore = Tool(
        name: "memory_explore",
        summary: "Walk the links from a memory: what it replaced, caused, resolves, relates to.",
        parameters: [.memory("id").required, .integer("depth", 1...4), .page]
    ) { arguments, host in
        let start = arguments.integer("id") ?? 0
        let lines = try host.reading { store throws(SQLiteError) in
            try Exploring.lines(from: start, depth: arguments.integer("depth") ?? 2, in: store)
        }
        guard let lines else { throw ToolError.unknown(start) }
        return MemoryLines.costed(lines)
    }
}

private enum Exploring {
    /// More memories than anybody walks to at once.
    static let most = 200

    /// Breadth first; each link once, and each memory with the first link that led to it.
    static func lines(from start: Int, depth: Int, in store: MemoryStore) throws(SQLiteError) -> [String]? {
        guard let first = try store.memory(start) else { return nil }
        var lines = [MemoryLines.index(first)]
        var known: Set<Int> = [start]
        var told: Set<String> = []
        var edge = [start]
        for level in 1...depth {
            var next: [Int] = []
            for id in edge {
                for link in try store.links(of: id) {
                    let other = link.from == id ? link.to : link.from
                    let words = "#\(link.from) \(link.kind.rawValue) #\(link.to)"
                    guard lines.count <= most, told.insert(words).inserted else { continue }
                    let indent = String(repeating: "  ", count: level)
                    guard known.insert(other).inserted else {
                        lines.append(indent + words)
                        continue
                    }
                    guard let memory = try store.memory(other) else { continue }
                    next.append(other)
                    lines.append("\(indent)\(words): \(MemoryLines.index(memory))")
                }
            }
            edge = next
        }
        if lines.count == 1 { lines.append("It has no links.") }
        return lines
    }
}
