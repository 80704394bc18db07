public import SQLite

/// What a query of a person gave.
public struct QueryTable: Sendable, Equatable {
    public var columns: [String]
    public var rows: [[Value]]
    /// Whether there were more rows than asked for.
    public var isCut: Bool
}

/// A statement of the schema.
public struct SchemaStatement: Sendable, Equatable {
    /// `table`, `index`, `trigger` or `view`.
    public var type: String
    public var name: String
    /// The table that it belongs to.
    public var table: String
    public var sql: String

    init(_ row: Statement) {
        type = row.text(0)
        name = row.text(1)
        table = row.text(2)
        sql = row.text(3)
    }
}

extension MemoryStore {
    /// Runs one statement that reads. From then on this store compiles nothing that writes.
    ///
    /// - Throws: SQLite's own error, with `SQLITE_AUTH` (23) for whatever is not plain reading.
    public func query(_ sql: String, limit: Int) throws(SQLiteError) -> QueryTable {
        // Text indexes are connected to while that is still allowed.
        for index in try connection.rows(
            "SELECT name FROM pragma_table_list WHERE type = 'virtual' AND schema = 'main' ORDER BY name",
            read: { $0.text(0) })
        {
            _ = try connection.statement("SELECT 1 FROM \"\(index)\" LIMIT 0")
        }
        connection.allowReadingOnly()
        let statement = try connection.statement(sql)
        defer { statement.reset() }
        var table = QueryTable(
            columns: (0..<statement.columnCount).map(statement.columnName), rows: [], isCut: false)
        while try statement.step() {
            guard table.rows.count < limit else {
                table.isCut = true
                break
            }
            table.rows.append((0..<statement.columnCount).map(statement.value))
        }
        return table
    }

    /// The statements that made the schema, as SQLite keeps them, in the order in which they were made. The tables that a text
    /// index keeps for itself are left out.
    public func schema() throws(SQLiteError) -> [SchemaStatement] {
        try connection.rows(
            """
            SELECT type, name, tbl_name, sql FROM sqlite_schema AS s
            WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND NOT EXISTS (
                SELECT 1 FROM pragma_table_list AS l WHERE l.name = s.name AND l.type = 'shadow')
            ORDER BY rowid
            """, read: SchemaStatement.init)
    }

    /// Number of the schema's last step.
    public func schemaVersion() throws(SQLiteError) -> Int {
        try connection.row("PRAGMA user_version") { $0.int(0) } ?? 0
    }
}
