import ArgumentParser
import Commands
import Failures
import JSON
import Projects
import SQLite
import Storage

struct FailuresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "failures",
        abstract: "What failed in this project, what was tried, and what mended it.",
        discussion: """
            Recorded by hooks from the results of tools: a program that failed, the changes until its next run, and the run that \
            passed. The same failure in another place or at another time is counted as one. Before a tool runs on such a file or \
            command, the session is told once.

            EXAMPLES
              ccmem failures
              ccmem failures src/api.ts
              ccmem failures 'npm test'

            EXIT STATUS
              0  something was found
              1  nothing was found, or there is no store
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("Only those of this file or command.", valueName: "file|command"))
    var subject: String?

    @Flag(help: "Only those that nothing has mended yet.")
    var open = false

    @Option(help: ArgumentHelp("At most so many.", valueName: "n"))
    var limit = 20

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit takes a number from 1.") }
    }

    func run() throws {
        let store = try ProjectContext.find(project).openToList(isJSON: project.json)
        let found = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in try self.found(in: store) }
        }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.key("failures")
                    writer.beginArray()
                    for failure in found { FailuresCommand.write(failure, to: &writer) }
                    writer.endArray()
                })
        } else {
            var page = MemoryPage.forOutput()
            for failure in found { FailuresCommand.add(failure, to: &page) }
            page.print()
        }
        if found.isEmpty {
            if !project.json { StandardStream.error.write("No failure is known.\n") }
            throw ExitStatus.nothingFound
        }
    }

    /// A file by any spelling of its path; else a command line by the program that it runs.
    private func found(in store: MemoryStore) throws(SQLiteError) -> [KnownFailure] {
        guard let subject else { return try store.failures(openOnly: open, limit: limit) }
        let ofFile = try store.failures(in: subject, openOnly: open, limit: limit)
        guard ofFile.isEmpty, let program = Invocation.main(of: subject) else { return ofFile }
        return try store.failures(of: program.name, openOnly: open, limit: limit)
    }

    private static func add(_ failure: KnownFailure, to page: inout MemoryPage) {
        let state = failure.isOpen ? "open" : "mended"
        page.heading(TextStyle.printable("\(failure.program): \(failure.line)"))
        var facts = [state, failure.count == 1 ? "once" : "\(failure.count) times"]
        if failure.reopened > 0 {
            facts.append("came back \(failure.reopened == 1 ? "once" : "\(failure.reopened) times")")
        }
        facts.append("last \(failure.lastAt.prefix(10))")
        if let file = failure.file { facts.append(file) }
        page.line("  " + TextStyle.printable(facts.joined(separator: " · ")))
        for attempt in failure.attempts {
            let words = attempt.outcome == .mended ? "mended" : "tried "
            guard !attempt.changes.isEmpty else {
                page.line("  \(words)  it passed, nothing was changed in that session")
                continue
            }
            for change in attempt.changes {
                page.line(
                    "  \(words)  " + TextStyle.printable("\(change.file): \(one(change.before)) → \(one(change.after))")
                )
            }
        }
        page.line()
    }

    private static func one(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.isEmpty ? "(nothing)" : line.count <= 60 ? "`\(line)`" : "`\(line.prefix(59))…`"
    }

    private static func write(_ failure: KnownFailure, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("id", failure.id)
        writer.field("program", StoredText.shown(failure.program))
        writer.field("line", StoredText.shown(failure.line))
        writer.field("file", failure.file.map(StoredText.shown))
        writer.field("symbol", failure.symbol.map(StoredText.shown))
        writer.field("state", failure.isOpen ? "open" : "resolved")
        writer.field("count", failure.count)
        writer.field("reopened", failure.reopened)
        writer.field("first_at", failure.firstAt)
        writer.field("last_at", failure.lastAt)
        writer.key("attempts")
        writer.beginArray()
        for attempt in failure.attempts {
            writer.beginObject()
            writer.field("session", StoredText.shown(attempt.session))
            writer.field("at", attempt.at)
            writer.field("outcome", attempt.outcome.rawValue)
            writer.key("changes")
            writer.beginArray()
            for change in attempt.changes {
                writer.beginObject()
                writer.field("file", StoredText.shown(change.file))
                writer.field("before", StoredText.shown(change.before))
                writer.field("after", StoredText.shown(change.after))
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }
}
