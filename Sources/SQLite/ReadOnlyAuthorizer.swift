import CSQLite

extension Connection {
    /// From now on only reading is compiled: no writes, no attached files, no functions that load code, and no pragmas but
    /// those that describe tables and the one by which FTS5 sees that somebody has written.
    ///
    /// Virtual tables that were not used before can't be used any more: SQLite asks for an UPDATE of its schema when it
    /// connects to one.
    ///
    /// Refused statements fail with `SQLITE_AUTH` (https://sqlite.org/c3ref/set_authorizer.html).
    public func allowReadingOnly() {
        sqlite3_set_authorizer(
            handle,
            { _, action, first, function, _, _ in
                switch action {
                case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return SQLITE_OK
                case SQLITE_FUNCTION:
                    guard let function else { return SQLITE_DENY }
                    let name = String(cString: function).lowercased()
                    return name == "load_extension" || name == "fts3_tokenizer" ? SQLITE_DENY : SQLITE_OK
                case SQLITE_PRAGMA:
                    guard let first else { return SQLITE_DENY }
                    return describingPragmas.contains(String(cString: first).lowercased()) ? SQLITE_OK : SQLITE_DENY
                default: return SQLITE_DENY
                }
            }, nil)
    }
}

/// None of them changes anything, whatever its argument.
private let describingPragmas: Set<String> = [
    "data_version", "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo",
    "foreign_key_list",
]
