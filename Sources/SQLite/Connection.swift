import CSQLite
import CTextScore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One connection to a database. Belongs to the task that opened it.
///
/// Statements are compiled once and kept. Knows no schema.
public final class Connection {
    public enum Mode: Sendable {
        /// Never writes, takes no write lock, and fails when the file is missing.
        case readOnly
        /// As `readOnly`, for a database that nothing writes at the same time: opens also in a folder where SQLite can't
        /// make the files that a log needs (https://sqlite.org/uri.html#uriimmutable).
        case immutable
        /// Fails when the file is missing.
        case readWrite
        /// Makes the file when it is missing.
        case create
    }

    let handle: OpaquePointer
    private var cache: [String: Statement] = [:]
    private var places = StatementPlaces()
    private var depth = 0
    /// Counts the transactions of this connection: what was read in one may be stale in the next.
    public private(set) var transactionNumber = 0
    /// Whether a transaction is open.
    public var isInTransaction: Bool { depth > 0 }
    private var hasTextScore = false

    /// - Parameters:
    ///   - path: A file, or `:memory:`.
    ///   - busyTimeout: How long to wait for a lock, in milliseconds.
    public init(path: String, mode: Mode, busyTimeout: Int32 = 5_000) throws(SQLiteError) {
        var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW
        let path = Connection.withoutLinks(path)
        var name = path
        switch mode {
        case .readOnly: flags |= SQLITE_OPEN_READONLY
        case .immutable:
            flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
            name = "file:" + Connection.escapedForURI(path) + "?immutable=1"
        case .readWrite: flags |= SQLITE_OPEN_READWRITE
        case .create: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        }
        _ = Connection.countsNoMemory
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(name, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            let message = String(cString: opened.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code))
            sqlite3_close_v2(opened)
            throw SQLiteError(code: code, message: message)
        }
        handle = opened
        sqlite3_busy_timeout(handle, busyTimeout)
    }

    /// The file by the real path of its folder. `SQLITE_OPEN_NOFOLLOW` refuses a link anywhere in a path, while many homes stand
    /// behind one (`/home` → `/var/home`); only the file itself must be none.
    private static func withoutLinks(_ path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.utf8.startIndex,
            let folder = realpath(String(path[..<slash]), nil)
        else { return path }
        defer { free(folder) }
        return String(cString: folder) + path[slash...]
    }

    /// SQLite's count of its own memory, which nobody asks for, would take a lock at each allocation.
    private static let countsNoMemory = ccmem_sqlite_count_no_memory()

    deinit {
        for statement in cache.values { statement.finalize() }
        sqlite3_close_v2(handle)
    }

    /// Runs all statements of a text; rows are thrown away.
    public func execute(_ sql: String) throws(SQLiteError) {
        try check(sqlite3_exec(handle, sql, nil, nil, nil), sql)
    }

    /// A compiled statement, reset and without values. Compiled on first use.
    public func statement(_ sql: String) throws(SQLiteError) -> Statement {
        if let known = places.statement(sql) {
            known.reset()
            return known
        }
        if let index = cache.index(forKey: sql) {
            let known = cache.values[index]
            places.keep(known, cache.keys[index])
            known.reset()
            return known
        }
        let statement = try Statement(sql, on: self)
        cache[sql] = statement
        places.keep(statement, sql)
        return statement
    }

    /// Runs one statement to its end.
    public func run(_ sql: String, _ values: Value...) throws(SQLiteError) {
        let statement = try statement(sql)
        statement.bind(values)
        while try statement.step() {}
        statement.reset()
    }

    /// All rows of one statement.
    public func rows<T>(_ sql: String, _ values: Value..., read: (Statement) -> T) throws(SQLiteError) -> [T] {
        try rows(sql, values: values, read: read)
    }

    /// All rows of one statement.
    public func rows<T>(_ sql: String, values: [Value], read: (Statement) -> T) throws(SQLiteError) -> [T] {
        let statement = try statement(sql)
        statement.bind(values)
        defer { statement.reset() }
        var found: [T] = []
        while try statement.step() { found.append(read(statement)) }
        return found
    }

    /// The first row of one statement.
    public func row<T>(_ sql: String, _ values: Value..., read: (Statement) -> T) throws(SQLiteError) -> T? {
        let statement = try statement(sql)
        statement.bind(values)
        defer { statement.reset() }
        return try statement.step() ? read(statement) : nil
    }

    public enum Transaction: String, Sendable {
        case deferred = "BEGIN"
        /// Takes the write lock at once, so that nothing read in it can be stale when it writes.
        case immediate = "BEGIN IMMEDIATE"
    }

    /// Commits what the body did, or takes all of it back when it throws. Inside another transaction it is a part of that.
    public func transaction<T>(
        _ kind: Transaction = .immediate, _ body: () throws(SQLiteError) -> T
    ) throws(SQLiteError) -> T {
        guard depth == 0 else { return try body() }
        try execute(kind.rawValue)
        depth += 1
        transactionNumber += 1
        defer { depth -= 1 }
        do throws(SQLiteError) {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // A failed COMMIT or a full disk may have ended it already; then there is nothing to take back.
            if sqlite3_get_autocommit(handle) == 0 { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
            throw error
        }
    }

    /// Runs the body in a transaction and takes back whatever it did: to see what would happen.
    public func preview<T>(_ body: () throws(SQLiteError) -> T) throws(SQLiteError) -> T {
        try execute(Transaction.immediate.rawValue)
        depth += 1
        transactionNumber += 1
        defer {
            depth -= 1
            if sqlite3_get_autocommit(handle) == 0 { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
        }
        return try body()
    }

    /// Rows that the last INSERT, UPDATE or DELETE changed.
    public var changes: Int { Int(sqlite3_changes64(handle)) }

    /// Rows that were changed since the connection was opened, triggers included.
    public var totalChanges: Int { Int(sqlite3_total_changes64(handle)) }

    public var lastInsertedRowID: Int { Int(sqlite3_last_insert_rowid(handle)) }

    /// Refuses statements that could damage the file (https://sqlite.org/security.html). The schema itself stays trusted: the
    /// triggers that keep text indexes use FTS5, which this SQLite does not allow otherwise.
    ///
    /// - Parameter refuses: False for the length of a migration, which may change the text of the schema.
    public func refuseDangerousStatements(_ refuses: Bool = true) {
        _ = ccmem_sqlite_configure(handle, SQLITE_DBCONFIG_DEFENSIVE, refuses ? 1 : 0)
    }

    /// From now on there is `text_score`: as `bm25`, with the weight of each phrase given.
    public func addTextScore() throws(SQLiteError) {
        guard !hasTextScore else { return }
        try check(text_score_register(handle), "text_score")
        hasTextScore = true
    }

    /// Leaves the log as it is when the last connection closes: bringing it into the file is another's work.
    public func leaveLogOnClose() {
        _ = ccmem_sqlite_configure(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    }

    func check(_ code: Int32, _ sql: String) throws(SQLiteError) {
        guard code == SQLITE_OK else {
            throw SQLiteError(
                code: sqlite3_extended_errcode(handle), message: String(cString: sqlite3_errmsg(handle)), sql: sql)
        }
    }

    private static func escapedForURI(_ path: String) -> String {
        path.utf8.reduce(into: "") { text, byte in
            switch byte {
            case UInt8(ascii: "%"), UInt8(ascii: "?"), UInt8(ascii: "#"), 0...0x20, 0x7F...0xFF:
                let digits = Array("0123456789ABCDEF")
                text += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            default: text.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
    }
}
