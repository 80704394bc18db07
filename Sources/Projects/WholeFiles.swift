#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import Digests

/// Small files read and written as a whole.
extension Files {
    /// The bytes of a regular file.
    ///
    /// - Parameters:
    ///   - limit: Largest size in bytes; a larger file is refused with `EFBIG`, not cut.
    ///   - followingLinks: When false, a symbolic link as the last component is refused with `ELOOP`.
    public static func contents(
        of path: String, limit: Int, followingLinks: Bool = true
    ) throws(FileFailure) -> [UInt8] {
        let descriptor = try openRegular(path, followingLinks: followingLinks)
        defer { close(descriptor) }
        guard let status = status(of: descriptor) else { throw FileFailure(path) }
        guard status.size <= limit else { throw FileFailure(path, code: EFBIG) }
        // One byte more than the limit shows a file that grew since.
        let bytes = try read(descriptor, path, atMost: limit == .max ? limit : limit + 1, expecting: status.size)
        guard bytes.count <= limit else { throw FileFailure(path, code: EFBIG) }
        return bytes
    }

    /// The first bytes of a regular file.
    static func beginning(of path: String, atMost limit: Int) throws(FileFailure) -> [UInt8] {
        let descriptor = try openRegular(path, followingLinks: true)
        defer { close(descriptor) }
        return try read(descriptor, path, atMost: limit, expecting: min(limit, status(of: descriptor)?.size ?? 0))
    }

    /// SHA-256 of a regular file of any size, as 64 digits; a symbolic link is refused with `ELOOP`.
    static func digest(of path: String) throws(FileFailure) -> String {
        let descriptor = try openRegular(path, followingLinks: false)
        defer { close(descriptor) }
        var digest = SHA256()
        while true {
            let part = try read(descriptor, path, atMost: 1 << 18, expecting: 1 << 18)
            if part.isEmpty { return Hexadecimal.text(digest.finish()) }
            digest.update(part)
        }
    }

    /// Writes a file so that at every instant the old or the new one stands there whole: a new file of mode 0600 beside it, flushed, renamed over it, and the folder flushed. A symbolic link is replaced, not followed.
    ///
    /// - Parameter temporary: A name for what is not whole yet, where only one process writes at a time: then a kill leaves
    ///   one such file at most.
    public static func write(
        _ bytes: [UInt8], to path: String, temporary fixed: String? = nil
    ) throws(FileFailure) {
        let temporary = fixed ?? "\(path).\(randomName()).tmp"
        if let fixed { unlink(fixed) }
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileFailure(path) }
        var code = writeAll(bytes, to: descriptor)
        if code == 0, fsync(descriptor) != 0 { code = errno }
        if close(descriptor) != 0, code == 0 { code = errno }
        if code == 0, systemRename(temporary, path) != 0 { code = errno }
        guard code == 0 else {
            unlink(temporary)
            throw FileFailure(path, code: code)
        }
        synchroniseFolder(of: path)
    }

    /// Makes a folder and its missing ancestors, each 0700. What is there already stays as it is.
    public static func makeFolder(_ path: String) throws(FileFailure) {
        if mkdir(path, 0o700) == 0 { return }
        var failure = FileFailure(path)
        if failure.code == ENOENT, let parent = PathText.parent(of: path), !PathText.same(parent, path) {
            try makeFolder(parent)
            if mkdir(path, 0o700) == 0 { return }
            failure = FileFailure(path)
        }
        if kind(of: path) == .directory { return }
        if failure.code == EEXIST { failure.code = ENOTDIR }
        throw failure
    }

    /// Removes a file; one that is gone already is no failure.
    public static func removeIfThere(_ path: String) throws(FileFailure) {
        guard unlink(path) == 0 || errno == ENOENT else { throw FileFailure(path) }
    }

    /// Gives a file another name in the same folder, over what has that name.
    public static func rename(_ path: String, to place: String) throws(FileFailure) {
        guard systemRename(path, place) == 0 else { throw FileFailure(path) }
        synchroniseFolder(of: place)
    }

    /// Flushes the folder, so that a new name in it survives a power cut. Best effort: some file systems refuse.
    static func synchroniseFolder(of path: String) {
        guard let parent = PathText.parent(of: path) else { return }
        let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }

    /// 32 hexadecimal digits that nobody can guess.
    static func randomName() -> String {
        var generator = SystemRandomNumberGenerator()
        return Hexadecimal.text((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    // MARK: -

    fileprivate static func openRegular(_ path: String, followingLinks: Bool) throws(FileFailure) -> Int32 {
        // Without O_NONBLOCK a pipe that somebody put there would be waited for.
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followingLinks ? 0 : O_NOFOLLOW)
        let descriptor = open(path, flags)
        guard descriptor >= 0 else { throw FileFailure(path) }
        guard status(of: descriptor)?.kind == .file else {
            let isFolder = status(of: descriptor)?.kind == .directory
            close(descriptor)
            throw FileFailure(path, code: isFolder ? EISDIR : EINVAL)
        }
        return descriptor
    }

    fileprivate static func read(
        _ descriptor: Int32, _ path: String, atMost limit: Int, expecting size: Int
    ) throws(FileFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        var code: Int32 = 0
        while bytes.count < limit, code == 0 {
            let wanted = min(limit - bytes.count, max(4096, size - bytes.count))
            let part = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
                let got = systemRead(descriptor, buffer.baseAddress, wanted)
                if got < 0 { code = errno }
                count = max(0, got)
            }
            if code == EINTR {
                code = 0
                continue
            }
            if part.isEmpty { break }
            if bytes.isEmpty { bytes = part } else { bytes += part }
        }
        guard code == 0 else { throw FileFailure(path, code: code) }
        return bytes
    }

    /// - Returns: 0, or `errno`.
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var start = 0
        while start < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                systemWrite(descriptor, buffer.baseAddress.map { $0 + start }, bytes.count - start)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return written < 0 ? errno : EIO }
            start += written
        }
        return 0
    }
}

/// The system calls, by names that no method hides.
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, bytes, count)
}

private func systemRename(_ path: String, _ place: String) -> Int32 { rename(path, place) }

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}

extension Files {
    /// Copies a file of any size to a new name, mode 0600, and flushes it.
    public static func copy(_ source: String, to place: String) throws(FileFailure) {
        let input = try openRegular(source, followingLinks: false)
        defer { close(input) }
        let output = open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard output >= 0 else { throw FileFailure(place) }
        var code: Int32 = 0
        while code == 0 {
            let part = try read(input, source, atMost: 1 << 20, expecting: 1 << 20)
            if part.isEmpty { break }
            code = writeAll(part, to: output)
        }
        if code == 0, fsync(output) != 0 { code = errno }
        if close(output) != 0, code == 0 { code = errno }
        guard code == 0 else {
            unlink(place)
            throw FileFailure(place, code: code)
        }
    }
}
