public import ArgumentParser
import BuiltInRules
import Commands
public import Memories
import Pipeline
import Projects
import RulePacks
import Storage

struct ExtractCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract",
        abstract: "Show what is worth remembering in transcripts, and store it.",
        discussion: """
            With --dry-run nothing is stored: the report depends on the transcripts and the rules alone, and with \
            --against-store says what the store would make of each memory. Options that choose what is shown do not change \
            what is stored.

            Without a FILE, reads the project's own transcripts (below CLAUDE_CONFIG_DIR or ~/.claude): those whose sessions \
            began in it, by what they tell themselves. Files that are named are read whole, whatever project they belong to. A directory is searched for \
            *.jsonl; - is standard input.

            EXAMPLES
              ccmem extract
              ccmem extract --dry-run session.jsonl --category decision --category constraint
              ccmem extract --dry-run ~/.claude/projects --min-importance 4 --format markdown --output memories.md
              ccmem extract --dry-run session.jsonl --rules team.yaml --explain --refused
              ccmem extract --dry-run session.jsonl --format jsonl | jq -r .content
              ccmem extract --dry-run --against-store session.jsonl

            EXIT STATUS
              0  something was found
              1  nothing was found
              2  the command line, a rule pack or a scoring table is wrong
              3  some input could not be read (what could be read is printed), or the output or the store could not be \
            written
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("Transcripts, directories, or - for standard input.", valueName: "file"))
    var inputs: [String] = []

    @Flag(help: "Store nothing, only print the report.")
    var dryRun = false

    @Flag(help: "With --dry-run: say what the store would make of each memory.")
    var againstStore = false

    @Option(help: "How to print: text, json, jsonl or markdown.")
    var format: OutputFormat = .text

    @Option(help: ArgumentHelp("A rule pack to add to those that are there; repeatable.", valueName: "file"))
    var rules: [String] = []

    @Option(help: DomainPackName.optionHelp, transform: DomainPackName.named)
    var pack: [DomainPackName] = []

    @Option(help: ArgumentHelp("A scoring table to use instead of the built-in one.", valueName: "file"))
    var scoring: String?

    @Option(help: "Only this category: \(MemoryCategory.allCases.map(\.rawValue).joined(separator: ", ")); repeatable.")
    var category: [MemoryCategory] = []

    @Option(help: ArgumentHelp("Only memories of this importance or more, 1 to 5.", valueName: "level"))
    var minImportance = 1

    @Option(help: "Only words of this role: \(Role.allCases.map(\.rawValue).joined(separator: ", ")); repeatable.")
    var role: [Role] = []

    @Option(
        help: ArgumentHelp("Only what was said at this date or later, such as 2026-03-01 (UTC).", valueName: "date"),
        transform: Since.read)
    var since: WrittenTime?

    @Flag(help: "Show each term of each score.")
    var explain = false

    @Flag(help: "Show also what was not kept, and why.")
    var refused = false

    @Option(
        help: ArgumentHelp(
            "Transcripts read at the same time, by default one for each processor; the output does not depend on it.",
            valueName: "n"))
    var jobs: Int?

    @Option(help: ArgumentHelp("Write to this file, whole or not at all.", valueName: "file"))
    var output: String?

    func validate() throws {
        guard (1...5).contains(minImportance) else {
            throw ValidationError("--min-importance takes a level from 1 to 5, not \(minImportance).")
        }
        guard dryRun || !againstStore else { throw ValidationError("--against-store goes with --dry-run.") }
        if let jobs, !(1...256).contains(jobs) {
            throw ValidationError("--jobs takes a number from 1 to 256, not \(jobs).")
        }
    }

    func run() throws {
        let format = project.json ? OutputFormat.json : format
        func makeRun(_ files: PlanFiles) throws -> ExtractionRun {
            var plan = try files.load()
            plan.keepsRefusals = refused
            return ExtractionRun(plan: plan, jobs: jobs ?? ProcessorCount.online, showsProgress: format == .text)
        }
        var result: RunResult
        var stored: String?
        if dryRun {
            // Only the comparison looks at the store, and only to read.
            let run = try makeRun(.looking(rules: rules, packs: pack, scoring: scoring, at: project))
            let found =
                inputs.isEmpty ? try InputFiles.ofProject(project.start, .current()) : InputFiles.find(inputs)
            if againstStore {
                let context = try ProjectContext.find(project)
                result = try run.read(
                    found, against: context.openIfThere(.read), minimum: context.minimumImportance)
            } else {
                result = run.read(found)
            }
        } else {
            let context = try ProjectContext.find(project)
            try context.checkActive()
            let run = try makeRun(PlanFiles(rules: rules, packs: pack, scoring: scoring, context))
            let ingest = try IngestRun(context: context, plan: run.plan)
            result = try run.read(files(for: ingest), into: ingest)
            ingest.refreshPages()
            for reason in ingest.refused { StandardStream.error.write("left out: \(reason)\n") }
            stored = IngestText.line(ingest.ingester.counts, unchanged: 0)
        }
        result.apply(MemoryFilter(categories: category, roles: role, minimum: minImportance, since: since))
        try print(result, as: format)
        // The report of a program stays a report for programs.
        let line = stored.map { $0 + "\n" } ?? ""
        (format == .text && output == nil ? StandardStream.output : StandardStream.error).write(line)
        for problem in result.problems { StandardStream.error.write("warning: \(problem)\n") }
        for failure in result.failures { StandardStream.error.write("error: \(failure)\n") }
        if !result.failures.isEmpty { throw ExitStatus.unreadableInput }
        if result.memoryCount == 0 { throw ExitStatus.nothingFound }
    }

    /// What may be stored: of the files that are found, the project's own; of those that are named, what no opt-out covers.
    private func files(for ingest: IngestRun) throws -> InputFiles {
        guard !inputs.isEmpty else { return InputFiles(paths: ingest.ownTranscripts(), failures: []) }
        var found = InputFiles.find(inputs)
        found.paths = ingest.admitted(found.paths)
        return found
    }

    private func print(_ result: RunResult, as format: OutputFormat) throws {
        let environment = Environment.current()
        let style = TextStyle(
            colour: output == nil && TextStyle.isColoured(.output, environment.variables),
            width: output == nil ? StandardStream.output.width ?? TextStyle.plainWidth : TextStyle.plainWidth)
        let report = format.render(result, explain: explain, refused: refused, style: style)
        guard let output else { return StandardStream.output.print(report) }
        do throws(FileError) {
            try WholeFile.write(report, to: output)
        } catch  where error.isClosedPipe {
            // Who reads has seen enough; that is no error of ours.
        } catch {
            StandardStream.error.write("error: \(error.path): cannot be written: \(error.reason)\n")
            throw ExitStatus.unreadableInput
        }
    }
}

extension MemoryCategory: ExpressibleByArgument {}
extension Role: ExpressibleByArgument {}

/// What `--since` takes.
enum Since {
    /// - Throws: `ValidationError` that names the forms.
    static func read(_ argument: String) throws -> WrittenTime {
        guard let time = WrittenTime(argument) else {
            throw ValidationError("a date or a time is written as \(WrittenTime.forms).")
        }
        return time
    }
}
