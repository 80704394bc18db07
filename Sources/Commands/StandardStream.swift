public import Projects
import Neutralization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Standard output or standard error, written in whole buffers; of standard input, whether it is a terminal.
public struct StandardStream: Sendable {
    public let descriptor: Int32

    public static let input = StandardStream(descriptor: STDIN_FILENO)
    public static let output = StandardStream(descriptor: STDOUT_FILENO)
    public static let error = StandardStream(descriptor: STDERR_FILENO)

    public var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Columns of the terminal; nil when there is none.
    public var width: Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes words for a reader. Two harmless pieces can form a tag of the harness where they are joined, so what was
    /// assembled is looked at once more.
    public func write(_ text: String) {
        _ = write(Array(Neutralizer.withoutForgery(text).utf8))
    }

    /// Writes bytes as they are.
    public func print(_ bytes: [UInt8]) {
        _ = write(bytes)
    }

    /// What standard output does not take, the command says when it ends, and leaves with another status.
    ///
    /// - Returns: False when the reader is gone or the disk is full.
    public func write(_ bytes: [UInt8]) -> Bool {
        var start = 0
        while start < bytes.count {
            let written = bytes.withUnsafeBytes { buffer -> Int in
                guard let base = buffer.baseAddress else { return 0 }
                return systemWrite(descriptor, base + start, bytes.count - start)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                if descriptor == STDOUT_FILENO { OutputFailure.note(written < 0 ? errno : EIO) }
                return false
            }
            start += written
        }
        return true
    }
}

/// The system calls, by names that no method hides.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}

/// Why a file could not be written or read.
public struct FileError: Error {
    public var path: String
    public var reason: String
    /// Whether the reader of a pipe has gone.
    public var isClosedPipe: Bool

    public init(_ failure: FileFailure) {
        path = failure.path
        reason = failure.reason
        isClosedPipe = false
    }

    public init(_ path: String) {
        self.path = path
        reason = String(cString: strerror(errno))
        isClosedPipe = errno == EPIPE
    }
}

/// Whole files, for small ones.
public enum WholeFile {
    /// Writes beside the file and renames, so that it is never half written. A new file has mode 0600, an old one keeps its
    /// own; a symbolic link is followed, and a device or a pipe is written to as it is.
    public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        var info = stat()
        let exists = stat(path, &info) == 0
        if exists, info.st_mode & S_IFMT != S_IFREG { return try writeInPlace(bytes, to: path) }
        let target = exists ? resolved(path) : path
        let temporary = target + ".\(getpid()).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError(path) }
        if exists { _ = fchmod(descriptor, info.st_mode & 0o777) }
        let complete = StandardStream(descriptor: descriptor).write(bytes) && fsync(descriptor) == 0
        close(descriptor)
        guard complete, rename(temporary, target) == 0 else {
            let error = FileError(path)
            unlink(temporary)
            throw error
        }
    }

    private static func writeInPlace(_ bytes: [UInt8], to path: String) throws(FileError) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path) }
        defer { close(descriptor) }
        guard StandardStream(descriptor: descriptor).write(bytes) else { throw FileError(path) }
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// - Parameter limit: A longer file is refused.
    public static func read(_ path: String, limit: Int = 4 << 20) throws(FileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = systemRead(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError(path) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else {
                errno = EFBIG
                throw FileError(path)
            }
        }
    }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
