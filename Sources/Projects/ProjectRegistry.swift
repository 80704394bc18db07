#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import JSON

/// One project of the registry.
public struct RegisteredProject: Sendable, Equatable {
    /// Absolute, without symbolic links.
    public var root: String
    public var location: StoreLocation
    /// Nanoseconds since 1970.
    public var lastUsed: Int
    /// Whether the root is still a directory.
    public var exists: Bool
}

/// The projects of this user: one small file each below the data folder, so that any number of processes can add theirs
/// without waiting for another and without losing an entry.
public struct ProjectRegistry: Sendable {
    private let dataFolder: String
    private var folder: String { dataFolder + "/registry" }
    private var orderFile: String { folder + "/order.json" }

    public init(dataFolder: String) {
        self.dataFolder = dataFolder
    }

    /// Nil without a home.
    public init?(_ environment: Environment) {
        guard let folder = environment.dataFolder else { return nil }
        self.init(dataFolder: folder)
    }

    /// All projects: those that were put in order first, then the one used last before the others.
    ///
    /// - Parameter damaged: Gets the path of each entry that can't be read.
    public func projects(damaged: (String) -> Void = { _ in }) -> [RegisteredProject] {
        let order = orderedRoots()
        var found: [(place: Int, project: RegisteredProject)] = []
        for name in Files.names(in: folder) ?? [] where name.hasSuffix(".json") && name != "order.json" {
            let path = folder + "/" + name
            guard
                let bytes = try? Files.contents(of: path, limit: 1 << 16), let status = Files.status(of: path),
                let root = (try? JSONDocument(parsing: bytes))?.root.value["root"]?.text, root.hasPrefix("/"),
                name == StoreLocation.hash(of: root) + ".json"
            else {
                damaged(path)
                continue
            }
            let own = Files.status(of: root + "/.ccmem")?.kind == .directory
            let location = StoreLocation(
                of: ProjectRoot(path: root, reason: own ? .ownFolder : .store), dataFolder: dataFolder)
            let project = RegisteredProject(
                root: root, location: location, lastUsed: status.modified, exists: Files.kind(of: root) == .directory)
            found.append((order.firstIndex { PathText.same($0, root) } ?? .max, project))
        }
        return found.sorted { a, b in
            if a.place != b.place { return a.place < b.place }
            if a.project.lastUsed != b.project.lastUsed { return a.project.lastUsed > b.project.lastUsed }
            return a.project.root.utf8.lexicographicallyPrecedes(b.project.root.utf8)
        }.map(\.project)
    }

    /// Adds a project, or notes that it was used now.
    public func add(_ root: String) throws(FileFailure) {
        if touch(root) { return }
        try Files.makeFolder(folder)
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("root")
        writer.string(root)
        writer.endObject()
        writer.newline()
        try Files.write(writer.bytes, to: entry(root))
    }

    /// Notes that a project was used now.
    ///
    /// - Returns: False when it is not in the registry.
    @discardableResult
    public func touch(_ root: String) -> Bool {
        utimensat(AT_FDCWD, entry(root), nil, 0) == 0
    }

    /// Takes a project off the list. Its memory stays where it is.
    ///
    /// - Returns: False when it was not in the registry.
    @discardableResult
    public func remove(_ root: String) throws(FileFailure) -> Bool {
        guard Files.status(of: entry(root)) != nil else { return false }
        try Files.removeIfThere(entry(root))
        return true
    }

    /// Puts projects in an order; those that are not named follow by last use.
    public func reorder(_ roots: [String]) throws(FileFailure) {
        try Files.makeFolder(folder)
        var writer = JSONWriter()
        writer.beginArray()
        for root in roots { writer.string(root) }
        writer.endArray()
        writer.newline()
        try Files.write(writer.bytes, to: orderFile)
    }

    /// The projects with a `.ccmem` of this user in a folder and below it. They are not added.
    ///
    /// Links are not followed; hidden folders and those of packages are passed over.
    ///
    /// - Parameter depth: How many levels below the folder are looked at.
    public static func scan(_ folder: String, depth: Int = 6) -> [String] {
        guard let real = Files.realPath(folder) else { return [] }
        var found: [String] = []
        var left = [(path: real, depth: depth)]
        while let (path, depth) = left.popLast() {
            if let own = Files.status(of: path + "/.ccmem"), own.kind == .directory, own.owner == Files.user,
                !own.isWritableByOthers
            {
                found.append(path)
            }
            guard depth > 0 else { continue }
            for name in Files.names(in: path) ?? [] where !name.hasPrefix(".") && name != "node_modules" {
                let below = PathText.joined(path, name)
                if Files.status(of: below)?.kind == .directory { left.append((below, depth - 1)) }
            }
        }
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    // MARK: -

    private func entry(_ root: String) -> String { "\(folder)/\(StoreLocation.hash(of: root)).json" }

    private func orderedRoots() -> [String] {
        guard
            let bytes = try? Files.contents(of: orderFile, limit: 1 << 20),
            case .array(let nodes)? = (try? JSONDocument(parsing: bytes))?.root.value
        else { return [] }
        return nodes.compactMap(\.value.text)
    }
}
