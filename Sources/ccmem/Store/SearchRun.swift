import Commands
import JSON
import Memories
import Projects
import SQLite
import Storage

/// A search that a command line asks for, without its parser: what a plain search costs is all here.
struct SearchRun {
    enum Scope: String, CaseIterable { case memories, turns, all }

    var query: String
    var start: ProjectStart
    var filter = MemoryQuery()
    /// At most so many tokens of text, by estimate.
    var tokens: Int?
    var scope = Scope.memories
    /// The query is an expression of FTS5.
    var isRaw = false
    var allProjects = false
    var json: Bool

    private var limit: Int { filter.limit ?? SearchRun.usualLimit }

    static let usualLimit = 10

    init(query: String, start: ProjectStart, json: Bool) {
        self.query = query
        self.start = start
        self.json = json
        filter.limit = SearchRun.usualLimit
    }

    func run() throws {
        let stores = try allProjects ? ProjectStores.all() : ProjectStores.one(start)
        let results = try found(in: stores)
        if json {
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
                        detail: [MemoryPage.cost(hit.memory), MemoryPage.status(hit.memory)].compactMap { $0 }
                            .joined(separator: " · "))
                }
                for hit in result.turns { TurnText.add(hit.turn, to: &page) }
            }
            page.print()
        }
        if results.allSatisfy(\.isEmpty) {
            if !json { StandardStream.error.write("Nothing matches.\n") }
            throw ExitStatus.nothingFound
        }
        // A store that was only read is left as it is by the end of the process; to close it takes a twentieth of a search.
        withExtendedLifetime(stores) { ExitStatus.found.leave() }
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
        do throws(StoreError) {
            return try store.reading { () throws(SQLiteError) in
                let memories = scope == .turns ? [] : try store.search(query, filter: filter, raw: isRaw)
                let turns =
                    scope == .memories
                    ? []
                    : try store.searchTurns(
                        query, limit: limit, since: filter.since, session: filter.session, raw: isRaw)
                return (memories, turns)
            }
        } catch {
            guard case .other(_, let cause) = error, isRaw else { throw StoreWords.error(error) }
            throw CommandError(
                "`\(query)` is no expression of FTS5: \(cause.message).",
                help: "Leave out --raw to search for the words as they stand.", .usage)
        }
    }
}
