import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A terminal of a test's own: what a program at its line writes can be read, and what is typed reaches the program.
public final class Terminal: Sendable {
    public struct CannotOpen: Error {}

    /// The end that a program is started with.
    public let line: Int32
    private let master: Int32

    public init() throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard master >= 0, let name = Terminal.name(of: master) else { throw CannotOpen() }
        line = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard line >= 0 else { throw CannotOpen() }
    }

    deinit {
        close(line)
        close(master)
    }

    public func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(master, bytes, bytes.count)
    }

    /// All that stands on it by now, what was typed included.
    public func text() -> String {
        _ = fcntl(master, F_SETFL, O_NONBLOCK)
        var (text, buffer): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 1 << 12))
        while case let count = read(master, &buffer, buffer.count), count > 0 { text += buffer[..<count] }
        return String(decoding: text, as: UTF8.self)
    }

    /// The other end of a terminal, unlocked; nil when there is none.
    private static func name(of terminal: Int32) -> String? {
        #if os(Linux)
            // Glibc's functions for this are not in its module; the requests are those of <asm-generic/ioctls.h>.
            var (lock, number): (Int32, UInt32) = (0, 0)
            guard ioctl(terminal, 0x4004_5431, &lock) == 0, ioctl(terminal, 0x8004_5430, &number) == 0 else {
                return nil
            }
            return "/dev/pts/\(number)"
        #else
            guard grantpt(terminal) == 0, unlockpt(terminal) == 0 else { return nil }
            return ptsname(terminal).map { String(cString: $0) }
        #endif
    }
}
