import Memories
extension Tool {
    static let constraint = Tool(
        name: "mark_constraint",
        summary: "Record a standing rule or preference of the user.",
        parameters: [.text("constraint").required, .integer("importance", 1...5), .memory("supersedes")],
        isReadOnly: false
    ) { arguments, host in
        try Storing.store(
            arguments.text("constraint") ?? "", .constraint, importance: arguments.integer("importance"),
            replacing: arguments.integer("supersedes"), host)
    }
}
