/// Cuts a paragraph into sentences.
///
/// A sentence ends at `.`, `!` or `?` (with closing quotes, brackets and markup) before white space, at `。`, `！`, `？`
/// anywhere, but not after an abbreviation, inside a code span, or where a short lower-case continuation follows.
enum SentenceSplitter {
    /// Appends ranges without outer white space, in order; together they hold every non-blank byte of `range`.
    static func split(
        _ range: Range<Int>, of text: UnsafeBufferPointer<UInt8>, into result: inout [Range<Int>]
    ) {
        var start = range.lowerBound
        var position = range.lowerBound
        var inCode = false
        while position < range.upperBound {
            let byte = text[position]
            switch byte {
            case UInt8(ascii: "`"):
                inCode.toggle()
                position += 1
            case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"):
                var end = position + 1
                while end < range.upperBound, isTerminator(text[end]) { end += 1 }
                let marks = end
                var closesQuote = false
                while let closer = closer(at: end, limit: range.upperBound, in: text) {
                    closesQuote = closesQuote || closer.isQuote
                    end += closer.length
                }
                if end < range.upperBound, text[end] == 0x20, !inCode || text[marks..<end].contains(UInt8(ascii: "`")),
                    endsHere(start..<marks, closesQuote, next: end + 1, limit: range.upperBound, in: text)
                {
                    append(start..<end, to: &result, text)
                    start = end + 1
                    inCode = false
                } else if text[marks..<end].contains(UInt8(ascii: "`")) {
                    inCode.toggle()
                }
                position = end
            case 0xE3 where isIdeographicMark(at: position, limit: range.upperBound, in: text),
                0xEF where isIdeographicMark(at: position, limit: range.upperBound, in: text):
                position += 3
                while let closer = closer(at: position, limit: range.upperBound, in: text) { position += closer.length }
                append(start..<position, to: &result, text)
                start = position
            default:
                position += 1
            }
        }
        append(start..<range.upperBound, to: &result, text)
    }

    /// 。！？
    private static func isIdeographicMark(at position: Int, limit: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard position + 2 < limit else { return false }
        return switch (text[position], text[position + 1], text[position + 2]) {
        case (0xE3, 0x80, 0x82), (0xEF, 0xBC, 0x81), (0xEF, 0xBC, 0x9F): true
        default: false
        }
    }

    private static func append(_ range: Range<Int>, to result: inout [Range<Int>], _ text: UnsafeBufferPointer<UInt8>) {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, text[start] == 0x20 { start += 1 }
        while end > start, text[end - 1] == 0x20 { end -= 1 }
        if start < end { result.append(start..<end) }
    }

    private static func isTerminator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
    }

    /// What closes behind a mark: a quotation or a bracket, or mere markup.
    private static func closer(
        at position: Int, limit: Int, in text: UnsafeBufferPointer<UInt8>
    ) -> (length: Int, isQuote: Bool)? {
        guard position < limit else { return nil }
        switch text[position] {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ")"), UInt8(ascii: "]"): return (1, true)
        case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "`"): return (1, false)
        case 0xC2: return position + 1 < limit && text[position + 1] == 0xBB ? (2, true) : nil  // »
        case 0xE2, 0xE3, 0xEF:
            guard position + 2 < limit else { return nil }
            switch (text[position], text[position + 1], text[position + 2]) {
            case (0xE2, 0x80, 0x99), (0xE2, 0x80, 0x9D),  // ’ ”
                (0xE3, 0x80, 0x8D), (0xE3, 0x80, 0x8F), (0xEF, 0xBC, 0x89):  // 」 』 ）
                return (3, true)
            default: return nil
            }
        default: return nil
        }
    }

    /// Words before a period that do not end a sentence, with the period.
    private static let abbreviations: [StaticString] = [
        "e.g.", "i.e.", "vs.", "etc.", "cf.", "approx.", "resp.", "mr.", "dr.", "fig.",
    ]

    private static func endsHere(
        _ sentence: Range<Int>, _ closesQuote: Bool, next: Int, limit: Int, in text: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let following = next < limit ? text[next] : 0x20
        let isLower = (0x61...0x7A).contains(following)
        // `"why?" he asked`: the sentence goes on around what it quotes.
        if closesQuote, isLower { return false }
        if text[sentence.upperBound - 1] == UInt8(ascii: ".") {
            let isEllipsis = sentence.count >= 3 && text[sentence.upperBound - 2] == UInt8(ascii: ".")
            if isEllipsis { return !isLower }
            if isAbbreviation(UnsafeBufferPointer(rebasing: text[sentence])) { return false }
            // `1.`, `v.`: a marker, not a sentence.
            if isLower, sentence.count < 12 { return false }
        }
        return true
    }

    /// Whether the last word of a text, after white space or a parenthesis, is an abbreviation.
    private static func isAbbreviation(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var start = text.count
        while start > 0, text.count - start < 7, text[start - 1] != 0x20, text[start - 1] != UInt8(ascii: "(") {
            start -= 1
        }
        let length = text.count - start
        guard (3...7).contains(length) else { return false }
        return abbreviations.contains { abbreviation in
            abbreviation.utf8CodeUnitCount == length
                && (0..<length).allSatisfy { abbreviation.utf8Start[$0] | 0x20 == text[start + $0] | 0x20 }
        }
    }
}
