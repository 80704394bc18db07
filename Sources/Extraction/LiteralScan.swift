import LiteralSearch
import RulePacks

/// Finds every occurrence of a set of literals in a text.
///
/// Literals are folded as `KeywordFolding` says, and so is the text while it is read: a run of white space is one space.
/// Those that must be whole words are looked up word by word (`WordTable`). For the others a filter of three bytes tells
/// where one could begin, so that most bytes of a text are only passed over.
struct LiteralScan: Sendable {
    /// A literal of at least three bytes may begin where the filter has the bit of the next three bytes.
    private struct Filter {
        private var bits = [UInt64](repeating: 0, count: 1 << 9)

        /// Letters of both cases have one key.
        @inline(__always)
        static func key(_ bytes: UInt32) -> Int {
            Int(truncatingIfNeeded: ((bytes | 0x20_2020) &* 0x9E37_79B1) >> 17)
        }

        static func key(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> Int {
            key(UInt32(a) | UInt32(b) << 8 | UInt32(c) << 16)
        }

        mutating func insert(_ key: Int) { bits[key >> 6] |= 1 << UInt64(key & 63) }

        @inline(__always)
        func withBits<Result>(_ body: (UnsafeBufferPointer<UInt64>) -> Result) -> Result {
            bits.withUnsafeBufferPointer { body($0) }
        }
    }

    private let words: WordTable
    private var filter = Filter()
    private var hasFilter = false
    /// Whether a literal of one or two bytes begins with this byte.
    private var beginsShort = [Bool](repeating: false, count: 256)
    private var hasShort = false
    /// The literals that are searched for anywhere, by the first byte of the text that may be one of theirs.
    private var anywhere: [[Int]] = Array(repeating: [], count: 256)
    private var folded: [[UInt8]]
    private let isWholeWord: [Bool]

    /// - Parameter literals: UTF-8 texts without white space at their ends; an empty one is never found. The index of a
    ///   literal is its identity. A whole word has no letter or digit beside it.
    init(_ literals: [(text: String, isWholeWord: Bool)]) {
        folded = literals.map { KeywordFolding.folded($0.text.utf8) }
        isWholeWord = literals.map(\.isWholeWord)
        var phrases: [(text: [UInt8], number: Int)] = []
        var others: [Int] = []
        for (number, text) in folded.enumerated() {
            guard let first = text.first else { continue }
            if isWholeWord[number], LiteralScan.isWordByte(first) {
                phrases.append((text, number))
            } else {
                others.append(number)
            }
        }
        words = WordTable(phrases)
        for number in others { addAnywhere(number) }
    }

    private mutating func addAnywhere(_ number: Int) {
        let text = folded[number]
        for byte in LiteralScan.unfolded[Int(text[0])] { anywhere[Int(byte)].append(number) }
        guard text.count >= 3 else {
            for byte in LiteralScan.unfolded[Int(text[0])] { beginsShort[Int(byte)] = true }
            hasShort = true
            return
        }
        hasFilter = true
        // A run of white space may stand for the space in the middle.
        let beginnings = text[1] == 0x20 ? [[text[0], text[1], text[2]], [text[0], 0x20, 0x20]] : [Array(text[..<3])]
        for beginning in beginnings {
            for b in LiteralScan.unfolded[Int(beginning[1])] {
                for c in LiteralScan.unfolded[Int(beginning[2])] { filter.insert(Filter.key(beginning[0], b, c)) }
            }
        }
    }

    /// By byte: all that are folded to it.
    private static let unfolded: [[UInt8]] = {
        var unfolded = [[UInt8]](repeating: [], count: 256)
        for byte in 0...UInt8.max { unfolded[Int(KeywordFolding.folded(byte))].append(byte) }
        return unfolded
    }()

    /// Calls `body` for each literal in `range`, first for those that are looked up by words, then for the others; both in
    /// the order of their beginnings.
    ///
    /// - Parameter text: Its bytes around the range tell whether a word at the edge is whole.
    @inline(__always)
    func forEachMatch(
        in range: Range<Int>, of text: UnsafeBufferPointer<UInt8>, _ body: (_ literal: Int, _ range: Range<Int>) -> Void
    ) {
        words.forEachMatch(in: range, of: text, body)
        forEachAnywhere(in: range, of: text, body)
    }

    @inline(__always)
    private func forEachAnywhere(
        in range: Range<Int>, of text: UnsafeBufferPointer<UInt8>, _ body: (_ literal: Int, _ range: Range<Int>) -> Void
    ) {
        guard hasFilter || hasShort else { return }
        filter.withBits { bits in
            beginsShort.withUnsafeBufferPointer { beginsShort in
                var at = range.lowerBound
                if at + 3 <= range.upperBound {
                    // The next three bytes, the first lowest; one more enters at each step.
                    var next = UInt32(text[at]) << 8 | UInt32(text[at + 1]) << 16
                    while at + 3 <= range.upperBound {
                        next = next >> 8 | UInt32(text[at + 2]) << 16
                        let key = Filter.key(next)
                        if bits[key >> 6] >> UInt64(key & 63) & 1 != 0
                            || hasShort && beginsShort[Int(truncatingIfNeeded: next & 0xFF)]
                        {
                            compare(at, text, range.upperBound, body)
                        }
                        at += 1
                    }
                }
                while hasShort, at < range.upperBound {
                    if beginsShort[Int(text[at])] { compare(at, text, range.upperBound, body) }
                    at += 1
                }
            }
        }
    }

    private func compare(
        _ start: Int, _ text: UnsafeBufferPointer<UInt8>, _ limit: Int,
        _ body: (_ literal: Int, _ range: Range<Int>) -> Void
    ) {
        for number in anywhere[Int(text[start])] {
            let end = folded[number].withUnsafeBufferPointer {
                LiteralScan.end(of: $0, in: text, from: start, limit: limit)
            }
            if let end, !isWholeWord[number] || LiteralScan.isWholeWord(start..<end, in: text) {
                body(number, start..<end)
            }
        }
    }

    // MARK: - Bytes

    /// Where a folded literal ends that begins at `start`; nil when another text stands there.
    @inline(__always)
    static func end(
        of literal: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int, limit: Int
    ) -> Int? {
        var at = start
        for byte in literal {
            guard at < limit, KeywordFolding.folded(text[at]) == byte else { return nil }
            at += 1
            if byte == 0x20 { while at < limit, KeywordFolding.isSpace(text[at]) { at += 1 } }
        }
        return at
    }

    /// Whether the bytes at `range` neither continue a word to the left nor to the right.
    static func isWholeWord(_ range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        if range.lowerBound > 0, isWordByte(text[range.lowerBound]), isWordByte(text[range.lowerBound - 1]) {
            return false
        }
        if range.upperBound < text.count, isWordByte(text[range.upperBound - 1]), isWordByte(text[range.upperBound]) {
            return false
        }
        return true
    }

    @inline(__always)
    static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }
}
