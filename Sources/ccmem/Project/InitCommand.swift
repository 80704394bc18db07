import ArgumentParser
import Commands
import JSON
import Projects

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Give the project its own .ccmem folder.",
        discussion: """
            Without it nothing is written into the project, and its store lies in your data folder. With it the store, readable \
            pages and the project's own rules lie in .ccmem; rules and settings can be committed, the rest is ignored by git. An \
            existing store moves along. Doing it again changes nothing.

            EXAMPLES
              ccmem init
              ccmem init --project ~/work/api

            EXIT STATUS
              0  done
              2  the command line is wrong
              3  the folder can't be made
            """)

    @OptionGroup var project: ProjectOptions

    func run() throws {
        let context = try ProjectContext.find(project)
        if !context.isPaused { try context.checkActive() }
        let report: SetupReport
        do throws(SetupFailure) {
            report = try ProjectSetup.initialise(context.location.root, .current())
        } catch {
            throw CommandError(error.message, .unreadableInput)
        }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.key("folder")
                    writer.string(report.folder)
                    writer.key("is_new")
                    writer.bool(report.isNew)
                    writer.key("needs_trust")
                    writer.bool(report.review.needsAttention)
                })
            return
        }
        var page = MemoryPage.forOutput()
        page.line(report.isNew ? "Made \(report.folder)." : "\(report.folder) is there already.")
        switch report.store {
        case .none: break
        case .moved(let place): page.line("Moved the store there from \(place).")
        case .leftBehind(let place): page.line("Another store of this project stays at \(place).")
        }
        if report.review.needsAttention { page.line("Some of what is in it is not trusted yet: see `ccmem trust`.") }
        page.print()
    }
}
