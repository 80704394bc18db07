import ArgumentParser
import JSON
import Memories
import SQLite
import Storage

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List memories, the most important first.",
        discussion: """
            EXAMPLES
              ccmem list
              ccmem list constraints --min-importance 4
              ccmem list --all --tag deploy --json

            EXIT STATUS
              0  something was found
              1  nothing was found, or there is no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("Only this category, in singular or plural.", valueName: "category"))
    var category: CategoryArgument?

    @Option(help: ArgumentHelp("At most so many.", valueName: "n"))
    var limit: Int?

    @Option(help: ArgumentHelp("Only memories of this importance or more, 1 to 5.", valueName: "level"))
    var minImportance = 1

    @Option(help: ArgumentHelp("Only what was said at this date or later.", valueName: "date"))
    var since: Since?

    @Option(help: ArgumentHelp("Only what was said in this session.", valueName: "id"))
    var session: String?

    @Option(help: ArgumentHelp("Only memories with this tag.", valueName: "tag"))
    var tag: String?

    @Flag(help: "Also what was superseded or archived.")
    var all = false

    func validate() throws {
        guard (1...5).contains(minImportance) else {
            throw ValidationError("--min-importance takes a level from 1 to 5, not \(minImportance).")
        }
        guard limit ?? 1 >= 1 else { throw ValidationError("--limit takes a number from 1.") }
    }

    func run() throws {
        let store = try ProjectContext.find(project).openToRead()
        var query = MemoryQuery()
        query.categories = category.map { [$0.category] } ?? []
        query.states = all ? [] : [.active]
        query.minimumImportance = minImportance
        query.since = since?.text
        query.session = session
        query.tag = tag
        query.limit = limit
        let memories = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in try store.memories(query) }
        }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.key("memories")
                    writer.beginArray()
                    for memory in memories { MemoryJSON.write(memory, to: &writer) }
                    writer.endArray()
                })
        } else {
            var page = MemoryPage.forOutput()
            page.addByCategory(memories)
            page.print()
        }
        if memories.isEmpty {
            if !project.json { StandardStream.error.write("No memory matches.\n") }
            throw ExitStatus.nothingFound
        }
    }
}
