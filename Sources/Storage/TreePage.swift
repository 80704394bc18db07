/// A page of a tree, when it is whole: its header, its list of cells and the cells themselves agree with each other. A page
/// that was overwritten does not get through.
struct TreePage {
    /// The first byte of a page (https://sqlite.org/fileformat2.html#b_tree_pages).
    enum Kind: UInt8 {
        case innerKeyed = 2
        case innerRows = 5
        case keyed = 10
        case rows = 13

        var isInner: Bool { self == .innerKeyed || self == .innerRows }
        /// Whether its cells hold records; the inner pages of a table with row numbers hold the numbers alone.
        var hasRecords: Bool { self != .innerRows }
    }

    struct Cell {
        /// 0 where there is none.
        var rowID = 0
        /// The page on its left; of inner pages only.
        var child: Int?
        /// Of the whole record.
        var size = 0
        /// The part of it in this page.
        var local = 0..<0
        /// Where the rest begins.
        var overflow: Int?
    }

    let number: Int
    let kind: Kind
    let bytes: [UInt8]
    private(set) var cells: [Cell] = []
    /// The last child of an inner page.
    let rightChild: Int?

    /// The largest record that is believed.
    private static let largest = 1 << 28

    init?(_ bytes: [UInt8], number: Int, usableSize: Int) {
        // The first page begins with the header of the file.
        let start = number == 1 ? 100 : 0
        guard bytes.count >= usableSize, usableSize >= 480, let kind = Kind(rawValue: bytes[start]) else { return nil }
        self.number = number
        self.kind = kind
        self.bytes = bytes
        rightChild = kind.isInner ? bytes.bigEndian(at: start + 8, count: 4) : nil
        let list = start + (kind.isInner ? 12 : 8)
        let count = bytes.bigEndian(at: start + 3, count: 2)
        let content = bytes.bigEndian(at: start + 5, count: 2)
        let first = content == 0 ? 65536 : content
        guard list + 2 * count <= first, first <= usableSize, bytes[start + 7] <= 60 else { return nil }
        var extents: [Range<Int>] = []
        for index in 0..<count {
            let place = bytes.bigEndian(at: list + 2 * index, count: 2)
            guard place >= first, let (cell, end) = Self.cell(bytes, place, kind, usableSize) else { return nil }
            cells.append(cell)
            extents.append(place..<end)
        }
        extents.sort { $0.lowerBound < $1.lowerBound }
        guard zip(extents, extents.dropFirst()).allSatisfy({ $0.upperBound <= $1.lowerBound }) else { return nil }
    }

    /// A cell and where it ends; nil when it reaches over the page.
    private static func cell(
        _ bytes: [UInt8], _ place: Int, _ kind: Kind, _ usable: Int
    ) -> (cell: Cell, end: Int)? {
        var reader = ByteReader(bytes, from: place, to: usable)
        var cell = Cell()
        if kind.isInner {
            guard let child = reader.number(4), child > 0 else { return nil }
            cell.child = child
        }
        if kind == .innerRows {
            guard let rowID = reader.varint() else { return nil }
            cell.rowID = rowID
            return (cell, reader.place)
        }
        guard let size = reader.varint(), (1...largest).contains(size) else { return nil }
        cell.size = size
        if kind == .rows {
            guard let rowID = reader.varint() else { return nil }
            cell.rowID = rowID
        }
        let local = localSize(size, kind, usable)
        guard reader.place + local <= usable else { return nil }
        cell.local = reader.place..<reader.place + local
        _ = reader.skip(local)
        if local < size {
            guard let overflow = reader.number(4), overflow > 1 else { return nil }
            cell.overflow = overflow
        }
        return (cell, reader.place)
    }

    /// How much of a record stands in the page itself.
    private static func localSize(_ size: Int, _ kind: Kind, _ usable: Int) -> Int {
        let most = kind == .rows ? usable - 35 : (usable - 12) * 64 / 255 - 23
        guard size > most else { return size }
        let least = (usable - 12) * 32 / 255 - 23
        let fitting = least + (size - least) % (usable - 4)
        return fitting <= most ? fitting : least
    }
}

/// Takes numbers from bytes; nil at their end.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var place: Int
    let end: Int

    init(_ bytes: [UInt8], from place: Int, to end: Int) {
        self.bytes = bytes
        self.place = place
        self.end = min(end, bytes.count)
    }

    /// - Parameter count: At most seven.
    mutating func number(_ count: Int) -> Int? {
        guard place >= 0, place + count <= end else { return nil }
        defer { place += count }
        return bytes.bigEndian(at: place, count: count)
    }

    /// With its sign.
    mutating func signed(_ count: Int) -> Int? {
        guard place >= 0, place + count <= end else { return nil }
        var number = Int(Int8(bitPattern: bytes[place]))
        for index in 1..<max(1, count) { number = number << 8 | Int(bytes[place + index]) }
        place += count
        return number
    }

    /// One to nine bytes (https://sqlite.org/fileformat2.html#varint).
    mutating func varint() -> Int? {
        var number: UInt64 = 0
        for index in 0..<9 {
            guard place >= 0, place < end else { return nil }
            let byte = bytes[place]
            place += 1
            if index == 8 { return Int(bitPattern: UInt(number << 8 | UInt64(byte))) }
            number = number << 7 | UInt64(byte & 0x7F)
            if byte < 0x80 { break }
        }
        return Int(bitPattern: UInt(number))
    }

    mutating func skip(_ count: Int) -> Range<Int>? {
        guard count >= 0, place <= end, count <= end - place else { return nil }
        defer { place += count }
        return place..<place + count
    }
}
