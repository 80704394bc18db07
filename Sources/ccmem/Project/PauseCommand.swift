import ArgumentParser
import Commands
import Memories
import Projects

struct PauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Store and inject nothing until `ccmem resume`.",
        discussion: """
            What is stored stays, and can be read.

            EXAMPLES
              ccmem pause
              ccmem pause --everywhere

            EXIT STATUS
              0  done
              2  the command line is wrong
              3  the pause can't be written down
            """)

    @OptionGroup var project: ProjectOptions

    @Flag(help: "In all projects.")
    var everywhere = false

    func run() throws {
        let extent = try PauseExtent.find(project, everywhere: everywhere)
        do throws(SetupFailure) {
            try Pause(since: Clock.system.timestamp, by: "ccmem pause").begin(extent, .current())
        } catch {
            throw CommandError(error.message, .unreadableInput)
        }
        PauseExtent.report(
            project, "paused", everywhere ? "Memory is paused everywhere." : "Memory is paused in this project.")
    }
}

struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "End a pause.",
        discussion: """
            EXAMPLES
              ccmem resume
              ccmem resume --everywhere

            EXIT STATUS
              0  memory is at work, or would be without a pause of the other kind
              2  the command line is wrong
              3  the pause can't be ended
            """)

    @OptionGroup var project: ProjectOptions

    @Flag(help: "The pause of all projects.")
    var everywhere = false

    func run() throws {
        let extent = try PauseExtent.find(project, everywhere: everywhere)
        let wasPaused: Bool
        do throws(SetupFailure) {
            wasPaused = try Pause.end(extent, .current())
        } catch {
            throw CommandError(error.message, .unreadableInput)
        }
        var words =
            wasPaused
            ? "The pause has ended." : "There was no pause \(everywhere ? "of all projects" : "of this project")."
        if !everywhere, let refusal = try ProjectContext.find(project).refusal { words += " " + refusal }
        PauseExtent.report(project, "resumed", words)
    }
}

enum PauseExtent {
    static func find(_ options: ProjectOptions, everywhere: Bool) throws -> Pause.Extent {
        everywhere ? .everywhere : .project(try ProjectContext.find(options).root)
    }

    static func report(_ options: ProjectOptions, _ state: String, _ words: String) {
        if options.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in writer.field("state", state) })
        } else {
            StandardStream.output.write(words + "\n")
        }
    }
}
