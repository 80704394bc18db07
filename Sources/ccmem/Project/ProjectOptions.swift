import ArgumentParser

/// What every command of the store takes.
struct ProjectOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The project; else the one of the working directory.", valueName: "dir"))
    var project: String?

    @Flag(help: "Print JSON.")
    var json = false
}
