import ArgumentParser
import BuiltInRules
import Commands
import JSON
import Memories
import Pipeline
import Projects
import RulePacks
import Transcripts

extension RulesCommand {
    struct Diff: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what rules change on past sessions.",
            discussion: """
                Reads the transcripts of the project (or those that are named) twice and shows memories gained, lost and changed. \
                What it compares with: with --rules, the same without those packs; else the project's packs as they are in git at \
                --against, by default at the last commit; without git, the packs of ccmem and yours alone. With --since-pin, the \
                project's packs as they were committed when one of their pins was written last: what has become of them since. \
                The packs of ccmem are today's on both sides. Nothing is stored.

                This verb runs the git program to read old packs, where there is one.

                EXAMPLES
                  ccmem rules diff
                  ccmem rules diff --last 20 --against HEAD~3
                  ccmem rules diff --since-pin
                  ccmem rules diff --against-built-in
                  ccmem rules diff --rules team.yaml session.jsonl

                EXIT STATUS
                  0  something changes
                  1  nothing changes
                  2  the command line or a rule pack is wrong, or there is no such revision
                  3  a transcript cannot be read
                """)

        @OptionGroup var options: RuleOptions

        @Argument(help: ArgumentHelp("Transcripts or directories; else those of the project.", valueName: "file"))
        var inputs: [String] = []

        @Option(help: ArgumentHelp("Only the newest sessions, by the time that they were written.", valueName: "n"))
        var last: Int?

        @Option(help: ArgumentHelp("A revision in git whose packs are compared.", valueName: "rev"))
        var against: String?

        @Flag(help: "Compare with the packs of ccmem alone.")
        var againstBuiltIn = false

        @Flag(help: "Compare with the project's packs as they were when a pin was written last.")
        var sincePin = false

        func validate() throws {
            if let last, last < 1 { throw ValidationError("--last takes a number from 1 on, not \(last).") }
            guard [against != nil, againstBuiltIn, sincePin].count(where: { $0 }) < 2 else {
                throw ValidationError("Give one of --against, --since-pin and --against-built-in.")
            }
        }

        func run() throws {
            let files = options.files
            let new = try files.load()
            let baseline = try baseline(files)
            let old = try baseline.plan()
            var report = DiffReport(baseline: baseline.words)
            let (paths, failures) = try transcripts()
            report.failures = failures
            let diff = ReplayDiff(from: old, to: new)
            for path in paths {
                do throws(TranscriptSourceError) {
                    report.add(path, try diff.changes(in: path))
                } catch {
                    report.failures.append(ReaderWords.describe(error))
                }
            }
            if options.project.json { StandardStream.output.print(report.document) } else { report.page.print() }
            for failure in report.failures { StandardStream.error.write("error: \(failure)\n") }
            if !report.failures.isEmpty { throw ExitStatus.unreadableInput }
            if report.isEmpty { throw ExitStatus.nothingFound }
        }

        private struct Baseline {
            var words: String
            var files: [RuleFile]

            func plan() throws -> ExtractionPlan {
                do throws(RulePackErrors) {
                    return try ExtractionPlan(
                        rules: files, untrusted: .run, scoring: BuiltInRules.scoring, secrets: [BuiltInRules.secrets])
                } catch {
                    throw PackFiles.report(error, in: files.map { ($0.file, $0.bytes) })
                }
            }
        }

        private func baseline(_ plan: PlanFiles) throws -> Baseline {
            let all = try plan.files()
            if againstBuiltIn {
                return Baseline(words: "the packs of ccmem alone", files: all.filter { $0.layer == .builtIn })
            }
            let below = all.filter { $0.layer < .project }
            if against == nil, !sincePin, !options.rules.isEmpty {
                return Baseline(
                    words: "the same without \(options.rules.joined(separator: ", "))",
                    files: all.filter { $0.layer < .commandLine })
            }
            let pinned = sincePin ? try revisionOfPins(all) : nil
            guard let root = projectRoot, let revision = GitRevision(pinned ?? against ?? "HEAD", root: root) else {
                if let against {
                    throw CommandError(
                        "There is no revision `\(TextStyle.printable(against))` here.",
                        help:
                            "It needs the git program, and a project in a repository; --against-built-in needs neither.",
                        .usage)
                }
                return Baseline(words: "no packs of the project", files: below)
            }
            let committed = revision.files(in: ".ccmem/rules", suffixes: [".yaml", ".yml"]).map { file in
                RuleFile(layer: .project, file: "\(revision.commit.prefix(12)):\(file.path)", bytes: file.bytes)
            }
            return Baseline(
                words:
                    "\(pinned != nil ? "the day of the pin" : against ?? "the last commit") (\(revision.commit.prefix(12)), \(committed.count) \(ReaderWords.plural("pack", committed.count)) of the project)",
                files: below + committed)
        }

        /// The newest commit that wrote a pin which a pack of the project has today.
        private func revisionOfPins(_ files: [RuleFile]) throws -> String {
            let packs = files.filter { $0.layer == .project }
                .compactMap { try? RulePack(parsing: $0.bytes, file: $0.file, layer: .project) }
            let pins = packs.flatMap(\.pins)
            guard !pins.isEmpty else {
                throw CommandError(
                    "No pack of the project has a `pin:`.",
                    help: "`pin: {decisions: 1.0.0}` says which version of a pack below yours was written against.",
                    .usage)
            }
            let lines = pins.map { pin in
                [pin.pack, pin.version].map(Diff.literal).joined(separator: "[\"']?: *[\"']?")
            }
            guard let root = projectRoot,
                let commit = GitRevision.lastChange(
                    of: lines.joined(separator: "|"), in: ".ccmem/rules", root: root)
            else {
                throw CommandError(
                    "No commit has a pin of the project.",
                    help: "It needs the git program, and packs that are committed; --against-built-in needs neither.",
                    .usage)
            }
            return commit
        }

        /// For a pattern of git: names and versions have no other sign of their own than these.
        private static func literal(_ text: String) -> String {
            text.map { ".+".contains($0) ? "\\\($0)" : String($0) }.joined()
        }

        private var projectRoot: String? {
            let environment = Environment.current()
            let start = options.project.project.map { ProjectStart.directory($0) } ?? .workingDirectory
            return try? ProjectLocator(environment).project(from: start).path
        }

        /// What is read, in the order of the paths.
        private func transcripts() throws -> (paths: [String], failures: [String]) {
            let environment = Environment.current()
            var found: (paths: [String], failures: [String])
            if inputs.isEmpty {
                let root = try ProjectContext.find(options.project).location.root
                let own = ClaudeTranscripts.transcripts(of: root, locator: ProjectLocator(environment), environment)
                found = (own.accepted.map(\.path), [])
                guard !found.paths.isEmpty else {
                    throw CommandError(
                        "There are no transcripts of this project.", help: "Name one: ccmem rules diff FILE.",
                        .nothingFound)
                }
            } else {
                let input = InputFiles.find(inputs)
                guard !input.paths.contains("-") else {
                    throw CommandError("Standard input cannot be read twice.", .usage)
                }
                found = (input.paths, input.failures)
            }
            guard let last, found.paths.count > last else { return found }
            let newest = found.paths.sorted { a, b in
                (Files.status(of: a)?.modified ?? 0, a) > (Files.status(of: b)?.modified ?? 0, b)
            }.prefix(last)
            found.paths = found.paths.filter(newest.contains)
            return found
        }
    }
}
