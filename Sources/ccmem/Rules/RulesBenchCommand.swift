import ArgumentParser
import Commands
import JSON
import Memories
import Pipeline
import Projects
import RulePacks
import Transcripts

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension RulesCommand {
    struct Bench: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure what rules cost and find on transcripts.",
            discussion: """
                For each rule: its part of the time of all rules, how many sentences its keywords spare it, what it reads, and \
                how often its limits stop it. Each pattern is also run on every sentence: what the keywords would have lost must \
                be 0. A file labels.jsonl in the corpus says what is to be kept; then precision and recall are told. A label is \
                {"file": "session.jsonl", "line": 12, "quote": "…", "category": "decision", "keep": true}.

                EXAMPLES
                  ccmem rules bench
                  ccmem rules bench --corpus tests/transcripts
                  ccmem rules bench --corpus tests/transcripts --json

                EXIT STATUS
                  0  done, and the keywords lose nothing
                  1  keywords lose something that a pattern would read, or there are no transcripts
                  2  the command line, a rule pack or a label is wrong
                  3  a transcript cannot be read
                """)

        @OptionGroup var options: RuleOptions

        @Option(help: ArgumentHelp("A folder of transcripts; else those of the project.", valueName: "dir"))
        var corpus: String?

        @Option(help: ArgumentHelp("How often each transcript is read for the time.", valueName: "n"))
        var runs = 3

        @Option(help: ArgumentHelp("Rules that are shown, the dearest first; 0 for all.", valueName: "n"))
        var top = 20

        func validate() throws {
            guard (1...1000).contains(runs) else { throw ValidationError("--runs takes a number from 1 to 1000.") }
        }

        func run() throws {
            let plan = try options.files.load()
            let (paths, labels) = try input()
            let bench = RuleBench(plan: plan, now: Bench.threadTime)
            var failures: [String] = []
            for path in paths {
                do throws(TranscriptSourceError) {
                    try bench.add(path, runs: runs)
                } catch {
                    failures.append(ReaderWords.describe(error))
                }
            }
            let report = BenchReport(bench, labels: labels)
            if options.project.json {
                StandardStream.output.print(report.document)
            } else {
                report.page(top: top == 0 ? .max : top).print()
            }
            for failure in failures { StandardStream.error.write("error: \(failure)\n") }
            if !failures.isEmpty { throw ExitStatus.unreadableInput }
            if report.lost > 0 || paths.isEmpty { throw ExitStatus.nothingFound }
        }

        private func input() throws -> (paths: [String], labels: [MemoryLabel]) {
            let environment = Environment.current()
            guard let corpus else {
                let root = try ProjectContext.find(options.project).location.root
                let found = ClaudeTranscripts.transcripts(of: root, locator: ProjectLocator(environment), environment)
                guard !found.accepted.isEmpty else {
                    throw CommandError(
                        "There are no transcripts of this project.", help: "Name a folder: --corpus DIR.", .nothingFound
                    )
                }
                return (found.accepted.map(\.path), [])
            }
            var unreadable: [String] = []
            let all = Files.files(below: corpus, suffix: ".jsonl") { unreadable.append($0) }
            if let first = unreadable.first { throw CommandError("\(first): it cannot be read.", .unreadableInput) }
            let paths = all.filter { !$0.hasSuffix("/labels.jsonl") && !$0.hasSuffix("/expected.jsonl") }
            let labels = try all.filter { $0.hasSuffix("/labels.jsonl") }.flatMap { try LabelFile.read($0, of: paths) }
            guard !paths.isEmpty else { throw CommandError("\(corpus): there is no transcript in it.", .nothingFound) }
            return (paths, labels)
        }

        /// Of this thread, so that neighbours on the machine do not count.
        private static func threadTime() -> UInt64 {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        }
    }
}
