import SQLite

/// Carries rows out of a damaged file, table by table: what SQLite can read by SQLite, and what it can't page by page. Each row
/// goes in as any other does, so that constraints refuse what is damaged.
final class Salvage {
    /// What came over of one table.
    struct Carried {
        var rows = 0
        /// Whether SQLite read it from end to end.
        var isWhole = false
        /// Nothing came over, though there was something, or its first page can't be read.
        var isLost = false
    }

    private enum Reading {
        case whole
        /// The table is there, and can't be read to its end.
        case brokenOff
        /// The list of tables can't be read.
        case unknown
    }

    private let source: Connection?
    private let target: Connection
    private let path: String
    private let shapes: RecordShapes
    /// Read when it is needed first: all of the file.
    private lazy var damaged = DamagedRows(path: path, shapes: shapes)

    init(from path: String, to target: Connection) throws(SQLiteError) {
        self.path = path
        self.target = target
        shapes = try RecordShapes(target)
        source = try? Connection(path: path, mode: .readOnly)
    }

    func carry(_ table: String) throws(SQLiteError) -> Carried {
        let columns = try target.rows("SELECT name, pk FROM pragma_table_info(?)", .text(table)) {
            (name: $0.text(0), key: $0.int(1))
        }
        var writer = RowWriter(table: table, columns: columns.map(\.name), keys: columns.map(\.key), target: target)
        writer.isKeyed = shapes.shape(of: table)?.tree == .keyed
        let reading = try read(&writer)
        if reading == .whole { return Carried(rows: writer.rows, isWhole: true) }
        let defaults = try writer.rowsAtFirst()
        // What SQLite could read is the newer one, should anything old stand in a page.
        writer.replaces = defaults || writer.isKeyed
        try damaged?.forEachRow(of: table) { (rowID, values) throws(SQLiteError) in
            try writer.write(rowID: rowID, columns.indices.map { values[$0] })
        }
        let isWhole = reading == .unknown && damaged?.isWhole(table) ?? false
        // A new salt is no salt: nobody knows any more what was forgotten.
        let isReplaced = defaults && !Self.dearest.contains(table)
        if writer.rows > 0 || isWhole || isReplaced { return Carried(rows: writer.rows, isWhole: isWhole) }
        return Carried(isLost: try hadRows(table, reading))
    }

    /// Whether a table of which nothing came over had rows, as far as its indexes tell; where they don't, one that can't be
    /// filled again counts as if it had.
    private func hadRows(_ table: String, _ reading: Reading) throws(SQLiteError) -> Bool {
        guard let damaged else { return true }
        if damaged.hasRows(of: table) { return true }
        guard reading == .brokenOff else { return false }
        let indexes = try target.rows("SELECT name FROM pragma_index_list(?)", .text(table)) { $0.text(0) }
        if indexes.contains(where: damaged.hasRows) { return true }
        return !indexes.contains(where: damaged.isEmpty) && Self.dearest.contains(table)
    }

    private static let dearest: Set = [
        "meta", "project", "session", "transcript", "ingest", "turn", "memory", "memory_source", "memory_event",
        "memory_link", "memory_tag", "tombstone",
    ]

    /// Numbers that were given once are not given again.
    func carryNumbers() throws(SQLiteError) {
        var numbers: [String: Int] = [:]
        do throws(SQLiteError) {
            for (name, number) in try source?.rows(
                "SELECT name, seq FROM sqlite_sequence", read: { ($0.text(0), $0.int(1)) })
                ?? []
            {
                numbers[name] = number
            }
        } catch {
            guard Self.isDamage(error) else { throw error }
            try damaged?.forEachRow(of: "sqlite_sequence") { _, values in
                if case .text(let name) = values[0], case .integer(let number) = values[1] { numbers[name] = number }
            }
        }
        for (name, number) in numbers.sorted(by: { $0.key < $1.key }) where number > 0 {
            // A table that has had no row is not in there yet.
            try target.run(
                """
                INSERT INTO sqlite_sequence (name, seq) SELECT ?1, 0 WHERE ?1 IN (
                    SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%')
                    AND ?1 NOT IN (SELECT name FROM sqlite_sequence)
                """, .text(name))
            try target.run(
                "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", .integer(number), .text(name))
        }
    }

