import ArgumentParser
import Commands
import JSON
import SQLite
import Memories
import Storage

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a memory with its evidence.",
        discussion: """
            EXAMPLES
              ccmem show 42
              ccmem show '#42' --json

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
        let found = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in
                (
                    memory: try store.memory(id.number), sightings: try store.sightings(of: id.number),
                    links: try store.links(of: id.number)
                )
            }
        }
        guard let memory = found.memory else { throw id.unknown }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.key("memory")
                    MemoryJSON.write(memory, to: &writer) { writer in
                        writer.key("evidence")
                        writer.beginArray()
                        for sighting in found.sightings { MemoryJSON.write(sighting, to: &writer) }
                        writer.endArray()
                        writer.key("links")
                        writer.beginArray()
                        for link in found.links {
                            writer.beginObject()
                            writer.key("from")
                            writer.int(link.from)
                            writer.key("kind")
                            writer.string(link.kind.rawValue)
                            writer.key("to")
                            writer.int(link.to)
                            writer.endObject()
                        }
                        writer.endArray()
                    }
                })
            return
        }
        var page = MemoryPage.forOutput()
        page.add(memory, detail: MemoryPage.cost(memory))
        if let status = MemoryPage.status(memory) { page.line("  " + TextStyle.printable(status)) }
        if let key = memory.key { page.line("  key \(TextStyle.printable(key))") }
        for sighting in found.sightings {
            page.line()
            page.line("  " + page.style.paint(SightingText.place(sighting), .faint))
            for line in TextStyle.wrapped(TextStyle.printable(sighting.quote), columns: max(20, page.style.width - 4)) {
                page.line("    " + line)
            }
        }
        for link in found.links {
            page.line("  #\(link.from) \(link.kind.rawValue) #\(link.to)")
        }
        page.print()
    }
}

/// Where something was said, in words.
enum SightingText {
    static func place(_ sighting: StoredSighting) -> String {
        var words = sighting.path.map { "\($0):\(sighting.line ?? 0)" } ?? "said to the command"
        if let role = sighting.role { words += "  \(role)" }
        words += "  \(sighting.saidAt)"
        if sighting.isGone {
            words += sighting.turnID == nil ? "  (transcript is gone: unverifiable)" : "  (from the archive)"
        }
        return TextStyle.printable(words)
    }
}
