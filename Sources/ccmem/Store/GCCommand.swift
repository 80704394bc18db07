import ArgumentParser
import Commands
import JSON
import Storage

struct GCCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "End pending clean-up, merge the log, give free space back.",
        discussion: """
            Removes nothing that is stored.

            EXAMPLES
              ccmem gc

            EXIT STATUS
              0  done
              1  there is no store
              2  the command line is wrong
              3  another process keeps an old state open, or the store can't be written
            """)

    @OptionGroup var project: ProjectOptions

    func run() throws {
        let store = try ProjectContext.find(project).openToWrite()
        let (isClean, freed) = try StoreWords.inWords { () throws(StoreError) in try store.collectGarbage() }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.key("clean")
                    writer.bool(isClean)
                    writer.key("freed_bytes")
                    writer.int(freed)
                })
        } else {
            let words = isClean ? "The store is clean." : "Another process reads an old state; run this again later."
            StandardStream.output.write(words + (freed > 0 ? " \(freed) bytes were freed.\n" : "\n"))
        }
        if !isClean { throw ExitStatus.unreadableInput }
    }
}
