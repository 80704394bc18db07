/// Brings a database to the newest schema, one numbered step after the other. Shipped steps are never edited.
public struct Migrator: Sendable {
    /// Marks files of this product; see https://sqlite.org/pragma.html#pragma_application_id.
    public var applicationID: Int
    /// How many steps there are, which is the newest version.
    public var count: Int
    /// Step `i` leads to version `i + 1`. Asked for only where one is missing: most runs need the count alone.
    public var step: @Sendable (Int) -> String

    public enum Finding: Sendable, Equatable {
        case current
        /// The database is behind, or empty.
        case older(Int)
        /// A newer program has written it.
        case newer(Int)
        /// Some other program's database.
        case foreign
    }

    public init(applicationID: Int, count: Int, step: @escaping @Sendable (Int) -> String) {
        self.applicationID = applicationID
        self.count = count
        self.step = step
    }

    public init(applicationID: Int, steps: [String]) {
        self.init(applicationID: applicationID, count: steps.count) { steps[$0] }
    }

    /// What a database is, without a change to it.
    public func finding(_ connection: Connection) throws(SQLiteError) -> Finding {
        // On one state of the file: another process may be making it just now.
        try connection.transaction(.deferred) { () throws(SQLiteError) in
            let version = try connection.row("PRAGMA user_version") { $0.int(0) } ?? 0
            let application = try connection.row("PRAGMA application_id") { $0.int(0) } ?? 0
            if application != applicationID {
                let tables = try connection.row("SELECT count(*) FROM sqlite_schema") { $0.int(0) } ?? 0
                return version == 0 && application == 0 && tables == 0 ? .older(0) : .foreign
            }
            if version > count { return .newer(version) }
            return version == count ? .current : .older(version)
        }
    }

    /// Runs the steps that are missing, all in one transaction, with foreign keys switched off: a step may make a table anew,
    /// and dropping the old one would count as deleting its rows. They are left off. A step may also change the text of the
    /// schema; afterwards statements that could damage the file are refused.
    ///
    /// - Returns: What it is now; `.current` unless the database is newer or foreign, which then stays as it is.
    public func migrate(_ connection: Connection) throws(SQLiteError) -> Finding {
        let before = try finding(connection)
        guard case .older = before else { return before }
        try connection.execute("PRAGMA foreign_keys = OFF")
        connection.refuseDangerousStatements(false)
        defer { connection.refuseDangerousStatements() }
        return try connection.transaction { () throws(SQLiteError) -> Finding in
            // Another process may have done it while this one waited for the lock.
            let now = try finding(connection)
            guard case .older(let version) = now else { return now }
            for index in version..<count { try connection.execute(step(index)) }
            try connection.execute("PRAGMA application_id = \(applicationID); PRAGMA user_version = \(count)")
            return .current
        }
    }
}
