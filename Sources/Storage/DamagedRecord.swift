import SQLite

/// A record out of a page of a damaged file.
struct DamagedRecord {
    var rowID: Int
    /// In the order in which they are stored.
    var values: [Value]

    /// - Parameter bytes: The whole record: a list of types, then the values.
    /// - Returns: Nil when types and values do not come out even, or a text is none.
    init?(rowID: Int, _ bytes: [UInt8]) {
        var types = ByteReader(bytes, from: 0, to: bytes.count)
        guard let headerSize = types.varint(), headerSize >= 1, headerSize <= bytes.count else { return nil }
        types = ByteReader(bytes, from: types.place, to: headerSize)
        var body = ByteReader(bytes, from: headerSize, to: bytes.count)
        self.rowID = rowID
        values = []
        while types.place < headerSize {
            guard values.count < Self.mostColumns, let type = types.varint(),
                let value = Self.value(type, &body, bytes)
            else { return nil }
            values.append(value)
        }
        guard body.place == bytes.count else { return nil }
    }

    /// No table here has as many.
    private static let mostColumns = 64

    /// https://sqlite.org/fileformat2.html#record_format
    private static func value(_ type: Int, _ body: inout ByteReader, _ bytes: [UInt8]) -> Value? {
        switch type {
        case 0: return .null
        case 1...4: return body.signed(type).map { .integer($0) }
        case 5: return body.signed(6).map { .integer($0) }
        case 6: return body.signed(8).map { .integer($0) }
        case 7: return body.signed(8).map { .real(Double(bitPattern: UInt64(bitPattern: Int64($0)))) }
        case 8: return .integer(0)
        case 9: return .integer(1)
        case 12...:
            guard let range = body.skip((type - 12) / 2) else { return nil }
            guard type % 2 == 1 else { return .blob(Array(bytes[range])) }
            // Nothing that was ever stored holds a zero.
            guard !bytes[range].contains(0), let text = String(validating: bytes[range], as: UTF8.self) else {
                return nil
            }
            return .text(text)
        default: return nil
        }
    }
}

extension DamagedFile {
    /// The tree page with this number, when it is whole.
    func treePage(_ number: Int) -> TreePage? {
        page(number).flatMap { TreePage($0, number: number, usableSize: usableSize) }
    }

    /// The records of a page; nil for each that can't be read.
    func records(of page: TreePage) -> [DamagedRecord?] {
        guard page.kind.hasRecords else { return [] }
        return page.cells.map { cell in
            var bytes = Array(page.bytes[cell.local])
            if let next = cell.overflow {
                guard append(to: &bytes, until: cell.size, from: next) else { return nil }
            }
            return DamagedRecord(rowID: cell.rowID, bytes)
        }
    }

    /// What does not fit into the page of a record stands in a chain of pages. No page stands in it twice, and the last names
    /// no other.
    private func append(to bytes: inout [UInt8], until size: Int, from first: Int) -> Bool {
        var next = first
        var visited: Set<Int> = []
        while bytes.count < size {
            guard visited.insert(next).inserted, let page = page(next) else { return false }
            bytes += page[4..<4 + min(usableSize - 4, size - bytes.count)]
            next = page.bigEndian(at: 0, count: 4)
        }
        return next == 0
    }
}
