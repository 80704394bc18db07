#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The `.ccmem` of a project, as this user's ccmem makes it.
struct OwnFolder {
    let path: String
    let ledger: TrustLedger

    /// Holds the mark that ties the folder to the ledger of this user; never committed.
    static let markName = ".origin"

    /// What git must leave alone: it is private, or made anew at any time.
    static let ignored = [
        "memory.db*", markName, "MEMORY.md", "MEMORY.edited.md", "HANDOFF.md", "sessions/", "*.tmp",
    ]

    init(root: String, _ dataFolder: String) {
        path = ProjectRoot(path: root, reason: .ownFolder).ownFolder
        ledger = TrustLedger(root: root, dataFolder: dataFolder)
    }

    init(ledger: TrustLedger, path: String) {
        self.ledger = ledger
        self.path = path
    }

    /// Makes the folder.
    ///
    /// - Returns: Whether it was made now; false when it is there already.
    func make() throws(FileFailure) -> Bool {
        if mkdir(path, 0o700) == 0 { return true }
        let failure = FileFailure(path)
        guard failure.code == EEXIST else { throw failure }
        guard let status = Files.status(of: path), status.kind == .directory else {
            throw FileFailure(path, code: ENOTDIR)
        }
        return false
    }

    /// Adds what is missing to `.gitignore`. This comes before anything private is written: a `git add` between the two
    /// would publish it.
    func writeIgnoreFile() throws(FileFailure) {
        let file = path + "/.gitignore"
        var text = ""
        do throws(FileFailure) {
            text = String(decoding: try Files.contents(of: file, limit: 1 << 20, followingLinks: false), as: UTF8.self)
        } catch  where !failureIsMissing(error) {
            throw error
        } catch {}
        let lines = text.split(whereSeparator: \.isNewline)
        // Only what follows counts when a line takes a pattern back.
        let valid = lines[(lines.lastIndex { $0.hasPrefix("!") }.map { $0 + 1 } ?? 0)...]
        let missing = Self.ignored.filter { !valid.contains(Substring($0)) }
        if missing.isEmpty { return }
        if text.isEmpty {
            text =
                "# Memory and generated pages stay on this machine; rules, topics, plan and settings are committed.\n"
        }
        if text.last?.isNewline == false { text += "\n" }
        try Files.write(Array((text + missing.map { $0 + "\n" }.joined()).utf8), to: file)
    }

    /// Writes the mark and enters it into the ledger.
    ///
    /// - Parameter isMade: Whether the folder is this user's from its first file on. A folder that came from elsewhere gets
    ///   a mark as well, but what stands in it stays untrusted.
    func mark(isMade: Bool) throws(FileFailure) {
        if ledger.read().isOwn(path) { return }
        try ledger.update { record throws(FileFailure) in
            // Another process may have been faster.
            if record.isOwn(path) { return }
            let mark = Files.randomName()
            try Files.write(Array((mark + "\n").utf8), to: path + "/" + Self.markName)
            guard let status = Files.status(of: path) else { throw FileFailure(path) }
            record.folder = .init(inode: status.inode, mark: mark, isMade: isMade)
            // What the ledger knew was about a folder that is no longer there.
            record.database = nil
        }
    }

    /// Makes the database file if there is none, as this user's own.
    func admitDatabase() throws(FileFailure) {
        let database = path + "/memory.db"
        if Files.status(of: database) != nil { return }
        // A log without its database was not written here, and SQLite would play it into the new one.
        for name in StoreLocation.companionFiles where Files.status(of: path + "/" + name) != nil {
            // Another process may have made database and log meanwhile.
            if Files.status(of: database) != nil { return }
            throw FileFailure(path + "/" + name, code: EEXIST)
        }
        try writeIgnoreFile()
        try mark(isMade: false)
        let temporary = "\(database).\(Files.randomName()).tmp"
        try StoreLocation.makeFile(temporary)
        defer { unlink(temporary) }
        try adopt(temporary, as: database)
    }

    /// Gives a file of this user the name of the database. The ledger knows its inode first, so that no kill in between
    /// leaves a database that is not trusted.
    ///
    /// - Returns: False when there is a database already, which stays as it is.
    @discardableResult
    func adopt(_ file: String, as database: String) throws(FileFailure) -> Bool {
        guard let status = Files.status(of: file) else { throw FileFailure(file) }
        var isAdopted = false
        try ledger.update { record throws(FileFailure) in
            if Files.status(of: database) != nil { return }
            record.database = status.inode
            isAdopted = true
        } then: { () throws(FileFailure) in
            guard isAdopted else { return }
            guard rename(file, database) == 0 else { throw FileFailure(database) }
            Files.synchroniseFolder(of: database)
        }
        return isAdopted
    }
}

private func failureIsMissing(_ failure: FileFailure) -> Bool { failure.isMissing }
