import ArgumentParser
import Commands
import JSON
import Memories
import SQLite
import Storage

struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show what a memory replaced and what replaced it.",
        discussion: """
            EXAMPLES
              ccmem history 42
              ccmem history '#42' --json

            EXIT STATUS
              0  it was found
              1  there is no such memory, or no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("Number of the memory.", valueName: "id"))
    var id: MemoryID

    func run() throws {
        let store = try ProjectContext.find(project).openToRead()
        let chain = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in
                var chain: [(memory: StoredMemory, events: [StoredEvent])] = []
                for memory in try store.history(of: id.number) {
                    chain.append((memory, try store.events(of: memory.id)))
                }
                return chain
            }
        }
        guard !chain.isEmpty else { throw id.unknown }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.field("id", id.number)
                    writer.array("history", chain) { item, writer in
                        MemoryJSON.write(item.memory, to: &writer) { writer in
                            writer.array("events", item.events) { EventText.write($0, to: &$1) }
                        }
                    }
                })
            return
        }
        var page = MemoryPage.forOutput()
        for (index, (memory, events)) in chain.enumerated() {
            if index > 0 { page.line() }
            page.heading(
                "\(TimeText.minute(memory.saidAt))  \(memory.state.rawValue)\(memory.id == id.number ? "  (this one)" : "")"
            )
            page.add(
                memory, detail: memory.key.map { "\(memory.category.rawValue) · key \($0)" } ?? memory.category.rawValue
            )
            for event in events { page.paragraph(EventText.line(event), indent: 4, hanging: 2, faint: true) }
        }
        page.print()
    }
}
