import ArgumentParser
import Commands
import Memories
import JSON
import SQLite
import Storage

struct SessionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "List the conversations that the store knows, newest first.",
        discussion: """
            EXAMPLES
              ccmem sessions --limit 5
              ccmem sessions --since 2026-03 --json

            EXIT STATUS
              0  something was found
              1  nothing was found, or there is no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Option(help: ArgumentHelp("At most so many.", valueName: "n"))
    var limit: Int?

    @Option(
        help: ArgumentHelp("Only sessions that went on at this date or later.", valueName: "date"),
        transform: Since.read)
    var since: WrittenTime?

    func validate() throws {
        guard limit ?? 1 >= 1 else { throw ValidationError("--limit takes a number from 1.") }
    }

    func run() throws {
        let store = try ProjectContext.find(project).openToList(isJSON: project.json)
        let sessions = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in try store.sessions(since: since?.text, limit: limit) }
        }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.array("sessions", sessions) { SessionText.write($0, to: &$1) }
                })
        } else {
            var page = MemoryPage.forOutput()
            for session in sessions { SessionText.add(session, to: &page) }
            page.print()
        }
        if sessions.isEmpty {
            if !project.json { StandardStream.error.write("No session matches.\n") }
            throw ExitStatus.nothingFound
        }
    }
}

/// A session, for reading and as JSON.
enum SessionText {
    static func add(_ session: StoredSession, to page: inout MemoryPage) {
        let turns = "\(RuleWords.grouped(session.turnCount)) \(ReaderWords.plural("turn", session.turnCount))"
        let memories = "\(RuleWords.grouped(session.memoryCount)) \(ReaderWords.memories(session.memoryCount))"
        var words = "\(period(session))  \(turns), \(memories)"
        if let branch = session.branch { words += "  \(branch)" }
        page.line(TextStyle.printable(session.uid.isEmpty ? "(unnamed)" : session.uid))
        page.line("  " + page.style.paint(TextStyle.printable(words), .faint))
    }

    /// `2026-01-01 10:00 – 11:30`
    static func period(_ session: StoredSession) -> String {
        let start = TimeText.minute(session.startedAt)
        guard !session.endedAt.isEmpty, session.endedAt != session.startedAt else { return start }
        let isSameDay = TimeText.day(session.startedAt) == TimeText.day(session.endedAt)
        return start + " – "
            + (isSameDay ? TimeText.clock(session.endedAt, digits: 5) : TimeText.minute(session.endedAt))
    }

    static func write(_ session: StoredSession, to writer: inout JSONWriter) {
        writer.object { write(fieldsOf: session, to: &$0) }
    }

    static func write(fieldsOf session: StoredSession, to writer: inout JSONWriter) {
        writer.field("session", session.uid)
        writer.field("started_at", session.startedAt)
        writer.field("ended_at", session.endedAt)
        writer.field("turns", session.turnCount)
        writer.field("memories", session.memoryCount)
        writer.field("branch", session.branch)
        writer.field("cwd", session.cwd)
    }
}
