import Digests

/// Why a file is trusted.
public enum TrustOrigin: String, Sendable, Equatable {
    /// This user's ccmem wrote it.
    case written
    /// The user looked at it and confirmed.
    case confirmed
}

/// One thing in a project's `.ccmem` that could act or reach the model.
public struct TrustItem: Sendable, Equatable {
    public enum State: Sendable, Equatable {
        case trusted
        case new
        /// It was trusted with other contents.
        case changed
        /// It can't be read as a plain file; never trusted. A symbolic link is one of these.
        case unreadable(FileFailure)
    }

    /// Below `.ccmem`.
    public var path: String
    public var state: State
    /// SHA-256 of the contents that were looked at, as 64 digits; empty when unreadable, and for a database that is this
    /// user's own.
    public var digest: String
}

/// Everything that trust is about in one project.
public struct TrustReview: Sendable, Equatable {
    /// In the order of the bytes of their paths.
    public var items: [TrustItem]

    public var needsAttention: Bool { items.contains { $0.state != .trusted } }

    /// SHA-256 over paths and contents, for `ccmem trust --hash` where nobody can be asked. The user's own database is left
    /// out: it is another one on each machine.
    public var digest: String {
        SHA256.hex(items.filter { !$0.digest.isEmpty }.flatMap { Array("\($0.path)\0\($0.digest)\n".utf8) })
    }
}

public enum TrustFailure: Error, Sendable, Equatable {
    case file(FileFailure)
    /// The combined hash is another one: nothing was trusted.
    case otherDigest(expected: String, actual: String)
    /// Something stands there that this user has not confirmed; nothing was written.
    case notTrusted(String)

    public var message: String {
        switch self {
        case .file(let failure): failure.message
        case .notTrusted(let path): "\(path): It is not trusted, so it is not added to; look at it with `ccmem trust`."
        case .otherDigest(let expected, let actual):
            "The contents of `.ccmem` have the hash `\(actual)`, not `\(expected)`; nothing was trusted. Review them with `ccmem trust`."
        }
    }
}

/// What this user trusts of a project's `.ccmem`, kept at user level where no clone can write.
///
/// Nothing that is trusted is trusted by name: a file counts as long as its SHA-256 is the one that was written by ccmem or
/// confirmed. The database, which changes all the time, counts by its inode in a folder that bears this user's mark.
public struct TrustLedger: Sendable {
    private let root: String
    private let folder: String
    private let file: String

    /// Packs and pages are small; what is larger is not read, and so not trusted.
    static let largestFile = 1 << 24

    public init(root: String, dataFolder: String) {
        self.root = root
        folder = ProjectRoot(path: root, reason: .ownFolder).ownFolder
        file = "\(dataFolder)/trust/\(StoreLocation.hash(of: root)).json"
    }

    public init(_ location: StoreLocation) {
        self.init(root: location.root.path, dataFolder: location.dataFolder)
    }

    // MARK: - Asking

