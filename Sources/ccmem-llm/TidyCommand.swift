import ArgumentParser
import Commands

struct TidyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ModelVerb.tidy.rawValue,
        abstract: ModelVerb.tidy.abstract,
        discussion: """
            EXIT STATUS
              0  done
              2  the command line is wrong
              3  something could not be read or written
            """)

    @OptionGroup var project: ProjectOptions

    func run() throws { throw CommandError("`ccmem tidy` is not there yet.", .unreadableInput) }
}
