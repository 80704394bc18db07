public import SQLite

/// Why a store can't be used.
public enum StoreError: Error, Sendable, Equatable {
    /// There is no store, and nothing that asked may make one.
    case missing(path: String)
    /// A newer version of the program has written it.
    case newerSchema(path: String, version: Int, known: Int)
    /// An older version has written it, and this connection may not bring it up to date.
    case olderSchema(path: String, version: Int, known: Int)
    /// The file is a database of something else, or no database.
    case foreign(path: String)
    /// A page or an index is broken; `repair` salvages what can be read.
    case corrupted(path: String, SQLiteError)
    /// Somebody else writes for longer than one can wait.
    case locked(path: String)
    case readOnly(path: String)
    case full(path: String)
    case other(path: String, SQLiteError)

    init(_ error: SQLiteError, path: String) {
        // https://sqlite.org/rescode.html
        switch error.primaryCode {
        case 5, 6: self = .locked(path: path)
        case 8: self = .readOnly(path: path)
        case 11: self = .corrupted(path: path, error)
        case 13: self = .full(path: path)
        case 26: self = .foreign(path: path)
        default: self = .other(path: path, error)
        }
    }
}
