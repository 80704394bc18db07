import Projects

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files that the program writes below a project. No symbolic link is followed: what stands there may have come with a clone.
public enum PageFile {
    /// Nil when there is no such file, no plain one, or a longer one, in bytes.
    public static func read(_ path: String, limit: Int = 1 << 30) -> [UInt8]? {
        try? Files.contents(of: path, limit: limit, followingLinks: false)
    }

    /// Writes a file whole or not at all, for its owner alone; leaves it as it is when it holds just that. Call it under the
    /// lock of the store: the name of what is not whole yet is always the same, so that a kill leaves one such file at most.
    public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        if read(path) == bytes { return }
        do throws(FileFailure) {
            try Files.write(bytes, to: path, temporary: path + ".tmp")
        } catch {
            throw FileError(error)
        }
    }

    /// Keeps a copy beside a file, under a name that nothing has yet.
    ///
    /// - Returns: Its path.
    public static func keepAside(_ bytes: [UInt8], of path: String) throws(FileError) -> String {
        let stem = path.hasSuffix(".md") ? String(path.dropLast(3)) : path
        var name = stem + ".edited.md"
        var number = 1
        while Files.kind(of: name) != nil, read(name) != bytes {
            number += 1
            name = "\(stem).edited-\(number).md"
        }
        try write(bytes, to: name)
        return name
    }

    /// Makes the folders of a path below `root`, for their owner alone.
    public static func makeFolders(_ folders: some StringProtocol, below root: String) throws(FileError) {
        var path = root
        for name in folders.split(separator: "/") {
            path += "/" + name
            if mkdir(path, 0o700) == 0 { continue }
            guard errno == EEXIST else { throw FileError(path) }
            guard mode(path) == S_IFDIR else {
                errno = ENOTDIR
                throw FileError(path)
            }
        }
    }

    public static func remove(_ path: String) { if isPlainFile(path) { unlink(path) } }

    public static func isPlainFile(_ path: String) -> Bool { mode(path) == S_IFREG }

    private static func mode(_ path: String) -> mode_t? {
        var info = stat()
        return lstat(path, &info) == 0 ? info.st_mode & S_IFMT : nil
    }
}
