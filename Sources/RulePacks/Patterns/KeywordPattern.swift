/// The definition of `(?&KEYWORD)`: any of the rule's keywords, folded as `KeywordFolding` says and not otherwise.
///
/// A pattern's own flags do not reach it: under `(?i)` PCRE2 would let `k` stand for the KELVIN SIGN too, which the
/// prefilter does not know, and under `(?x)` a space would vanish. What it matches is therefore always what the prefilter found.
enum KeywordPattern {
    /// - Parameter keywords: Folded (`KeywordFolding.folded(keyword:)`), none empty.
    static func definition(_ keywords: [String]) -> String {
        // Longest first, so that `went up` wins over `went`; equals keep their order.
        let sorted = keywords.enumerated().sorted { a, b in
            (-a.element.utf8.count, a.offset) < (-b.element.utf8.count, b.offset)
        }
        var pattern = Array("(?<KEYWORD>(?^:".utf8)
        append(sorted.map(\.element), to: &pattern)
        pattern += "))".utf8
        return String(decoding: pattern, as: UTF8.self)
    }

    /// The keywords with one first character.
    private struct Alternative {
        var first: Unicode.Scalar
        /// What follows it, ready for a pattern.
        var rests: [[UInt8]]
    }

    /// One alternative for each first character, with one word boundary for all that begin a word: no two of them can match at
    /// one place, so the order of keywords counts within each only.
    private static func append(_ keywords: [String], to pattern: inout [UInt8]) {
        var alternatives: [Alternative] = []
        for keyword in keywords {
            guard let first = keyword.unicodeScalars.first, let last = keyword.unicodeScalars.last else { continue }
            var rest: [UInt8] = []
            append(keyword.utf8.dropFirst(UTF8.width(first)), to: &rest)
            if bordersOnSpace(last) { rest += #"\b"#.utf8 }
            if let known = alternatives.firstIndex(where: { $0.first == first }) {
                alternatives[known].rests.append(rest)
            } else {
                alternatives.append(Alternative(first: first, rests: [rest]))
            }
        }
        let words = alternatives.filter { bordersOnSpace($0.first) }
        if !words.isEmpty {
            pattern += #"\b(?:"#.utf8
            append(words, to: &pattern)
            pattern += ")".utf8
        }
        let others = alternatives.filter { !bordersOnSpace($0.first) }
        if !words.isEmpty, !others.isEmpty { pattern += "|".utf8 }
        append(others, to: &pattern)
    }

    private static func append(_ alternatives: [Alternative], to pattern: inout [UInt8]) {
        for (index, alternative) in alternatives.enumerated() {
            if index > 0 { pattern += "|".utf8 }
            append(UTF8.encode(alternative.first) ?? UTF8.encodedReplacementCharacter, to: &pattern)
            if alternative.rests.count == 1 {
                pattern += alternative.rests[0]
            } else {
                pattern += "(?:".utf8
                pattern += alternative.rests.joined(separator: "|".utf8)
                pattern += ")".utf8
            }
        }
    }

    /// A part of a keyword, with letters in both cases and white space as a run.
    private static func append(_ part: some Sequence<UInt8>, to text: inout [UInt8]) {
        for byte in part {
            switch byte {
            case 0x61...0x7A:  // [aA]
                text.append(0x5B)
                text.append(byte)
                text.append(byte & 0xDF)
                text.append(0x5D)
            case 0x20: text += #"[\x09-\x0D\x20]+"#.utf8
            case 0x80...: text.append(byte)
            default:
                if !ValueSyntax.isWordByte(byte) { text.append(0x5C) }
                text.append(byte)
            }
        }
    }

    /// Word characters of scripts that write spaces between words. In the others `\b` would only hide keywords.
    private static func bordersOnSpace(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return ValueSyntax.isWordByte(UInt8(ascii: scalar)) }
        return switch scalar.value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: false  // Thai, Lao; Myanmar; Khmer
        case 0x2E80...0x312F, 0x31A0...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: false  // Han, Kana, Bopomofo
        case 0xFF66...0xFF9F: false  // half-width Kana
        default: scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }
}
