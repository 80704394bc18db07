import Commands
import ArgumentParser
import JSON
import Memories
import SQLite
import Storage

struct UsageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "Which memories sessions came back to after they were told them.",
        discussion: """
            For each memory that hooks have put into sessions: how often, into how many, at what cost in tokens, and in how many of them \
            a name, a path or a command of it turned up afterwards: in what the assistant wrote, in a file that was changed, in a program \
            that ran. A sign, no proof. What costs much and was never used is worth a look; `ccmem archive ID` takes it out of use.

            EXAMPLES
              ccmem usage
              ccmem usage --since 2026-01 --unused

            EXIT STATUS
              0  something was injected
              1  nothing was, or there is no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Option(help: ArgumentHelp("Only what was injected since this date.", valueName: "date"), transform: Since.read)
    var since: WrittenTime?

    @Flag(help: "Only memories that no session came back to, the dearest first.")
    var unused = false

    @Option(help: ArgumentHelp("So many memories at most.", valueName: "n"))
    var limit = 50

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit takes a number from 1.") }
    }

    func run() throws {
        let store = try ProjectContext.find(project).openToList(isJSON: project.json)
        let all = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in try store.usage(since: since?.text ?? "") }
        }
        let found = all.filter { !unused || $0.used == 0 }.prefix(limit)
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.field("memories_injected", all.count)
                    writer.field("memories_used", all.count { $0.used > 0 })
                    writer.field("tokens", all.reduce(0) { $0 + $1.tokens })
                    writer.array("usage", Array(found)) { item, writer in
                        writer.object { writer in
                            writer.field("id", item.id)
                            writer.field("category", item.category.rawValue)
                            writer.field("importance", item.importance.level)
                            writer.field("injections", item.injections)
                            writer.field("sessions", item.sessions)
                            writer.field("used", item.used)
                            writer.field("tokens", item.tokens)
                            writer.field("last_at", item.lastAt)
                            writer.array("terms", item.terms) { $1.string(StoredText.shown($0)) }
                            writer.field("content", StoredText.shown(item.content))
                        }
                    }
                })
        } else if !found.isEmpty {
            write(Array(found), of: all)
        }
        if found.isEmpty {
            if !project.json { StandardStream.error.write("Nothing was injected.\n") }
            throw ExitStatus.nothingFound
        }
    }

    private func write(_ found: [MemoryUsage], of all: [MemoryUsage]) {
        var page = MemoryPage.forOutput()
        for item in found {
            let sessions = "\(item.sessions) \(item.sessions == 1 ? "session" : "sessions")"
            var words =
                "#\(item.id) \(item.category.rawValue) \(item.importance.level) · told to \(sessions) · used in \(item.used) · \(RuleWords.grouped(item.tokens)) tokens"
            if !item.terms.isEmpty { words += " · \(item.terms.joined(separator: ", "))" }
            page.line(TextStyle.printable(item.content))
            page.line("  " + page.style.paint(TextStyle.printable(words), .faint))
        }
        let used = all.count { $0.used > 0 }
        page.line(
            "\(all.count) \(ReaderWords.memories(all.count)), \(RuleWords.grouped(all.reduce(0) { $0 + $1.tokens })) tokens, \(used) used"
        )
        page.print()
    }
}
