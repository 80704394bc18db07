import Commands
import JSON
import Memories
import Projects
import Recall
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
    /// Show what each result is worth, and why: instead, or in the JSON too.
    var explains = false
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
        let stores = try allProjects ? ProjectStores.all() : ProjectStores.one(start, isJSON: json)
        let results = try found(in: stores)
        if explains, !json {
            for result in results where !result.isEmpty {
                if let project = result.project { StandardStream.output.write(TextStyle.printable(project) + "\n") }
                StandardStream.output.write(RecallText.explanation(result.retrieved, result.embedding))
            }
        } else if json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    if scope != .turns {
                        writer.key("memories")
                        writer.beginArray()
                        for result in results {
                            for hit in result.memories {
                                MemoryJSON.write(hit.memory, to: &writer) { writer in
                                    writer.field("worth", thousandths: hit.worth)
                                    if let successor = hit.successor { writer.field("superseded_by", successor) }
                                    result.writeProject(to: &writer)
                                }
                            }
                        }
                        writer.endArray()
                    }
                    if scope != .memories {
                        writer.key("turns")
                        writer.beginArray()
                        for result in results {
                            for hit in result.turns {
                                TurnText.write(hit, to: &writer) { result.writeProject(to: &$0) }
                            }
                        }
                        writer.endArray()
                    }
                    if explains {
                        writer.array("explain", results) { result, writer in
                            RecallText.writeExplanation(result.retrieved, result.embedding, to: &writer) {
                                result.writeProject(to: &$0)
                            }
                        }
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
                            .text(between: " · "))
                }
                for hit in result.turns { TurnText.add(hit, to: &page) }
            }
            page.print()
        }
        if results.allSatisfy(\.isEmpty), let least = results.compactMap(\.leastLeftOut).min() {
            let count = results.reduce(0) { $0 + $1.leftOut.count }
            StandardStream.error.write(
                "\(count) \(count == 1 ? "result matches" : "results match"); the smallest needs \(least) tokens: "
                    + "`--tokens \(least)`.\n")
            withExtendedLifetime(stores) { ExitStatus.found.leave() }
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
        var retrieved: Retrieved
        var embedding: Embedding
        var memories: [FoundMemory]
        var turns: [StoredTurn]
        /// What that costs in tokens for which there was no room.
        var leftOut: [Int] = []

        var leastLeftOut: Int? { leftOut.min() }
        var isEmpty: Bool { memories.isEmpty && turns.isEmpty }

        func writeProject(to writer: inout JSONWriter) {
            if let project { writer.field("project", project) }
        }
    }

    /// Ranks of different stores can't be compared, so each gives its best in turn.
    private func found(in stores: ProjectStores) throws -> [Found] {
        var results = try stores.members.map { member in
            let (found, embedding) = try found(in: member)
            return Found(
                project: member.project, retrieved: found, embedding: embedding,
                memories: Array(found.memories.prefix(limit)),
                turns: Array(found.turns.prefix(limit)))
        }
        if results.count > 1 {
            let memories = ProjectStores.inTurn(results.map(\.memories), limit: limit)
            let turns = ProjectStores.inTurn(results.map(\.turns), limit: limit)
            for index in results.indices {
                (results[index].memories, results[index].turns) = (memories[index], turns[index])
            }
        }
        guard var budget = tokens else { return results }
        func isTooMuch(_ cost: Int, _ leftOut: inout [Int]) -> Bool {
            guard cost <= budget else {
                leftOut.append(cost)
                return true
            }
            budget -= cost
            return false
        }
        for index in results.indices {
            var leftOut: [Int] = []
            results[index].memories.removeAll { isTooMuch($0.memory.tokens.value, &leftOut) }
            results[index].leftOut = leftOut
        }
        for index in results.indices {
            var leftOut: [Int] = []
            results[index].turns.removeAll {
                isTooMuch(TokenCount.estimate(of: TurnText.excerpt($0)).value, &leftOut)
            }
            results[index].leftOut += leftOut
        }
        return results
    }

    private func found(in member: ProjectStores.Member) throws -> (Retrieved, Embedding) {
        var options = RecallOptions(.words)
        options.filter = filter
        options.includesMemories = scope != .turns
        options.includesTurns = scope != .memories
        options.isExpression = isRaw
        options.directory = member.context.root
        options.halfLife = member.context.halfLife
        let embedding = isRaw ? Embedding() : Embedding.of(query, member.context, member.store)
        options.vector = embedding.vector
        do throws(StoreError) {
            let found = try member.store.reading { () throws(SQLiteError) in
                try Retrieval.answers(to: Question(query), in: member.store, options)
            }
            return (found, embedding)
        } catch {
            guard case .other(_, let cause) = error, isRaw else { throw StoreWords.error(error) }
            throw CommandError(
                "`\(query)` is no expression of FTS5: \(cause.message).",
                help: "Leave out --raw to search for the words as they stand.", .usage)
        }
    }
}
