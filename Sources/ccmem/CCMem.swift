import ArgumentParser

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@main
struct CCMem: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ccmem",
        abstract: "Persistent memory for Claude Code.",
        discussion: """
            Reads session transcripts with rules that a project can edit, and shows what is worth remembering.
            Calls no model and no network.
            """,
        version: Version.text,
        subcommands: [
            ExtractCommand.self, IngestCommand.self, ListCommand.self, ShowCommand.self, SearchCommand.self,
            InitCommand.self, TrustCommand.self, PauseCommand.self, ResumeCommand.self, ProjectsCommand.self,
            ConfigCommand.self,
            ForgetCommand.self, AuditCommand.self, RepairCommand.self, GCCommand.self,
            TimelineCommand.self,
            WhyCommand.self,
            WhyNotCommand.self,
            HistoryCommand.self,
            SessionsCommand.self,
            SessionCommand.self,
            KeywordsCommand.self,
            TopicsCommand.self,
            StatsCommand.self,
            WatchCommand.self,
            SQLCommand.self,
            SchemaCommand.self,
            ExportCommand.self,
            AddCommand.self, EditCommand.self, ArchiveCommand.self, RestoreCommand.self, LinkCommand.self,
            ImportCommand.self, UndoCommand.self, ViewsCommand.self,
        ])

    static func main() {
        // A reader that has gone is seen where it is written to, not by a signal.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try VerbDispatch.command(CommandLine.arguments.dropFirst()) ?? parseAsRoot()
            try command.run()
        } catch let exit as ExitStatus {
            exit.leave()
        } catch let error as CommandError {
            StandardStream.error.write(error.text)
            error.status.leave()
        } catch {
            CCMem.exit(withError: error)
        }
    }

    /// Usage errors leave with 2, as documented.
    static func exit(withError error: any Error) -> Never {
        let code = exitCode(for: error)
        let text = fullMessage(for: error)
        if code == .success {
            if !text.isEmpty { StandardStream.output.write(text + "\n") }
            ExitStatus.found.leave()
        }
        StandardStream.error.write(text + "\n")
        ExitStatus.usage.leave()
    }
}

/// Finds the verb by itself, so that starting costs the same however many verbs there are.
enum VerbDispatch {
    /// The command of a line that begins with a verb and is right; nil for all others, which the whole parser answers in full:
    /// help, mistakes, completions.
    static func command(_ arguments: ArraySlice<String>) -> (any ParsableCommand)? {
        if arguments.first == "search", let search = SearchCommand.quick(arguments.dropFirst()) { return search }
        guard let verb = arguments.first, !verb.hasPrefix("-"), !arguments.contains("--help"),
            !arguments.contains("-h"),
            let type = CCMem.configuration.subcommands.first(where: { $0.configuration.commandName == verb })
        else { return nil }
        // `help` below a group of verbs wants the group's full name.
        if arguments.dropFirst().first == "help", !type.configuration.subcommands.isEmpty { return nil }
        return try? type.parseAsRoot(Array(arguments.dropFirst()))
    }
}

enum Version {
    /// Of the command and the shipped packs.
    static let text = "0.1.0"
}
