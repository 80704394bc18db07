import ArgumentParser
import Commands
import JSON
import Memories
import SQLite
import Storage
import Views

struct HandoffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handoff",
        abstract: "Where the last session was left: asked, done, open, files, tests.",
        discussion: """
            Sessions that were at work beside each other are told one after the other, the newest first. The same stands in `HANDOFF.md` \
            of a project with `.ccmem`.

            EXAMPLES
              ccmem handoff
              ccmem handoff --sessions 3

            EXIT STATUS
              0  a session was found
              1  no session is stored, or there is no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Option(help: ArgumentHelp("So many sessions.", valueName: "n"))
    var sessions = 1

    func validate() throws {
        guard sessions >= 1 else { throw ValidationError("--sessions takes a number from 1.") }
    }

    func run() throws {
        let store = try ProjectContext.find(project).openToList(isJSON: project.json)
        let found = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in
                try SessionHandoffs.newest(sessions, in: store)
            }
        }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.array("sessions", found) { item, writer in
                        writer.object { writer in
                            writer.field("session", StoredText.shown(item.handoff.session))
                            writer.field("ended_at", item.handoff.endedAt)
                            writer.field("branch", item.handoff.branch.map(StoredText.shown))
                            writer.field("transcript", item.handoff.transcript.map(StoredText.shown))
                            func texts(_ name: String, _ values: [String]) {
                                writer.array(name, values) { $1.string(StoredText.shown($0)) }
                            }
                            texts("asked", item.handoff.asked)
                            writer.field("done", item.handoff.done.map(StoredText.shown))
                            texts("open", item.handoff.todos + item.tasks.map { "\($0.content) (#\($0.id))" })
                            texts("files", item.handoff.files)
                            writer.field("test", item.handoff.test.map(StoredText.shown))
                        }
                    }
                })
        } else if !found.isEmpty {
            let text = HandoffPage(shown: StoredText.shown).sections(of: found)
            StandardStream.output.write(text)
        }
        if found.isEmpty {
            if !project.json { StandardStream.error.write("No session is stored yet.\n") }
            throw ExitStatus.nothingFound
        }
    }
}
