extension Tool {
    static let ingest = Tool(
        name: "ingest_sessions",
        summary: "Read what is new in this project's transcripts into memory.",
        parameters: [.text("session", "id; else all", most: 200)], isReadOnly: false
    ) { arguments, host in
        try host.ingest(session: arguments.text("session"))
    }
}
