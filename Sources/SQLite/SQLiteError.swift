/// What SQLite answered when it could not do what was asked. Values that were bound are never in it: they may be private.
public struct SQLiteError: Error, Sendable, Equatable {
    /// The extended result code (https://sqlite.org/rescode.html).
    public var code: Int32
    /// SQLite's own words.
    public var message: String
    /// The statement; empty when none was involved.
    public var sql: String

    public init(code: Int32, message: String, sql: String = "") {
        self.code = code
        self.message = message
        self.sql = sql
    }

    /// The result code without its extension.
    public var primaryCode: Int32 { code & 0xFF }
}
