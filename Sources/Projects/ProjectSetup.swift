#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why a project could not be set up. Nothing is lost: the store stands where it stood, or whole in its new place.
public enum SetupFailure: Error, Sendable, Equatable {
    case refused(ProjectRefusal)
    case file(FileFailure)
    /// Another process is at work on the project's memory.
    case isBusy(String)

    public var message: String {
        switch self {
        case .refused(let refusal): refusal.message
        case .file(let failure): failure.message
        case .isBusy(let root):
            "\(root): Another ccmem is at work on this project's memory; try again when it is done."
        }
    }
}

/// What `ccmem init` did.
public struct SetupReport: Sendable, Equatable {
    public enum Store: Sendable, Equatable {
        /// There was none at user level.
        case none
        case moved(from: String)
        /// The project has a database of its own already; the one at user level is another and stays there.
        case leftBehind(String)
    }

    /// `.ccmem`
    public var folder: String
    /// Whether it was made now.
    public var isNew: Bool
    public var store: Store
    /// What stands in the folder and is trusted or not: it may have been there before.
    public var review: TrustReview
}

/// Gives a project its own `.ccmem`.
public enum ProjectSetup {
    /// Makes `.ccmem` with `.gitignore`, `config.json` and `rules/`, and moves the project's store there. Doing it again
    /// adds what is missing and changes nothing else.
    ///
    /// The order makes every instant safe: first `.gitignore`, then the rest of the folder; then the log of the database is
    /// put beside its future place, the ledger learns the database's inode, and one rename makes it the store. Until then
    /// the old store is the one in use; what is left of it is removed last, and by the next call if this one is killed.
    ///
    /// The caller has no connection to the store open.
    public static func initialise(
        _ root: ProjectRoot, _ environment: Environment
    ) throws(SetupFailure) -> SetupReport {
        guard let data = environment.dataFolder else { throw .refused(.noDataFolder) }
        let folder = OwnFolder(root: root.path, data)
        do throws(ProjectRefusal) { try ProjectLocator(environment).checkOwnFolder(folder.path) } catch {
            throw .refused(error)
        }
        do throws(FileFailure) {
            guard let lock = try StoreLocation(of: root, dataFolder: data).tryLocking(.ingest) else {
                throw FileFailure(root.path, code: EWOULDBLOCK)
            }
            defer { lock.keep() }
            // SQLite opens no longer path (`SQLITE_MAX_PATHLEN` of its Unix files), and its log has a longer name than it.
            guard (folder.path + "/memory.db-journal").utf8.count < 512 else {
                throw FileFailure(folder.path, code: ENAMETOOLONG)
            }
            let isNew = try folder.make()
            try folder.writeIgnoreFile()
            try folder.mark(isMade: isNew)
            try writeConfiguration(folder)
            try Files.makeFolder(folder.path + "/rules")
            let store = try moveStore(from: StoreLocation.userFolder(of: root.path, data), to: folder)
            try ProjectRegistry(dataFolder: data).add(root.path)
            return SetupReport(folder: folder.path, isNew: isNew, store: store, review: folder.ledger.review())
        } catch {
            throw error.code == EWOULDBLOCK ? .isBusy(root.path) : .file(error)
        }
    }

    private static func writeConfiguration(_ folder: OwnFolder) throws(FileFailure) {
        let file = folder.path + "/config.json"
        if Files.status(of: file) != nil { return }
        let bytes = Array("{}\n".utf8)
        try Files.write(bytes, to: file)
        try folder.ledger.recordOwnWrite("config.json", bytes)
    }

    // MARK: - Moving the store

    private static func moveStore(from user: String, to folder: OwnFolder) throws(FileFailure) -> SetupReport.Store {
        let (old, new) = (user + "/memory.db", folder.path + "/memory.db")
        guard let store = Files.status(of: old) else { return .none }
        if let present = Files.status(of: new) {
            // One file under two names: an earlier move was stopped before its end.
            guard present.inode == store.inode, present.device == store.device else { return .leftBehind(user) }
        } else {
            for name in StoreLocation.companionFiles {
                let (source, place) = ("\(user)/\(name)", "\(folder.path)/\(name)")
                try Files.removeIfThere(place)
                if Files.status(of: source) != nil { try bring(source, to: place, orCopy: name != "memory.db-shm") }
            }
            let temporary = "\(new).\(Files.randomName()).tmp"
            defer { unlink(temporary) }
            try bring(old, to: temporary, orCopy: true)
            guard try folder.adopt(temporary, as: new) else { return .leftBehind(user) }
        }
        for name in StoreLocation.companionFiles + ["memory.db"] { try Files.removeIfThere("\(user)/\(name)") }
        // What else is there keeps the folder.
        rmdir(user)
        return .moved(from: user)
    }

    /// Gives a file a second name, so that there is no instant without it and an open connection sees one database; where
    /// that can't be done, such as on another device, copies and flushes it. A memory map of the log is of no use as a copy:
    /// SQLite makes it anew.
    private static func bring(_ source: String, to place: String, orCopy: Bool) throws(FileFailure) {
        if link(source, place) == 0 { return }
        guard orCopy else { return }
        try Files.copy(source, to: place)
    }
}
