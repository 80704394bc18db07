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
            AddCommand.self, EditCommand.self, ArchiveCommand.self, RestoreCommand.self, LinkCommand.self,
            ImportCommand.self, UndoCommand.self, ViewsCommand.self,
        ])

    static func main() {
        // A reader that has gone is seen where it is written to, not by a signal.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
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

enum Version {
    /// Of the command and the shipped packs.
    static let text = "0.1.0"
}
