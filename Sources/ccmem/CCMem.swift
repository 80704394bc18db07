import ArgumentParser
import Commands
import Memories
import SQLite

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@main
struct CCMem: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ccmem",
        abstract: "Persistent memory for Claude Code: keeps what matters of its sessions, offline.",
        discussion: """
            Reads the transcripts of Claude Code with rules that can be read and extended, keeps what is worth remembering in one \
            SQLite file a project, and says for each memory where it was said and why it was kept. Calls no model and no network.

            EXIT STATUS
              0  something was found, or done
              1  nothing was found, or there is no store
              2  the command line, a rule pack or a scoring table is wrong
              3  something could not be read or written; where standard output can't be, any verb says so
            """,
        version: Version.text,
        subcommands: [ViewsCommand.self, RecordCommand.self, UninstallCommand.self],
        groupedSubcommands: [
            CommandGroup(
                name: "Take in",
                subcommands: [ExtractCommand.self, IngestCommand.self, AddCommand.self, ImportCommand.self]),
            CommandGroup(
                name: "Look",
                subcommands: [
                    ListCommand.self, ShowCommand.self, SearchCommand.self, RecallCommand.self, TimelineCommand.self,
                    HistoryCommand.self,
                    WhyCommand.self, WhyNotCommand.self, SessionsCommand.self, SessionCommand.self,
                    KeywordsCommand.self, TopicsCommand.self, StatsCommand.self, McpCommand.self,
                ]),
            CommandGroup(
                name: "Session",
                subcommands: [
                    HandoffCommand.self, FailuresCommand.self, InjectedCommand.self, UsageCommand.self,
                    ReceiptCommand.self,
                    WatchCommand.self,
                ]),
            CommandGroup(
                name: "Change",
                subcommands: [
                    EditCommand.self, ArchiveCommand.self, RestoreCommand.self, LinkCommand.self, ForgetCommand.self,
                    UndoCommand.self,
                ]),
            CommandGroup(
                name: "Project",
                subcommands: [
                    InstallCommand.self, InitCommand.self, RulesCommand.self, ConfigCommand.self,
                    TrustCommand.self, PauseCommand.self, ResumeCommand.self, ProjectsCommand.self,
                ]),
            CommandGroup(
                name: "Care",
                subcommands: [
                    DoctorCommand.self,
                    AuditCommand.self, RepairCommand.self, GCCommand.self, ExportCommand.self, SQLCommand.self,
                    SchemaCommand.self,
                ]),
            CommandGroup(
                name: "With a language model, off until `auth enable`",
                subcommands: [
                    ModelAuthCommand.self, ModelRefineCommand.self, ModelTidyCommand.self, ModelEmbedCommand.self,
                    ModelCostCommand.self,
                ]),
        ])

    static func main() {
        inStatuses {
            let arguments = CommandLine.arguments.dropFirst()
            if Overview.isAsked(arguments) {
                StandardStream.output.write(Overview.text)
            } else if arguments.first == "search", let search = SearchRun(plain: arguments.dropFirst()) {
                BriefProcess.begin()
                try search.run()
            } else if let verb = ModelVerb(asked: arguments) {
                try ModelProgram.execute(arguments, for: verb)
            } else {
                var command = try VerbDispatch.command(arguments) ?? parsedInFull(arguments)
                try command.run()
            }
        }
    }
}

extension CCMem {
    /// What the whole parser makes of a line, help and mistakes included. A verb that there is not is told before it.
    private static func parsedInFull(_ arguments: ArraySlice<String>) throws -> any ParsableCommand {
        if let mistake = VerbDispatch.mistake(in: arguments) { throw mistake }
        return try parseAsRoot()
    }
}

/// Finds the verb by itself, so that starting costs the same however many verbs there are.
enum VerbDispatch {
    /// The command of a line that begins with a verb and is right; nil for all others, which the whole parser answers in full:
    /// help, mistakes, completions.
    static func command(_ arguments: ArraySlice<String>) -> (any ParsableCommand)? {
        guard let verb = arguments.first, !verb.hasPrefix("-"), !arguments.contains("--help"),
            !arguments.contains("-h"),
            let type = CCMem.configuration.subcommands.first(where: { $0.configuration.commandName == verb })
        else { return nil }
        // `help` below a group of verbs wants the group's full name.
        if arguments.dropFirst().first == "help", !type.configuration.subcommands.isEmpty { return nil }
        return try? type.parseAsRoot(Array(arguments.dropFirst()))
    }

    /// The first word of a line that is no verb, with the nearest one; for a group of verbs the second.
    static func mistake(in arguments: ArraySlice<String>) -> CommandError? {
        let words = arguments.first == "help" ? arguments.dropFirst() : arguments
        guard let verb = words.first, !verb.hasPrefix("-") else { return nil }
        let verbs = CCMem.configuration.subcommands
        guard let type = verbs.first(where: { $0.configuration.commandName == verb }) else {
            return unknown(verb, among: verbs, below: "ccmem")
        }
        let more = type.configuration.subcommands
        guard let next = words.dropFirst().first, !more.isEmpty, !next.hasPrefix("-"),
            !more.contains(where: { $0._commandName == next })
        else { return nil }
        return unknown(next, among: more, below: "ccmem " + verb)
    }

    private static func unknown(
        _ word: String, among verbs: [any ParsableCommand.Type], below line: String
    ) -> CommandError? {
        if word == "help" { return nil }
        let nearest = nearestName(to: word, in: verbs.map { $0._commandName })
        return CommandError(
            "There is no verb `\(line) \(TextStyle.printable(String(word.prefix(60))))`"
                + (nearest.map { "; did you mean `\(line) \($0)`?" } ?? "."),
            help: "`\(line)\(line == "ccmem" ? "" : " --help")` lists all verbs.", .usage)
    }
}

/// All verbs on one screen of 56 lines, which the parser's own help does not fit into.
enum Overview {
    static func isAsked(_ arguments: ArraySlice<String>) -> Bool {
        arguments.isEmpty || arguments.count == 1 && ["help", "--help", "-h"].contains(arguments.first)
    }

    static var text: String {
        let configuration = CCMem.configuration
        var lines = [
            configuration.abstract, "Usage: ccmem VERB [options]; `ccmem help VERB` tells all of one.", "",
        ]
        for group in configuration.groupedSubcommands {
            // Those of the other program stand on one line: few need them, and the screen is full.
            let names = group.subcommands.map { $0.configuration.commandName ?? "" }
            guard names.contains(where: { ModelVerb(rawValue: $0) == nil }) else {
                lines.append("\(group.name): " + names.joined(separator: ", "))
                continue
            }
            lines.append(group.name)
            for verb in group.subcommands {
                let name = verb.configuration.commandName ?? ""
                lines.append("  " + name + String(repeating: " ", count: 10 - name.count) + verb.configuration.abstract)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
