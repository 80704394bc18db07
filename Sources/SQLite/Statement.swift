import CSQLite

/// A compiled statement and, while it is stepped through, its current row. Columns count from 0, parameters from 1.
public final class Statement {
    private let handle: OpaquePointer
    private unowned let connection: Connection
    private let sql: String
    /// Neither run nor given values since the last reset.
    private var isFresh = true

    /// - Throws: When the text does not compile or holds no statement. What follows the first statement is an error too.
    init(_ sql: String, on connection: Connection) throws(SQLiteError) {
        self.sql = sql
        self.connection = connection
        var compiled: OpaquePointer?
        var rest: Int32 = 0
        let code = Statement.prepare(sql, connection.handle, &compiled, &rest)
        try connection.check(code, sql)
        guard let compiled else {
            throw SQLiteError(code: SQLITE_ERROR, message: "there is no statement in it", sql: sql)
        }
        guard rest == 0 else {
            sqlite3_finalize(compiled)
            throw SQLiteError(code: SQLITE_ERROR, message: "there is more than one statement in it", sql: sql)
        }
        handle = compiled
    }

    /// `rest` is the number of bytes behind the statement that are neither white space nor comment.
    private static func prepare(
        _ sql: String, _ connection: OpaquePointer, _ compiled: inout OpaquePointer?, _ rest: inout Int32
    ) -> Int32 {
        var sql = sql
        return sql.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                var tail: UnsafePointer<CChar>?
                let code = sqlite3_prepare_v3(
                    connection, characters.baseAddress, Int32(characters.count), UInt32(SQLITE_PREPARE_PERSISTENT),
                    &compiled, &tail)
                guard code == SQLITE_OK, let start = characters.baseAddress, var next = tail else { return code }
                // A second statement is one that compiles to something, or does not compile.
                while next < start + characters.count {
                    var second: OpaquePointer?
                    let length = Int32(start + characters.count - next)
                    var end: UnsafePointer<CChar>?
                    let result = sqlite3_prepare_v3(connection, next, length, 0, &second, &end)
                    defer { sqlite3_finalize(second) }
                    guard result == SQLITE_OK, second == nil, let end, end > next else {
                        rest = length
                        break
                    }
                    next = end
                }
                return code
            }
        }
    }

    func finalize() { sqlite3_finalize(handle) }

    /// Ends the run and forgets the values.
    public func reset() {
        guard !isFresh else { return }
        isFresh = true
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    public func bind(_ values: [Value]) {
        for (index, value) in values.enumerated() { bind(index + 1, value) }
    }

    public func bind(_ index: Int, _ value: Value) {
        let index = Int32(index)
        isFresh = false
        switch value {
        case .null: sqlite3_bind_null(handle, index)
        case .integer(let number): sqlite3_bind_int64(handle, index, Int64(number))
        case .real(let number): sqlite3_bind_double(handle, index, number)
        case .text(var text):
            _ = text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    // An empty buffer may have no address, which SQLite would take for NULL.
                    $0.baseAddress.map {
                        sqlite3_bind_text64(
                            handle, index, $0, UInt64(bytes.count), ccmem_sqlite_transient(), UInt8(SQLITE_UTF8))
                    } ?? sqlite3_bind_text64(handle, index, "", 0, ccmem_sqlite_static(), UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let bytes):
            bytes.withUnsafeBytes {
                _ = sqlite3_bind_blob64(handle, index, $0.baseAddress, UInt64($0.count), ccmem_sqlite_transient())
            }
        }
    }

    /// - Returns: Whether there is a row.
    public func step() throws(SQLiteError) -> Bool {
        isFresh = false
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let error = SQLiteError(
                code: sqlite3_extended_errcode(connection.handle),
                message: String(cString: sqlite3_errmsg(connection.handle)), sql: sql)
            sqlite3_reset(handle)
            throw error
        }
    }

    // MARK: - The current row

    public var columnCount: Int { Int(sqlite3_column_count(handle)) }

    public func columnName(_ column: Int) -> String { String(cString: sqlite3_column_name(handle, Int32(column))) }

    public func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }

    /// 0 for NULL.
    public func int(_ column: Int) -> Int { Int(sqlite3_column_int64(handle, Int32(column))) }

    public func optionalInt(_ column: Int) -> Int? { isNull(column) ? nil : int(column) }

    /// 0 for NULL.
    public func real(_ column: Int) -> Double { sqlite3_column_double(handle, Int32(column)) }

    /// Empty for NULL.
    public func text(_ column: Int) -> String {
        guard let start = sqlite3_column_text(handle, Int32(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    public func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }

    public func blob(_ column: Int) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, Int32(column)) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(column)))))
    }

    /// Lends the bytes of a column for as long as the body runs; empty for NULL.
    public func withBlob<T>(_ column: Int, _ body: (UnsafeRawBufferPointer) -> T) -> T {
        let start = sqlite3_column_blob(handle, Int32(column))
        return body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(column)))))
    }

    public func value(_ column: Int) -> Value {
        switch sqlite3_column_type(handle, Int32(column)) {
        case SQLITE_INTEGER: .integer(int(column))
        case SQLITE_FLOAT: .real(sqlite3_column_double(handle, Int32(column)))
        case SQLITE_TEXT: .text(text(column))
        case SQLITE_BLOB: .blob(blob(column))
        default: .null
        }
    }
}
