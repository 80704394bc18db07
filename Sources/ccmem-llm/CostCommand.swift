import ArgumentParser
import Commands

struct CostCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ModelVerb.cost.rawValue,
        abstract: ModelVerb.cost.abstract,
        discussion: """
            EXIT STATUS
              0  done
              2  the command line is wrong
              3  something could not be read or written
            """)

    @OptionGroup var project: ProjectOptions

    func run() throws { throw CommandError("`ccmem cost` is not there yet.", .unreadableInput) }
}
