import ArgumentParser
import Commands
import JSON
import LanguageModels
import Memories
import SQLite
import Storage

struct CostCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ModelVerb.cost.rawValue,
        abstract: ModelVerb.cost.abstract,
        discussion: """
            Counts every call in the ledger of the project's store, also those that failed. A call that never came back counts as \
            what was reserved for it. Prices are those of the vendor's list, where the model stands in it; the bill is the vendor's.

            EXAMPLES
              ccmem cost
              ccmem cost --all-projects --json

            EXIT STATUS
              0  done
              1  there is no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Flag(help: "Of all projects that have a store.")
    var allProjects = false

    func run() throws {
        let stores = try allProjects ? ProjectStores.all() : ProjectStores.one(project.start, isJSON: project.json)
        let now = Clock.system.milliseconds()
        var found: [ProjectCosts] = []
        for member in stores.members {
            found.append(
                try StoreWords.inWords { () throws(StoreError) in
                    try member.store.reading { () throws(SQLiteError) in
                        try ProjectCosts.read(member.store, project: member.project, now: now)
                    }
                })
        }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.array("projects", found) { costs, writer in writer.object { costs.write(to: &$0) } }
                })
        } else {
            StandardStream.output.write(found.map { $0.text() }.joined(separator: "\n"))
        }
    }
}

/// What the calls of one project took, in three periods.
struct ProjectCosts {
    var project: String?
    /// Name, beginning, and what was taken.
    var periods: [(name: String, since: String, costs: [ModelCosts])]
    var budget: ModelBudget

    static func read(_ store: MemoryStore, project: String?, now: Int) throws(SQLiteError) -> ProjectCosts {
        let today = String(Clock.timestamp(now).prefix(10))
        let week = String(Clock.timestamp(now - 6 * 86_400_000).prefix(10))
        var periods: [(name: String, since: String, costs: [ModelCosts])] = []
        for (name, since) in [("today", today), ("7 days", week), ("all", "")] {
            periods.append((name, since, try store.modelCosts(since: since)))
        }
        return ProjectCosts(project: project, periods: periods, budget: try store.modelBudget())
    }

    func text() -> String {
        var lines = project.map { [$0] } ?? []
        for (name, _, costs) in periods {
            let calls = costs.reduce(0) { $0 + $1.calls }
            let tokens = costs.reduce(0) { $0 + $1.usage.total + $1.over }
            let cost = costs.reduce(0) { $0 + $1.cost }
            let unpriced = costs.reduce(0) { $0 + $1.unpriced }
            let counted = RuleWords.grouped(calls).leftPadded(to: 6) + (calls == 1 ? " call   " : " calls  ")
            let taken = RuleWords.grouped(tokens).leftPadded(to: 10) + " tokens  " + CostText.dollars(cost)
            let more = unpriced > 0 ? " and \(unpriced) without a known price" : ""
            lines.append(name.padded(to: 8) + counted + taken + more)
        }
        for costs in periods.last?.costs ?? [] {
            let usage = costs.usage
            let parts = [
                ("in", usage.input), ("out", usage.output), ("cached", usage.cacheRead),
                ("written to the cache", usage.cacheWritten), ("over the budget", costs.over),
            ].filter { $0.1 > 0 }.map { "\($0.0) \(RuleWords.grouped($0.1))" }
            let kind = "\(costs.purpose), \(costs.model), \(costs.outcome): \(RuleWords.grouped(costs.calls))"
            lines.append("  " + ([kind] + parts).joined(separator: ", "))
        }
        lines.append(
            "Left today: \(RuleWords.grouped(budget.left)) of \(RuleWords.grouped(budget.most)) tokens (days are those of UTC)."
        )
        return lines.map { TextStyle.printable($0) + "\n" }.joined()
    }

    func write(to writer: inout JSONWriter) {
        writer.field("project", project)
        writer.array("periods", periods) { period, writer in
            writer.object { writer in
                writer.field("name", period.name)
                writer.field("since", period.since.isEmpty ? nil : period.since)
                writer.array("calls", period.costs) { costs, writer in
                    writer.object { writer in
                        writer.field("purpose", costs.purpose)
                        writer.field("model", costs.model)
                        writer.field("outcome", costs.outcome)
                        writer.field("calls", costs.calls)
                        CostText.write(costs.usage, cost: costs.cost, to: &writer)
                        writer.field("tokens_over_budget", costs.over)
                        writer.field("calls_without_price", costs.unpriced)
                    }
                }
            }
        }
        writer.object("budget") { writer in
            writer.field("tokens_a_day", budget.most)
            writer.field("spent_today", budget.spent)
            writer.field("left_today", budget.left)
        }
    }
}

enum CostText {
    /// `$0.0123`: ten-thousandths, rounded up.
    static func dollars(_ microDollars: Int) -> String {
        let parts = (microDollars + 99) / 100
        let digits = String(parts % 10_000)
        return "$\(RuleWords.grouped(parts / 10_000))." + String(repeating: "0", count: 4 - digits.count) + digits
    }

    static func write(_ usage: ModelUsage?, cost: Int?, to writer: inout JSONWriter) {
        writer.field("tokens_in", usage?.input)
        writer.field("tokens_out", usage?.output)
        writer.field("tokens_cached", usage?.cacheRead)
        writer.field("tokens_written", usage?.cacheWritten)
        writer.field("cost_micro_dollars", cost)
    }
}
