import Memories
import SQLite
import Storage

extension Tool {
    static let get = Tool(
        name: "memory_get",
        summary: "Memories in full, with the words they were read from and their links.",
        parameters: [Parameter(name: "ids", kind: .integers(most: 50)).required, .page]
    ) { arguments, host in
        let ids = arguments.integers("ids")
        var unknown: [Int] = []
        let found = try host.reading { store throws(SQLiteError) in
            var lines: [String] = []
            for id in ids {
                let memory = try MemoryLines.whole(id, store)
                if memory == nil { unknown.append(id) }
                lines += memory ?? ["#\(id) does not exist"]
            }
            return lines
        }
        // Of several, those that are there are an answer.
        if unknown.count == ids.count { throw ToolError.unknown(unknown) }
        return MemoryLines.costed(found)
    }
}

extension MemoryLines {
    /// A memory in full, with its evidence and links; nil when there is none of that number.
    static func whole(_ id: Int, _ store: MemoryStore) throws(SQLiteError) -> [String]? {
        guard let memory = try store.memory(id) else { return nil }
        var lines = ["\(head(memory)) \(memory.content)"]
        if let key = memory.key { lines.append("  key \(key)") }
        if !memory.tags.isEmpty { lines.append("  tags \(memory.tags.joined(separator: " "))") }
        if let reason = memory.reason { lines.append("  \(memory.state.rawValue): \(reason)") }
        for sighting in try store.sightings(of: id).prefix(3) {
            let place = sighting.sessionID.map { "\($0.prefix(8)):\(sighting.line ?? 0)" } ?? "given by hand"
            lines.append("  \(place) \(sighting.role ?? "") “\(cut(sighting.quote, 600))”")
        }
        for link in try store.links(of: id) { lines.append("  #\(link.from) \(link.kind.rawValue) #\(link.to)") }
        return lines
    }
}
