import ArgumentParser
import Commands
import Credentials
import HTTP
import Memories
import ModelProviders
import Projects

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

struct AuthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ModelVerb.auth.rawValue,
        abstract: ModelVerb.auth.abstract,
        discussion: """
            Nothing is ever sent to a language model before `ccmem auth enable` was said on this machine: a key that merely stands in \
            the environment switches nothing on. docs/enriched.md says what is sent then, to whom, and what it costs.

            EXAMPLES
              ccmem auth enable
              ccmem auth status
              pass show anthropic | ccmem auth set
              ccmem auth disable

            EXIT STATUS
              0  done
              1  no credential can be used
              2  the command line is wrong
              3  something could not be read, written or reached
            """,
        subcommands: [Status.self, Enable.self, Disable.self, Set.self, Test.self], defaultSubcommand: Status.self)

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell whether a language model may be asked, with which credential, and why.",
            discussion: """
                Asks nobody: neither the vendor nor the command of `llm.key-command`.

                EXIT STATUS
                  0  it is on, and a credential is there
                  1  it is off, or no credential can be used
                """)
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let report = AuthReport(.current(with: CredentialSearch.all), clock: .system)
            StandardStream.output.print(json ? report.json : Array(report.text.utf8))
            if !report.isReady { throw ExitStatus.nothingFound }
        }
    }

    struct Enable: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Allow a language model from now on, on this machine.",
            discussion: """
                Shows which credential was found and what leaves the machine, and asks. Who the texts go to is part of what is agreed \
                to: another address, as by `ANTHROPIC_BASE_URL`, has to be agreed to again.

                EXIT STATUS
                  0  it is on
                  1  the answer was no
                  2  nobody can be asked: without a terminal it takes --yes
                """)
        @Flag(help: "Agree without being asked.") var yes = false
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let environment = Environment.current(with: CredentialSearch.all)
            let settings = Settings(environment)
            guard let file = ConsentFile(environment) else { throw AuthCommand.noHome }
            let destination = ModelDestination(environment, settings)
            guard HTTPURL(destination.address) != nil else {
                throw CommandError(
                    "`\(destination.address)` is no address that can be used.",
                    help: "It comes from `ANTHROPIC_BASE_URL` or `llm.endpoint`.", .usage)
            }
            if !yes {
                StandardStream.error.write(AuthReport(environment, clock: .system).offer)
                try ask()
            }
            try AuthCommand.inWords { () throws(FileFailure) in
                try file.write(Consent(destination: destination, since: Clock.system.timestamp))
            }
            let report = AuthReport(environment, clock: .system)
            StandardStream.output.print(json ? report.json : Array(report.text.utf8))
        }

        private func ask() throws {
            guard isatty(STDIN_FILENO) == 1 else {
                throw CommandError(
                    "There is no terminal to ask on.", help: "`ccmem auth enable --yes` agrees to what stands above.",
                    .usage)
            }
            StandardStream.error.write("Switch it on? [y/N] ")
            guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
                StandardStream.error.write("It stays off.\n")
                throw ExitStatus.nothingFound
            }
        }
    }

    struct Disable: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask no language model any more.",
            discussion: """
                What was refined stays. The stored key stays as well; `ccmem auth set --remove` takes it away.
                """)
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let environment = Environment.current(with: CredentialSearch.all)
            guard let file = ConsentFile(environment) else { throw AuthCommand.noHome }
            try AuthCommand.inWords { () throws(FileFailure) in try file.remove() }
            let report = AuthReport(environment, clock: .system)
            StandardStream.output.print(json ? report.json : Array(report.text.utf8))
        }
    }

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Store a key, read from standard input.",
            discussion: """
                It is kept in `credentials.json` in your configuration folder, readable by you alone, and used before any other. A \
                command that prints it, as `pass show anthropic`, is a setting: `ccmem config set llm.key-command 'pass show anthropic'`.

                EXAMPLES
                  ccmem auth set
                  pass show anthropic | ccmem auth set
                  ccmem auth set --remove
                """)
        @Flag(help: "It is a token for a gateway, sent as `Authorization: Bearer`.") var bearer = false
        @Flag(help: "Take the stored key away.") var remove = false
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let environment = Environment.current(with: CredentialSearch.all)
            guard let file = StoredCredentials(environment) else { throw AuthCommand.noHome }
            let provider = ModelProvider(Settings(environment))
            let entry = remove ? nil : try read()
            try AuthCommand.inWords { () throws(FileFailure) in try file.write(entry, for: provider) }
            let report = AuthReport(environment, clock: .system)
            StandardStream.output.print(json ? report.json : Array(report.text.utf8))
        }

        private func read() throws -> StoredCredentials.Entry {
            if isatty(STDIN_FILENO) == 1 { StandardStream.error.write("The key, which does not show: ") }
            guard let secret = Secret(HiddenInput.line()) else {
                throw CommandError(
                    "Standard input holds no key: one word of letters, digits and signs.",
                    help: "Give it by standard input, never as an argument: `pass show anthropic | ccmem auth set`.",
                    .usage)
            }
            return .init(kind: bearer ? .bearer : CredentialKind(guessedFrom: secret), secret: secret)
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask the vendor once whether the credential is good.",
            discussion: """
                For a key that costs nothing: it asks for the list of models. A subscription that is used by your own `claude` is tried \
                with one short question, a few hundred tokens. Works also before `ccmem auth enable`: no text of yours is sent.

                EXIT STATUS
                  0  it is good
                  1  it is refused, or there is none
                  3  the vendor can't be reached, or does not say
                """)
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let result = try AuthProbe(.current(with: CredentialSearch.all), clock: .system).run()
            StandardStream.output.print(json ? result.json : Array((result.words + "\n").utf8))
            switch result.outcome {
            case .valid: return
            case .refused: throw ExitStatus.nothingFound
            case nil: throw ExitStatus.unreadableInput
            }
        }
    }

    static var noHome: CommandError { CommandError("There is no home directory: set `HOME`.", .unreadableInput) }

    static func inWords(_ body: () throws(FileFailure) -> Void) throws {
        do throws(FileFailure) { try body() } catch { throw CommandError(error.message, .unreadableInput) }
    }
}

/// A line that a terminal does not show while it is typed.
enum HiddenInput {
    static func line() -> String {
        var before = termios()
        let isTerminal = tcgetattr(STDIN_FILENO, &before) == 0
        if isTerminal {
            var hidden = before
            hidden.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        }
        defer {
            if isTerminal {
                tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
                StandardStream.error.write("\n")
            }
        }
        return readLine() ?? ""
    }
}
