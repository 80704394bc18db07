import ArgumentParser
import Commands

struct AuthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ModelVerb.auth.rawValue,
        abstract: ModelVerb.auth.abstract,
        discussion: """
            EXIT STATUS
              0  done
              2  the command line is wrong
              3  something could not be read or written
            """)

    @OptionGroup var project: ProjectOptions

    func run() throws { throw CommandError("`ccmem auth` is not there yet.", .unreadableInput) }
}
