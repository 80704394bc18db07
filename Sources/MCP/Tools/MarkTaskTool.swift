import Memories
extension Tool {
    static let task = Tool(
        name: "mark_task",
        summary: "Record open work; with done, that it is finished.",
        parameters: [.text("task").required, .flag("done"), .text("key", most: 200), .memory("supersedes")],
        isReadOnly: false
    ) { arguments, host in
        let text = arguments.text("task") ?? ""
        return try Storing.store(
            arguments.flag("done") ? "Done: " + text : text, .task, key: arguments.text("key"),
            replacing: arguments.integer("supersedes"), host)
    }
}
