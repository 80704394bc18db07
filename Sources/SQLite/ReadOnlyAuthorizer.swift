import CSQLite

extension Connection {
    /// From now on only reading is compiled: no writes, no pragmas, no attached files, no functions that load code.
    ///
    /// Refused statements fail with `SQLITE_AUTH` (https://sqlite.org/c3ref/set_authorizer.html).
    public func allowReadingOnly() {
        sqlite3_set_authorizer(
            handle,
            { _, action, _, function, _, _ in
                switch action {
                case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return SQLITE_OK
                case SQLITE_FUNCTION:
                    guard let function else { return SQLITE_DENY }
                    let name = String(cString: function).lowercased()
                    return name == "load_extension" || name == "fts3_tokenizer" ? SQLITE_DENY : SQLITE_OK
                default: return SQLITE_DENY
                }
            }, nil)
    }
}
