import ArgumentParser
import Commands
import JSON
import Projects

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show and change settings.",
        discussion: """
            Without a verb it lists every setting with its value and where that comes from. Each can also be given by a variable \
            CCMEM_… in the environment; docs/settings.md describes them all.

            EXAMPLES
              ccmem config
              ccmem config get archive.max-megabytes
              ccmem config set exclude.projects '~/clients/**'
              ccmem config set injection.session-start-tokens 1500 --local
              ccmem config set packs ml,web

            EXIT STATUS
              0  done
              2  the setting or the value is wrong
              3  a file can't be read or written
            """,
        subcommands: [List.self, Get.self, Set.self, Unset.self], defaultSubcommand: List.self)

    /// The settings as they hold here; those of the user alone where there is no project.
    static func resolved(_ options: ProjectOptions) -> Settings {
        let environment = Environment.current()
        let start = options.project.map { ProjectStart.directory($0) } ?? .workingDirectory
        if case .active(let project) = Activity.state(from: start, environment) { return project.settings }
        return Settings(environment)
    }

    static func key(_ name: String) throws -> SettingKey {
        do throws(SettingsProblem) {
            return try SettingKey(named: name)
        } catch {
            throw CommandError(error.message, help: "`ccmem config` lists all settings.", .usage)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all settings.")
        @OptionGroup var project: ProjectOptions

        func run() throws {
            let settings = ConfigCommand.resolved(project)
            if project.json {
                StandardStream.output.print(
                    MemoryJSON.document { writer in
                        writer.key("settings")
                        writer.beginArray()
                        for key in SettingKey.allCases { ConfigCommand.write(key, settings, &writer) }
                        writer.endArray()
                    })
            } else {
                for key in SettingKey.allCases {
                    let name = key.rawValue + String(repeating: " ", count: max(1, 32 - key.rawValue.count))
                    StandardStream.output.write("\(name)\(settings[key].value.json)  (\(settings[key].origin.words))\n")
                }
            }
            for problem in settings.problems { StandardStream.error.write("warning: \(problem.message)\n") }
            if settings.closedBy != nil { throw ExitStatus.unreadableInput }
        }
    }

    struct Get: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the value of a setting.")
        @OptionGroup var project: ProjectOptions
        @Argument(help: ArgumentHelp("Its name.", valueName: "key")) var name: String

        func run() throws {
            let key = try ConfigCommand.key(name)
            let settings = ConfigCommand.resolved(project)
            if project.json {
                StandardStream.output.print(
                    MemoryJSON.document { writer in
                        writer.key("setting")
                        ConfigCommand.write(key, settings, &writer)
                    })
            } else {
                StandardStream.output.write(settings[key].value.json + "\n")
            }
            for problem in settings.problems { StandardStream.error.write("warning: \(problem.message)\n") }
        }
    }

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set a setting for yourself, or with --local for the project.")
        @OptionGroup var project: ProjectOptions
        @Flag(help: "In the project's .ccmem/config.json.") var local = false
        @Argument(help: ArgumentHelp("Its name.", valueName: "key")) var name: String
        @Argument(help: ArgumentHelp("Its value; patterns are parted by `:`, names by `,`.", valueName: "value"))
        var value: String

        func run() throws {
            let key = try ConfigCommand.key(name)
            try ConfigCommand.inProblems {
                try ConfigCommand.change(key, to: key.value(ofText: value, .current()), local, project)
            }
        }
    }

    struct Unset: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Go back to the default.")
        @OptionGroup var project: ProjectOptions
        @Flag(help: "In the project's .ccmem/config.json.") var local = false
        @Argument(help: ArgumentHelp("Its name.", valueName: "key")) var name: String

        func run() throws {
            let key = try ConfigCommand.key(name)
            try ConfigCommand.inProblems { try ConfigCommand.change(key, to: nil, local, project) }
        }
    }

    private static func change(
        _ key: SettingKey, to value: SettingValue?, _ isLocal: Bool, _ options: ProjectOptions
    ) throws {
        guard isLocal else {
            guard let file = ConfigFile.user(.current()) else {
                throw CommandError("There is no home directory to keep settings in.", .unreadableInput)
            }
            if let value { try file.set(key, to: value) } else { try file.unset(key) }
            return
        }
        let context = try ProjectContext.find(options)
        try context.checkActive()
        guard let active = context.active, context.location.root.reason == .ownFolder else {
            throw CommandError(
                "This project has no `.ccmem` folder.",
                help: "`ccmem init` makes one; without --local the setting is yours.",
                .usage)
        }
        try ConfigFile.change(
            key, to: value, in: active.root, active.ledger, ownEdits: active.settings.bool(.trustOwnEdits))
    }

    private static func inProblems(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let problem as SettingsProblem {
            throw CommandError(problem.message, .usage)
        }
    }

    private static func write(_ key: SettingKey, _ settings: Settings, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("key")
        writer.string(key.rawValue)
        writer.key("value")
        settings[key].value.write(to: &writer)
        writer.key("origin")
        writer.string(settings[key].origin.words)
        writer.field("variable", key.hasVariable ? key.environmentName : nil)
        writer.endObject()
    }
}
