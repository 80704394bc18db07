import CPrograms
public import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A program that a test starts: with no signal blocked or ignored, whatever the runner of the tests did with them, in an
/// environment of its own, and waited for by `waitpid`. (`Process` of Foundation inherits blocked signals, and its
/// `waitUntilExit` polls; on Linux it may poll for ever when several threads start programs.)
public final class Program: Sendable {
    /// What a program left behind.
    public struct Result: Sendable {
        /// The exit status; 128 and the number of the signal that ended it.
        public var status: Int32
        public var output: String
        public var errors: String
    }

    /// What a program is started with for one of its three standard files.
    public enum End: Sendable {
        case null
        case descriptor(Int32)
    }

    public struct CannotStart: Error {
        public var path: String
        public var code: Int32
    }

    public let pid: Int32
    private let ended: Mutex<Int32?> = Mutex(nil)

    /// - Parameters:
    ///   - path: A path, or a name that is looked for in the PATH of the tests.
    ///   - environment: All of it; nil for that of the tests.
    ///   - directory: Where it begins; nil for that of the tests.
    public init(
        _ path: String, _ arguments: [String], environment: [String: String]? = nil, directory: URL? = nil,
        input: End = .null, output: End = .null, errors: End = .null
    ) throws {
        let files = [input, output, errors].map { (end: End) -> Int32 in
            switch end {
            case .null: -1
            case .descriptor(let number): number
            }
        }
        let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0)=\($1)" }
        let started = withPointers(to: [path] + arguments) { arguments in
            withPointers(to: variables) { variables in
                var started = programs_start(path, arguments, variables, directory?.path, files)
                // A program that was just written is open for writing as long as a child of another thread, which has not
                // yet become another program, holds its copy of the descriptor.
                for _ in 0..<100 where started == -ETXTBSY {
                    usleep(20_000)
                    started = programs_start(path, arguments, variables, directory?.path, files)
                }
                return started
            }
        }
        guard started > 0 else { throw CannotStart(path: path, code: -started) }
        pid = started
    }

    /// Waits for the end.
    /// - Returns: The exit status; 128 and the number of the signal that ended it.
    @discardableResult
    public func wait() -> Int32 { look(options: 0) ?? -1 }

    /// Whether it has not ended.
    public var isRunning: Bool { look(options: WNOHANG) == nil }

    /// The status, once it has ended; asks for it once only.
    private func look(options: Int32) -> Int32? {
        ended.withLock { ended in
            if let ended { return ended }
            var status: Int32 = 0
            var got = waitpid(pid, &status, options)
            while got < 0 && errno == EINTR { got = waitpid(pid, &status, options) }
            guard got == pid else { return nil }
            let signal = status & 0x7F
            ended = signal == 0 ? status >> 8 & 0xFF : 128 + signal
            return ended
        }
    }

    /// Sends a signal to it, if it still runs.
    public func send(_ signal: Int32) {
        if isRunning { _ = kill(pid, signal) }
    }

    /// Runs a program to its end, and until nobody holds its output.
    /// - Parameters:
    ///   - input: Text to read; nil leaves its standard input to `end`.
    public static func run(
        _ path: String, _ arguments: [String], input: String? = nil, on end: End = .null,
        environment: [String: String]? = nil, directory: URL? = nil
    ) throws -> Result {
        let (output, errors) = (try ProgramPipe(), try ProgramPipe())
        let feed = try input.map { _ in try ProgramPipe() }
        let program = try Program(
            path, arguments, environment: environment, directory: directory,
            input: feed.map { .descriptor($0.out) } ?? end, output: .descriptor(output.into),
            errors: .descriptor(errors.into))
        close(output.into)
        close(errors.into)
        if let feed { close(feed.out) }
        let (text, words) = exchange(Array((input ?? "").utf8), feed?.into, output.out, errors.out)
        return Result(
            status: program.wait(), output: String(decoding: text, as: UTF8.self),
            errors: String(decoding: words, as: UTF8.self))
    }

    /// Writes a script that may be run at once by any program. Another process writes it: what the tests start meanwhile
    /// would inherit a file that they themselves have open, and a program that somebody has open for writing can't be run
    /// ("Text file busy").
    public static func writeScript(_ text: String, at path: String) throws {
        _ = try run("/bin/sh", ["-c", #"cat >"$0" && chmod 755 "$0""#, path], input: "#!/bin/sh\n" + text)
    }

    /// Feeds and reads until both outputs are at their end; closes all three.
    private static func exchange(
        _ input: [UInt8], _ feed: Int32?, _ output: Int32, _ errors: Int32
    ) -> ([UInt8], [UInt8]) {
        // A program that does not want its input is no failure.
        signal(SIGPIPE, SIG_IGN)
        var (feed, sent) = (feed ?? -1, 0)
        if feed >= 0 { _ = fcntl(feed, F_SETFL, O_NONBLOCK) }
        var (open, read): ([Int32], [[UInt8]]) = ([output, errors], [[], []])
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while open.contains(where: { $0 >= 0 }) {
            if feed >= 0, sent == input.count {
                close(feed)
                feed = -1
            }
            var entries = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            entries.append(pollfd(fd: feed, events: Int16(POLLOUT), revents: 0))
            guard poll(&entries, nfds_t(entries.count), -1) > 0 else { continue }
            if entries[2].revents != 0 {
                let count = input[sent...].withUnsafeBytes { write(feed, $0.baseAddress, $0.count) }
                if count > 0 { sent += count } else if errno != EAGAIN && errno != EINTR { sent = input.count }
            }
            for index in 0..<2 where entries[index].revents != 0 {
                let count = Foundation.read(open[index], &buffer, buffer.count)
                if count > 0 {
                    read[index] += buffer[..<count]
                } else if count == 0 || errno != EINTR {
                    close(open[index])
                    open[index] = -1
                }
            }
        }
        if feed >= 0 { close(feed) }
        return (read[0], read[1])
    }
}

/// A pipe whose ends no other program inherits.
public struct ProgramPipe {
    /// The end to read from.
    public let out: Int32
    /// The end to write into.
    public let into: Int32

    public init() throws {
        var ends: [Int32] = [-1, -1]
        let code = programs_pipe(&ends)
        guard code == 0 else { throw Program.CannotStart(path: "a pipe", code: code) }
        (out, into) = (ends[0], ends[1])
    }
}

/// Lends a list of C strings that ends in NULL.
private func withPointers<Answer>(
    to texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Answer
) -> Answer {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
}
