import ArgumentParser
import BuiltInRules
import Commands
import Extraction
import JSON
import Memories
import Pipeline
import Projects
import RulePacks

extension RulesCommand {
    struct Lint: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find what is wrong or weak in rule packs.",
            discussion: """
                Without a FILE, looks at your own packs and those of the project, and runs their examples. Each finding has the id of its check in brackets; \
                docs/rule-lint.md tells all of them.

                EXAMPLES
                  ccmem rules lint
                  ccmem rules lint team.yaml --strict
                  ccmem rules lint --format sarif > lint.sarif

                EXIT STATUS
                  0  nothing is wrong
                  1  there is an error; with --strict, an error or a warning
                  2  the command line is wrong
                  3  a pack cannot be read
                """)

        enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, sarif }

        @OptionGroup var options: RuleOptions

        @Argument(help: ArgumentHelp("Packs; else all of yours and of the project.", valueName: "file"))
        var inputs: [String] = []

        @Option(help: DomainPackName.optionHelp, transform: DomainPackName.named)
        var pack: [DomainPackName] = []

        @Option(help: "How to print: text, json or sarif (2.1.0).")
        var format: Format = .text

        @Flag(help: "Look at the packs of ccmem itself.")
        var builtIn = false

        @Flag(help: "Fail for warnings too.")
        var strict = false

        @Flag(help: "Leave notes out.")
        var quiet = false

        func run() throws {
            let plan = PlanFiles.looking(rules: options.rules, packs: pack, scoring: nil, at: options.project)
            for problem in plan.added.problems { StandardStream.error.write("warning: \(problem)\n") }
            let all = try plan.files()
            var report = LintReport()
            let (files, failures) = wanted(all)
            for file in files { report.add(file, amid: all, isAlone: builtIn) }
            if quiet { report.findings.removeAll { $0.level == .note } }
            let format = options.project.json && format == .text ? Format.json : format
            switch format {
            case .text: report.print()
            case .json: StandardStream.output.print(report.document)
            case .sarif: StandardStream.output.print(SARIFReport(findings: report.findings).document)
            }
            for failure in failures { StandardStream.error.write("error: \(failure)\n") }
            let worst = report.findings.map(\.level).max()
            if !plan.added.problems.isEmpty || !failures.isEmpty { throw ExitStatus.unreadableInput }
            if worst == .error || strict && worst == .warning { throw ExitStatus.nothingFound }
        }

        /// What is looked at, and what cannot be read of it.
        private func wanted(_ all: [RuleFile]) -> (files: [RuleFile], failures: [String]) {
            if builtIn { return (all.filter { $0.layer <= .domain && !$0.isDormant }, []) }
            guard !inputs.isEmpty else {
                let own = all.filter { $0.layer > .domain }.map {
                    RuleFile(layer: $0.layer, file: RuleNames.shown($0.file), bytes: $0.bytes)
                }
                return (own, [])
            }
            var (files, failures): ([RuleFile], [String]) = ([], [])
            for input in inputs {
                let real = Files.realPath(input)
                if let known = all.first(where: {
                    $0.layer > .domain && Files.realPath($0.file) == real && real != nil
                }) {
                    files.append(RuleFile(layer: known.layer, file: input, bytes: known.bytes))
                    continue
                }
                do throws(FileError) {
                    files.append(RuleFile(layer: .commandLine, file: input, bytes: try WholeFile.read(input)))
                } catch {
                    failures.append("\(error.path): it cannot be read: \(error.reason).")
                }
            }
            return (files, failures)
        }
    }
}

/// What was found in packs.
struct LintReport {
    private(set) var files: [RuleFile] = []
    var findings: [LintFinding] = []

    /// - Parameters:
    ///   - all: The packs of all layers; those below the file's layer, and those before it, are what it stands on.
    ///   - isAlone: Whether it stands on nothing, as the packs of ccmem do.
    mutating func add(_ file: RuleFile, amid all: [RuleFile], isAlone: Bool) {
        files.append(file)
        let real = Files.realPath(file.file)
        var below: [RulePack] = []
        if !isAlone {
            for other in all where other.layer <= file.layer {
                // Files of one layer stand on those before them.
                if other.layer == file.layer, Files.realPath(other.file) == real { break }
                guard let pack = try? RulePack(reading: other, untrusted: .run, builtIn: .builtIn) else { continue }
                // A pack that is wrong itself is told where it is looked at.
                if (try? RuleSet(packs: below + [pack])) != nil { below.append(pack) }
            }
        }
        let linter = PackLinter(strictness: file.layer <= .domain ? .builtIn : .user, below: below)
        var found = linter.findings(in: file.bytes, file: file.file, layer: file.layer)
        if !found.contains(where: { $0.level == .error && $0.check != .keywordMissing }) {
            let missing = found.filter { $0.check == .keywordMissing }.map(\.location)
            // An example without a keyword fails for that, and that is told.
            found += LintReport.examples(file, below).filter { !missing.contains($0.location) }
            found.sort(by: LintFinding.precedes)
        }
        findings += found
    }

    /// Examples that fail, of this pack and of rules below that it changes, and those that no transcript can bring.
    private static func examples(_ file: RuleFile, _ below: [RulePack]) -> [LintFinding] {
        guard let pack = try? RulePack(parsing: file.bytes, file: file.file, layer: file.layer) else { return [] }
        let rules = (try? RuleSet(packs: below + [pack]))?.rules ?? pack.rules
        let check = ExampleCheck(rules: rules)
        let own = rules.indices.filter {
            rules[$0].location.file == file.file || rules[$0].changedAt?.file == file.file
        }
        let failing = own.flatMap(check.failures).filter { $0.location.file == file.file }.map { LintFinding($0) }
        return failing + ExampleForm.findings(of: own.map { rules[$0] }, file: file.file)
    }

    func print() {
        var renderer = DiagnosticRenderer()
        for file in files { renderer.add(file: file.file, text: file.bytes) }
        for finding in findings { StandardStream.output.write(renderer.render(finding) + "\n") }
        StandardStream.output.write(summary + "\n")
    }

    private var summary: String {
        let packs = "\(files.count) \(ReaderWords.plural("pack", files.count))"
        let counts = [LintLevel.error, .warning, .note].map { level in (level, findings.count { $0.level == level }) }
            .filter { $0.1 > 0 }.map { "\($0.1) \(ReaderWords.plural($0.0.rawValue, $0.1))" }
        if files.isEmpty { return "There are no packs but those of ccmem; `ccmem rules new` makes one." }
        return counts.isEmpty ? "\(packs): nothing is wrong." : "\(packs): \(counts.joined(separator: ", "))."
    }

    var document: [UInt8] {
        MemoryJSON.document { writer in
            writer.array("files", files) { $1.string($0.file) }
            writer.array("findings", findings) { finding, writer in
                writer.object { writer in
                    writer.field("check", finding.check.rawValue)
                    writer.field("level", finding.level.rawValue)
                    writer.field("file", finding.location.file)
                    writer.field("line", finding.location.line)
                    writer.field("column", finding.location.column)
                    writer.field("rule", finding.rule)
                    writer.field("message", finding.message)
                    writer.field("hint", finding.hint)
                }
            }
        }
    }
}
