import SQLite

/// The rows that the pages of a damaged file hold, by table: first what the list of tables still says of them, and what it does
/// not say, by how the records look.
struct DamagedRows {
    private let file: DamagedFile
    private let shapes: RecordShapes
    /// By table: its pages with records, in order.
    private var pages: [String: [Int]] = [:]
    /// Whether these are the tables of a store, and not those of something else.
    private(set) var isStore = false
    /// Tables and indexes of which each page is whole.
    private var whole: Set<String> = []
    /// Those of them with nothing in them.
    private var empty: Set<String> = []

    /// - Returns: Nil when nothing in the file can be read.
    init?(path: String, shapes: RecordShapes) {
        guard let file = DamagedFile(path: path) else { return nil }
        self.file = file
        self.shapes = shapes
        var roots: [String: Int] = [:]
        var held: [Int] = []
        let free = file.freePages()
        for number in 1...file.pageCount where !free.contains(number) {
            guard let page = file.treePage(number), page.kind.hasRecords, !page.cells.isEmpty else { continue }
            if let entries = entries(of: page) {
                for entry in entries where entry.root > 1 { roots[entry.name] = entry.root }
            } else {
                held.append(number)
            }
        }
        let owners = owners(roots)
        for number in held {
            // Who is named by a tree that is whole knows better than any look at the records.
            guard let table = owners[number] ?? likelyOwner(of: number), !table.isEmpty else { continue }
            pages[table, default: []].append(number)
        }
        isStore = pages["memory"] != nil || roots["memory"] != nil && roots["turn"] != nil
    }

    /// Whether there is anything of a table or an index.
    func hasRows(of name: String) -> Bool { pages[name] != nil }

    /// Whether the list of tables names it, and each of its pages can be read.
    func isWhole(_ name: String) -> Bool { whole.contains(name) }

    func isEmpty(_ name: String) -> Bool { empty.contains(name) }

    /// Calls the body with each row that can be read: its number, or 0, and its values by the place of their column.
    func forEachRow(
        of table: String, _ body: (_ rowID: Int, _ values: [Int: Value]) throws(SQLiteError) -> Void
    ) throws(SQLiteError) {
        guard let shape = shapes.shape(of: table) else { return }
        for number in pages[table] ?? [] {
            guard let page = file.treePage(number) else { continue }
            for record in file.records(of: page) {
                guard let record, shape.fits(record, in: page.kind) else { continue }
                try body(record.rowID, shape.row(record))
            }
        }
    }

    private func likelyOwner(of number: Int) -> String? {
        guard let page = file.treePage(number) else { return nil }
        return shapes.shape(of: file.records(of: page).compactMap(\.self), in: page.kind)?.name
    }

    /// Names and first pages in a page of `sqlite_schema`, whose rows have a type, a name, a table, a page and words; nil when
    /// it is a page of something else.
    private func entries(of page: TreePage) -> [(name: String, root: Int)]? {
        guard page.kind == .rows else { return nil }
        var entries: [(name: String, root: Int)] = []
        for record in file.records(of: page) {
            guard let values = record?.values else { continue }
            guard values.count == 5, case .text(let type) = values[0],
                ["table", "index", "view", "trigger"].contains(type), case .text(let name) = values[1],
                case .text = values[2]
            else { return nil }
            guard case .integer(let root) = values[3], (2...max(2, file.pageCount)).contains(root) else { continue }
            entries.append((name, root))
        }
        return entries
    }

    /// By page with records: the tree that it hangs in. A page that two trees claim belongs to none that is known.
    private mutating func owners(_ roots: [String: Int]) -> [Int: String] {
        var owners: [Int: String] = [:]
        for (name, root) in roots.sorted(by: { $0.value < $1.value }) {
            var open = [root]
            var visited: Set<Int> = []
            var isWhole = true
            var isEmpty = true
            while let number = open.popLast() {
                guard visited.insert(number).inserted, let page = file.treePage(number) else {
                    isWhole = false
                    continue
                }
                isEmpty = isEmpty && page.cells.isEmpty
                if page.kind.hasRecords {
                    owners[number] = owners[number].map { $0 == name ? name : "" } ?? name
                }
                open += page.cells.compactMap(\.child)
                if let last = page.rightChild { open.append(last) }
            }
            if isWhole { whole.insert(name) }
            if isWhole, isEmpty { empty.insert(name) }
        }
        return owners
    }
}
