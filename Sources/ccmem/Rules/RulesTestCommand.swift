import ArgumentParser
import Commands
import Extraction
import JSON
import Memories
import Projects
import RulePacks

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension RulesCommand {
    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the examples of rules, and compare a corpus with its recording.",
            discussion: """
                A corpus is a folder of cases: in each, transcripts (session.jsonl, and others beside and below it) and \
                expected.jsonl, which is what `ccmem extract --dry-run --format jsonl` gives for them. Packs of your own at user \
                level have no part in it, so that a recording is the same for everybody.

                EXAMPLES
                  ccmem rules test
                  ccmem rules test decision.blue-pipeline --watch
                  ccmem rules test --corpus tests/transcripts
                  ccmem rules test --corpus tests/transcripts --record
                  ccmem rules test --format junit > rules.xml

                EXIT STATUS
                  0  all is as it should be
                  1  an example fails
                  2  the command line or a rule pack is wrong
                  3  the corpus cannot be read or written
                  4  no example fails, but a case of the corpus is not as recorded (with --record: it is now)
                """)

        enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, junit }

        @OptionGroup var options: RuleOptions

        @Argument(help: ArgumentHelp("Ids of rules; else all.", valueName: "id"))
        var ids: [String] = []

        @Option(help: ArgumentHelp("Compare the transcripts of this folder with their recordings.", valueName: "dir"))
        var corpus: String?

        @Flag(help: "Write the recordings that are missing or differ, and leave with 4.")
        var record = false

        @Flag(help: "Run again whenever a pack changes, until interrupted.")
        var watch = false

        @Option(help: "How to print: text, json or junit.")
        var format: Format = .text

        func validate() throws {
            guard corpus != nil || !record else { throw ValidationError("--record goes with --corpus.") }
            guard !watch || format == .text else { throw ValidationError("--watch prints text.") }
        }

        func run() throws {
            guard watch else {
                let status = try once()
                if let status { throw status }
                return
            }
            Interruption.endsThis()
            var before = stamps()
            while true {
                do {
                    _ = try once()
                } catch is ExitStatus {
                    // What is wrong with the pack has been told; it may be right after the next change.
                } catch let error as CommandError {
                    StandardStream.error.write(error.text)
                }
                StandardStream.output.write("Waiting for a change of a pack; Ctrl-C ends it.\n")
                var now = stamps()
                while now == before {
                    usleep(250_000)
                    now = stamps()
                }
                before = now
                StandardStream.output.write("\n")
            }
        }

        /// - Returns: What went wrong; nil when all is well.
        private func once() throws -> ExitStatus? {
            let loaded = try LoadedRules(options)
            var run = RuleTestRun()
            let indices = try ids.isEmpty ? Array(loaded.set.rules.indices) : ids.map { try loaded.index(of: $0) }
            run.addExamples(of: indices, in: loaded.set)
            if let corpus { try run.addCorpus(corpus, plan: try loaded.sharedPlan(), records: record) }
            let format = options.project.json && format == .text ? Format.json : format
            switch format {
            case .text: print(run, rules: indices.count)
            case .json: StandardStream.output.print(document(run))
            case .junit: StandardStream.output.print(Array(JUnitReport(run: run).text.utf8))
            }
            return run.status
        }

        /// Every pack that may change, with what tells that it has.
        private func stamps() -> [String] {
            let plan = options.files
            let paths = plan.added.files.map(\.file) + options.rules
            return paths.map { path in
                let status = Files.status(of: Files.realPath(path) ?? path)
                return "\(path) \(status?.inode ?? 0) \(status?.size ?? -1) \(status?.modified ?? 0)"
            }
        }

        private func print(_ run: RuleTestRun, rules: Int) {
            var page = MemoryPage.forOutput()
            for test in run.examples where !test.isPassed {
                page.heading(
                    TextStyle.printable(
                        "\(RuleNames.place(test.result.location)): \(test.rule), \(test.result.kind.rawValue) example"))
                page.paragraph("“\(test.result.text)”", indent: 2, hanging: 1)
                page.paragraph("\(test.words).", indent: 2)
            }
            for test in run.cases where !test.isSame {
                page.heading(TextStyle.printable("\(test.folder)/expected.jsonl: not as recorded"))
                for line in test.words.split(separator: "\n") { page.line("  " + TextStyle.printable(String(line))) }
                if test.wasRecorded { page.line("  Recorded; look at the difference before you commit it.") }
            }
            let none = run.examples.isEmpty && !ids.isEmpty
            var words =
                none
                ? "The rule has no examples."
                : "\(run.examples.count) examples of \(rules) \(ReaderWords.plural("rule", rules))"
            if !none {
                words += run.failures == 0 ? ": all pass" : ": \(run.failures) \(run.failures == 1 ? "fails" : "fail")"
                if !run.cases.isEmpty {
                    words += "; \(run.cases.count) \(ReaderWords.plural("case", run.cases.count))"
                    words += run.differing == 0 ? " as recorded" : ": \(run.differing) not as recorded"
                }
                words += "."
            }
            page.line(words)
            page.print()
        }

        private func document(_ run: RuleTestRun) -> [UInt8] {
            MemoryJSON.document { writer in
                writer.field("examples", run.examples.count)
                writer.field("failed", run.failures)
                writer.array("failures", run.examples.filter { !$0.isPassed }) { test, writer in
                    writer.object { writer in
                        writer.field("rule", test.rule)
                        writer.field("kind", test.result.kind.rawValue)
                        writer.field("text", test.result.text)
                        writer.field("file", test.result.location.file)
                        writer.field("line", test.result.location.line)
                        writer.field("message", test.words)
                    }
                }
                writer.array("cases", run.cases) { test, writer in
                    writer.object { writer in
                        writer.field("name", test.name)
                        writer.field("is_as_recorded", test.isSame)
                        writer.field("was_recorded", test.wasRecorded)
                        writer.field("message", test.isSame ? nil : test.words)
                        writer.array("lost", test.lost) { $1.string($0) }
                        writer.array("gained", test.gained) { $1.string($0) }
                    }
                }
            }
        }
    }
}
