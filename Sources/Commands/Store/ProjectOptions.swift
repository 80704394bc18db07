public import ArgumentParser
public import Projects

/// What every command of the store takes.
public struct ProjectOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The project; else the one of the working directory.", valueName: "dir"))
    public var project: String?

    @Flag(help: "Print JSON.")
    public var json = false

    public init() {}

    /// Where the search for the project begins.
    public var start: ProjectStart { project.map { .directory($0) } ?? .workingDirectory }
}
