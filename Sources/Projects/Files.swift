#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Questions to the file system, without Foundation. Paths are strings of UTF-8; order is that of their bytes.
public enum Files {
    public enum Kind: Sendable { case file, directory, other }

    /// What stands at a path, symbolic links followed; nil when there is nothing or it can't be seen.
    public static func kind(of path: String) -> Kind? {
        var info = stat()
        guard stat(path, &info) == 0 else { return nil }
        switch info.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        default: return .other
        }
    }

    /// The names in a directory, in the order of their bytes; nil when it can't be read.
    public static func names(in directory: String) -> [String]? {
        guard let stream = opendir(directory) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The absolute path without symbolic links; nil when it does not exist.
    public static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    public static func workingDirectory() -> String? {
        guard let buffer = getcwd(nil, 0) else { return nil }
        defer { free(buffer) }
        return String(cString: buffer)
    }

    /// All files below a directory whose name ends in `suffix`, in the order of their bytes. Links to directories are not
    /// followed.
    ///
    /// - Parameter unreadable: Gets each directory that can't be read.
    public static func files(below directory: String, suffix: String, unreadable: (String) -> Void) -> [String] {
        guard let names = names(in: directory) else {
            unreadable(directory)
            return []
        }
        var found: [String] = []
        for name in names {
            let path = directory.hasSuffix("/") ? directory + name : directory + "/" + name
            var info = stat()
            guard lstat(path, &info) == 0 else { continue }
            if info.st_mode & S_IFMT == S_IFDIR {
                found += files(below: path, suffix: suffix, unreadable: unreadable)
            } else if name.hasSuffix(suffix), kind(of: path) == .file {
                found.append(path)
            }
        }
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The path of this program, without symbolic links.
    public static var ownProgram: String? {
        #if os(Linux)
            realPath("/proc/self/exe")
        #else
            var size: UInt32 = 4_096
            let path = [CChar](unsafeUninitializedCapacity: Int(size)) { buffer, count in
                count = _NSGetExecutablePath(buffer.baseAddress, &size) == 0 ? buffer.count : 0
            }
            return path.isEmpty
                ? nil : path.withUnsafeBufferPointer { $0.baseAddress.flatMap { realPath(String(cString: $0)) } }
        #endif
    }

    /// A program that stands beside this one and can be run; nil when there is none.
    public static func beside(_ name: String) -> String? {
        guard let own = ownProgram, let slash = own.lastIndex(of: "/") else { return nil }
        let path = own[..<slash] + "/" + name
        return access(path, X_OK) == 0 ? path : nil
    }
}
