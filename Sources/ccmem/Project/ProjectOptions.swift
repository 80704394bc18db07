import ArgumentParser
import Projects

/// What every command of the store takes.
struct ProjectOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The project; else the one of the working directory.", valueName: "dir"))
    var project: String?

    @Flag(help: "Print JSON.")
    var json = false

    var start: ProjectStart { project.map { .directory($0) } ?? .workingDirectory }
}
