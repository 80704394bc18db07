import CByteSearch

/// Small changes that make a piece of prose readable on its own. No locale, no Foundation.
public enum Statement {
    /// Whether `clean` changes nothing.
    static func isClean(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = text.first, let last = text.last, first != 0x20, last != 0x20, first != 0xE2 else {
            return false
        }
        return text.baseAddress.map { cbs_is_tidy($0, text.count) } ?? true
    }

    /// Bold marks removed, white space folded to one space, trimmed; a leading check mark or bullet symbol removed.
    static func clean(_ text: UnsafeBufferPointer<UInt8>) -> String {
        if isClean(text) { return String(decoding: text, as: UTF8.self) }
        let out = [UInt8](unsafeUninitializedCapacity: text.count) { out, count in
            var inCode = false
            var position = 0
            while position < text.count {
                let byte = text[position]
                if byte == UInt8(ascii: "`") { inCode.toggle() }
                if !inCode, byte == 0x2A, position + 1 < text.count, text[position + 1] == 0x2A {
                    position += 2
                    continue
                }
                let isSpace = byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D
                if !isSpace || count > 0 && out[count - 1] != 0x20 {
                    out[count] = isSpace ? 0x20 : byte
                    count += 1
                }
                position += 1
            }
            while count > 0, out[count - 1] == 0x20 { count -= 1 }
        }
        return String(decoding: out[leadingSymbol(out)...], as: UTF8.self)
    }

    static func clean(_ text: String) -> String {
        var text = text
        return text.withUTF8 { isClean($0) ? nil : clean($0) } ?? text
    }

    /// Length of a leading ✅ ✓ ✔ ❌ ✗ with what follows it up to the text.
    private static func leadingSymbol(_ bytes: [UInt8]) -> Int {
        guard bytes.count > 4, bytes[0] == 0xE2, bytes[1] == 0x9C || bytes[1] == 0x9D,
            [0x85, 0x93, 0x94, 0x8C, 0x97].contains(bytes[2])
        else { return 0 }
        var end = 3
        // A variation selector (EF B8 8F), then white space.
        if end + 2 < bytes.count, bytes[end] == 0xEF, bytes[end + 1] == 0xB8 { end += 3 }
        while end < bytes.count, bytes[end] == 0x20 { end += 1 }
        return end < bytes.count ? end : 0
    }

    /// Two sentences that stand side by side as one text; the first one gets the period that it lacks.
    public static func joined(_ first: String, _ second: String) -> String {
        guard let last = first.unicodeScalars.last(where: { !"*`\"')]".unicodeScalars.contains($0) }) else {
            return second
        }
        return first + (".!?:;,…。！？：".unicodeScalars.contains(last) ? " " : ". ") + second
    }

    /// Runs of letters and digits.
    public static func wordCount(_ text: String) -> Int {
        var text = text
        return text.withUTF8 { bytes in
            var count = 0
            ContentWords.forEachWord(of: bytes) { _ in count += 1 }
            return count
        }
    }

    /// For keys: lower case, markup and outer punctuation removed, white space folded.
    static func folded(_ text: String) -> String {
        let kept = clean(text).unicodeScalars.filter { $0 != "`" && $0 != "\"" && $0 != "*" }
        var folded = String(String.UnicodeScalarView(kept)).lowercased()
        while let last = folded.unicodeScalars.last, ".,:; ".unicodeScalars.contains(last) { folded.removeLast() }
        return folded
    }
}
