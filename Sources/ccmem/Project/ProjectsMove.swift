import ArgumentParser
import Commands
import JSON
import Memories
import Projects
import SQLite
import Storage

/// `ccmem projects move`: a renamed folder keeps its memories.
struct ProjectsMove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Give the memories of a folder that was renamed or moved to its new place.",
        discussion: """
            The old folder must be gone. What the new place remembers already is taken along. A store in .ccmem goes with its \
            folder by itself; `ccmem trust` admits it there.

            EXAMPLES
              ccmem projects move ~/work/api ~/work/api-server
              ccmem projects move /old/disk/api            # to the project of the working directory
            """)

    @OptionGroup var options: ProjectsCommand.JSONOption
    @Argument(help: ArgumentHelp("The folder as it was called before.", valueName: "old")) var old: String
    @Argument(help: ArgumentHelp("Its directory now; else that of the working directory.", valueName: "new"))
    var new: String?

    func run() throws {
        let context = try ProjectContext.find(new.map { .directory($0) } ?? .workingDirectory, .current())
        try context.checkActive()
        try StoredText.prepare()
        guard let move = try prepare(context) else { return }
        var taken = 0
        let aside = try ProjectsMove.inWords {
            try move.locked {
                taken = try takeAlong(move)
                return try move.move()
            }
        }
        let store = try context.openOrMake()
        context.refreshViews(store)
        let (memories, sessions) = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in
                (try store.count("memory WHERE state = 'active'"), try store.count("session"))
            }
        }
        report(move, memories: memories, sessions: sessions, taken: taken, aside)
    }

    /// - Returns: Nil when there is nothing to move but a name.
    private func prepare(_ context: ProjectContext) throws -> StoreMove? {
        let root = ProjectsMove.absolute(old)
        return try ProjectsMove.inWords {
            do {
                return try StoreMove(from: root, to: context.location)
            } catch MoveRefusal.hasNoStore(let path) where context.location.place == .project {
                guard try StoreMove.forgetName(root, context.location.dataFolder) else {
                    throw MoveRefusal.hasNoStore(path)
                }
                let words =
                    "\(TextStyle.printable(context.root)) has its memories in .ccmem; \(TextStyle.printable(path)) is off the list."
                if options.json {
                    StandardStream.output.print(
                        MemoryJSON.document { writer in
                            writer.field("from", path)
                            writer.field("to", context.root)
                        })
                } else {
                    StandardStream.output.write(words + "\n")
                }
                return nil
            }
        }
    }

    /// Puts what the new place remembers into the store that comes there, and empties the logs of both.
    ///
    /// - Returns: How many memories that were.
    private func takeAlong(_ move: StoreMove) throws -> Int {
        let contents = try contents(of: move.new)
        if contents?.hasForgotten ?? false { throw MoveRefusal.hasForgotten(move.new.root.path) }
        let items = try imported(contents?.memories ?? [])
        return try StoreWords.inWords { () throws(StoreError) in
            let store = try MemoryStore(path: move.old.database, access: .write)
            guard let contents, !contents.isEmpty else { return 0 }
            return try store.changing(.import) { run throws(SQLiteError) in
                try store.takeTurns(of: contents)
                _ = try store.importMemories(items, run)
                return items.count - run.counts.refused
            }
        }
    }

    /// Nil when there is no store.
    private func contents(of location: StoreLocation) throws -> StoreContents? {
        guard let status = Files.status(of: location.database), status.size > 0 else { return nil }
        return try StoreWords.inWords { () throws(StoreError) in
            // Whoever closes it last brings its log into the file.
            let store = try MemoryStore(path: location.database, access: .write)
            return try store.reading { () throws(SQLiteError) in try store.contents() }
        }
    }

    /// The memories as an import would read them.
    private func imported(_ memories: [ExportedMemory]) throws -> [ImportedMemory] {
        let items = ExportText.lines(memories).split(separator: 0x0A).compactMap { line in
            line.withUnsafeBufferPointer { try? ImportLine.read($0) }
        }
        guard items.count == memories.count else {
            throw CommandError(
                "\(memories.count - items.count) memories can't be taken along; nothing was moved.",
                help: "`ccmem audit` tells what is wrong with them.", .unreadableInput)
        }
        return items
    }

    private func report(_ move: StoreMove, memories: Int, sessions: Int, taken: Int, _ aside: String?) {
        if options.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.field("from", move.old.root.path)
                    writer.field("to", move.new.root.path)
                    writer.field("memories", memories)
                    writer.field("sessions", sessions)
                    writer.field("taken_along", taken)
                    writer.field("set_aside", aside)
                })
            return
        }
        let (old, new) = (TextStyle.printable(move.old.root.path), TextStyle.printable(move.new.root.path))
        var words = "\(new) has the memories of \(old) now: \(RuleWords.grouped(memories)) in force"
        words += ", from \(RuleWords.grouped(sessions)) \(sessions == 1 ? "session" : "sessions").\n"
        if taken > 0 {
            words += "\(RuleWords.grouped(taken)) \(ReaderWords.memories(taken)) that \(new) had were taken along; "
            words += "`ccmem ingest` reads its sessions once more.\n"
        }
        if let folder = transcripts(of: move.old.root.path) {
            words +=
                "Sessions of \(old) that were not read yet: `ccmem ingest \(TextStyle.printable(folder))/*.jsonl`.\n"
        }
        if let aside { words += "Its store of before is kept as \(TextStyle.printable(aside)).\n" }
        StandardStream.output.write(words)
    }

    /// Where Claude Code keeps the transcripts of a folder; nil when there are none.
    private func transcripts(of root: String) -> String? {
        guard let base = Environment.current().claudeDirectory else { return nil }
        let folder = "\(base)/projects/\(ClaudeTranscripts.folderName(for: root))"
        return (Files.names(in: folder) ?? []).contains { $0.hasSuffix(".jsonl") } ? folder : nil
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : (Files.workingDirectory() ?? "") + "/" + path
    }

    private static func inWords<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let refusal as MoveRefusal {
            throw CommandError(refusal.message, help: help(refusal), status(refusal))
        } catch let failure as FileFailure {
            throw CommandError(failure.message, help: "Nothing was lost; run the command again.", .unreadableInput)
        }
    }

    private static func status(_ refusal: MoveRefusal) -> ExitStatus {
        switch refusal {
        case .hasNoStore: .nothingFound
        case .isStillThere, .hasOwnStore, .hasForgotten, .isBusy: .unreadableInput
        }
    }

    private static func help(_ refusal: MoveRefusal) -> String? {
        let gone = StoreMove.leftBehind(.current()).map(TextStyle.printable)
        return switch refusal {
        case .isStillThere: "`ccmem export` there and `ccmem import` here copy them."
        case .hasNoStore:
            gone.isEmpty
                ? "No folder is gone whose memories are still there." : "Gone are: \(gone.joined(separator: ", "))."
        case .hasForgotten, .hasOwnStore:
            "Make the old folder again for a moment: `ccmem export --all --project OLD | ccmem import -` copies them."
        case .isBusy: nil
        }
    }
}
