import ArgumentParser
import Commands
import HookProtocol
import JSON
import Memories
import Pipeline
import Projects
import SQLite
import Storage
import Transcripts

struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Store what a person asks to remember, read from standard input.",
        discussion: """
            As `ccmem add` does, with the category and the key that the rules find in the words; what they find nothing in is a \
            constraint when it says what to do, else a note. `remember: …` in a prompt comes here.

            EXAMPLES
              echo 'Never force-push to main' | ccmem record

            EXIT STATUS
              0  it is stored, or was known already
              1  it was forgotten with `ccmem forget` and is not stored again
              2  the command line or a rule pack is wrong
              3  the store can't be written
            """)

    @OptionGroup var project: ProjectOptions

    @Option(help: ArgumentHelp("The session that it belongs to.", valueName: "id"))
    var session: String?

    @Flag(help: ArgumentHelp("Read a call of a tool, as hooks are told of it.", visibility: .hidden))
    var toolCall = false

    func run() throws {
        if toolCall { return try recordToolCall() }
        let text = StoredText.clean(try StoredText.standardInput())
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw CommandError("There is no text to store.", .usage)
        }
        let (category, key) = try RecordCommand.reading(of: text, ProjectContext.find(project))
        let memory = NewMemory(
            category: category, content: text, importance: max(category.defaultImportance, Importance(clamping: 3)),
            origin: .manual, key: key, saidAt: Clock.system.timestamp)
        let change = try StoreChange.openOrMake(project)
        let added = try change.run { run throws(SQLiteError) in
            try change.store.add(memory, session: session, run)
        }
        let outcome = added.outcome
        let (name, id, other) = RecordWords.parts(outcome)
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.key("outcome")
                    writer.string(added.isRestored ? "restored" : name)
                    writer.field("id", id)
                    writer.field("other_id", other)
                    writer.key("category")
                    writer.string(category.rawValue)
                })
        } else if added.isRestored, let id {
            StandardStream.output.write("#\(id) restored\n")
        } else if let words = RecordWords.line(outcome) {
            StandardStream.output.write(words + "\n")
        }
        if case .refused(let why) = outcome { throw RecordWords.error(why) }
    }

    /// No store is made for a failure alone.
    private func recordToolCall() throws {
        let context = try ProjectContext.find(project)
        try context.checkActive()
        guard let input = HookInput(try StoredText.standardInputBytes()), let store = try context.openIfThere(.write)
        else { return }
        guard context.active?.optOut(ofSessionAt: [input.workingDirectory, input.transcriptPath]) == nil else { return }
        try StoredText.prepare()
        guard let call = ToolCall(input, root: context.root, at: Clock.system.timestamp) else { return }
        _ = try StoreWords.inWords { () throws(StoreError) in
            try store.writing { () throws(SQLiteError) in try store.record(call) }
        }
    }

    /// What the rules make of the words of a person.
    private static func reading(of text: String, _ context: ProjectContext) throws -> (MemoryCategory, key: String?) {
        let worker = TranscriptWorker(plan: try PlanFiles(context).load(isQuiet: true, leavesOutBroken: true))
        if let memory = worker.extract(statement: text).memories.first, memory.rule != nil {
            return (memory.category, memory.key)
        }
        let words = text.lowercased().split { !$0.isLetter && $0 != "'" }.map(String.init)
        return (words.contains(where: demands.contains) ? .constraint : .note, nil)
    }

    private static let demands: Set<String> = [
        "always", "never", "must", "mustn't", "don't", "dont", "do", "only", "use", "avoid", "prefer", "should",
        "shouldn't",
        "ask", "keep", "make", "run", "write", "stop", "no",
    ]
}
