#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why a store could not follow its project. Nothing is lost: it stands where it stood.
public enum MoveRefusal: Error, Sendable, Equatable {
    /// The old folder is there still, and its memories are in use there.
    case isStillThere(String)
    /// There is no store below the user's data folder for such a path.
    case hasNoStore(String)
    /// The new project keeps its memories in its own `.ccmem`.
    case hasOwnStore(String)
    /// Something was forgotten in the new place, which its store alone knows.
    case hasForgotten(String)
    case isBusy(String)

    /// A full sentence.
    public var message: String {
        switch self {
        case .isStillThere(let path): "\(path) is still there, and its memories are those of that project."
        case .hasNoStore(let path): "There are no memories of \(path)."
        case .hasOwnStore(let path): "\(path) keeps its memories in its own .ccmem."
        case .hasForgotten(let path):
            "Something was forgotten in \(path), and another store there would not know of it."
        case .isBusy(let path): "\(path): Another ccmem is at work on this project's memory; try again when it is done."
        }
    }
}

/// Gives the memories of a project whose folder was renamed or moved to the folder's new place. Only what stands below the
/// user's data folder needs that: a `.ccmem` goes along with its project.
public struct StoreMove {
    /// What is set aside goes under this name and a number, beside the database.
    public static let setAside = "memory.db.replaced-"

    public let old: StoreLocation
    public let new: StoreLocation

    /// Looks whether a store can follow; changes nothing.
    ///
    /// - Parameter root: Absolute path of the folder before.
    public init(from root: String, to new: StoreLocation) throws(MoveRefusal) {
        let root = PathText.normalised(root)
        // A link from the old name to the new one is no folder of its own.
        if Files.kind(of: root) == .directory, Files.realPath(root) == root { throw .isStillThere(root) }
        old = StoreLocation(of: ProjectRoot(path: root, reason: .store), dataFolder: new.dataFolder)
        self.new = new
        guard Files.status(of: old.database) != nil else { throw .hasNoStore(root) }
        guard new.place == .user else { throw .hasOwnStore(new.root.path) }
    }

    /// Takes the former name of a project off the list whose `.ccmem` went along with its folder.
    ///
    /// - Returns: False when there was no such name.
    public static func forgetName(_ root: String, _ dataFolder: String) throws(FileFailure) -> Bool {
        try ProjectRegistry(dataFolder: dataFolder).remove(PathText.normalised(root))
    }

    /// Projects of this user whose folder is gone and whose store is still there, the one used last first.
    public static func leftBehind(_ environment: Environment) -> [String] {
        (ProjectRegistry(environment)?.projects() ?? []).filter {
            !$0.exists && $0.location.place == .user && Files.status(of: $0.location.database) != nil
        }.sorted { $0.lastUsed > $1.lastUsed }.map(\.root)
    }

    /// Holds both projects' memory while the body runs.
    public func locked<T>(_ body: () throws -> T) throws -> T {
        // In one order for all, so that no two moves wait for each other; neither waits anyway.
        guard let first = try old.tryLocking(.ingest) else { throw MoveRefusal.isBusy(old.root.path) }
        defer { first.keep() }
        guard let second = try new.tryLocking(.ingest) else { throw MoveRefusal.isBusy(new.root.path) }
        defer { second.keep() }
        return try body()
    }

    /// Puts the old store in the new place. What stands there is kept beside it under another name.
    ///
    /// Nobody has either store open, and the log of both is empty: then each is one file, and one rename moves it. Stopped
    /// between two steps, the next call goes on.
    ///
    /// - Returns: Where the database of the new place went; nil when there was none.
    public func move() throws(FileFailure) -> String? {
        try Files.makeFolder(new.folder)
        var aside: String?
        if Files.status(of: new.database) != nil {
            var number = 1
            while Files.status(of: "\(new.folder)/\(StoreMove.setAside)\(number)") != nil { number += 1 }
            let place = "\(new.folder)/\(StoreMove.setAside)\(number)"
            try StoreMove.removeLogs(of: new)
            try Files.rename(new.database, to: place)
            aside = place
        }
        try StoreMove.removeLogs(of: new)
        try StoreMove.removeLogs(of: old)
        try Files.rename(old.database, to: new.database)
        // What else is there keeps the folder.
        rmdir(old.folder)
        let registry = ProjectRegistry(dataFolder: new.dataFolder)
        try registry.add(new.root.path)
        try registry.remove(old.root.path)
        try Pause.move(from: old.root.path, to: new.root.path, dataFolder: new.dataFolder)
        return aside
    }

    /// - Throws: When the log still holds something: then the database alone is not whole.
    private static func removeLogs(of location: StoreLocation) throws(FileFailure) {
        for name in StoreLocation.companionFiles {
            let path = "\(location.folder)/\(name)"
            if !name.hasSuffix("-shm"), let status = Files.status(of: path), status.size > 0 {
                throw FileFailure(path, code: EBUSY)
            }
            try Files.removeIfThere(path)
        }
    }
}
