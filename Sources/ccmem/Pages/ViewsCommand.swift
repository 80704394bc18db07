import ArgumentParser
import Commands
import Storage

struct ViewsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "views",
        abstract: "Write the pages beside the store again.",
        discussion: """
            Every command that changes the store does so anyway. A store that does not lie in the project has no pages.

            EXIT STATUS
              0  done
              1  there is no store
              2  the command line is wrong
              3  the store can't be read
            """,
        shouldDisplay: false)

    @OptionGroup var project: ProjectOptions

    func run() throws {
        let context = try ProjectContext.find(project)
        let pages = StorePages(context: context, store: try context.openToWrite())
        // What a person wrote is not stored during a pause; writing the page would set it aside.
        try context.checkActive()
        pages?.takeOver()
        pages?.refresh()
    }
}
