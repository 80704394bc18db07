import ArgumentParser
import Commands
import JSON
import Projects
import SQLite
import Storage

struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Remove memories and what was said for good.",
        discussion: """
            Rows, words of the text indexes and pages of the log are overwritten, and lines of the pages beside the store go; \
            reading the transcript again does not bring them back. By number, the memory goes with every turn of the archive that holds its words. To take a memory out of \
            use and keep it, use `ccmem archive`. Files in topics/ and the copies that `ccmem repair` and `ccmem projects move` kept may \
            still hold it: they are named, and --damaged-copies deletes the copies.

            EXAMPLES
              ccmem forget 42
              ccmem forget --match '(?i)project nightfall' --dry-run
              ccmem forget --match '(?i)project nightfall'
              ccmem forget --session 0b6c2a1e-…
              ccmem forget --damaged-copies

            EXIT STATUS
              0  something was forgotten
              1  nothing matched, or there is no store
              2  the command line is wrong
              3  the store can't be written
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("Numbers of memories.", valueName: "id"))
    var ids: [MemoryID] = []

    @Option(help: ArgumentHelp("Everything whose text this PCRE2 pattern matches.", valueName: "re"))
    var match: String?

    @Option(
        help: ArgumentHelp(
            "Everything that was said in this session only: its id, or at least 8 characters of its beginning.",
            valueName: "id"))
    var session: String?

    @Flag(help: "Show what would be forgotten, and forget nothing.")
    var dryRun = false

    @Flag(help: "Delete the copies of damaged and replaced databases, too, or alone.")
    var damagedCopies = false

    func validate() throws {
        let given = [!ids.isEmpty, match != nil, session != nil].filter { $0 }.count
        guard given == 1 || given == 0 && damagedCopies else {
            throw ValidationError("Give numbers, or --match, or --session.")
        }
        if dryRun, damagedCopies { throw ValidationError("--dry-run does not go with --damaged-copies.") }
    }

    func run() throws {
        let context = try ProjectContext.find(project)
        let pattern = try match.map { try TextPattern($0) }
        // An empty variable of a script is no wish to lose everything.
        if let match, let pattern, pattern.matches("") {
            throw CommandError(
                "The pattern `\(match)` matches any text, the empty one too: everything would be forgotten.",
                help: "Give a pattern of the words that are to go.", .usage)
        }
        if dryRun { return try preview(context, pattern) }
        let copies = try damagedCopies ? removeCopies(context) : nil
        if let copies, ids.isEmpty, match == nil, session == nil { return try report(copies) }
        let store = try context.openToWrite()
        let session = try fullSession(store)
        for id in ids {
            let known = try StoreWords.inWords { () throws(StoreError) in
                try store.reading { () throws(SQLiteError) in try store.memory(id.number) }
            }
            if known == nil { throw id.unknown }
        }
        // What a person wrote into the pages comes first, so that it is there to be forgotten too.
        if context.refusal == nil { StorePages(context: context, store: store)?.takeOver() }
        let report = try StoreWords.inWords { () throws(StoreError) in try store.forget(target(pattern, session)) }
        context.refreshViews(store)
        let left = ForgottenPages(context: context) { line in
            report.words.stand(in: line) || pattern?.matches(String(line)) == true
        }.clean()
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.key("forgotten")
                    writer.beginArray()
                    for id in report.memories { writer.int(id) }
                    writer.endArray()
                    writer.key("sightings")
                    writer.int(report.sightings)
                    writer.key("turns")
                    writer.int(report.turns)
                    writer.field("traces", report.traces)
                    writer.key("cleanup_pending")
                    writer.bool(report.isCleanupPending)
                    writer.array("left_in", left) { $1.string($0) }
                    if let copies { writer.field("deleted_copies", copies) }
                })
        } else {
            var words = "Forgot \(ForgetCommand.words(report)).\n"
            if report.isCleanupPending {
                words += "Another process reads an old state; `ccmem gc` overwrites the last bytes when it has ended.\n"
            }
            StandardStream.output.write(words + (copies.map(ForgetCommand.words) ?? ""))
        }
        for path in left {
            let isCopy = path.hasPrefix(context.database + ".")
            StandardStream.error.write(
                "note: \(path) may still hold it; "
                    + (isCopy
                        ? "`ccmem forget --damaged-copies` deletes it.\n" : "it is yours, and was left as it is.\n"))
        }
        try checkDecided(pattern)
        if report.isEmpty { throw ExitStatus.nothingFound }
    }

    /// - Throws: When the pattern could not be tried out on all texts.
    private func checkDecided(_ pattern: TextPattern?) throws {
        guard let undecided = pattern?.undecided, undecided > 0 else { return }
        throw CommandError(
            "The pattern used up its limits on \(undecided) \(undecided == 1 ? "text, which was" : "texts, which were") left as \(undecided == 1 ? "it is" : "they are").",
            help: "Use a simpler pattern.", .unreadableInput)
    }

    /// Removes it and takes that back; what people have written into the pages since is not in it.
    private func preview(_ context: ProjectContext, _ pattern: TextPattern?) throws {
        let store = try context.openToWrite()
        let session = try fullSession(store)
        let (report, memories) = try StoreWords.inWords { () throws(StoreError) in
            let report = try store.previewForgetting(target(pattern, session))
            let memories = try store.reading { () throws(SQLiteError) in
                var found: [StoredMemory] = []
                for id in report.memories { if let memory = try store.memory(id) { found.append(memory) } }
                return found
            }
            return (report, memories)
        }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.array("would_forget", report.memories) { $1.int($0) }
                    writer.field("sightings", report.sightings)
                    writer.field("turns", report.turns)
                    writer.field("traces", report.traces)
                })
        } else {
            var page = MemoryPage.forOutput()
            page.line("Would forget \(ForgetCommand.words(report)).")
            for memory in memories { page.add(memory) }
            page.print()
        }
        try checkDecided(pattern)
        if report.isEmpty { throw ExitStatus.nothingFound }
    }

    private static func words(_ report: ForgetReport) -> String {
        let parts = [
            (report.memories.count, "memory", "memories"), (report.turns, "archived turn", "archived turns"),
            (report.sightings, "sighting", "sightings"), (report.traces, "other trace", "other traces"),
        ]
        // The first two are what people ask about.
        let words = parts.enumerated().filter { $0 < 2 || $1.0 > 0 }.map { _, part in
            "\(part.0) \(part.0 == 1 ? part.1 : part.2)"
        }
        return words.dropLast().joined(separator: ", ") + " and " + (words.last ?? "")
    }

    private func removeCopies(_ context: ProjectContext) throws -> Int {
        do throws(FileError) {
            return try DamagedCopies.remove(beside: context.location.folder)
        } catch {
            throw CommandError("\(error.path) can't be deleted: \(error.reason).", .unreadableInput)
        }
    }

    private func report(_ copies: Int) throws {
        if project.json {
            StandardStream.output.print(MemoryJSON.document { $0.field("deleted_copies", copies) })
        } else {
            StandardStream.output.write(ForgetCommand.words(copies))
        }
        if copies == 0 { throw ExitStatus.nothingFound }
    }

    private static func words(_ copies: Int) -> String {
        switch copies {
        case 0: "There is no copy of a damaged or replaced database.\n"
        case 1: "Deleted 1 file of a damaged or replaced database.\n"
        default: "Deleted \(copies) files of damaged or replaced databases.\n"
        }
    }

    /// So many characters of a session's id name it here; fewer only where they are all of it.
    private static let shortestBeginning = 8

    /// The session that a beginning of its id names. One that the store does not know is kept out from now on.
    private func fullSession(_ store: MemoryStore) throws -> String? {
        guard let session else { return nil }
        let match = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in try store.session(session) }
        }
        switch match {
        case .one(let found):
            // A few letters that a hand has typed are no name of what is to be lost for good.
            guard found.uid == session || session.count >= ForgetCommand.shortestBeginning else {
                throw CommandError(
                    "`\(session)` is only how the session `\(found.uid)` begins.",
                    help: "Give at least \(ForgetCommand.shortestBeginning) characters of its id, or all of it.",
                    .usage)
            }
            return found.uid
        case .none:
            StandardStream.error.write(
                "note: no session `\(session)` is stored; should a transcript have exactly this id, nothing of it will be.\n"
            )
            return session
        case .several(let names):
            let list = names.prefix(8).map { "`\($0)`" }.joined(separator: ", ") + (names.count > 8 ? ", …" : "")
            throw CommandError(
                "Several sessions begin with `\(session)`: \(list).", help: "Give more of the id.", .usage)
        }
    }

    private func target(_ pattern: TextPattern?, _ session: String?) -> ForgetTarget {
        if let session { return .session(session) }
        guard let pattern else { return .memories(ids.map(\.number)) }
        return .matching { pattern.matches($0) }
    }
}
