/// Statements by the place in memory where their text stands: most texts are literals, and comparing addresses spares hashing
/// hundreds of bytes for each row.
///
/// Each entry holds its text, so that no other text can come to stand in the same place.
struct StatementPlaces {
    private struct Entry {
        let sql: String
        let address: UInt
        let statement: Statement
    }

    private static let count = 128
    private var entries = [Entry?](repeating: nil, count: count)

    /// Texts of up to 15 bytes stand in the value itself and have no place.
    private static func address(_ sql: String) -> UInt? {
        guard sql.utf8.count > 15 else { return nil }
        return sql.utf8.withContiguousStorageIfAvailable { UInt(bitPattern: $0.baseAddress) }
    }

    private static func slot(_ address: UInt) -> Int { Int((address >> 4 ^ address >> 12) % UInt(count)) }

    func statement(_ sql: String) -> Statement? {
        guard let address = StatementPlaces.address(sql), let entry = entries[StatementPlaces.slot(address)],
            entry.address == address, entry.sql.utf8.count == sql.utf8.count
        else { return nil }
        return entry.statement
    }

    mutating func keep(_ statement: Statement, _ sql: String) {
        guard let address = StatementPlaces.address(sql) else { return }
        entries[StatementPlaces.slot(address)] = Entry(sql: sql, address: address, statement: statement)
    }
}
