import Memories
import SQLite
import Storage

/// What the tools that store have in common.
enum Storing {
    /// Stores a statement and says what became of it.
    ///
    /// - Parameter replaced: A memory in whose place it comes.
    static func store(
        _ text: String, _ category: MemoryCategory, importance: Int? = nil, key: String? = nil, tags: [String] = [],
        replacing replaced: Int? = nil, _ host: any MemoryHost
    ) throws -> String {
        let content = try host.clean(text)
        guard content.contains(where: { $0.isLetter || $0.isNumber }) else {
            throw ToolError("There is no text to store.", remedy: "Say it in one plain sentence.")
        }
        let key = try key.map { try Storing.key($0, category, host) }
        let memory = NewMemory(
            category: category, content: content,
            importance: importance.map(Importance.init(clamping:)) ?? category.defaultImportance, origin: .claudeJudged,
            key: key, tags: tags.compactMap { host.tag($0) },
            saidAt: Clock.system.timestamp)
        let stored = try host.change(makesStore: true) { store, run throws(SQLiteError) -> Stored in
            if let replaced, try store.memory(replaced) == nil { return Stored() }
            let outcome = try store.add(memory, session: nil, run).outcome
            guard let replaced, let id = outcome.memoryID, id != replaced else { return Stored(outcome: outcome) }
            return Stored(outcome: outcome, link: try store.link(id, .supersedes, to: replaced, run))
        }
        guard let outcome = stored.outcome else { throw ToolError.unknown(replaced ?? 0) }
        var words = try Storing.words(outcome)
        if let replaced, case .linked? = stored.link { words += " in place of #\(replaced)" }
        return words + "."
    }

    /// A key as it is stored; one of which nothing is left would hold in silence for nothing.
    static func key(_ text: String, _ category: MemoryCategory, _ host: any MemoryHost) throws(ToolError) -> String {
        guard let key = host.key(text, category: category) else {
            throw ToolError("`key` is empty.", remedy: "Give a subject such as `api port`, or leave it out.")
        }
        return key
    }

    private struct Stored {
        /// Nil when there is nothing that it could replace.
        var outcome: RecordOutcome?
        var link: LinkOutcome?
    }

    static func words(_ outcome: RecordOutcome) throws(ToolError) -> String {
        switch outcome {
        case .inserted(let id): return "Stored as #\(id)"
        case .merged(let id): return "Known already as #\(id)"
        case .supersedes(let id, let older): return "Stored as #\(id), which replaces #\(older)"
        case .history(let id, let newer): return "Stored as #\(id), history of #\(newer)"
        case .refused(.tombstone):
            throw ToolError("That was forgotten on purpose and is not stored.", remedy: "Ask the user.")
        case .refused(.archived(let id)):
            throw ToolError(
                "The user archived that as #\(id).", remedy: "Ask the user; memory_update with restore brings it back.")
        case .refused(.outranked(let id)):
            throw ToolError("#\(id), given by the user, says otherwise.", remedy: "Ask the user before you change it.")
        case .refused(.empty): throw ToolError("There is no text to store.")
        case .refused(.unimportant):
            throw ToolError(
                "It is below the importance that this project stores.", remedy: "Give a higher `importance`.")
        }
    }
}

extension Tool {
    static let add = Tool(
        name: "memory_add",
        summary: "Store a fact in one plain sentence. A key makes the newest replace the older.",
        parameters: [
            .text("text").required, Parameter.category.required, .integer("importance", 1...5),
            .text("key", "subject, e.g. api port", most: 200), Parameter(name: "tags", kind: .texts(most: 20)),
        ], isReadOnly: false
    ) { arguments, host in
        try Storing.store(
            arguments.text("text") ?? "", arguments.category ?? .note, importance: arguments.integer("importance"),
            key: arguments.text("key"), tags: arguments.texts("tags"), host)
    }
}
