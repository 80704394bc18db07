import ArgumentParser
import Commands

struct RefineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ModelVerb.refine.rawValue,
        abstract: ModelVerb.refine.abstract,
        discussion: """
            EXIT STATUS
              0  done
              2  the command line is wrong
              3  something could not be read or written
            """)

    @OptionGroup var project: ProjectOptions

    func run() throws { throw CommandError("`ccmem refine` is not there yet.", .unreadableInput) }
}
