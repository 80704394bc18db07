import ArgumentParser
import Commands
import JSON
import Memories
import SQLite
import Storage

struct AddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Store a memory in your own words.",
        discussion: """
            Makes the store when there is none. What transcripts say never replaces or archives what you add. With --key, a \
            newer memory takes the place of the one that has the same key; without, both stay.

            EXAMPLES
              ccmem add constraint Never force-push to main
              ccmem add config 'The API listens on port 8081' --key port
              git log -1 --format=%s | ccmem add task - --tag release

            EXIT STATUS
              0  it is stored, or was known already
              1  it was forgotten with `ccmem forget` and is not stored again
              2  the command line is wrong
              3  the store can't be written
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(
        help: ArgumentHelp(
            "One of \(MemoryCategory.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "category"))
    var category: CategoryArgument

    @Argument(help: ArgumentHelp("What to remember; - reads it from standard input.", valueName: "text"))
    var words: [String]

    @Option(help: ArgumentHelp("1 (trivia) to 5 (critical); else that of the category.", valueName: "level"))
    var importance: Int?

    @Option(help: ArgumentHelp("What it is about; `port` stands for `config:port`.", valueName: "key"))
    var key: String?

    @Option(help: ArgumentHelp("A tag; repeatable.", valueName: "tag"))
    var tag: [String] = []

    @Option(help: ArgumentHelp("The session that it belongs to.", valueName: "id"))
    var session: String?

    @Option(
        help: ArgumentHelp("Who says so: manual, a person; or claude-judged, Claude in a session.", valueName: "origin")
    )
    var origin = "manual"

    func validate() throws {
        try ImportanceArgument.check(importance)
        guard [MemoryOrigin.manual, .claudeJudged].map(\.rawValue).contains(origin) else {
            throw ValidationError("--origin takes manual or claude-judged, not \(origin).")
        }
    }

    func run() throws {
        let text = StoredText.clean(words == ["-"] ? try StoredText.standardInput() : words.joined(separator: " "))
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw CommandError("There is no text to store.", .usage)
        }
        let subject = key.flatMap { StoredText.key($0, category: category.category) }
        if let key, subject == nil { throw CommandError("The key `\(key)` is empty.", .usage) }
        let memory = NewMemory(
            category: category.category, content: text,
            importance: importance.map(Importance.init(clamping:)) ?? category.category.defaultImportance,
            origin: MemoryOrigin(rawValue: origin) ?? .manual, key: subject, tags: tag.compactMap(StoredText.tag),
            saidAt: Clock.system.timestamp)
        let change = try StoreChange.openOrMake(project)
        let added = try change.run { run throws(SQLiteError) in
            try change.store.add(memory, session: session, run)
        }
        try report(added)
    }

    private func report(_ added: AddOutcome) throws {
        let outcome = added.outcome
        let (name, id, other) = RecordWords.parts(outcome)
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.key("outcome")
                    writer.string(added.isRestored ? "restored" : name)
                    writer.field("id", id)
                    writer.field("other_id", other)
                    writer.array("changed", added.changed) { $1.string($0) }
                })
        } else if let words = added.isRestored ? id.map({ "#\($0) restored" }) : RecordWords.line(outcome) {
            let changed = added.changed.isEmpty ? "" : "; changed: \(added.changed.joined(separator: ", "))"
            StandardStream.output.write(words + changed + "\n")
        }
        if case .refused(let why) = outcome { throw RecordWords.error(why) }
    }
}

/// `--importance` of the commands that change memories.
enum ImportanceArgument {
    static func check(_ level: Int?) throws {
        guard let level, !(1...5).contains(level) else { return }
        throw ValidationError("--importance takes a level from 1 to 5, not \(level).")
    }
}