    /// Everything in `.ccmem` that could act: packs, topics, the plan, settings, records and the database.
    public func review() -> TrustReview {
        let record = read()
        var paths = ["PLAN.md", "config.json", "scoring.yaml"]
        for (folder, endings) in [("rules", [".yaml", ".yml"]), ("topics", [".md"]), ("records", [""])] {
            paths += (Files.names(in: "\(self.folder)/\(folder)") ?? [])
                .filter { name in endings.contains { name.hasSuffix($0) } }.map { "\(folder)/\($0)" }
        }
        var items = paths.filter { Files.status(of: "\(folder)/\($0)") != nil }.map { item($0, record) }
        if let item = databaseItem(record) { items.append(item) }
        return TrustReview(items: items.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
    }

    /// The bytes of a file when they are trusted; the bytes that were checked are those that come back.
    ///
    /// - Parameter ownEdits: The setting `trust.own-edits`: whatever stands in a folder that ccmem made is trusted.
    /// - Returns: Nil when they are not trusted.
    /// - Throws: When there is no such file, or it can't be read.
    public func trustedContents(of path: String, ownEdits: Bool = false) throws(FileFailure) -> [UInt8]? {
        try trustedContents(of: path, ownEdits: ownEdits, by: nil)
    }

    /// - Parameter record: What `read` gave some time ago; read here when there is none, or when the file is younger.
    func trustedContents(
        of path: String, ownEdits: Bool, by record: TrustRecord?
    ) throws(FileFailure) -> [UInt8]? {
        let (bytes, state) = try contents(of: path, ownEdits: ownEdits, by: record)
        return state == .trusted ? bytes : nil
    }

    /// The bytes of a file, whether or not they are trusted, with what they are.
    ///
    /// - Throws: When there is no such file, or it can't be read as a plain one.
    public func contents(
        of path: String, ownEdits: Bool = false
    ) throws(FileFailure) -> (bytes: [UInt8], state: TrustItem.State) {
        try contents(of: path, ownEdits: ownEdits, by: nil)
    }

    private func contents(
        of path: String, ownEdits: Bool, by record: TrustRecord?
    ) throws(FileFailure) -> (bytes: [UInt8], state: TrustItem.State) {
        let bytes = try Files.contents(of: "\(folder)/\(path)", limit: Self.largestFile, followingLinks: false)
        let digest = SHA256.hex(bytes)
        func state(_ record: TrustRecord) -> TrustItem.State {
            let known = record.files[path]
            if known == nil, TrustLedger.saysNothing(path, bytes) { return .trusted }
            if known?.digest == digest || (ownEdits && record.folder?.isMade == true && record.isOwn(folder)) {
                return .trusted
            }
            return known == nil ? .new : .changed
        }
        // The file may have been written and entered since the record was read.
        if let record, state(record) == .trusted { return (bytes, .trusted) }
        return (bytes, state(read()))
    }

    public func isTrusted(_ path: String, ownEdits: Bool = false) -> Bool {
        ((try? trustedContents(of: path, ownEdits: ownEdits)) ?? nil) != nil
    }

    /// Refuses a database in `.ccmem` that this user's ccmem did not make and the user did not confirm. A missing one is fine.
    public func checkStore() throws(ProjectRefusal) { try checkStore(by: nil) }

    /// - Parameter record: What `read` gave some time ago; read here when there is none, or when the database is younger.
    func checkStore(by record: TrustRecord?) throws(ProjectRefusal) {
        let database = folder + "/memory.db"
        guard let status = Files.status(of: database) else { return }
        if status.kind == .link { throw .symbolicLink(database) }
        guard status.owner == Files.user else { throw .foreignOwner(database, owner: status.owner) }
        // Another process may have made the database since the record was read: its inode is entered before it has its name.
        guard record.map({ isOwn(status, $0) }) == true || isOwn(status, read()) else {
            throw .untrustedStore(database)
        }
        // SQLite would play a log that came with a pull into the database. Its own have the mode of the database; git
        // can't write that mode.
        for name in StoreLocation.companionFiles {
            guard let companion = Files.status(of: "\(folder)/\(name)") else { continue }
            if companion.kind == .link { throw .symbolicLink("\(folder)/\(name)") }
            let isOwn = companion.owner == Files.user && companion.permissions & 0o077 & ~status.permissions == 0
            guard isOwn else { throw .untrustedStore("\(folder)/\(name)") }
        }
    }

    // MARK: - Trusting

    /// Trusts items of a review with the contents that the review saw: what changed since stays untrusted.
    public func trust(_ items: [TrustItem]) throws(FileFailure) {
        if items.contains(where: { $0.path == "memory.db" && !$0.digest.isEmpty }) {
            try OwnFolder(ledger: self, path: folder).mark(isMade: false)
        }
        let database = folder + "/memory.db"
        try update { record throws(FileFailure) in
            for item in items where !item.digest.isEmpty {
                if item.path == "memory.db" {
                    guard try Files.digest(of: database) == item.digest else { continue }
                    record.database = Files.status(of: database)?.inode
                } else {
                    record.files[item.path] = .init(digest: item.digest, origin: .confirmed)
                }
            }
        }
    }

    /// Trusts everything when it is what the hash says; for machines where nobody can be asked.
    ///
    /// - Parameter digest: `TrustReview.digest`, as 64 digits.
    public func trust(digest: String) throws(TrustFailure) {
        let review = review()
        guard review.digest == digest.lowercased() else {
            throw .otherDigest(expected: digest, actual: review.digest)
        }
        do { try trust(review.items) } catch { throw .file(error) }
    }

    /// Takes note that this user's ccmem wrote a file, with the bytes that it wrote.
    public func recordOwnWrite(_ path: String, _ bytes: [UInt8]) throws(FileFailure) {
        let digest = SHA256.hex(bytes)
        try update { $0.files[path] = .init(digest: digest, origin: .written) }
    }

    /// Writes a file of this user's: it is trusted as written.
    ///
    /// - Throws: `TrustFailure.notTrusted` when a file stands there that the user has not confirmed, so that nobody's
    ///   contents become trusted by an addition to them.
    public func write(_ bytes: [UInt8], to path: String, ownEdits: Bool = false) throws(TrustFailure) {
        let place = "\(folder)/\(path)"
        guard Files.status(of: place) == nil || isTrusted(path, ownEdits: ownEdits) else { throw .notTrusted(place) }
        do throws(FileFailure) {
            if let parent = PathText.parent(of: place) { try Files.makeFolder(parent) }
            // Before the file, so that no kill in between leaves an own file that is not trusted.
            try recordOwnWrite(path, bytes)
            try Files.write(bytes, to: place)
        } catch {
            throw .file(error)
        }
    }

    /// Takes back what `trust` and `recordOwnWrite` said about a file.
    public func forget(_ path: String) throws(FileFailure) {
        try update { record in
            record.files[path] = nil
            if path == "memory.db" { record.database = nil }
        }
    }

    // MARK: -

    /// What is known; nothing, when the ledger is missing or damaged: then nothing is trusted.
    func read() -> TrustRecord {
        guard
            let status = Files.status(of: file), status.owner == Files.user, !status.isWritableByOthers,
            let bytes = try? Files.contents(of: file, limit: Self.largestFile, followingLinks: false)
        else { return TrustRecord(root: root) }
        return TrustRecord(bytes, root: root) ?? TrustRecord(root: root)
    }

    /// Changes the record while no other process does.
    ///
    /// - Parameter then: Done behind the change, still under the lock.
    func update(
        _ change: (inout TrustRecord) throws(FileFailure) -> Void,
        then: () throws(FileFailure) -> Void = {}
    ) throws(FileFailure) {
        guard let parent = PathText.parent(of: file) else { return }
        try Files.makeFolder(parent)
        let lock = try ProjectLock.taking(parent + "/lock")
        defer { lock.keep() }
        let old = read()
        var new = old
        try change(&new)
        if new != old { try Files.write(new.bytes, to: file) }
        try then()
    }

    private func item(_ path: String, _ record: TrustRecord) -> TrustItem {
        do throws(FileFailure) {
            let bytes = try Files.contents(of: "\(folder)/\(path)", limit: Self.largestFile, followingLinks: false)
            let digest = SHA256.hex(bytes)
            let known = record.files[path]
            let isTrusted = known?.digest == digest || known == nil && TrustLedger.saysNothing(path, bytes)
            let state: TrustItem.State = isTrusted ? .trusted : known == nil ? .new : .changed
            return TrustItem(path: path, state: state, digest: digest)
        } catch {
            return TrustItem(path: path, state: .unreadable(error), digest: "")
        }
    }

    /// Settings without any, as `ccmem init` writes them: nothing in them could act. Where others stood before them it is told all
    /// the same, since these may have restricted something.
    private static func saysNothing(_ path: String, _ bytes: [UInt8]) -> Bool {
        path == "config.json" && bytes.filter { $0 > 0x20 }.elementsEqual("{}".utf8)
    }

    private func databaseItem(_ record: TrustRecord) -> TrustItem? {
        guard let status = Files.status(of: folder + "/memory.db") else { return nil }
        if isOwn(status, record) { return TrustItem(path: "memory.db", state: .trusted, digest: "") }
        do throws(FileFailure) {
            let digest = try Files.digest(of: folder + "/memory.db")
            return TrustItem(path: "memory.db", state: record.database == nil ? .new : .changed, digest: digest)
        } catch {
            return TrustItem(path: "memory.db", state: .unreadable(error), digest: "")
        }
    }

    private func isOwn(_ database: FileStatus, _ record: TrustRecord) -> Bool {
        database.kind == .file && database.owner == Files.user && record.database == database.inode
            && record.isOwn(folder)
    }
}
