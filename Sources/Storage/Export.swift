public import Memories
public import SQLite

/// A memory with all that another store needs of it.
public struct ExportedMemory: Sendable, Equatable {
    public var memory: StoredMemory
    /// Oldest first.
    public var sightings: [StoredSighting]
    /// Edges from it to other exported memories.
    public var links: [ExportedLink]
}

/// An edge by the name that holds on every machine.
public struct ExportedLink: Sendable, Equatable {
    public var kind: LinkKind
    public var uid: String

    public init(kind: LinkKind, uid: String) {
        self.kind = kind
        self.uid = uid
    }
}

extension MemoryStore {
    /// Memories in the order in which they were said, so that who records them one after the other gets the same ones active.
    ///
    /// - Parameter all: Also those that are not active.
    public func exported(all: Bool) throws(SQLiteError) -> [ExportedMemory] {
        let memories = try connection.rows(
            """
            SELECT \(StoredMemory.columns) FROM memory AS m WHERE \(all ? "true" : "m.state = 'active'")
            ORDER BY m.said_at, m.id
            """, read: StoredMemory.init)
        let uids = Dictionary(memories.map { ($0.id, $0.uid) }, uniquingKeysWith: { first, _ in first })
        var exported: [ExportedMemory] = []
        for memory in memories {
            let links = try links(of: memory.id).filter { $0.from == memory.id }.compactMap { link in
                uids[link.to].map { ExportedLink(kind: link.kind, uid: $0) }
            }
            exported.append(ExportedMemory(memory: memory, sightings: try sightings(of: memory.id), links: links))
        }
        return exported
    }
}
