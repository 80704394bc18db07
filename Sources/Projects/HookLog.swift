import Digests

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where hooks write what went wrong, since nobody reads their errors: `hook.log` in the user's data folder. The newest message
/// waits there until the start of a session has told the user: what is wrong with one store alone, a session of its project.
public struct HookLog: Sendable {
    /// The log begins anew behind this size, in bytes; the one before stays as `hook.log.1`.
    static let limit = 128 << 10

    private let folder: String
    private var log: String { folder + "/hook.log" }
    /// The database that a message is about; nil for what no project has to do with.
    private let store: String?

    /// - Parameter store: Path of the database of the project that speaks or asks; nil where there is none.
    public init(dataFolder: String, store: String? = nil) {
        folder = dataFolder
        self.store = store
    }

    public init(_ location: StoreLocation) { self.init(dataFolder: location.dataFolder, store: location.database) }

    private static func unseen(_ folder: String, _ store: String?) -> String {
        folder + "/hook.unseen" + suffix(store)
    }

    private static func seen(_ folder: String, _ store: String?) -> String { folder + "/hook.seen" + suffix(store) }

    private static func suffix(_ store: String?) -> String {
        store.map { "." + String(SHA256.hex($0).prefix(8)) } ?? ""
    }

    /// Whose messages are told here: those of the store, then those of no project.
    private var told: [String?] { store == nil ? [nil] : [store, nil] }

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
        append("\(time) \(place)\(store.map(HookLog.mark) ?? ""): \(line)\n")
        let unseen = HookLog.unseen(folder, store)
        guard contents(HookLog.seen(folder, store)) != line, contents(unseen) != line else { return }
        try? Files.write(Array(line.utf8), to: unseen)
    }

    /// The message that nobody has seen yet. Of several that ask, one gets it.
    public func takeUnseen() -> String? {
        for store in told {
            let unseen = HookLog.unseen(folder, store)
            guard let message = contents(unseen), rename(unseen, HookLog.seen(folder, store)) == 0, !message.isEmpty
            else { continue }
            return message
        }
        return nil
    }

    /// How a line of the log names the store that it is about.
    private static func mark(_ store: String) -> String {
        " [" + store.split(whereSeparator: \.isNewline).joined(separator: " ") + "]"
    }

    /// The newest line of the log that is about the store, or about no project; nil when there is none.
    public var last: String? {
        guard let bytes = try? Files.contents(of: log, limit: 1 << 20, followingLinks: false) else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.last { isTold(String($0)) }.map(String.init)
    }

    /// What was told may be told again: it had stopped.
    public func settle() {
        for store in told where Files.status(of: HookLog.unseen(folder, store)) == nil {
            unlink(HookLog.seen(folder, store))
        }
    }

    /// Whether a line is about the store, or about no project. Time and place stand before the mark, a space behind each.
    private func isTold(_ line: String) -> Bool {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count == 3, words[2].hasPrefix("["), !words[1].hasSuffix(":") else { return true }
        guard let store else { return false }
        return " \(words[2])".hasPrefix("\(HookLog.mark(store)): ")
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
