import ArgumentParser
import Commands
import JSON
import Memories
import Projects
import Refinement
import SQLite
import Storage

struct RefineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ModelVerb.refine.rawValue,
        abstract: ModelVerb.refine.abstract,
        discussion: """
            Sends parts of conversations, without secrets and private text, with the statements that rules found in them, and \
            takes back better words, merged statements and what no rule saw. What is not carried by the words that were sent is \
            dropped. Nothing is sent before `ccmem auth enable`; each part is sent once, within the budget of tokens.

            EXAMPLES
              ccmem refine --show-request
              ccmem refine --session 0a1b --dry-run
              ccmem refine --pending

            EXIT STATUS
              0  done, also when there was nothing to do, or no model may be asked
              1  there is no such session
              2  the command line is wrong
              3  the model does not answer, there has to be one and is none, or the store can't be written
            """)

    @OptionGroup var project: ProjectOptions

    @OptionGroup var model: ModelOptions

    @Option(help: ArgumentHelp("Only this session; the beginning of its name is enough.", valueName: "id"))
    var session: String?

    @Flag(help: "The sessions that ended since `ccmem auth enable`; the default.")
    var pending = false

    @Flag(help: "All sessions, however old, as far as the budget goes.")
    var all = false

    @Flag(
        help:
            "Ask the model, show what would change, and change nothing. It costs as much, and what it sends can be sent again."
    )
    var dryRun = false

    @Flag(help: "Print what would be sent, and send nothing.")
    var showRequest = false

    /// For hooks: what failed is told at the next start of a session, and few short sessions wait for others.
    @Option(help: .hidden)
    var boundary: String?

    func validate() throws {
        let choices = [session != nil, pending, all].count { $0 }
        if choices > 1 { throw ValidationError("Give one of --session, --pending and --all.") }
        if dryRun, showRequest { throw ValidationError("Give one of --dry-run and --show-request.") }
    }

    func run() throws {
        do {
            try refine()
        } catch let error as CommandError where boundary != nil {
            guard let data = Environment.current().dataFolder else { throw error }
            HookLog(dataFolder: data, store: ProjectContext.database(of: project)).note(
                "The last conversation was not refined. \(error.message)", from: boundary ?? "",
                at: Clock.system.timestamp)
            throw error
        }
    }

    private func refine() throws {
        let context = try ProjectContext.find(project)
        try context.checkActive()
        try StoredText.prepare()
        if showRequest { return try show(context) }
        guard let source = try ModelSource.find(model, context, isQuiet: boundary != nil) else { return }
        let change = try StoreChange.open(project)
        let isAlone = try ModelRun.alone(context) {
            let batches = try batches(change.store, since: source.since)
            let run = RefineRun(
                store: change.store, model: source.model, name: source.name, isDry: dryRun, clean: StoredText.clean,
                spentElsewhere: try ModelRun.spentElsewhere(context), isOutOfTime: { source.isOutOfTime })
            let (calls, stop) = try StoreWords.inWords { () throws(StoreError) in try run.run(batches) }
            if calls.contains(where: { !$0.stored.isEmpty }), !dryRun { context.refreshViews(change.store) }
            let report = RefineReport(
                calls: calls, stop: stop, isDry: dryRun, model: source.name,
                since: session == nil && !all ? source.since : nil)
            if project.json {
                StandardStream.output.print(report.document())
            } else {
                StandardStream.output.write(report.text())
            }
            if case .failure(let failure) = stop { throw CommandError(ModelRun.words(failure), .unreadableInput) }
        }
        if !isAlone {
            StandardStream.error.write("Another process asks the model; what is left is for the next run.\n")
        }
    }

    /// Exactly what would be sent; nobody is called.
    private func show(_ context: ProjectContext) throws {
        let store = try context.openToRead()
        let drafts = try batches(store, since: "").map { RefineDraft($0, redact: StoredText.clean) }
        let instructions = Instructions.refine
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.field("prompt", instructions.name)
                    writer.field("instructions", instructions.text)
                    writer.array("requests", drafts.filter { !$0.isEmpty }) { draft, writer in
                        writer.object { writer in
                            writer.array("sessions", draft.sessions) { $1.string($0) }
                            writer.field("text", draft.text)
                            writer.field("most_tokens", instructions.mostInputTokens(draft.text))
                        }
                    }
                })
            return
        }
        var text = "Instructions (\(instructions.name)):\n\n\(instructions.text)\n"
        for draft in drafts where !draft.isEmpty { text += "Request:\n\n\(draft.text)\n" }
        let count = drafts.count { !$0.isEmpty }
        text += count == 0 ? "There is nothing to send.\n" : "Nothing was sent. Requests: \(count).\n"
        StandardStream.output.write(text)
    }

    private func batches(_ store: MemoryStore, since: String) throws -> [[RefineSession]] {
        let uid = try session.map { try found($0, in: store) }
        let sessions = try StoreWords.inWords { () throws(StoreError) in
            try RefineRun.sessions(of: store, session: uid, since: uid != nil || all ? "" : since)
        }
        return RefineBatches.batches(sessions, isPatient: boundary != nil)
    }

    private func found(_ beginning: String, in store: MemoryStore) throws -> String {
        let match = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in try store.session(beginning) }
        }
        switch match {
        case .one(let session): return session.uid
        case .none: throw CommandError("There is no session `\(beginning)`.", .nothingFound)
        case .several(let names):
            throw CommandError(
                "\(names.count) sessions begin with `\(beginning)`.", help: "Give more of its name.", .usage)
        }
    }
}
