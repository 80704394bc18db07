import ArgumentParser
import Commands
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
              ccmem list decisions --all-projects

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

    @Option(help: ArgumentHelp("Only what was said at this date or later.", valueName: "date"), transform: Since.read)
    var since: WrittenTime?

    @Option(help: ArgumentHelp("Only what was said in this session.", valueName: "id"))
    var session: String?

    @Option(help: ArgumentHelp("Only memories with this tag.", valueName: "tag"))
    var tag: String?

    @Flag(help: "Also what was superseded or archived.")
    var all = false

    @Flag(help: "In all projects that have a store.")
    var allProjects = false

    func validate() throws {
        guard !allProjects || project.project == nil else {
            throw ValidationError("--all-projects and --project exclude each other.")
        }
        guard (1...5).contains(minImportance) else {
            throw ValidationError("--min-importance takes a level from 1 to 5, not \(minImportance).")
        }
        guard limit ?? 1 >= 1 else { throw ValidationError("--limit takes a number from 1.") }
    }

    func run() throws {
        let stores = try allProjects ? ProjectStores.all() : ProjectStores.one(project.start, isJSON: project.json)
        var query = MemoryQuery()
        query.categories = category.map { [$0.category] } ?? []
        query.states = all ? [] : [.active]
        query.minimumImportance = minImportance
        query.since = since?.text
        query.session = session
        query.tag = tag
        query.limit = limit
        var lists = try stores.members.map { member in
            try StoreWords.inWords { () throws(StoreError) in
                try member.store.reading { () throws(SQLiteError) in try member.store.memories(query) }
            }
        }
        if let limit, lists.count > 1 { lists = ListCommand.best(limit, of: lists) }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.key("memories")
                    writer.beginArray()
                    for (member, memories) in zip(stores.members, lists) {
                        for memory in memories {
                            MemoryJSON.write(memory, to: &writer) { writer in
                                if let project = member.project { writer.field("project", project) }
                            }
                        }
                    }
                    writer.endArray()
                })
        } else {
            var page = MemoryPage.forOutput()
            for (member, memories) in zip(stores.members, lists) where !memories.isEmpty {
                if let project = member.project { page.project(project) }
                page.addByCategory(memories)
            }
            page.print()
        }
        if lists.allSatisfy(\.isEmpty) {
            if !project.json { StandardStream.error.write("No memory matches.\n") }
            throw ExitStatus.nothingFound
        }
    }

    /// The most important of all lists together, the newest first; each stays in its list and its order.
    private static func best(_ limit: Int, of lists: [[StoredMemory]]) -> [[StoredMemory]] {
        let places = lists.indices.flatMap { list in lists[list].indices.map { (list: list, row: $0) } }.sorted {
            a, b in
            let (one, other) = (lists[a.list][a.row], lists[b.list][b.row])
            if one.importance != other.importance { return one.importance > other.importance }
            if one.saidAt != other.saidAt { return one.saidAt > other.saidAt }
            return (a.list, a.row) < (b.list, b.row)
        }
        let chosen = places.prefix(limit)
        return lists.indices.map { list in
            chosen.filter { $0.list == list }.map(\.row).sorted().map { lists[list][$0] }
        }
    }
}
