import ArgumentParser
import Commands
import Projects

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

struct InstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Put ccmem to work in Claude Code.",
        discussion: """
            Adds the hooks to the settings of Claude Code: yours for all projects, or this project's on this machine alone. What else \
            stands there stays as it is, and a copy of the file as it was without ccmem is kept beside it. Doing it again changes nothing. Sessions from \
            before are read when the next session of their project begins.

            With --commands, the commands of the plugin come into `commands/` beside your settings, as `/search`, `/why`, `/mark-task` and so \
            on; a file of that name that is not from here is left alone. `ccmem uninstall` takes them away.

            EXAMPLES
              ccmem install --dry-run
              ccmem install --user
              ccmem install --user --commands
              ccmem install --project

            EXIT STATUS
              0  done, also when they were there already
              2  the command line is wrong
              3  the settings can't be read or written
            """)

    @OptionGroup var place: SettingsPlace

    @Flag(help: "Add the plugin's commands to yours, without a prefix.")
    var commands = false

    @Flag(help: "Show the file as it would be, and write nothing.")
    var dryRun = false

    func validate() throws {
        if commands, place.project { throw ValidationError("--commands adds to your own commands: give --user.") }
    }

    func run() throws {
        guard let hook = SettingsFile.hook else {
            throw CommandError(
                "There is no `ccmem-hook` beside this command.", help: "Install both with `make install`.",
                .unreadableInput)
        }
        try SettingsFile(place).change(dryRun: dryRun, done: "Claude Code calls \(hook) from its next session on.") {
            settings throws(ClaudeSettings.Refusal) in try settings.adding(hook)
        }
        if commands { try UserCommands().add(dryRun: dryRun) }
        if !dryRun, let offer = ModelOffer.words { StandardStream.output.write(offer + "\n") }
    }
}

struct UninstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "Take ccmem out of Claude Code's settings.",
        discussion: """
            Removes the hooks and commands that `ccmem install` has added; memories stay. A file that says what the copy beside it says \
            becomes that copy again, byte by byte; the copy stays.

            EXAMPLES
              ccmem uninstall --user

            EXIT STATUS
              0  done, also when there were none
              2  the command line is wrong
              3  the settings can't be read or written
            """)

    @OptionGroup var place: SettingsPlace

    @Flag(help: "Show the file as it would be, and write nothing.")
    var dryRun = false

    func run() throws {
        let file = try SettingsFile(place)
        let emptyEvents = file.emptyEventsBefore
        try file.change(dryRun: dryRun, done: "Claude Code does not call ccmem any more.") {
            settings throws(ClaudeSettings.Refusal) in
            file.asBefore(try settings.removing(leaving: emptyEvents), of: settings)
        }
        if !place.project { try UserCommands().remove(dryRun: dryRun) }
    }
}

struct SettingsPlace: ParsableArguments {
    @Flag(help: "Your settings, for all projects; the default.")
    var user = false

    @Flag(help: "This project's settings on this machine, `.claude/settings.local.json`.")
    var project = false

    func validate() throws {
        if user, project { throw ValidationError("Give --user or --project, not both.") }
    }
}

/// A settings file of Claude Code.
struct SettingsFile {
    let path: String

    init(_ place: SettingsPlace) throws {
        let environment = Environment.current()
        if place.project {
            let context = try ProjectContext.find(.workingDirectory, environment)
            path = context.root + "/.claude/settings.local.json"
        } else {
            guard let folder = environment.claudeDirectory else {
                throw CommandError("There is no home directory: set `HOME`.", .unreadableInput)
            }
            path = folder + "/settings.json"
        }
    }

    init(path: String) { self.path = path }

    /// The hook beside this command.
    static var hook: String? { Files.beside("ccmem-hook") }

    /// The file as it was without our hooks, where one was kept.
    private var kept: [UInt8]? {
        try? Files.contents(of: (Files.realPath(path) ?? path) + ".before-ccmem", limit: 1 << 24)
    }

    /// Events that had a list with nothing in it before our hooks came, as the file that was kept then says.
    var emptyEventsBefore: [String] {
        guard let kept else { return [] }
        return (try? ClaudeSettings(kept).emptyEvents) ?? []
    }

    /// The file that was kept, when settings without our hooks say what it says; else those settings.
    ///
    /// - Parameter settings: What our hooks were taken out of.
    func asBefore(_ bytes: [UInt8], of settings: ClaudeSettings) -> [UInt8] {
        guard !settings.hookPaths.isEmpty, let kept, let before = try? ClaudeSettings(kept),
            let after = try? ClaudeSettings(bytes), after.saysTheSame(as: before)
        else { return bytes }
        return kept
    }

    /// Changes the file, or shows it as it would be, and says so.
    func change(
        dryRun: Bool, done: String, _ body: (ClaudeSettings) throws(ClaudeSettings.Refusal) -> [UInt8]
    ) throws {
        let change = try planned(body)
        if dryRun {
            StandardStream.output.write(String(decoding: change.after, as: UTF8.self))
            return
        }
        guard change.isOne else {
            StandardStream.output.write("\(change.file) is as it should be.\n")
            return
        }
        try write(change)
        StandardStream.output.write("Changed \(change.file). \(done)\n")
        if change.keepsBefore {
            StandardStream.output.write("The file as it was: \(change.file).before-ccmem\n")
        }
    }

    /// Changes the file when it is not as it should be.
    func rewrite(_ body: (ClaudeSettings) throws(ClaudeSettings.Refusal) -> [UInt8]) throws {
        let change = try planned(body)
        if change.isOne { try write(change) }
    }

    private struct Change {
        var file: String
        var before: [UInt8]
        var after: [UInt8]
        /// Whether the file before is its user's alone: a copy of it is kept, and no version with our hooks takes its place.
        var keepsBefore: Bool
        /// Whether there is anything to write.
        var isOne: Bool { after != before && !(before.isEmpty && after.count <= 4) }
    }

    private func planned(_ body: (ClaudeSettings) throws(ClaudeSettings.Refusal) -> [UInt8]) throws -> Change {
        // Settings are often a link into a folder of their own; what it leads to is changed.
        let file = Files.realPath(path) ?? path
        var before: [UInt8] = []
        do throws(FileFailure) {
            before = try Files.contents(of: file, limit: 1 << 24)
        } catch {
            guard error.isMissing else { throw CommandError(error.message, .unreadableInput) }
        }
        do throws(ClaudeSettings.Refusal) {
            let settings = try ClaudeSettings(before)
            return Change(
                file: file, before: before, after: try body(settings),
                keepsBefore: !before.isEmpty && settings.hookPaths.isEmpty)
        } catch {
            throw CommandError(
                "\(file):\(error.line):\(error.column): \(error.reason).",
                help: "Mend the file and run this again; it was left as it is.",
                .unreadableInput)
        }
    }

    private func write(_ change: Change) throws {
        do throws(FileFailure) {
            let mode = Files.status(of: change.file)?.permissions
            if let slash = change.file.lastIndex(of: "/") { try Files.makeFolder(String(change.file[..<slash])) }
            if change.keepsBefore { try Files.write(change.before, to: change.file + ".before-ccmem") }
            try Files.write(change.after, to: change.file)
            if let mode { chmod(change.file, mode_t(mode)) }
        } catch {
            throw CommandError(error.message, .unreadableInput)
        }
    }
}
