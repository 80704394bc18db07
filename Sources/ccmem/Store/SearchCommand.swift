import ArgumentParser
import JSON
import Memories
import SQLite
import Storage

struct SearchCommand: ParsableCommand {
    enum Scope: String, ExpressibleByArgument, CaseIterable { case memories, turns, all }

    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Search memories and the archive of conversations.",
        discussion: """
            The words are taken as they stand: nothing in them is syntax. With --raw they are an expression of SQLite's FTS5.

            EXAMPLES
              ccmem search "connection pool"
              ccmem search timeouts --scope all --tokens 500
              ccmem search 'deploy NOT staging' --raw

            EXIT STATUS
              0  something was found
              1  nothing was found, or there is no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("What to look for.", valueName: "query"))
    var query: [String]

    @Option(help: ArgumentHelp("At most so many results.", valueName: "n"))
    var limit = 10

    @Option(help: ArgumentHelp("At most so many tokens of text, by estimate.", valueName: "n"))
    var tokens: Int?

    @Option(help: "Only this category; repeatable.")
    var category: [CategoryArgument] = []

    @Option(help: ArgumentHelp("Only memories of this importance or more, 1 to 5.", valueName: "level"))
    var minImportance = 1

    @Option(help: ArgumentHelp("Only what was said at this date or later.", valueName: "date"))
    var since: Since?

    @Option(help: ArgumentHelp("Only what was said in this session.", valueName: "id"))
    var session: String?

    @Option(help: "Where to look: memories, turns or all.")
    var scope: Scope = .memories

    @Flag(help: "Also what was superseded or archived.")
    var all = false

    @Flag(help: "Take the query for an expression of FTS5.")
    var raw = false

    func validate() throws {
        guard (1...5).contains(minImportance) else {
            throw ValidationError("--min-importance takes a level from 1 to 5, not \(minImportance).")
        }
        guard limit >= 1 else { throw ValidationError("--limit takes a number from 1.") }
    }

    func run() throws {
        let context = try ProjectContext.find(project)
        let result = try found(in: context.openToRead())
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    if scope != .turns {
                        writer.key("memories")
                        writer.beginArray()
                        for hit in result.memories { MemoryJSON.write(hit.memory, to: &writer) }
                        writer.endArray()
                    }
                    if scope != .memories {
                        writer.key("turns")
                        writer.beginArray()
                        for hit in result.turns { TurnText.write(hit.turn, to: &writer) }
                        writer.endArray()
                    }
                })
        } else {
            var page = MemoryPage.forOutput()
            for hit in result.memories {
                page.add(
                    hit.memory,
                    detail: [hit.memory.category.rawValue, MemoryPage.status(hit.memory)].compactMap { $0 }
                        .joined(separator: " · "))
            }
            for hit in result.turns { TurnText.add(hit.turn, to: &page) }
            page.print()
        }
        if result.memories.isEmpty, result.turns.isEmpty {
            if !project.json { StandardStream.error.write("Nothing matches.\n") }
            throw ExitStatus.nothingFound
        }
    }

    private func found(in store: MemoryStore) throws -> (memories: [SearchHit], turns: [TurnHit]) {
        var filter = MemoryQuery()
        filter.categories = category.map(\.category)
        filter.states = all ? [] : [.active]
        filter.minimumImportance = minImportance
        filter.since = since?.text
        filter.session = session
        filter.limit = limit
        let text = query.joined(separator: " ")
        var budget = tokens ?? .max
        func fits(_ cost: Int) -> Bool {
            guard cost <= budget else { return false }
            budget -= cost
            return true
        }
        do throws(StoreError) {
            return try store.reading { () throws(SQLiteError) in
                let memories = scope == .turns ? [] : try store.search(text, filter: filter, raw: raw)
                let turns =
                    scope == .memories
                    ? []
                    : try store.searchTurns(text, limit: limit, since: since?.text, session: session, raw: raw)
                return (
                    memories.filter { fits($0.memory.tokens.value) },
                    turns.filter { fits(TokenCount.estimate(of: TurnText.excerpt($0.turn)).value) }
                )
            }
        } catch {
            guard case .other(_, let cause) = error, raw else { throw StoreWords.error(error) }
            throw CommandError(
                "`\(text)` is no expression of FTS5: \(cause.message).",
                help: "Leave out --raw to search for the words as they stand.", .usage)
        }
    }
}
