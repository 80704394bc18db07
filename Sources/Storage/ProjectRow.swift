public import SQLite

extension MemoryStore {
    /// Notes whose memories these are: a file that is found somewhere tells where it belongs. Call it inside `writing`.
    ///
    /// - Parameter root: The real path of the project's root.
    public func setProject(root: String) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO project (id, root, created_at) VALUES (1, ?1, ?2)
            ON CONFLICT (id) DO UPDATE SET root = ?1 WHERE root <> ?1
            """, .text(root), .text(now))
    }
}
