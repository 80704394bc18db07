import ArgumentParser
import Commands
import JSON
import Pipeline
import Projects
import SQLite
import Storage

struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Show the store in numbers.",
        discussion: """
            A transcript is gone when its file has been deleted, and stale when other packs than today's have read it: \
            `ccmem ingest --stale` reads it again.

            EXAMPLES
              ccmem stats
              ccmem stats --json

            EXIT STATUS
              0  done
              1  there is no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    func run() throws {
        let context = try ProjectContext.find(project)
        let store = try context.openToRead()
        let plan = try PlanFiles(context).load(isQuiet: true, leavesOutBroken: true)
        var (found, paths) = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in
                (try store.statistics(plan: plan.identity), try store.transcripts())
            }
        }
        found.goneTranscripts = paths.count { $0.isGone || Files.kind(of: $0.path) == nil }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.field("database", context.database)
                    StatsText.write(found, to: &writer)
                })
        } else {
            var page = MemoryPage.forOutput()
            page.line(TextStyle.printable(context.database))
            StatsText.add(found, to: &page)
            page.print()
        }
    }
}

/// Numbers of a store, for reading and as JSON.
enum StatsText {
    static func add(_ found: StoreStatistics, to page: inout MemoryPage) {
        group("Active memories", found.categories, &page)
        group("Importance of these", found.importances.reversed(), &page)
        group("State", found.states, &page)
        group("Origin", found.origins, &page)
        page.line()
        page.heading("Conversations")
        row("sessions", found.sessions, &page)
        row("turns", found.turns, &page)
        row("sightings", found.sightings, &page)
        let parts = [(found.goneTranscripts, "gone"), (found.staleTranscripts, "stale")].filter { $0.0 > 0 }
        row(
            "transcripts", found.transcripts, &page,
            parts.isEmpty ? "" : "  (\(parts.map { "\(RuleWords.grouped($0.0)) \($0.1)" }.joined(separator: ", ")))")
        page.line()
        page.heading("Size")
        text("database", bytes(found.databaseBytes), &page)
        text("archive", "\(bytes(found.archiveBytes)) of \(bytes(found.archiveBudgetBytes))", &page)
        text("active memories", "\(RuleWords.grouped(found.activeTokens)) tokens", &page)
        page.line()
        page.heading("Cost")
        if found.injected.isEmpty { text("injected", "nothing", &page) }
        for injected in found.injected {
            text(
                injected.event,
                "\(RuleWords.grouped(injected.tokens)) tokens in \(RuleWords.grouped(injected.batches)) "
                    + "\(ReaderWords.plural("injection", injected.batches))", &page)
        }
        let calls = found.modelCalls
        text(
            "model calls",
            calls.calls == 0
                ? "none"
                : "\(RuleWords.grouped(calls.calls)), \(RuleWords.grouped(calls.tokensIn + calls.tokensOut)) tokens",
            &page)
        if let last = found.lastIngest {
            page.line()
            page.line(
                "Last run: \(last.kind) \(last.id), \(TimeText.minute(last.startedAt)), \(last.inserted) stored, \(last.merged) merged."
            )
        }
    }

    private static func group(_ title: String, _ counts: [StoreStatistics.Count], _ page: inout MemoryPage) {
        page.line()
        page.heading("\(title) (\(RuleWords.grouped(counts.reduce(0) { $0 + $1.count })))")
        for count in counts { row(count.name, count.count, &page) }
    }

    private static func row(_ name: String, _ count: Int, _ page: inout MemoryPage, _ more: String = "") {
        page.line("  " + name.padded(to: 18) + RuleWords.grouped(count).leftPadded(to: 12) + more)
    }

    private static func text(_ name: String, _ words: String, _ page: inout MemoryPage) {
        page.line("  " + name.padded(to: 18) + words)
    }

    /// `1.5 MB`; powers of ten.
    static func bytes(_ count: Int) -> String {
        for (size, unit) in [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")] where count >= size {
            return "\(count / size).\(count % size * 10 / size) \(unit)"
        }
        return "\(count) bytes"
    }

    static func write(_ found: StoreStatistics, to writer: inout JSONWriter) {
        counts("active_by_category", found.categories, &writer)
        counts("active_by_importance", found.importances, &writer)
        counts("by_state", found.states, &writer)
        counts("by_origin", found.origins, &writer)
        writer.field("active_tokens", found.activeTokens)
        writer.field("sightings", found.sightings)
        writer.field("sessions", found.sessions)
        writer.field("turns", found.turns)
        writer.field("transcripts", found.transcripts)
        writer.field("gone_transcripts", found.goneTranscripts)
        writer.field("stale_transcripts", found.staleTranscripts)
        writer.field("database_bytes", found.databaseBytes)
        writer.field("archive_bytes", found.archiveBytes)
        writer.field("archive_budget_bytes", found.archiveBudgetBytes)
        writer.array("injected", found.injected) { injected, writer in
            writer.object { writer in
                writer.field("event", injected.event)
                writer.field("injections", injected.batches)
                writer.field("memories", injected.memories)
                writer.field("tokens", injected.tokens)
            }
        }
        writer.object("model_calls") { writer in
            writer.field("calls", found.modelCalls.calls)
            writer.field("tokens_in", found.modelCalls.tokensIn)
            writer.field("tokens_out", found.modelCalls.tokensOut)
            writer.field("tokens_cached", found.modelCalls.tokensCached)
            writer.field("cost_micro_dollars", found.modelCalls.cost)
        }
        writer.key("last_ingest")
        guard let last = found.lastIngest else { return writer.null() }
        writer.object { writer in
            writer.field("id", last.id)
            writer.field("kind", last.kind)
            writer.field("started_at", last.startedAt)
            writer.field("inserted", last.inserted)
            writer.field("merged", last.merged)
        }
    }

    private static func counts(_ name: String, _ counts: [StoreStatistics.Count], _ writer: inout JSONWriter) {
        writer.object(name) { writer in
            for count in counts { writer.field(count.name, count.count) }
        }
    }
}
