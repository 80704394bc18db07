import Memories
import SQLite
import Storage

extension Tool {
    static let why = Tool(
        name: "memory_why",
        summary: "Why a memory exists: rule, score, evidence, history.",
        parameters: [.memory("id").required, .page]
    ) { arguments, host in
        let id = arguments.integer("id") ?? 0
        let lines = try host.reading { store throws(SQLiteError) -> [String]? in
            guard let memory = try store.memory(id) else { return nil }
            var lines = ["\(MemoryLines.head(memory)) \(memory.content)"]
            lines.append(
                memory.rule.map { "rule \($0.id) of pack \($0.pack) \($0.packVersion)" }
                    ?? "origin \(memory.origin.rawValue)")
            if let score = memory.score {
                let terms = memory.terms.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
                lines.append("score \(score) thousandths: \(terms)")
            }
            for sighting in try store.sightings(of: id) {
                let place = sighting.sessionID.map { "\($0.prefix(8)):\(sighting.line ?? 0)" } ?? "given by hand"
                lines.append(
                    "said \(sighting.saidAt.prefix(16)) \(place) \(sighting.role ?? "") “\(MemoryLines.cut(sighting.quote, 600))”"
                )
            }
            for event in try store.events(of: id) {
                lines.append("\(event.at.prefix(16)) \(event.kind) \(event.detail)")
            }
            for link in try store.links(of: id) { lines.append("#\(link.from) \(link.kind.rawValue) #\(link.to)") }
            return lines
        }
        guard let lines else { throw ToolError.unknown(id) }
        return MemoryLines.costed(lines)
    }
}
