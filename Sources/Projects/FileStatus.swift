#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the file system says about one name.
public struct FileStatus: Sendable, Equatable {
    public enum Kind: Sendable, Equatable { case file, directory, link, other }

    public var kind: Kind
    /// User id.
    public var owner: UInt32
    /// The nine bits of permission.
    public var permissions: UInt32
    public var inode: UInt64
    public var device: UInt64
    /// In bytes.
    public var size: Int
    /// Nanoseconds since 1970.
    public var modified: Int

    /// Whether somebody other than the owner may write.
    public var isWritableByOthers: Bool { permissions & 0o022 != 0 }

    fileprivate init(_ info: stat) {
        kind =
            switch info.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .link
            default: .other
            }
        owner = UInt32(info.st_uid)
        permissions = UInt32(info.st_mode) & 0o777
        inode = UInt64(info.st_ino)
        device = UInt64(truncatingIfNeeded: info.st_dev)
        size = Int(info.st_size)
        #if canImport(Darwin)
            modified = Int(info.st_mtimespec.tv_sec) * 1_000_000_000 + Int(info.st_mtimespec.tv_nsec)
        #else
            modified = Int(info.st_mtim.tv_sec) * 1_000_000_000 + Int(info.st_mtim.tv_nsec)
        #endif
    }
}

extension Files {
    /// The status of the name itself, a symbolic link not followed; nil when there is nothing or it can't be seen.
    public static func status(of path: String) -> FileStatus? {
        var info = stat()
        return lstat(path, &info) == 0 ? FileStatus(info) : nil
    }

    /// The status of an open file.
    static func status(of descriptor: Int32) -> FileStatus? {
        var info = stat()
        return fstat(descriptor, &info) == 0 ? FileStatus(info) : nil
    }

    /// The effective user of this process.
    static var user: UInt32 { UInt32(geteuid()) }
}

/// Why the file system refused something.
public struct FileFailure: Error, Sendable, Equatable {
    public var path: String
    /// `errno`.
    public var code: Int32

    public init(_ path: String, code: Int32) {
        self.path = path
        self.code = code
    }

    /// From `errno` of the call that just failed.
    init(_ path: String) {
        self.init(path, code: errno)
    }

    /// The words of the system.
    public var reason: String { String(cString: strerror(code)) }
    public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
    public var message: String { "\(path): \(reason)." }
}
