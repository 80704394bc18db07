import ArgumentParser
import Commands
import JSON
import Memories
import Refinement
import SQLite
import Storage

struct TidyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ModelVerb.tidy.rawValue,
        abstract: ModelVerb.tidy.abstract,
        discussion: """
            Looks through all active memories and lists what could go: fragments and what nothing vouches for, what another \
            memory says too, what could be one, what a newer statement has overtaken. Nothing happens before you choose; what \
            goes is archived, never deleted, and `ccmem undo` brings it back. What you wrote yourself is never proposed.

            Most of it needs no language model. Where one is switched on, it looks through the memories too, each batch of \
            them once.

            EXAMPLES
              ccmem tidy
              ccmem tidy --apply 3 --apply 5
              ccmem tidy --decline 4
              ccmem tidy --llm off

            EXIT STATUS
              0  done, also when nothing could be tidied up
              1  there is no such proposal, or no store
              2  the command line is wrong
              3  the model or the store can't be used
            """)

    @OptionGroup var project: ProjectOptions

    @OptionGroup var model: ModelOptions

    @Option(help: ArgumentHelp("Do what this proposal says; repeatable.", valueName: "id"))
    var apply: [Int] = []

    @Option(help: ArgumentHelp("Never propose this again; repeatable.", valueName: "id"))
    var decline: [Int] = []

    func run() throws {
        let change = try StoreChange.open(project)
        guard apply.isEmpty, decline.isEmpty else { return try decide(change) }
        let subjects = try StoreWords.inWords { () throws(StoreError) in
            try change.store.reading { () throws(SQLiteError) in try change.store.tidySubjects() }
        }
        let found = TidyFindings.proposals(on: subjects, now: Clock.system.milliseconds())
        let count = try StoreWords.inWords { () throws(StoreError) in
            try change.store.writing { () throws(SQLiteError) in try change.store.propose(found, by: nil) }
        }
        let words = try ask(change)
        let open = try StoreWords.inWords { () throws(StoreError) in
            try change.store.reading { () throws(SQLiteError) in
                var shown: [ShownProposal] = []
                for stored in try change.store.openProposals() {
                    shown.append(try ShownProposal(stored, in: change.store))
                }
                return shown
            }
        }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.field("new", count)
                    writer.array("proposals", open) { proposal, writer in writer.object { proposal.write(to: &$0) } }
                })
            return
        }
        if let words { StandardStream.error.write(words + "\n") }
        if open.isEmpty { return StandardStream.output.write("There is nothing to tidy up.\n") }
        if StandardStream.output.isTerminal, StandardStream.input.isTerminal {
            try choose(among: open, change)
        } else {
            StandardStream.output.write(open.map { $0.text() }.joined())
            StandardStream.output.write(
                "`ccmem tidy --apply ID` does it, `--decline ID` never proposes it again. Proposals: \(open.count).\n")
        }
    }

    /// Has a model look through the memories, where one may be asked.
    ///
    /// - Returns: What kept it from that, as a sentence.
    private func ask(_ change: StoreChange) throws -> String? {
        guard let source = try ModelSource.find(model, change.context, isQuiet: true) else { return nil }
        try StoredText.prepare()
        var words: String?
        let isAlone = try ModelRun.alone(change.context) {
            guard try ModelRun.isWithinSpending(change.context) else {
                words = ModelRun.words(.budget)
                return
            }
            let run = TidyRun(
                store: change.store, model: source.model, name: source.name, clean: StoredText.clean,
                isOutOfTime: { source.isOutOfTime })
            let (_, stop) = try StoreWords.inWords { () throws(StoreError) in try run.run() }
            words = stop.map { ModelRun.words($0) }
        }
        return isAlone ? words : "Another process asks the model."
    }

    private func decide(_ change: StoreChange) throws {
        for id in apply {
            let outcome = try change.run { run throws(SQLiteError) in try change.store.apply(proposal: id, run) }
            try tell(id, outcome)
        }
        for id in decline {
            let outcome = try change.runWithoutRun { () throws(SQLiteError) in try change.store.decline(proposal: id) }
            try tell(id, outcome)
        }
    }

    private func tell(_ id: Int, _ outcome: TidyOutcome) throws {
        let words: String
        switch outcome {
        case .unknown:
            throw CommandError("There is no proposal \(id).", help: "`ccmem tidy` lists them.", .nothingFound)
        case .decided(let state): words = "Proposal \(id) is \(state.rawValue)."
        case .overtaken(let memory): words = "Proposal \(id) is overtaken: #\(memory) is not as it was."
        case .archived(let ids): words = "\(ids.map { "#\($0)" }.joined(separator: " ")) archived."
        case .merged(let memory): words = "#\(memory) stands in their place."
        case .refused: words = "Proposal \(id) can't be done: the merged words are known, or nothing vouches for them."
        }
        StandardStream.output.write(words + "\n")
    }

    private func choose(among open: [ShownProposal], _ change: StoreChange) throws {
        for (index, proposal) in open.enumerated() {
            StandardStream.output.write(proposal.text())
            StandardStream.output.write("\(index + 1) of \(open.count): [y]es, [n]ever, [l]ater, [q]uit? ")
            switch readLine()?.first {
            case "y", "Y":
                try tell(
                    proposal.stored.id,
                    change.run { run throws(SQLiteError) in try change.store.apply(proposal: proposal.stored.id, run) })
            case "n", "N":
                try tell(
                    proposal.stored.id,
                    change.runWithoutRun { () throws(SQLiteError) in
                        try change.store.decline(proposal: proposal.stored.id)
                    })
            case "q", "Q", nil: return
            default: continue
            }
        }
    }
}

/// A proposal with the words of its memories.
struct ShownProposal {
    var stored: StoredProposal
    var goes: [StoredMemory] = []
    var stays: [StoredMemory] = []

    init(_ stored: StoredProposal, in store: MemoryStore) throws(SQLiteError) {
        self.stored = stored
        for id in stored.proposal.goes { if let memory = try store.memory(id) { goes.append(memory) } }
        for id in stored.proposal.stays { if let memory = try store.memory(id) { stays.append(memory) } }
    }

    func text() -> String {
        let maker = stored.model.map { " (\($0))" } ?? ""
        var lines = ["\(stored.id)  \(stored.proposal.kind.rawValue): \(stored.proposal.reason)\(maker)"]
        lines += goes.map { "  - #\($0.id) \($0.content)" }
        lines += stays.map { "    #\($0.id) \($0.content)" }
        if let statement = stored.proposal.statement { lines.append("  + \(statement)") }
        return lines.map { TextStyle.printable($0) + "\n" }.joined()
    }

    func write(to writer: inout JSONWriter) {
        writer.field("id", stored.id)
        writer.field("kind", stored.proposal.kind.rawValue)
        writer.field("reason", stored.proposal.reason)
        writer.field("statement", stored.proposal.statement)
        writer.field("model", stored.model)
        writer.field("made_at", stored.madeAt)
        writer.array("goes", goes) { MemoryJSON.write($0, to: &$1) }
        writer.array("stays", stays) { MemoryJSON.write($0, to: &$1) }
    }
}
