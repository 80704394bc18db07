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
            stands there stays as it is, and a copy of the file before is kept beside it. Doing it again changes nothing.

            EXAMPLES
              ccmem install --dry-run
              ccmem install --user
              ccmem install --project

            EXIT STATUS
              0  done, also when they were there already
              2  the command line is wrong
              3  the settings can't be read or written
            """)

    @OptionGroup var place: SettingsPlace

    @Flag(help: "Show the file as it would be, and write nothing.")
    var dryRun = false

    func run() throws {
        guard let hook = SettingsFile.hook else {
            throw CommandError(
                "There is no `ccmem-hook` beside this command.", help: "Install both with `make install`.",
                .unreadableInput)
        }
        try SettingsFile(place).change(dryRun: dryRun, done: "Claude Code calls \(hook) from its next session on.") {
            settings throws(ClaudeSettings.Refusal) in try settings.adding(hook)
        }
        if !dryRun, let offer = ModelOffer.words { StandardStream.output.write(offer + "\n") }
    }
}

struct UninstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "Take ccmem out of Claude Code's settings.",
        discussion: """
            Removes the hooks that `ccmem install` has added; memories stay.

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
        try SettingsFile(place).change(dryRun: dryRun, done: "Claude Code does not call ccmem any more.") {
            settings throws(ClaudeSettings.Refusal) in try settings.removing()
        }
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

    /// The hook beside this command.
    static var hook: String? { Files.beside("ccmem-hook") }

    func change(
        dryRun: Bool, done: String, _ body: (ClaudeSettings) throws(ClaudeSettings.Refusal) -> [UInt8]
    ) throws {
        // Settings are often a link into a folder of their own; what it leads to is changed.
        let file = Files.realPath(path) ?? path
        var before: [UInt8] = []
        do throws(FileFailure) {
            before = try Files.contents(of: file, limit: 1 << 24)
        } catch {
            guard error.isMissing else { throw CommandError(error.message, .unreadableInput) }
        }
        let after: [UInt8]
        do throws(ClaudeSettings.Refusal) {
            after = try body(ClaudeSettings(before))
        } catch {
            throw CommandError(
                "\(file):\(error.line):\(error.column): \(error.reason).",
                help: "Mend the file and run this again; it was left as it is.",
                .unreadableInput)
        }
        if dryRun {
            StandardStream.output.write(String(decoding: after, as: UTF8.self))
            return
        }
        guard after != before, !(before.isEmpty && after.count <= 4) else {
            StandardStream.output.write("\(file) is as it should be.\n")
            return
        }
        do throws(FileFailure) {
            let mode = Files.status(of: file)?.permissions
            if let slash = file.lastIndex(of: "/") { try Files.makeFolder(String(file[..<slash])) }
            if !before.isEmpty { try Files.write(before, to: file + ".before-ccmem") }
            try Files.write(after, to: file)
            if let mode { chmod(file, mode_t(mode)) }
        } catch {
            throw CommandError(error.message, .unreadableInput)
        }
        StandardStream.output.write("Changed \(file). \(done)\n")
        if !before.isEmpty { StandardStream.output.write("The file as it was: \(file).before-ccmem\n") }
    }
}
