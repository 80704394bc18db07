import ArgumentParser
import Commands
import JSON
import Memories
import Pipeline
import Projects
import SQLite
import Storage
import Transcripts

struct IngestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Store what is worth remembering in transcripts.",
        discussion: """
            Without a FILE, reads the transcripts of this project that have grown since (as --pending). Reading twice stores \
            nothing twice. Files that are named are taken as they are, whatever project they belong to.

            EXAMPLES
              ccmem ingest
              ccmem ingest session.jsonl --project ~/work/api
              ccmem ingest --stale

            EXIT STATUS
              0  done, also when nothing was new
              2  the command line, a rule pack or a scoring table is wrong
              3  some input could not be read, or the store can't be written
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("Transcripts or directories.", valueName: "file"))
    var inputs: [String] = []

    @Flag(help: "Read all transcripts of the project that have grown.")
    var pending = false

    @Flag(help: "Read again what other packs or weights have read, also from the archive when a transcript is gone.")
    var stale = false

    @Option(help: ArgumentHelp("Only the transcripts of this session.", valueName: "id"))
    var session: String?

    @Flag(help: "Wait while another process reads this project's transcripts, instead of leaving it word.")
    var wait = false

    /// For hooks: what failed is told at the next start of a session, since nobody reads what they print.
    @Option(help: .hidden)
    var boundary: String?

    /// For hooks: the hash of the last answer, and the transcript that it will stand in.
    @Option(help: .hidden)
    var answer: String?

    @Option(help: .hidden)
    var answerIn: String?

    @Option(help: ArgumentHelp("A rule pack to add to those that are there; repeatable.", valueName: "file"))
    var rules: [String] = []

    @Option(help: DomainPackName.optionHelp, transform: DomainPackName.named)
    var pack: [DomainPackName] = []

    @Option(help: ArgumentHelp("A scoring table to use instead of the built-in one.", valueName: "file"))
    var scoring: String?

    func run() throws {
        guard let boundary else { return try ingest() }
        do {
            try ingest()
        } catch {
            BoundaryReport.note(error, boundary, project)
            throw error
        }
        if boundary == "SessionEnd" { AfterSession.refine(project, boundary) }
    }

    private func ingest() throws {
        if let answer, let answerIn { FinalAnswer(mark: answer, transcript: answerIn).wait() }
        let context = try ProjectContext.find(project)
        if let refusal = context.refusal, context.isPaused {
            // A hook that asks while memory is paused has done nothing wrong.
            StandardStream.error.write(refusal + "\n")
            return
        }
        try context.checkActive()
        // Behind a hook nobody would see that one pack of many is broken and nothing is remembered any more.
        let plan = try PlanFiles(rules: rules, packs: pack, scoring: scoring, context)
            .load(leavesOutBroken: boundary != nil) { BoundaryReport.note(leftOut: $0, boundary, project) }
        let run = try IngestRun(context: context, plan: plan)
        if !inputs.isEmpty { try run.ingest(named: inputs, isStale: stale, session: session) }
        if inputs.isEmpty || pending { try run.ingestPending(isStale: stale, session: session, waits: wait) }
        // Behind a session nobody waits for pages that would be the same.
        if boundary == nil || run.hasChanged { run.refreshPages() }
        report(run)
        if !run.failures.isEmpty { throw ExitStatus.unreadableInput }
    }

    private func report(_ run: IngestRun) {
        let counts = run.ingester.counts
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    IngestText.write(counts, run.unchanged, to: &writer)
                    for (name, value) in [
                        ("topics_inserted", run.topicCounts?.inserted), ("topics_archived", run.topicCounts?.archived),
                    ] {
                        writer.key(name)
                        writer.int(value ?? 0)
                    }
                })
        } else if run.leftToAnother {
            StandardStream.output.write("Another process reads this project's transcripts; it will look again.\n")
        } else {
            if let topics = run.topicCounts {
                StandardStream.output.write("Topics: \(topics.inserted) stored, \(topics.archived) archived.\n")
            }
            if run.topicCounts == nil || counts.transcripts + run.unchanged > 0 {
                StandardStream.output.write(IngestText.line(counts, unchanged: run.unchanged) + "\n")
            }
        }
        for path in run.ingester.cutOff {
            StandardStream.error.write(
                "note: \(path) is shorter than when it was read; what was stored of its end is kept.\n")
        }
        for reason in run.refused { StandardStream.error.write("left out: \(reason)\n") }
        for failure in run.failures { StandardStream.error.write("error: \(failure)\n") }
    }
}

/// What an ingest did, for reading and as JSON.
enum IngestText {
    static func line(_ counts: IngestCounts, unchanged: Int) -> String {
        guard counts.transcripts > 0 else {
            guard unchanged > 0 else { return "There was nothing to store." }
            return unchanged == 1 ? "Nothing new in 1 transcript." : "Nothing new in \(unchanged) transcripts."
        }
        var parts = ["\(counts.inserted) stored"]
        if counts.merged > 0 { parts.append("\(counts.merged) merged") }
        if counts.superseded > 0 { parts.append("\(counts.superseded) superseded") }
        if counts.changed > 0 { parts.append("\(counts.changed) changed") }
        if counts.archived > 0 { parts.append("\(counts.archived) archived") }
        if counts.refused > 0 { parts.append("\(counts.refused) refused") }
        if counts.redacted > 0 { parts.append("\(counts.redacted) redacted") }
        let noun = counts.transcripts == 1 ? "transcript" : "transcripts"
        return "\(counts.transcripts) \(noun) read: \(parts.joined(separator: ", ")); \(counts.turns) turns archived."
    }

    static func write(_ counts: IngestCounts, _ unchanged: Int, to writer: inout JSONWriter) {
        for (name, value) in [
            ("transcripts", counts.transcripts), ("unchanged", unchanged), ("turns", counts.turns),
            ("inserted", counts.inserted), ("merged", counts.merged), ("superseded", counts.superseded),
            ("changed", counts.changed), ("archived", counts.archived), ("refused", counts.refused),
            ("redacted", counts.redacted),
        ] {
            writer.key(name)
            writer.int(value)
        }
    }
}
