import LiteralSearch

/// Finds every occurrence of a set of literals in a text.
///
/// Literals are folded as `KeywordFolding` says, and so is the text while it is read: a run of white space is one space.
/// Those that must be whole words are looked up word by word (`WordTable`), the others by how they begin (`LiteralBeginnings`).
struct LiteralScan: Sendable {
    private let words: WordTable
    private let beginnings: LiteralBeginnings

    /// - Parameter literals: UTF-8 texts without white space at their ends; an empty one is never found. The index of a
    ///   literal is its identity. A whole word has no letter or digit beside it.
    init(_ literals: [(text: String, isWholeWord: Bool)]) {
        var phrases: [(text: [UInt8], number: Int)] = []
        var others: [(text: [UInt8], number: Int, isWholeWord: Bool)] = []
        for (number, literal) in literals.enumerated() {
            let text = KeywordFolding.folded(literal.text.utf8)
            guard let first = text.first else { continue }
            if literal.isWholeWord, LiteralScan.isWordByte(first) {
                phrases.append((text, number))
            } else {
                others.append((text, number, literal.isWholeWord))
            }
        }
        words = WordTable(phrases)
        beginnings = LiteralBeginnings(others)
    }

    /// Calls `body` for each literal in `range`, first for those that are looked up by words, then for the others.
    ///
    /// - Parameter text: Its bytes around the range tell whether a word at the edge is whole.
    @inline(__always)
    func forEachMatch(
        in range: Range<Int>, of text: UnsafeBufferPointer<UInt8>, _ body: (_ literal: Int, _ range: Range<Int>) -> Void
    ) {
        words.forEachMatch(in: range, of: text, body)
        beginnings.forEachMatch(in: range, of: text, body)
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
