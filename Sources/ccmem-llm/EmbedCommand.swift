import ArgumentParser
import Commands

struct EmbedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ModelVerb.embed.rawValue,
        abstract: ModelVerb.embed.abstract,
        discussion: """
            EXIT STATUS
              0  done
              2  the command line is wrong
              3  something could not be read or written
            """)

    @OptionGroup var project: ProjectOptions

    func run() throws { throw CommandError("`ccmem embed` is not there yet.", .unreadableInput) }
}
