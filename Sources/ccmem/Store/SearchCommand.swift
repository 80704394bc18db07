import ArgumentParser
import Commands
import Memories
import Projects
import Storage

struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Search memories and the archive of conversations.",
        discussion: """
            The words are taken as they stand: nothing in them is syntax. With --raw they are an expression of SQLite's FTS5.

            EXAMPLES
              ccmem search "connection pool"
              ccmem search timeouts --scope all --tokens 500
              ccmem search 'deploy NOT staging' --raw
              ccmem search 'connection pool' --explain
              ccmem search "connection pool" --all-projects

            EXIT STATUS
              0  something was found; perhaps nothing that --tokens leaves room for, which is said
              1  nothing was found, or there is no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("What to look for.", valueName: "query"))
    var query: [String]

    @Option(help: ArgumentHelp("At most so many results.", valueName: "n"))
    var limit = SearchRun.usualLimit

    @Option(help: ArgumentHelp("At most so many tokens of text, by estimate.", valueName: "n"))
    var tokens: Int?

    @Option(help: "Only this category; repeatable.")
    var category: [CategoryArgument] = []

    @Option(help: ArgumentHelp("Only memories of this importance or more, 1 to 5.", valueName: "level"))
    var minImportance = 1

    @Option(help: ArgumentHelp("Only what was said at this date or later.", valueName: "date"), transform: Since.read)
    var since: WrittenTime?

    @Option(help: ArgumentHelp("Only what was said in this session.", valueName: "id"))
    var session: String?

    @Option(help: "Where to look: memories, turns or all.")
    var scope: SearchRun.Scope = .memories

    @Flag(help: "Also what was superseded or archived.")
    var all = false

    @Flag(help: "Take the query for an expression of FTS5.")
    var raw = false

    @Flag(help: "Show what each result is worth, and why: instead, or with --json as `explain` too.")
    var explain = false

    @Flag(help: "In all projects that have a store.")
    var allProjects = false

    func validate() throws {
        guard !allProjects || project.project == nil else {
            throw ValidationError("--all-projects and --project exclude each other.")
        }
        guard (1...5).contains(minImportance) else {
            throw ValidationError("--min-importance takes a level from 1 to 5, not \(minImportance).")
        }
        guard limit >= 1 else { throw ValidationError("--limit takes a number from 1.") }
        guard tokens ?? 1 >= 1 else { throw ValidationError("--tokens takes a number from 1.") }
    }

    func run() throws {
        var run = SearchRun(query: query.joined(separator: " "), start: project.start, json: project.json)
        run.filter.categories = category.map(\.category)
        run.filter.states = all ? [] : [.active]
        run.filter.minimumImportance = minImportance
        run.filter.since = since?.text
        run.filter.session = session
        run.filter.limit = limit
        run.tokens = tokens
        run.scope = scope
        run.isRaw = raw
        run.allProjects = allProjects
        run.explains = explain
        try run.run()
    }
}

extension SearchRun.Scope: ExpressibleByArgument {}
