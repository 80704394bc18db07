#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A lock that holds among processes as long as this value lives, and goes with the process, however it ends.
///
/// The file stays: removing it would let two holders stand on two files of one name.
public struct ProjectLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock when nobody has it.
    ///
    /// - Returns: Nil when another process, or another holder in this one, has it.
    /// - Throws: When the file can't be made or locks are not to be had there.
    public static func tryTaking(_ path: String) throws(FileFailure) -> ProjectLock? {
        try take(path, LOCK_EX | LOCK_NB)
    }

    /// Takes the lock, waiting for it.
    static func taking(_ path: String) throws(FileFailure) -> ProjectLock {
        guard let lock = try take(path, LOCK_EX) else { throw FileFailure(path, code: EWOULDBLOCK) }
        return lock
    }

    private static func take(_ path: String, _ operation: Int32) throws(FileFailure) -> ProjectLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileFailure(path) }
        while flock(descriptor, operation) != 0 {
            if errno == EINTR { continue }
            let code = errno
            close(descriptor)
            if code == EWOULDBLOCK { return nil }
            throw FileFailure(path, code: code)
        }
        return ProjectLock(descriptor: descriptor)
    }

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Called at the end of what the lock guards, so that it is held until then.
    public borrowing func keep() {}

    deinit { close(descriptor) }
}
