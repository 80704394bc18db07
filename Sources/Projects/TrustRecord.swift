import JSON

/// What the ledger knows about one project.
struct TrustRecord: Sendable, Equatable {
    /// The `.ccmem` that this user's ccmem marked. The inode tells a folder from another that took its place, the mark
    /// tells it from one that got the same inode. A device number would change with a restart on some file systems.
    struct Folder: Sendable, Equatable {
        var inode: UInt64
        var mark: String
        /// Whether ccmem made the folder, rather than found it.
        var isMade: Bool
    }

    struct File: Sendable, Equatable {
        var digest: String
        var origin: TrustOrigin
    }

    var root: String
    var folder: Folder?
    /// The inode of the database that this user's ccmem made or that was confirmed.
    var database: UInt64?
    /// By path below `.ccmem`.
    var files: [String: File] = [:]

    /// Whether the folder at `path` is the one that was marked.
    func isOwn(_ path: String) -> Bool {
        guard
            let folder, let status = Files.status(of: path), status.kind == .directory, status.inode == folder.inode,
            let bytes = try? Files.contents(of: path + "/" + OwnFolder.markName, limit: 256, followingLinks: false)
        else { return false }
        return String(decoding: bytes, as: UTF8.self) == folder.mark + "\n"
    }

    /// Nil when the bytes are not such a record of that project.
    init?(_ bytes: [UInt8], root: String) {
        guard
            let value = (try? JSONDocument(parsing: bytes))?.root.value, let written = value["root"]?.text,
            PathText.same(written, root)
        else { return nil }
        self.root = root
        if let entry = value["folder"], let inode = entry["inode"]?.text.flatMap({ UInt64($0) }),
            let mark = entry["mark"]?.text, mark.utf8.count == 32
        {
            folder = Folder(inode: inode, mark: mark, isMade: entry["made"]?.isTrue == true)
        }
        database = value["database"]?.text.flatMap { UInt64($0) }
        if case .object(let members)? = value["files"] {
            for member in members {
                guard
                    let digest = member.node.value["sha256"]?.text, digest.utf8.count == 64,
                    let origin = member.node.value["by"]?.text.flatMap(TrustOrigin.init)
                else { continue }
                files[member.key] = File(digest: digest, origin: origin)
            }
        }
    }

    init(root: String) {
        self.root = root
    }

    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("root")
        writer.string(root)
        if let folder {
            writer.key("folder")
            writer.beginObject()
            writer.key("inode")
            // As text: inodes of 64 bits are no numbers to every reader of JSON.
            writer.string(String(folder.inode))
            writer.key("mark")
            writer.string(folder.mark)
            writer.key("made")
            writer.bool(folder.isMade)
            writer.endObject()
        }
        if let database {
            writer.key("database")
            writer.string(String(database))
        }
        writer.key("files")
        writer.beginObject()
        for (path, file) in files.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            writer.key(path)
            writer.beginObject()
            writer.key("sha256")
            writer.string(file.digest)
            writer.key("by")
            writer.string(file.origin.rawValue)
            writer.endObject()
        }
        writer.endObject()
        writer.endObject()
        writer.newline()
        return writer.bytes
    }
}
