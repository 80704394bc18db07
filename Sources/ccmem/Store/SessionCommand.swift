import ArgumentParser
import Commands
import JSON
import Memories
import SQLite
import Storage

struct SessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "Show one conversation: its turns and what was remembered of it.",
        discussion: """
            The beginning of the session's name is enough when it is the only one that begins so.

            EXAMPLES
              ccmem session 1f0c2a
              ccmem session 1f0c2a --memories
              ccmem session 1f0c2a --turns --limit 500 --json

            EXIT STATUS
              0  it was found
              1  there is no such session, or no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("Name of the session, or how it begins.", valueName: "id"))
    var id: String

    @Option(help: ArgumentHelp("At most so many turns, from the first.", valueName: "n"))
    var limit = 100

    @Flag(help: "Only its turns.")
    var turns = false

    @Flag(help: "Only its memories.")
    var memories = false

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit takes a number from 1.") }
        guard !(turns && memories) else {
            throw ValidationError("--turns and --memories leave nothing together; without either both are shown.")
        }
    }

    func run() throws {
        let store = try ProjectContext.find(project).openToRead()
        let match = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in try store.session(id) }
        }
        switch match {
        case .none:
            throw CommandError(
                "There is no session `\(id)`.", help: "`ccmem sessions` shows what there is.", .nothingFound)
        case .several(let names):
            let list = names.prefix(8).map { "`\($0)`" }.joined(separator: ", ") + (names.count > 8 ? ", …" : "")
            throw CommandError(
                "\(names.count) sessions begin with `\(id)`: \(list).", help: "Give more of the name.", .usage)
        case .one(let session): try show(session, store)
        }
    }

    private func show(_ session: StoredSession, _ store: MemoryStore) throws {
        let found = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in
                (
                    turns: memories ? [] : try store.turns(ofSession: session.uid),
                    memories: turns ? [] : try store.memories(ofSession: session.uid)
                )
            }
        }
        let shown = found.turns.prefix(limit)
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.object("session") { SessionText.write(fieldsOf: session, to: &$0) }
                    if !turns { writer.array("memories", found.memories) { MemoryJSON.write($0, to: &$1) } }
                    if !memories {
                        writer.array("turns", shown) { TurnText.write($0, to: &$1) }
                        writer.field("is_cut", shown.count < found.turns.count)
                    }
                })
            return
        }
        var page = MemoryPage.forOutput()
        SessionText.add(session, to: &page)
        if let cwd = session.cwd { page.line("  " + page.style.paint(TextStyle.printable(cwd), .faint)) }
        if !found.memories.isEmpty {
            page.line()
            for memory in found.memories {
                page.add(
                    memory,
                    detail: [memory.category.rawValue, MemoryPage.status(memory)].compactMap { $0 }.joined(
                        separator: " · "))
            }
        }
        if !shown.isEmpty { page.line() }
        for turn in shown {
            page.paragraph(
                "\(TimeText.clock(turn.saidAt, digits: 8).padded(to: 8)) \(turn.role): \(TurnText.excerpt(turn))",
                indent: 0, hanging: 2)
        }
        if shown.count < found.turns.count {
            page.line("… \(found.turns.count - shown.count) more; --limit \(found.turns.count) shows all.")
        }
        page.print()
    }
}
