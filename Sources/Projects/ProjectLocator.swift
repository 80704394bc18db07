#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finds the project that a directory belongs to. It asks the file system a few questions and changes nothing.
///
/// A directory in a linked git work tree stands for the same directory in the main one. From there, the first that holds:
/// 1. the nearest ancestor with `.ccmem/`,
/// 2. the top of the enclosing git repository,
/// 3. the nearest ancestor that has a store already,
/// 4. the directory itself.
///
/// The home directory, `/` and the roots of temporary files are no projects, and the search ends below them.
public struct ProjectLocator: Sendable {
    private let environment: Environment
    private let optOuts: PathPatterns
    private let home: String?
    private let temporaryRoots: [String]

    public init(_ environment: Environment, optOuts: PathPatterns = .none) {
        self.environment = environment
        self.optOuts = optOuts
        home = environment.home.flatMap(Files.realPath)
        let usual = ["/tmp", "/var/tmp", "/private/tmp", "/private/var/tmp", "/dev/shm"]
        let own = environment.variables["TMPDIR"].flatMap { $0.hasPrefix("/") ? Files.realPath($0) : nil }
        // A link such as /tmp -> /private/tmp is known by both its ends.
        temporaryRoots = usual + ["/tmp", "/var/tmp"].compactMap(Files.realPath) + [own].compactMap(\.self)
    }

    /// The project that a start belongs to.
    public func project(from start: ProjectStart = .workingDirectory) throws(ProjectRefusal) -> ProjectRoot {
        let given = try directory(of: start)
        try refuseOptedOut(given)
        // An agent that went into an opted-out project takes its session out with it.
        if case .hook(let named?) = start { try refuseOptedOut(named, Files.realPath(named) ?? named) }
        guard let real = Files.realPath(given) else { throw .unreachable(FileFailure(given)) }
        guard Files.kind(of: real) == .directory else { throw .notADirectory(real) }
        try refuseOptedOut(real)
        if let refusal = barrier(at: real) { throw refusal }
        let begin = standIn(for: real)
        let root = self.root(from: begin)
        try refuseOptedOut(root.path)
        if root.reason == .ownFolder { try checkOwnFolder(root.ownFolder) }
        return root
    }

    /// What the paths of a start are before links are resolved; absolute.
    func directory(of start: ProjectStart) throws(ProjectRefusal) -> String {
        switch start {
        case .workingDirectory:
            guard let directory = environment.workingDirectory else { throw .workingDirectoryGone }
            return directory
        case .directory(let name):
            if name.hasPrefix("/") { return PathText.normalisedEnd(name) }
            guard let directory = environment.workingDirectory else { throw .workingDirectoryGone }
            return PathText.normalisedEnd(PathText.joined(directory, name.isEmpty ? "." : name))
        case .hook(let named):
            if let session = environment.claudeProjectDirectory, Files.kind(of: session) == .directory {
                return session
            }
            if let named, named.hasPrefix("/") { return named }
            return try directory(of: .workingDirectory)
        }
    }

    /// Refuses a `.ccmem` that somebody else could have made or could change.
    func checkOwnFolder(_ folder: String) throws(ProjectRefusal) {
        guard let status = Files.status(of: folder) else { return }
        if status.kind == .link { throw .symbolicLink(folder) }
        if status.owner != Files.user { throw .foreignOwner(folder, owner: status.owner) }
        if status.isWritableByOthers { throw .writableByOthers(folder) }
        for name in ["memory.db"] + StoreLocation.companionFiles {
            let path = folder + "/" + name
            guard let status = Files.status(of: path) else { continue }
            if status.kind == .link { throw .symbolicLink(path) }
            if status.owner != Files.user { throw .foreignOwner(path, owner: status.owner) }
        }
    }

    // MARK: -

    private func refuseOptedOut(_ paths: String...) throws(ProjectRefusal) {
        if optOuts.isEmpty { return }
        for path in paths {
            if let pattern = optOuts.covering(path, PathText.normalised(path)) {
                throw .optedOut(path, pattern: pattern)
            }
        }
    }

    /// Why no project begins at a directory, nor above it on the way up from below.
    private func barrier(at path: String) -> ProjectRefusal? {
        if PathText.same(path, "/") { return .fileSystemRoot }
        if let home, PathText.same(path, home) { return .homeDirectory(path) }
        if temporaryRoots.contains(where: { PathText.same($0, path) }) { return .temporaryRoot(path) }
        return nil
    }

    /// The directory and its ancestors, up to the first that can't be a project.
    private func ancestors(of path: String) -> [String] {
        var found: [String] = []
        var next: String? = path
        while let directory = next, barrier(at: directory) == nil {
            found.append(directory)
            next = PathText.parent(of: directory)
        }
        return found
    }

    /// For a directory in a linked work tree the same one in the main work tree, or its nearest ancestor that exists there;
    /// else the directory itself.
    private func standIn(for path: String) -> String {
        for directory in ancestors(of: path) {
            switch GitRepository.place(of: directory) {
            case .none: continue
            case .own: return path
            case .linked(let main):
                guard barrier(at: main) == nil, Files.kind(of: main) == .directory else { return path }
                var inside = PathText.below(directory, path) ?? ""
                while !inside.isEmpty {
                    let candidate = PathText.joined(main, inside)
                    if let real = Files.realPath(candidate), PathText.same(real, candidate) { return real }
                    inside = PathText.parent(of: "/" + inside).map { String($0.dropFirst()) } ?? ""
                }
                return main
            }
        }
        return path
    }

    private func root(from begin: String) -> ProjectRoot {
        let ancestors = ancestors(of: begin)
        for directory in ancestors {
            switch Files.status(of: directory + "/.ccmem")?.kind {
            // A link is told apart from nothing, so that it is refused rather than passed over.
            case .directory?, .link?: return ProjectRoot(path: directory, reason: .ownFolder)
            case .file?, .other?, nil: continue
            }
        }
        for directory in ancestors where GitRepository.place(of: directory) != .none {
            return ProjectRoot(path: directory, reason: .repository)
        }
        if let data = environment.dataFolder {
            for directory in ancestors where Files.kind(of: StoreLocation.userFolder(of: directory, data)) == .directory
            {
                return ProjectRoot(path: directory, reason: .store)
            }
        }
        return ProjectRoot(path: begin, reason: .directory)
    }
}

extension PathText {
    /// Without slashes at the end, and `..` left to the file system, which knows about links.
    static func normalisedEnd(_ path: String) -> String {
        var path = path
        while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        return path
    }
}
