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
            use and keep it, use `ccmem archive`. Files in topics/ and the copies of damaged databases that `ccmem repair` kept may \
            still hold it: they are named, and --damaged-copies deletes the copies.

            EXAMPLES
              ccmem forget 42
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

    @Option(help: ArgumentHelp("Everything that was said in this session only.", valueName: "id"))
    var session: String?

    @Flag(help: "Delete the copies of damaged databases, too, or alone.")
    var damagedCopies = false

    func validate() throws {
        let given = [!ids.isEmpty, match != nil, session != nil].filter { $0 }.count
        guard given == 1 || given == 0 && damagedCopies else {
            throw ValidationError("Give numbers, or --match, or --session.")
        }
    }

    func run() throws {
        let context = try ProjectContext.find(project)
        let pattern = try match.map { try TextPattern($0) }
        let copies = try damagedCopies ? removeCopies(context) : nil
        if let copies, ids.isEmpty, match == nil, session == nil { return try report(copies) }
        let store = try context.openToWrite()
        for id in ids {
            let known = try StoreWords.inWords { () throws(StoreError) in
                try store.reading { () throws(SQLiteError) in try store.memory(id.number) }
            }
            if known == nil { throw id.unknown }
        }
        // What a person wrote into the pages comes first, so that it is there to be forgotten too.
        if context.refusal == nil { StorePages(context: context, store: store)?.takeOver() }
        let report = try StoreWords.inWords { () throws(StoreError) in try store.forget(target(pattern)) }
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
                    writer.key("cleanup_pending")
                    writer.bool(report.isCleanupPending)
                    writer.array("left_in", left) { $1.string($0) }
                    if let copies { writer.field("deleted_copies", copies) }
                })
        } else {
            let memories = report.memories.count == 1 ? "1 memory" : "\(report.memories.count) memories"
            let turns = report.turns == 1 ? "1 archived turn" : "\(report.turns) archived turns"
            var words = "Forgot \(memories) and \(turns).\n"
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
        if let undecided = pattern?.undecided, undecided > 0 {
            throw CommandError(
                "The pattern used up its limits on \(undecided) texts, which were left as they are.",
                help: "Use a simpler pattern.", .unreadableInput)
        }
        if report.memories.isEmpty, report.turns == 0, report.sightings == 0 { throw ExitStatus.nothingFound }
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
        case 0: "There is no copy of a damaged database.\n"
        case 1: "Deleted 1 file of a damaged database.\n"
        default: "Deleted \(copies) files of damaged databases.\n"
        }
    }

    private func target(_ pattern: TextPattern?) -> ForgetTarget {
        if let session { return .session(session) }
        guard let pattern else { return .memories(ids.map(\.number)) }
        return .matching { pattern.matches($0) }
    }
}
