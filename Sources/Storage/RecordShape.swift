import Memories
import SQLite

/// How the records of one table or index look: what stands in a page tells whose it is when nothing else does any more.
struct RecordShape {
    struct Column {
        /// As it was declared; empty for any.
        var type: String
        var isNullable: Bool
        /// The row number takes its place, and NULL is stored.
        var isRowID = false
        /// The only values that there are; nil when there are many.
        var known: Set<String>?
    }

    enum Tree: Equatable {
        /// A table with row numbers.
        case rows
        /// A table that is kept by its primary key.
        case keyed
        case index
    }

    var name: String
    var tree: Tree
    /// In the order in which they are stored.
    var columns: [Column]
    /// By column as it is stored: its place in the table.
    var places: [Int] = []
    /// Rows of an older version have fewer.
    var fewest: Int

    /// Whether something in it is one of a few known values, which says more than types.
    var isMarked: Bool { columns.contains { $0.known != nil } }

    func fits(_ record: DamagedRecord, in kind: TreePage.Kind) -> Bool {
        guard (kind == .rows) == (tree == .rows), (fewest...columns.count).contains(record.values.count) else {
            return false
        }
        return zip(record.values, columns).allSatisfy { Self.fits($0, $1) }
    }

    private static func fits(_ value: Value, _ column: Column) -> Bool {
        if column.isRowID { return value == .null }
        switch value {
        case .null: return column.isNullable
        case .integer: return ["", "INTEGER", "REAL"].contains(column.type)
        case .real: return ["", "REAL"].contains(column.type)
        case .blob: return ["", "BLOB"].contains(column.type)
        case .text(let text): return ["", "TEXT"].contains(column.type) && column.known?.contains(text) ?? true
        }
    }

    /// The row as the table has it; a column that the record is too old for is missing.
    func row(_ record: DamagedRecord) -> [Int: Value] {
        var row: [Int: Value] = [:]
        for (index, value) in record.values.enumerated() where index < places.count {
            row[places[index]] = columns[index].isRowID ? .integer(record.rowID) : value
        }
        return row
    }
}

/// The shapes of all that a store holds, by the schema of a new one.
struct RecordShapes {
    private(set) var all: [RecordShape] = []

    /// - Parameter connection: Of a store of the newest version.
    init(_ connection: Connection) throws(SQLiteError) {
        let tables = try connection.rows(
            "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow') ORDER BY name"
        ) { (name: $0.text(0), isKeyed: $0.int(1) == 1) }
        for table in tables {
            let shape = try Self.table(table.name, isKeyed: table.isKeyed, connection)
            all.append(shape)
            let indexes = try connection.rows(
                "SELECT name FROM pragma_index_list(?) WHERE NOT (origin = 'pk' AND ?)", .text(table.name),
                .integer(table.isKeyed ? 1 : 0)
            ) { $0.text(0) }
            for index in indexes { all.append(try Self.index(index, of: shape, connection)) }
        }
    }

    func shape(of name: String) -> RecordShape? { all.first { $0.name == name } }

    /// The one shape that all records of a page have; nil when there is none, or several that nothing tells apart.
    func shape(of records: [DamagedRecord], in kind: TreePage.Kind) -> RecordShape? {
        guard !records.isEmpty else { return nil }
        let fitting = all.filter { shape in records.allSatisfy { shape.fits($0, in: kind) } }
        let marked = fitting.filter(\.isMarked)
        return marked.count == 1 ? marked.first : fitting.count == 1 ? fitting.first : nil
    }

