public import Memories

extension YAMLScalar {
    /// The text without the line breaks that end a block.
    var value: String {
        guard isBlock else { return text }
        var bytes = Substring(text).utf8
        while bytes.last == 0x0A { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Where a byte of `text` stands in the file.
    ///
    /// Exact, but for what lies inside an escape (its first byte) or in folded white space (the end of the line).
    public func location(ofByte offset: Int) -> SourceLocation {
        source.location(style == .literal ? literalPosition(offset) : alignedPosition(offset))
    }

    /// A line of a literal block is the line of the file without its indentation.
    private func literalPosition(_ offset: Int) -> Int {
        let text = Array(text.utf8)
        let target = min(offset, text.count)
        let lineBreaks = text[..<target].count { $0 == 0x0A }
        let lineStart = (text[..<target].lastIndex(of: 0x0A) ?? -1) + 1
        let lineEnd = text[lineStart...].firstIndex(of: 0x0A) ?? text.count
        var fileStart = range.lowerBound
        for _ in 0...lineBreaks { fileStart = nextLine(fileStart) }
        let indentation = max(0, endOfLine(fileStart) - fileStart - (lineEnd - lineStart))
        return min(fileStart + indentation + target - lineStart, source.bytes.count)
    }

    /// Walks along the file and the text together.
    private func alignedPosition(_ offset: Int) -> Int {
        let text = Array(text.utf8)
        let bytes = source.bytes
        let end = min(range.upperBound, bytes.count)
        var place = range.lowerBound
        switch style {
        case .folded: place = skipSpaces(nextLine(place))
        case .singleQuoted, .doubleQuoted: place += 1
        case .plain, .literal: break
        }
        var index = 0
        while index < min(offset, text.count), place < end {
            let byte = bytes[place]
            if style == .doubleQuoted, byte == 0x5C {
                (place, index) = afterEscape(place, index)
            } else if style == .singleQuoted, byte == 0x27 {
                (place, index) = (place + 2, index + 1)
            } else if let next = afterFold(place, end) {
                // However many line breaks: the text has a space, or line feeds.
                place = next
                while index < text.count, text[index] == 0x20 || text[index] == 0x0A { index += 1 }
            } else {
                (place, index) = (place + 1, index + 1)
            }
        }
        // An escaped line break stands for nothing: what comes next is behind it.
        while style == .doubleQuoted, place + 1 < end, bytes[place] == 0x5C, isLineBreak(place + 1) {
            place = afterEscape(place, index).0
        }
        return min(place, end)
    }

    /// Behind the line breaks at `place` with the white space around them; nil when no line ends here.
    private func afterFold(_ place: Int, _ end: Int) -> Int? {
        let line = skipSpaces(place)
        guard line < end, isLineBreak(line) else { return nil }
        var next = line
        while next < end, isLineBreak(next) { next = skipSpaces(nextLine(next)) }
        return next
    }

    private func afterEscape(_ place: Int, _ index: Int) -> (Int, Int) {
        guard place + 1 < source.bytes.count else { return (place + 1, index) }
        let digits: Int
        switch source.bytes[place + 1] {
        case 0x78: digits = 2  // x
        case 0x75: digits = 4  // u
        case 0x55: digits = 8  // U
        case 0x4E, 0x5F: return (place + 2, index + 2)  // N _: two bytes of UTF-8
        case 0x4C, 0x50: return (place + 2, index + 3)  // L P: three bytes
        case 0x0A, 0x0D: return (skipSpaces(nextLine(place + 1)), index)
        default: return (place + 2, index + 1)
        }
        let last = min(place + 2 + digits, source.bytes.count)
        let value = UInt32(String(decoding: source.bytes[(place + 2)..<last], as: UTF8.self), radix: 16) ?? 0
        return (last, index + (value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4))
    }

    private func isLineBreak(_ place: Int) -> Bool {
        source.bytes[place] == 0x0A || source.bytes[place] == 0x0D
    }

    private func skipSpaces(_ place: Int) -> Int {
        var place = place
        while place < source.bytes.count, source.bytes[place] == 0x20 || source.bytes[place] == 0x09 { place += 1 }
        return place
    }

    private func endOfLine(_ place: Int) -> Int {
        var place = place
        while place < source.bytes.count, !isLineBreak(place) { place += 1 }
        return place
    }

    private func nextLine(_ place: Int) -> Int {
        let end = endOfLine(place)
        guard end < source.bytes.count else { return end }
        let isPair = source.bytes[end] == 0x0D && end + 1 < source.bytes.count && source.bytes[end + 1] == 0x0A
        return end + (isPair ? 2 : 1)
    }
}

extension YAMLScalar {
    /// A comment on the line on which the text ends that may have been meant as a part of it: behind a single blank, or without
    /// a blank behind its number sign.
    var commentBehind: (text: String, location: SourceLocation)? {
        let bytes = source.bytes
        var place = min(range.upperBound, bytes.count)
        let end = place
        while place < bytes.count, bytes[place] == 0x20 { place += 1 }
        guard place > end, place < bytes.count, bytes[place] == UInt8(ascii: "#") else { return nil }
        var last = place
        while last < bytes.count, bytes[last] != 0x0A, bytes[last] != 0x0D { last += 1 }
        let next = place + 1 < last ? bytes[place + 1] : 0x20
        guard place - end == 1 || next != 0x20 && next != UInt8(ascii: "#") else { return nil }
        return (String(decoding: bytes[place..<last], as: UTF8.self), source.location(place))
    }
}
