import ArgumentParser
import Commands
import Memories
import Pipeline
import Projects
import RulePacks

struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Look at rules, write them, test them.",
        discussion: """
            A rule says which sentences become memories. Rules stand in packs: those of ccmem, then yours \
            (~/.config/ccmem/rules/*.yaml), then the project's (.ccmem/rules/*.yaml), then those of --rules. Packs that you \
            have not confirmed run here too, since nothing is stored.

            EXAMPLES
              ccmem why-not session.jsonl:120
              ccmem rules new decision.blue-pipeline --category decision --from session.jsonl:120
              ccmem rules lint
              ccmem rules test decision.blue-pipeline
              ccmem rules diff

            EXIT STATUS
              0  all is well
              1  something is wrong with a rule, an example fails, or nothing was found
              2  the command line or a rule pack is wrong
              3  something could not be read or written
              4  what was recorded is something else now
            """,
        subcommands: [
            List.self, Show.self, Lint.self, Test.self, Explain.self, New.self, Diff.self, Bench.self, Docs.self,
            Schema.self,
        ])
}

/// What every verb on rules takes.
struct RuleOptions: ParsableArguments {
    @OptionGroup var project: ProjectOptions

    @Option(help: ArgumentHelp("A rule pack to add to all others; repeatable.", valueName: "file"))
    var rules: [String] = []

    /// The packs of all layers, also those that nobody has confirmed.
    var files: PlanFiles { .looking(rules: rules, scoring: nil, at: project) }
}

/// Rules as the verbs look at them: with their examples, and with where each value comes from.
struct LoadedRules {
    let set: RuleSet
    let files: [RuleFile]

    /// - Throws: `ExitStatus.usage` when a pack cannot be read; that was told.
    init(_ options: RuleOptions) throws {
        let plan = options.files
        files = try plan.files()
        set = try plan.ruleSet()
        if let notice = plan.added.noticeOfDryRun { StandardStream.error.write("note: \(notice)\n") }
        for problem in plan.added.problems { StandardStream.error.write("warning: \(problem)\n") }
    }

    /// The index of a rule by its id.
    ///
    /// - Throws: `CommandError` that names the nearest one.
    func index(of id: String) throws -> Int {
        if let index = set.index(of: id) { return index }
        if let off = set.switchedOff.first(where: { $0.id == id }) {
            throw CommandError(
                "Rule `\(id)` is switched off: \(off.why).",
                help: "\(RuleNames.place(off.location)) does it.", .nothingFound)
        }
        let nearest = nearestName(to: id, in: set.rules.map(\.id))
        throw CommandError(
            "There is no rule `\(TextStyle.printable(id))`.",
            help: nearest.map { "Did you mean `\($0)`?" } ?? "`ccmem rules list` shows all.", .usage)
    }

    /// A rule's file as it was given.
    func file(of location: SourceLocation) -> RuleFile? { files.first { $0.file == location.file } }
}

enum RuleNames {
    static func word(_ layer: RuleLayer) -> String {
        switch layer {
        case .builtIn: "built-in"
        case .domain: "switched on"
        case .user: "user"
        case .project: "project"
        case .commandLine: "command line"
        }
    }

    static func place(_ location: SourceLocation) -> String { "\(shown(location.file)):\(location.line)" }

    /// A path as people type it: below the working directory without that.
    static func shown(_ path: String) -> String {
        guard let working = Environment.current().workingDirectory, path.hasPrefix(working + "/") else { return path }
        return String(path.dropFirst(working.utf8.count + 1))
    }
}

extension Rule {
    /// Whether another file than its own has a say in it.
    var isChanged: Bool { origins.contains { $0.location.file != location.file } }
}
