import LiteralSearch

/// Finds literals that may begin anywhere, also in the middle of a word.
///
/// A filter of three bytes tells where one could begin, so that most bytes of a text are only passed over. Where it says so,
/// a table leads from the three bytes to the literals that begin with them: only these are compared.
struct LiteralBeginnings: Sendable {
    /// The literals that begin with the same three bytes, in `members`.
    private struct Slot {
        var key: UInt32 = 0
        var first: Int32 = 0
        /// Zero while the slot is free.
        var count: Int32 = 0
    }

    private struct Literal {
        var number: Int
        /// Of the folded text, in `bytes`.
        var text: Range<Int>
        var isWholeWord: Bool
    }

    private var filter = [UInt64](repeating: 0, count: 1 << 9)
    private var slots: [Slot] = []
    private var members: [Int32] = []
    private var literals: [Literal] = []
    private var bytes: [UInt8] = []
    /// By first byte of the text: the literals of one or two bytes that may begin so.
    private var short: [[Int32]] = Array(repeating: [], count: 256)
    /// The bytes of which that is true.
    private var beginsShort = [Bool](repeating: false, count: 256)
    private var hasShort = false

    /// - Parameter texts: Folded and not empty, with their numbers.
    init(_ texts: [(text: [UInt8], number: Int, isWholeWord: Bool)]) {
        var byKey: [UInt32: [Int32]] = [:]
        for (text, number, isWholeWord) in texts {
            let index = Int32(literals.count)
            let start = bytes.count
            bytes += text
            literals.append(Literal(number: number, text: start..<bytes.count, isWholeWord: isWholeWord))
            guard text.count >= 3 else {
                for byte in LiteralBeginnings.unfolded[Int(text[0])] {
                    short[Int(byte)].append(index)
                    beginsShort[Int(byte)] = true
                }
                hasShort = true
                continue
            }
            for key in LiteralBeginnings.keys(of: text) { byKey[key, default: []].append(index) }
        }
        guard !byKey.isEmpty else { return }
        slots = [Slot](repeating: Slot(), count: 1 << (Int.bitWidth - (2 * byKey.count).leadingZeroBitCount))
        for (key, indices) in byKey.sorted(by: { $0.key < $1.key }) {
            let bit = LiteralBeginnings.bit(of: key)
            filter[bit >> 6] |= 1 << UInt64(bit & 63)
            var place = LiteralBeginnings.place(of: key) & (slots.count - 1)
            while slots[place].count != 0 { place = (place + 1) & (slots.count - 1) }
            slots[place] = Slot(key: key, first: Int32(members.count), count: Int32(indices.count))
            members += indices
        }
    }

    /// Calls `body` for each literal in `range`: in the order of their beginnings, and last for those of one or two bytes.
    @inline(__always)
    func forEachMatch(
        in range: Range<Int>, of text: UnsafeBufferPointer<UInt8>, _ body: (_ literal: Int, _ range: Range<Int>) -> Void
    ) {
        if !slots.isEmpty, range.count >= 3, let base = UnsafeRawPointer(text.baseAddress) {
            filter.withUnsafeBufferPointer { filter in
                let last = range.upperBound - 3
                var at = range.lowerBound
                // The last bytes of the text may not be followed by a fourth one.
                let wide = min(last, text.count - 4)
                while at <= wide {
                    let next = UInt32(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt32.self))
                    let key = next & 0xFF_FFFF | 0x20_2020
                    if LiteralBeginnings.holds(filter, key) { compare(at, key, text, range.upperBound, body) }
                    at += 1
                }
                if at <= last {
                    let key = LiteralBeginnings.key(text[at], text[at + 1], text[at + 2])
                    if LiteralBeginnings.holds(filter, key) { compare(at, key, text, range.upperBound, body) }
                }
            }
        }
        guard hasShort else { return }
        beginsShort.withUnsafeBufferPointer { beginsShort in
            for at in range where beginsShort[Int(text[at])] {
                for index in short[Int(text[at])] { compare(Int(index), at, text, range.upperBound, body) }
            }
        }
    }

    // MARK: -

    private func compare(
        _ start: Int, _ key: UInt32, _ text: UnsafeBufferPointer<UInt8>, _ limit: Int,
        _ body: (_ literal: Int, _ range: Range<Int>) -> Void
    ) {
        var place = LiteralBeginnings.place(of: key) & (slots.count - 1)
        while slots[place].count != 0 {
            if slots[place].key == key {
                let first = Int(slots[place].first)
                for member in first..<first + Int(slots[place].count) {
                    compare(Int(members[member]), start, text, limit, body)
                }
                return
            }
            place = (place + 1) & (slots.count - 1)
        }
    }

    @inline(__always)
    private func compare(
        _ index: Int, _ start: Int, _ text: UnsafeBufferPointer<UInt8>, _ limit: Int,
        _ body: (_ literal: Int, _ range: Range<Int>) -> Void
    ) {
        let literal = literals[index]
        let end = bytes.withUnsafeBufferPointer {
            LiteralScan.end(of: UnsafeBufferPointer(rebasing: $0[literal.text]), in: text, from: start, limit: limit)
        }
        if let end, !literal.isWholeWord || LiteralScan.isWholeWord(start..<end, in: text) {
            body(literal.number, start..<end)
        }
    }

    /// Letters of both cases have one key.
    @inline(__always)
    private static func key(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> UInt32 {
        (UInt32(a) | UInt32(b) << 8 | UInt32(c) << 16) | 0x20_2020
    }

    @inline(__always)
    private static func bit(of key: UInt32) -> Int { Int(truncatingIfNeeded: (key &* 0x9E37_79B1) >> 17) }

    @inline(__always)
    private static func place(of key: UInt32) -> Int { Int(truncatingIfNeeded: (key &* 0x85EB_CA6B) >> 12) }

    @inline(__always)
    private static func holds(_ filter: UnsafeBufferPointer<UInt64>, _ key: UInt32) -> Bool {
        let bit = bit(of: key)
        return filter[bit >> 6] >> UInt64(bit & 63) & 1 != 0
    }

    /// Of all that the first three bytes of a text may be where a literal stands in it.
    private static func keys(of literal: [UInt8]) -> Set<UInt32> {
        // A run of white space may stand for the space in the middle.
        let beginnings =
            literal[1] == 0x20
            ? [[literal[0], literal[1], literal[2]], [literal[0], 0x20, 0x20]] : [Array(literal[..<3])]
        var keys: Set<UInt32> = []
        for beginning in beginnings {
            for b in unfolded[Int(beginning[1])] {
                for c in unfolded[Int(beginning[2])] { keys.insert(key(beginning[0], b, c)) }
            }
        }
        return keys
    }

    /// By byte: all that are folded to it.
    private static let unfolded: [[UInt8]] = {
        var unfolded = [[UInt8]](repeating: [], count: 256)
        for byte in 0...UInt8.max { unfolded[Int(KeywordFolding.folded(byte))].append(byte) }
        return unfolded
    }()
}
