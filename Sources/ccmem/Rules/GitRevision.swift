#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Asks the `git` program what a revision holds. Only `ccmem rules diff` does: nothing else starts another program than the
/// user's editor.
struct GitRevision {
    /// The directory that git is asked in.
    let root: String
    /// Full name of the commit.
    let commit: String

    /// Nil when there is no git, no repository, or no such revision.
    init?(_ name: String, root: String) {
        guard !name.isEmpty, !name.hasPrefix("-"), !name.contains(where: { $0.isWhitespace || $0 == ":" }),
            let found = GitRevision.output(["-C", root, "rev-parse", "--verify", "--quiet", "\(name)^{commit}"])
        else { return nil }
        self.root = root
        commit = String(decoding: found.filter { $0 > 0x20 }, as: UTF8.self)
    }

    /// Full name of the newest commit that added or removed a line which fits.
    ///
    /// - Parameter pattern: An extended regular expression of POSIX.
    static func lastChange(of pattern: String, in folder: String, root: String) -> String? {
        let words = ["-C", root, "log", "-1", "--format=%H", "-G\(pattern)", "--", "./\(folder)/"]
        guard let found = output(words) else { return nil }
        let name = String(decoding: found.filter { $0 > 0x20 }, as: UTF8.self)
        return name.isEmpty ? nil : name
    }

    /// Files in a folder of the directory, in the order of their bytes: paths seen from the directory, with their contents.
    ///
    /// Contents come as they are committed, through no filter that the repository could bring along.
    func files(in folder: String, suffixes: [String]) -> [(path: String, bytes: [UInt8])] {
        guard let list = GitRevision.output(["-C", root, "ls-tree", "--name-only", "-z", commit, "--", "./\(folder)/"])
        else { return [] }
        let paths = list.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            .filter { path in suffixes.contains { path.hasSuffix($0) } }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return paths.compactMap { path in
            GitRevision.output(["-C", root, "cat-file", "blob", "\(commit):./\(path)"]).map { (path, $0) }
        }
    }

    /// What git prints; nil when it fails or is not there. Standard error goes nowhere.
    private static func output(_ arguments: [String]) -> [UInt8]? {
        var pipe: [Int32] = [0, 0]
        guard systemPipe(&pipe) == 0 else { return nil }
        defer { close(pipe[0]) }
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, pipe[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addclose(&actions, pipe[0])
        var words: [UnsafeMutablePointer<CChar>?] = (["git"] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        let failed = posix_spawnp(&process, "git", &actions, nil, &words, environ) != 0
        close(pipe[1])
        guard !failed else { return nil }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(pipe[0], &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 { guard errno == EINTR else { return nil } }
        return status == 0 ? bytes : nil
    }
}

/// By a name that no variable hides.
private func systemPipe(_ ends: inout [Int32]) -> Int32 { pipe(&ends) }
