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
        return "(?<KEYWORD>(?^:" + alternatives(sorted.map(\.element)).joined(separator: "|") + "))"
    }

    /// One alternative for each first character, with one word boundary for all that begin a word: no two of them can match at
    /// one place, so the order of keywords counts within each only.
    private static func alternatives(_ keywords: [String]) -> [String] {
        var order: [Unicode.Scalar] = []
        var rests: [Unicode.Scalar: [String]] = [:]
        for keyword in keywords {
            guard let first = keyword.unicodeScalars.first, let last = keyword.unicodeScalars.last else { continue }
            if rests[first] == nil { order.append(first) }
            let rest = String(String.UnicodeScalarView(keyword.unicodeScalars.dropFirst()))
            rests[first, default: []].append(text(rest) + (bordersOnSpace(last) ? #"\b"# : ""))
        }
        func alternative(_ first: Unicode.Scalar) -> String {
            let rest = rests[first] ?? []
            return text(String(first)) + (rest.count == 1 ? rest[0] : "(?:" + rest.joined(separator: "|") + ")")
        }
        let words = order.filter(bordersOnSpace).map(alternative)
        let others = order.filter { !bordersOnSpace($0) }.map(alternative)
        return (words.isEmpty ? [] : [#"\b(?:"# + words.joined(separator: "|") + ")"]) + others
    }

    /// A part of a keyword, with letters in both cases and white space as a run.
    private static func text(_ part: String) -> String {
        var text: [UInt8] = []
        for byte in part.utf8 {
            switch byte {
            case 0x61...0x7A: text += [0x5B, byte, byte & 0xDF, 0x5D]  // [aA]
            case 0x20: text += #"[\x09-\x0D\x20]+"#.utf8
            case 0x80...: text.append(byte)
            default: text += ValueSyntax.isWordByte(byte) ? [byte] : [0x5C, byte]
            }
        }
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