    private static func table(
        _ name: String, isKeyed: Bool, _ connection: Connection
    ) throws(SQLiteError) -> RecordShape {
        // Columns that are computed when they are read are not stored (hidden 2).
        let stored = try connection.rows(
            "SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?) WHERE hidden IN (0, 3) ORDER BY cid",
            .text(name)
        ) { (name: $0.text(0), type: $0.text(1), isNullable: $0.int(2) == 0, key: $0.int(3)) }
        let keys = stored.count { $0.key > 0 }
        let places = stored.indices.sorted { a, b in
            guard isKeyed else { return a < b }
            let first = stored[a].key > 0 ? stored[a].key : keys + 1
            let second = stored[b].key > 0 ? stored[b].key : keys + 1
            return (first, a) < (second, b)
        }
        let columns = places.map { place in
            let column = stored[place]
            let isRowID = !isKeyed && keys == 1 && column.key == 1 && column.type == "INTEGER"
            return RecordShape.Column(
                type: untyped["\(name.split(separator: "_").last ?? "").\(column.name)"] ?? column.type,
                isNullable: column.isNullable && !(isKeyed && column.key > 0), isRowID: isRowID,
                known: known["\(name).\(column.name)"])
        }
        return RecordShape(
            name: name, tree: isKeyed ? .keyed : .rows, columns: columns, places: places,
            fewest: columns.count - (later[name] ?? 0))
    }

    private static func index(
        _ name: String, of table: RecordShape, _ connection: Connection
    ) throws(SQLiteError) -> RecordShape {
        let columns = try connection.rows("SELECT cid FROM pragma_index_xinfo(?) ORDER BY seqno", .text(name)) { row in
            let place = row.int(0)
            if place == -1 { return RecordShape.Column(type: "INTEGER", isNullable: false) }
            // An expression may give anything.
            guard let stored = table.places.firstIndex(of: place) else {
                return RecordShape.Column(type: "", isNullable: true)
            }
            return table.columns[stored]
        }
        // The row number itself stands in an index, and no NULL in its place.
        let shown = columns.map { $0.isRowID ? RecordShape.Column(type: "INTEGER", isNullable: false) : $0 }
        return RecordShape(name: name, tree: .index, columns: shown, fewest: shown.count)
    }

    /// Columns that a table was given later.
    private static let later = ["llm_call": 6]

    /// What FTS5 and SQLite keep in columns without a type, by the end of the table's name.
    private static let untyped = [
        "idx.segid": "INTEGER", "idx.term": "BLOB", "idx.pgno": "INTEGER", "config.k": "TEXT", "config.v": "INTEGER",
        "sequence.name": "TEXT", "sequence.seq": "INTEGER", "stat1.tbl": "TEXT", "stat1.idx": "TEXT",
        "stat1.stat": "TEXT",
    ]

    private static let events: Set = ["SessionStart", "UserPromptSubmit", "PreToolUse"]
    private static let categories = Set(MemoryCategory.allCases.map(\.rawValue))

    /// By table and column: what the schema lets in.
    static let known: [String: Set<String>] = [
        "meta.name": ["salt", "uid", "cleanup_pending", "counted_until", "forgetting"],
        "ingest.kind": ["ingest", "import", "command", "topics"],
        "turn.role": ["user", "assistant", "summary", "tool"],
        "memory.category": categories, "memory.state": ["active", "superseded", "archived"],
        "memory_event.kind": [
            "inserted", "merged", "superseded", "archived", "restored", "changed", "linked", "unlinked",
        ],
        "memory_link.kind": [
            "supersedes", "related_to", "resolves", "caused_by", "attempted_fix_for", "conflicts_with", "derived_from",
        ],
        "tombstone.kind": ["fact", "quote", "turn", "session"],
        "injection_budget.event": events, "injection_cap.event": events, "injection_cap.category": categories,
        "injection.event": events, "llm_budget.scope": ["day", "session"],
        "handoff_item.kind": ["file", "todo", "test"],
        "failure.state": ["open", "resolved"], "tool_call.kind": ["failed", "passed", "changed"],
        "attempt.outcome": ["failed", "mended"], "refinement.kind": ["rewritten", "merged", "new"],
        "tidy_proposal.kind": ["garbage", "duplicate", "mergeable", "obsolete"],
        "tidy_proposal.state": ["open", "applied", "declined"], "tidy_subject.part": ["goes", "stays"],
        "topic.kind": ["subject", "tag", "name"],
    ]
}
