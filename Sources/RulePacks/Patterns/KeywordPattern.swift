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
        let alternatives = sorted.map { alternative($0.element) }.joined(separator: "|")
        return "(?<KEYWORD>(?^:" + alternatives + "))"
    }

    private static func alternative(_ keyword: String) -> String {
        let scalars = keyword.unicodeScalars
        var text: [UInt8] = []
        let boundary = #"\b"#.utf8
        if let first = scalars.first, bordersOnSpace(first) { text += boundary }
        for byte in keyword.utf8 {
            switch byte {
            case 0x61...0x7A: text += [0x5B, byte, byte & 0xDF, 0x5D]  // [aA]
            case 0x20: text += #"[\x09-\x0D\x20]+"#.utf8
            case 0x80...: text.append(byte)
            default: text += ValueSyntax.isWordByte(byte) ? [byte] : [0x5C, byte]
            }
        }
        if let last = scalars.last, bordersOnSpace(last) { text += boundary }
        return String(decoding: text, as: UTF8.self)
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
