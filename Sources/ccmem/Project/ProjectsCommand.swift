import ArgumentParser
import Commands
import JSON
import Projects

struct ProjectsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "projects",
        abstract: "List the projects that have a store.",
        discussion: """
            EXAMPLES
              ccmem projects
              ccmem projects scan ~/work
              ccmem projects reorder ~/work/api ~/work/web
              ccmem projects move ~/work/api ~/work/api-server

            EXIT STATUS
              0  done
              1  there is none
              2  the command line is wrong
              3  the registry can't be written
            """,
        subcommands: [List.self, Add.self, Remove.self, Scan.self, Reorder.self, ProjectsMove.self],
        defaultSubcommand: List.self)

    struct JSONOption: ParsableArguments {
        @Flag(help: "Print JSON.")
        var json = false
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the projects, those that were ordered first.")
        @OptionGroup var options: JSONOption

        func run() throws {
            let projects = try ProjectsCommand.registry().projects { path in
                StandardStream.error.write("warning: \(path): this entry is damaged and was passed over\n")
            }
            if options.json {
                StandardStream.output.print(
                    MemoryJSON.document { writer in
                        writer.key("projects")
                        writer.beginArray()
                        for project in projects {
                            writer.beginObject()
                            writer.key("root")
                            writer.string(project.root)
                            writer.key("store")
                            writer.string(project.location.database)
                            writer.key("exists")
                            writer.bool(project.exists)
                            writer.endObject()
                        }
                        writer.endArray()
                    })
            } else {
                for project in projects {
                    StandardStream.output.write(
                        "\(TextStyle.printable(project.root))\(project.exists ? "" : "  (gone)")\n")
                }
                if projects.contains(where: { !$0.exists }) {
                    StandardStream.error.write(
                        "note: If a folder was renamed, `ccmem projects move OLD NEW` gives its memories to the new place.\n"
                    )
                }
            }
            if projects.isEmpty { throw ExitStatus.nothingFound }
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add projects to the list.")
        @OptionGroup var options: JSONOption
        @Argument(help: ArgumentHelp("Directories; else that of the working directory.", valueName: "dir"))
        var directories: [String] = []

        func run() throws {
            let starts =
                directories.isEmpty ? [ProjectStart.workingDirectory] : directories.map { .directory($0) }
            var roots: [String] = []
            for start in starts {
                let context = try ProjectContext.find(start, .current())
                if !context.isPaused { try context.checkActive() }
                let root = context.root
                try ProjectsCommand.inWords { try ProjectsCommand.registry().add(root) }
                roots.append(root)
            }
            ProjectsCommand.report("added", roots, options) { "Added \($0)." }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take projects off the list; their stores stay as they are.")
        @OptionGroup var options: JSONOption
        @Argument(help: ArgumentHelp("Directories.", valueName: "dir")) var directories: [String]

        func run() throws {
            var roots: [String] = []
            for directory in directories {
                let root = Files.realPath(directory) ?? directory
                let wasThere = try ProjectsCommand.inWords { try ProjectsCommand.registry().remove(root) }
                guard wasThere else {
                    throw CommandError(
                        "`\(TextStyle.printable(root))` is not on the list.", help: "`ccmem projects` shows it.",
                        .nothingFound)
                }
                roots.append(root)
            }
            ProjectsCommand.report("removed", roots, options) { "Removed \($0) from the list; its store stays." }
        }
    }

    struct Scan: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Look for projects with .ccmem below a folder, and add them.")
        @OptionGroup var options: JSONOption
        @Argument(help: ArgumentHelp("A folder.", valueName: "dir")) var folder: String

        func run() throws {
            guard Files.kind(of: folder) == .directory else {
                throw CommandError("`\(TextStyle.printable(folder))` is no folder.", .unreadableInput)
            }
            let found = ProjectRegistry.scan(folder)
            for root in found { try ProjectsCommand.inWords { try ProjectsCommand.registry().add(root) } }
            ProjectsCommand.report("added", found, options) { "Added \($0)." }
            if found.isEmpty { throw ExitStatus.nothingFound }
        }
    }

    struct Reorder: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put these projects first, in this order.")
        @OptionGroup var options: JSONOption
        @Argument(help: ArgumentHelp("Directories.", valueName: "dir")) var directories: [String]

        func run() throws {
            let roots = directories.map { Files.realPath($0) ?? $0 }
            let known = try ProjectsCommand.registry().projects().map(\.root)
            if let unknown = roots.first(where: { !known.contains($0) }) {
                throw CommandError(
                    "`\(TextStyle.printable(unknown))` is not on the list.", help: "`ccmem projects` shows it.",
                    .nothingFound)
            }
            try ProjectsCommand.inWords { try ProjectsCommand.registry().reorder(roots) }
            ProjectsCommand.report("order", roots, options) { _ in nil }
        }
    }

    /// What became of projects: a list below a name, or a line for each.
    private static func report(_ name: String, _ roots: [String], _ options: JSONOption, _ line: (String) -> String?) {
        if options.json {
            StandardStream.output.print(MemoryJSON.document { $0.array(name, roots) { $1.string($0) } })
        } else {
            for root in roots {
                if let line = line(TextStyle.printable(root)) { StandardStream.output.write(line + "\n") }
            }
        }
    }

    private static func registry() throws -> ProjectRegistry {
        guard let registry = ProjectRegistry(.current()) else {
            throw CommandError(ProjectRefusal.noDataFolder.message, .unreadableInput)
        }
        return registry
    }

    private static func inWords<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let failure as FileFailure {
            throw CommandError(failure.message, .unreadableInput)
        }
    }
}
