#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where hooks write what went wrong, since nobody reads their errors: `hook.log` in the user's data folder. The newest message
/// waits there until the start of a session has told the user.
public struct HookLog: Sendable {
    /// The log begins anew behind this size, in bytes; the one before stays as `hook.log.1`.
    static let limit = 128 << 10

    private let folder: String
    private var log: String { folder + "/hook.log" }
    private var unseen: String { folder + "/hook.unseen" }
    private var seen: String { folder + "/hook.seen" }

    public init(dataFolder: String) { folder = dataFolder }

    /// Writes a line, and has it told at the next start of a session, unless that message was told last.
    ///
    /// Nothing is thrown: where no log can be written there is nobody to tell.
    ///
    /// - Parameters:
    ///   - message: What is wrong and what to do about it.
    ///   - time: ISO 8601.
    public func note(_ message: String, from place: String, at time: String) {
        let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        guard (try? Files.makeFolder(folder)) != nil else { return }
        append("\(time) \(place): \(line)\n")
        guard contents(seen) != line, contents(unseen) != line else { return }
        try? Files.write(Array(line.utf8), to: unseen)
    }

    /// The message that nobody has seen yet. Of several that ask, one gets it.
    public func takeUnseen() -> String? {
        guard let message = contents(unseen), rename(unseen, seen) == 0 else { return nil }
        return message.isEmpty ? nil : message
    }

    /// What was told may be told again: it had stopped.
    public func settle() {
        if Files.status(of: unseen) == nil { unlink(seen) }
    }

    private func contents(_ path: String) -> String? {
        (try? Files.contents(of: path, limit: 1 << 16, followingLinks: false)).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private func append(_ line: String) {
        if let size = Files.status(of: log)?.size, size > HookLog.limit { _ = rename(log, log + ".1") }
        let descriptor = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        _ = Files.writeAll(Array(line.utf8), to: descriptor)
        close(descriptor)
    }
}
