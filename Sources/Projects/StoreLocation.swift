#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import Digests

/// Where the memory of one project stands. Finding it creates nothing.
public struct StoreLocation: Sendable, Equatable {
    public enum Place: Sendable, Equatable {
        /// In the project's `.ccmem`.
        case project
        /// Below the user's data folder; nothing is written into the project.
        case user
    }

    public var root: ProjectRoot
    public var place: Place
    /// Holds the database.
    public var folder: String
    public var database: String { folder + "/memory.db" }
    /// The user's data folder, which also holds locks, the registry and the ledger of trust.
    public var dataFolder: String
    /// Where MEMORY.md and its like are written; nil when the project has no store of its own.
    public var views: String? { place == .project ? folder : nil }

    /// What SQLite keeps beside a database.
    static let companionFiles = ["memory.db-wal", "memory.db-shm", "memory.db-journal"]

    /// The store of a project.
    ///
    /// A `.ccmem` without a database does not hide a store that the project already has at user level: the folder may have
    /// arrived with a pull.
    public init(of root: ProjectRoot, _ environment: Environment) throws(ProjectRefusal) {
        guard let data = environment.dataFolder else { throw .noDataFolder }
        self.init(of: root, dataFolder: data)
    }

    init(of root: ProjectRoot, dataFolder: String) {
        self.root = root
        self.dataFolder = dataFolder
        let user = Self.userFolder(of: root.path, dataFolder)
        let isInside =
            root.reason == .ownFolder
            && (Files.status(of: root.ownFolder + "/memory.db") != nil || Files.status(of: user + "/memory.db") == nil)
        (place, folder) = isInside ? (.project, root.ownFolder) : (.user, user)
    }

    /// Makes the folder (0700) and an empty database file (0600) when they are missing, adds the project to the registry,
    /// and notes that this user made them.
    public func prepareFolder() throws(FileFailure) {
        try Files.makeFolder(folder)
        switch place {
        case .project: try OwnFolder(root: root.path, dataFolder).admitDatabase()
        case .user: try Self.makeFile(database)
        }
        try ProjectRegistry(dataFolder: dataFolder).add(root.path)
    }

    /// SQLite takes an empty file for a new database, and gives the files beside it the same mode.
    /// - Returns: Whether it was not there.
    @discardableResult
    static func makeFile(_ path: String) throws(FileFailure) -> Bool {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            guard errno == EEXIST else { throw FileFailure(path) }
            return false
        }
        close(descriptor)
        return true
    }

    // MARK: - Work

    /// What one process at a time does.
    public enum Work: String, Sendable {
        /// Reading transcripts into the store, and moving the store.
        case ingest
        /// Asking a language model: one process for all projects of a user, since they share what may be spent.
        case model
    }

    /// The lock of a kind of work. It stands at user level, so that it holds while a store moves.
    ///
    /// - Returns: Nil when another process does that work.
    public func tryLocking(_ work: Work) throws(FileFailure) -> ProjectLock? {
        try Files.makeFolder(dataFolder + "/locks")
        return try .tryTaking(lockFile(work))
    }

    /// The same lock, waited for.
    public func locking(_ work: Work) throws(FileFailure) -> ProjectLock {
        try Files.makeFolder(dataFolder + "/locks")
        return try .taking(lockFile(work))
    }

    /// When that work was first begun for this project, in nanoseconds since 1970; nil when it never was. Nobody writes into
    /// the file of a lock.
    public func begun(_ work: Work) -> Int? { Files.status(of: lockFile(work))?.modified }

    /// Notes that the work begins.
    ///
    /// - Returns: Whether it is the first time, and nobody else has noted it.
    public func begin(_ work: Work) throws(FileFailure) -> Bool {
        try Files.makeFolder(dataFolder + "/locks")
        return try Self.makeFile(lockFile(work))
    }

    /// Leaves word for the process that has the lock that there is more to do.
    public func askForMore(_ work: Work) throws(FileFailure) {
        try Files.makeFolder(dataFolder + "/locks")
        try Self.makeFile(lockFile(work) + ".again")
    }

    /// Whether somebody left word; takes it away. The holder of the lock asks before it starts and again when it is done.
    public func takeRequest(_ work: Work) -> Bool { unlink(lockFile(work) + ".again") == 0 }

    private func lockFile(_ work: Work) -> String {
        switch work {
        case .ingest: "\(dataFolder)/locks/\(Self.hash(of: root.path)).\(work.rawValue)"
        case .model: "\(dataFolder)/locks/\(work.rawValue)"
        }
    }

    // MARK: - Names

    /// The folder of a project below the user's data folder: its name for people, the hash to tell projects apart.
    static func userFolder(of root: String, _ dataFolder: String) -> String {
        "\(dataFolder)/projects/\(name(of: root))-\(hash(of: root))"
    }

    /// The first 12 digits of the SHA-256 of the real path.
    static func hash(of root: String) -> String { String(SHA256.hex(root).prefix(12)) }

    /// The last component, letters and digits of any script kept, in at most 48 bytes.
    static func name(of root: String) -> String {
        var name = ""
        for character in PathText.lastComponent(of: root) {
            let kept: Character =
                character.isLetter || character.isNumber || "._-".contains(character) ? character : "-"
            guard name.utf8.count + kept.utf8.count <= 48 else { break }
            name.append(kept)
        }
        // A leading point would hide the folder; a leading hyphen looks like an option.
        let text = name.drop { $0 == "." || $0 == "-" }
        return text.isEmpty ? "project" : String(text)
    }
}
