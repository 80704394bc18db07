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
              ccmem search "connection pool" --all-projects

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
    }

    func run() throws {
        let stores = try allProjects ? ProjectStores.all() : ProjectStores.one(project)
        let results = try found(in: stores)
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    if scope != .turns {
                        writer.key("memories")
                        writer.beginArray()
                        for result in results {
                            for hit in result.memories {
                                MemoryJSON.write(hit.memory, to: &writer) { result.writeProject(to: &$0) }
                            }
                        }
                        writer.endArray()
                    }
                    if scope != .memories {
                        writer.key("turns")
                        writer.beginArray()
                        for result in results {
                            for hit in result.turns {
                                TurnText.write(hit.turn, to: &writer) { result.writeProject(to: &$0) }
                            }
                        }
                        writer.endArray()
                    }
                })
        } else {
            var page = MemoryPage.forOutput()
            for result in results where !result.isEmpty {
                if let project = result.project { page.project(project) }
                for hit in result.memories {
                    page.add(
                        hit.memory,
                        detail: [hit.memory.category.rawValue, MemoryPage.status(hit.memory)].compactMap { $0 }
                            .joined(separator: " · "))
                }
                for hit in result.turns { TurnText.add(hit.turn, to: &page) }
            }
            page.print()
        }
        if results.allSatisfy(\.isEmpty) {
            if !project.json { StandardStream.error.write("Nothing matches.\n") }
            throw ExitStatus.nothingFound
        }
    }

    /// What one store gave.
    private struct Found {
        var project: String?
        var memories: [SearchHit]
        var turns: [TurnHit]

        var isEmpty: Bool { memories.isEmpty && turns.isEmpty }

        func writeProject(to writer: inout JSONWriter) {
            if let project { writer.field("project", project) }
        }
    }

    /// Ranks of different stores can't be compared, so each gives its best in turn.
    private func found(in stores: ProjectStores) throws -> [Found] {
        var results = try stores.members.map { member in
            let hits = try found(in: member.store)
            return Found(project: member.project, memories: hits.memories, turns: hits.turns)
        }
        let memories = ProjectStores.inTurn(results.map(\.memories), limit: limit)
        let turns = ProjectStores.inTurn(results.map(\.turns), limit: limit)
        var budget = tokens ?? .max
        func fits(_ cost: Int) -> Bool {
            guard cost <= budget else { return false }
            budget -= cost
            return true
        }
        for index in results.indices {
            results[index].memories = memories[index].filter { fits($0.memory.tokens.value) }
        }
        for index in results.indices {
            results[index].turns = turns[index].filter {
                fits(TokenCount.estimate(of: TurnText.excerpt($0.turn)).value)
            }
        }
        return results
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
        do throws(StoreError) {
            return try store.reading { () throws(SQLiteError) in
                let memories = scope == .turns ? [] : try store.search(text, filter: filter, raw: raw)
                let turns =
                    scope == .memories
                    ? []
                    : try store.searchTurns(text, limit: limit, since: since?.text, session: session, raw: raw)
                return (memories, turns)
            }
        } catch {
            guard case .other(_, let cause) = error, raw else { throw StoreWords.error(error) }
            throw CommandError(
                "`\(text)` is no expression of FTS5: \(cause.message).",
                help: "Leave out --raw to search for the words as they stand.", .usage)
        }
    }
}
