import Commands
import CPluginCommands
import Projects

/// The plugin's commands among the user's own, for those who have the hooks by `ccmem install`: `/search` in place of `/ccmem:search`.
struct UserCommands {
    /// Ends each file that is from here. Who takes the line out keeps the file.
    private static let marker = "<!-- From `ccmem install --commands`; `ccmem uninstall` takes it away. -->"
    /// The client has a command of this name itself.
    private static let renamed = ["status": "memory-status"]

    private let folder: String

    init() throws {
        guard let claude = Environment.current().claudeDirectory else {
            throw CommandError("There is no home directory: set `HOME`.", .unreadableInput)
        }
        folder = claude + "/commands"
    }

    private static var files: [(name: String, text: String)] {
        (0..<plugin_command_count).map { index in
            let command = plugin_command(index)
            let name = String(cString: command.name)
            let text = String(decoding: UnsafeBufferPointer(start: command.bytes, count: command.count), as: UTF8.self)
            return (renamed[name] ?? name, text + "\n" + marker + "\n")
        }
    }

    /// Writes them, those of an older version too, and says so; a person's files stay.
    func add(dryRun: Bool) throws {
        var added: [String] = []
        for file in UserCommands.files {
            let path = "\(folder)/\(file.name).md"
            if let present = try text(path) {
                guard UserCommands.isOurs(present) else {
                    StandardStream.error.write("left out: \(path) is not from here.\n")
                    continue
                }
                guard present != file.text else { continue }
            }
            added.append("/" + file.name)
            if dryRun { continue }
            do throws(FileFailure) {
                try Files.makeFolder(folder)
                try Files.write(Array(file.text.utf8), to: path)
            } catch {
                throw CommandError(error.message, .unreadableInput)
            }
        }
        say(added, dryRun ? "Would add" : "Added")
    }

    /// Takes them away, whatever this version calls them.
    func remove(dryRun: Bool) throws {
        var removed: [String] = []
        for name in Files.names(in: folder) ?? [] where name.hasSuffix(".md") {
            let path = "\(folder)/\(name)"
            guard let present = try text(path), UserCommands.isOurs(present) else { continue }
            removed.append("/" + name.dropLast(3))
            if dryRun { continue }
            do throws(FileFailure) { try Files.removeIfThere(path) } catch {
                throw CommandError(error.message, .unreadableInput)
            }
        }
        say(removed, dryRun ? "Would remove" : "Removed")
    }

    private func say(_ names: [String], _ verb: String) {
        guard !names.isEmpty else { return }
        StandardStream.output.write("\(verb) \(names.joined(separator: " ")) in \(folder).\n")
    }

    private static func isOurs(_ text: String) -> Bool {
        text.split(separator: "\n").last.map { $0 == marker } ?? false
    }

    private func text(_ path: String) throws -> String? {
        do throws(FileFailure) {
            return String(decoding: try Files.contents(of: path, limit: 1 << 20), as: UTF8.self)
        } catch {
            if error.isMissing { return nil }
            throw CommandError(error.message, .unreadableInput)
        }
    }
}
