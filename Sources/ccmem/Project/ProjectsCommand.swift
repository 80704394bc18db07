import ArgumentParser
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

            EXIT STATUS
              0  done
              1  there is none
              2  the command line is wrong
              3  the registry can't be written
            """,
        subcommands: [List.self, Add.self, Remove.self, Scan.self, Reorder.self], defaultSubcommand: List.self)

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
            }
            if projects.isEmpty { throw ExitStatus.nothingFound }
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add projects to the list.")
        @Argument(help: ArgumentHelp("Directories.", valueName: "dir")) var directories: [String]

        func run() throws {
            for directory in directories {
                let root = try ProjectContext.find(.directory(directory), .current()).root
                try ProjectsCommand.inWords { try ProjectsCommand.registry().add(root) }
                StandardStream.output.write("Added \(TextStyle.printable(root)).\n")
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take projects off the list; their stores stay as they are.")
        @Argument(help: ArgumentHelp("Directories.", valueName: "dir")) var directories: [String]

        func run() throws {
            for directory in directories {
                let root = Files.realPath(directory) ?? directory
                let wasThere = try ProjectsCommand.inWords { try ProjectsCommand.registry().remove(root) }
                guard wasThere else {
                    throw CommandError(
                        "`\(root)` is not on the list.", help: "`ccmem projects` shows it.", .nothingFound)
                }
                StandardStream.output.write("Removed \(TextStyle.printable(root)) from the list; its store stays.\n")
            }
        }
    }

    struct Scan: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Look for projects with .ccmem below a folder, and add them.")
        @Argument(help: ArgumentHelp("A folder.", valueName: "dir")) var folder: String

        func run() throws {
            let found = ProjectRegistry.scan(folder)
            for root in found {
                try ProjectsCommand.inWords { try ProjectsCommand.registry().add(root) }
                StandardStream.output.write("Added \(TextStyle.printable(root)).\n")
            }
            if found.isEmpty { throw ExitStatus.nothingFound }
        }
    }

    struct Reorder: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put these projects first, in this order.")
        @Argument(help: ArgumentHelp("Directories.", valueName: "dir")) var directories: [String]

        func run() throws {
            let roots = directories.map { Files.realPath($0) ?? $0 }
            try ProjectsCommand.inWords { try ProjectsCommand.registry().reorder(roots) }
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
