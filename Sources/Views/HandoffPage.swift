import Memories
public import Storage

/// `HANDOFF.md`: where the last session was left, and those that were at work beside it.
public struct HandoffPage: Sendable {
    /// Makes text of turns safe to show.
    public var shown: @Sendable (String) -> String

    public init(shown: @escaping @Sendable (String) -> String) { self.shown = shown }

    /// - Parameter handoffs: With the open tasks of each session, the newest session first.
    public func page(of handoffs: [(handoff: Handoff, tasks: [StoredMemory])]) -> String {
        var text = "# Handoff\n\n"
        text += "<!-- Written by ccmem from its store after each session. Changes are not read. -->\n"
        for (handoff, tasks) in handoffs { text += section(handoff, tasks) }
        return text
    }

    private func section(_ handoff: Handoff, _ tasks: [StoredMemory]) -> String {
        var text = "\n## Session \(line(handoff.session))\n\n"
        func add(_ name: String, _ value: String?) {
            if let value, !value.isEmpty { text += "- **\(name):** \(line(value))\n" }
        }
        add("ended", handoff.endedAt)
        add("branch", handoff.branch)
        for (place, asked) in handoff.asked.enumerated() { add(place == 0 ? "asked" : "asked last", asked) }
        add("done", handoff.done)
        for todo in handoff.todos { add("open", todo) }
        for task in tasks { add("open", "\(task.content) (#\(task.id))") }
        add("files", handoff.files.joined(separator: ", "))
        add("last test result", handoff.test)
        add("transcript", handoff.transcript)
        return text
    }

    /// One line of bounded length.
    private func line(_ text: String) -> String {
        let folded = MemoryIndex.folded(shown(text))
        return folded.count <= 1_000 ? folded : folded.prefix(1_000) + " …"
    }
}
