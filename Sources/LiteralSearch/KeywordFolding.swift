/// How keywords and the text that they are looked for in are made alike. One definition, two uses: the prefilter that
/// runs over UTF-8 bytes, and `(?&KEYWORD)` in a pattern.
///
/// ASCII letters lose their case, a run of ASCII white space is one space; every other byte stands for itself. So `É`
/// and `é` are different keywords, and `K` does not stand for the KELVIN SIGN: what `(?&KEYWORD)` matches, the
/// prefilter has seen.
public enum KeywordFolding {
    /// Tab, line feed, vertical tab, form feed, carriage return and space.
    @inlinable
    public static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }

    /// Lower case for `A` ... `Z`, a space for white space.
    @inlinable
    public static func folded(_ byte: UInt8) -> UInt8 {
        if byte >= 0x41 && byte <= 0x5A { return byte | 0x20 }
        return isSpace(byte) ? 0x20 : byte
    }

    /// The folded bytes of a text: runs of white space become one space, also at the ends.
    public static func folded(_ text: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for byte in text {
            let byte = folded(byte)
            if byte == 0x20, result.last == 0x20 { continue }
            result.append(byte)
        }
        return result
    }

    /// A keyword as both uses know it: folded, without white space at the ends.
    public static func folded(keyword: String) -> String {
        var bytes = folded(keyword.utf8)[...]
        if bytes.first == 0x20 { bytes.removeFirst() }
        if bytes.last == 0x20 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
