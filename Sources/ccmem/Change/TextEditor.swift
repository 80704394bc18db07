import Commands

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The editor of the person at the terminal.
enum TextEditor {
    /// Opens a text in `$VISUAL` or `$EDITOR` and gives what was saved.
    static func edit(_ text: String) throws -> String {
        guard isatty(STDIN_FILENO) == 1, let editor = program() else {
            throw CommandError(
                "Nothing to change was named.", help: "Say what, such as --content TEXT, or set EDITOR at a terminal.",
                .usage)
        }
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let path = "\(folder)/ccmem-edit-\(getpid()).md"
        defer { unlink(path) }
        let saved: [UInt8]?
        do throws(FileError) {
            unlink(path)
            try WholeFile.write(Array((text + "\n").utf8), to: path)
            saved = runs(editor, path) ? try WholeFile.read(path) : nil
        } catch {
            throw CommandError("\(path): \(error.reason).", .unreadableInput)
        }
        guard let saved else { throw CommandError("`\(editor)` did not end well; nothing was changed.", .usage) }
        return String(decoding: saved, as: UTF8.self)
    }

    private static func program() -> String? {
        for name in ["VISUAL", "EDITOR"] {
            if let value = getenv(name), value.pointee != 0 { return String(cString: value) }
        }
        return nil
    }

    /// As the shell would: the variable may hold options.
    private static func runs(_ editor: String, _ path: String) -> Bool {
        let words = ["/bin/sh", "-c", editor + " \"$1\"", "sh", path]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for word in arguments { free(word) } }
        var child: pid_t = 0
        guard posix_spawn(&child, words[0], nil, nil, &arguments, environ) == 0 else { return false }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 { if errno != EINTR { return false } }
        return status == 0
    }
}
