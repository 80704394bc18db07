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
        var text = ""
        if let first = scalars.first, bordersOnSpace(first) { text += #"\b"# }
        for scalar in scalars { text += escaped(scalar) }
        if let last = scalars.last, bordersOnSpace(last) { text += #"\b"# }
        return text
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "a"..."z":
            let upper = Unicode.Scalar(UInt8(ascii: scalar) & 0xDF)
            return "[\(scalar)\(upper)]"
        case "0"..."9", "_": return String(scalar)
        case " ": return #"[\x09-\x0D\x20]+"#
        case "\u{0}"..."\u{7F}": return #"\"# + String(scalar)
        default: return String(scalar)
        }
    }

    /// Word characters of scripts that write spaces between words. In the others `\b` would only hide keywords.
    private static func bordersOnSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: false  // Thai, Lao; Myanmar; Khmer
        case 0x2E80...0x312F, 0x31A0...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: false  // Han, Kana, Bopomofo
        case 0xFF66...0xFF9F: false  // half-width Kana
        default: scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }
}
