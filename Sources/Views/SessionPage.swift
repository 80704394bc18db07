public import Storage

/// The archive of one session: what was said, by whom and when, with the memories that stand in it.
public struct SessionPage: Sendable {
    /// Makes text of turns safe to show.
    public var shown: @Sendable (String) -> String

    public init(shown: @escaping @Sendable (String) -> String) { self.shown = shown }

    /// - Parameters:
    ///   - turns: In their order.
    ///   - memories: Numbers of the active memories that stand in a turn, by the turn's number.
    public func page(session: String, turns: [StoredTurn], memories: [Int: [Int]]) -> String {
        var text = "# Session \(MemoryIndex.folded(shown(session)))\n\n"
        text += "<!-- Written by ccmem from its archive. Changes are not read; `ccmem show ID` shows a memory. -->\n"
        for turn in turns {
            var heading = "\n## \(turn.role)"
            if !turn.saidAt.isEmpty { heading += " · \(MemoryIndex.folded(shown(turn.saidAt)))" }
            if let ids = memories[turn.id] { heading += " · " + ids.map { "#\($0)" }.joined(separator: " ") }
            text += heading + "\n\n"
            // As a quotation, so that no line of a turn can pass for a heading of the page.
            for line in PageLines.of(turn.text) {
                let line = shown(String(line))
                text += line.isEmpty ? ">\n" : "> \(line)\n"
            }
        }
        return text
    }

    /// `2026/03/2026-03-01-5f0c2c1e`, without an ending: the date of the first turn and the beginning of the session's id.
    ///
    /// - Parameter isWhole: With the whole id, for a second session of that name.
    public static func name(session: String, startedAt: String, isWhole: Bool = false) -> String {
        let date = day(startedAt)
        let folder = date.map { "\($0.prefix(4))/\($0.dropFirst(5).prefix(2))" } ?? "undated"
        // An id comes from a transcript: nothing of it may lead out of the folder.
        let letters = session.unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "0"..."9", "A"..."Z", "a"..."z": Character(scalar)
            default: "-"
            }
        }
        let id = String(letters.prefix(isWhole ? 64 : 8))
        return "\(folder)/\(date ?? "undated")-\(id.isEmpty ? "none" : id)"
    }

    /// The date of an ISO 8601 time; nil when it has no such shape.
    private static func day(_ time: String) -> String? {
        let day = String(time.prefix(10))
        let shape = day.utf8.map { (0x30...0x39).contains($0) ? UInt8(ascii: "d") : $0 }
        return shape == Array("dddd-dd-dd".utf8) ? day : nil
    }
}