    /// From the front to the first broken page, then from the back; what lies between is left to the pages themselves.
    private func read(_ writer: inout RowWriter) throws(SQLiteError) -> Reading {
        guard let source else { return .unknown }
        let names = writer.columns.joined(separator: ", ")
        var isKnown = false
        for order in ["ASC", "DESC"] {
            do throws(SQLiteError) {
                let read = try source.statement(
                    writer.isKeyed
                        ? "SELECT 0, \(names) FROM \(writer.table)"
                        : "SELECT rowid, \(names) FROM \(writer.table) ORDER BY rowid \(order)")
                isKnown = true
                defer { read.reset() }
                var isWhole = true
                while try read.step() {
                    // A page that went with a long text may be overwritten without a sign of it.
                    if let row = read.soundRow(writer.columns.count) {
                        try writer.write(rowID: read.int(0), row)
                    } else {
                        isWhole = false
                    }
                }
                return isWhole && order == "ASC" ? .whole : .brokenOff
            } catch {
                guard Self.isDamage(error) else { throw error }
                if writer.isKeyed { break }
            }
        }
        return isKnown ? .brokenOff : .unknown
    }

    /// ERROR for a table that is not there, IOERR, CORRUPT, NOTADB.
    private static func isDamage(_ error: SQLiteError) -> Bool { [1, 10, 11, 26].contains(error.primaryCode) }
}

/// Writes rows of one table, each once.
private struct RowWriter {
    let table: String
    let columns: [String]
    /// By column: its place in the primary key, or 0.
    let keys: [Int]
    let target: Connection
    var isKeyed = false
    var replaces = true
    private(set) var rows = 0
    private var seenNumbers: Set<Int> = []
    private var seenKeys: Set<String> = []

    init(table: String, columns: [String], keys: [Int], target: Connection) {
        self.table = table
        self.columns = columns
        self.keys = keys
        self.target = target
    }

    /// Whether a new store has rows in it, so that nothing is amiss without those of the old one.
    func rowsAtFirst() throws(SQLiteError) -> Bool {
        guard rows == 0 else { return false }
        return try target.row("SELECT 1 FROM \(table) LIMIT 1") { _ in true } ?? false
    }

    /// - Parameter values: By column; nil for what is to be as the schema has it.
    mutating func write(rowID: Int, _ values: [Value?]) throws(SQLiteError) {
        let isNew =
            isKeyed
            ? seenKeys.insert("\(zip(values, keys).filter { $0.1 > 0 }.map(\.0))").inserted
            : seenNumbers.insert(rowID).inserted
        guard isNew else { return }
        let given = columns.indices.filter { values[$0] != nil }
        let names = given.map { columns[$0] }.joined(separator: ", ")
        let places = given.map { _ in "?" }.joined(separator: ", ")
        // An event stays for ever, so that one of a memory that is gone must not come in.
        let rest =
            table == "memory_event"
            ? "SELECT \(places) WHERE EXISTS (SELECT 1 FROM memory WHERE id = ?2)" : "VALUES (\(places))"
        do throws(SQLiteError) {
            let write = try target.statement("INSERT\(replaces ? " OR REPLACE" : "") INTO \(table) (\(names)) \(rest)")
            defer { write.reset() }
            write.bind(given.compactMap { values[$0] })
            _ = try write.step()
            rows += min(1, target.changes)
        } catch {
            // A row that breaks a constraint was damaged too.
            guard error.primaryCode == 19 else { throw error }
        }
    }
}

extension Statement {
    /// The values behind the first column; nil when a text is none.
    fileprivate func soundRow(_ count: Int) -> [Value?]? {
        var row: [Value?] = []
        for column in 1...count {
            let value = value(column)
            if case .text(let text) = value, text.utf8.contains(0) || text.unicodeScalars.contains("\u{FFFD}") {
                let isSound = withBlob(column) { bytes in
                    !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil
                }
                guard isSound else { return nil }
            }
            row.append(value)
        }
        return row
    }
}
