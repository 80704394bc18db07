import Commands
import Projects

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Databases beside the store that `ccmem repair` or `ccmem projects move` kept or left behind: nobody can take single rows
/// out of them.
enum DamagedCopies {
    private static let beginnings = ["memory.db.damaged-", "memory.db.repaired", StoreMove.setAside]

    /// Their paths, with the logs that belong to them.
    static func paths(beside folder: String) -> [String] {
        (Files.names(in: folder) ?? []).filter { name in beginnings.contains { name.hasPrefix($0) } }.sorted()
            .map { "\(folder)/\($0)" }
    }

    /// Overwrites and deletes them.
    ///
    /// - Returns: How many there were.
    static func remove(beside folder: String) throws(FileError) -> Int {
        let paths = paths(beside: folder)
        for path in paths {
            try overwrite(path)
            guard unlink(path) == 0 else { throw FileError(path) }
        }
        return paths.count
    }

    private static func overwrite(_ path: String) throws(FileError) {
        let descriptor = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            // A link is taken away without a look at what it leads to.
            if errno == ELOOP { return }
            throw FileError(path)
        }
        defer { close(descriptor) }
        var left = Int(lseek(descriptor, 0, SEEK_END))
        guard left >= 0, lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileError(path) }
        let zeros = [UInt8](repeating: 0, count: 1 << 16)
        while left > 0 {
            let count = write(descriptor, zeros, min(left, zeros.count))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError(path) }
            left -= count
        }
        guard fsync(descriptor) == 0 else { throw FileError(path) }
    }
}
