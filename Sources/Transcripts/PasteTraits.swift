/// What of a line helps to tell what a person pasted; nobody asks it of other texts.
struct PasteTraits {
    /// `key: value` or `key:`, as files of settings have them.
    var isSetting = false
    /// Hash of the name in front of what a program printed, as those write it who run several at once: `server:dev: …`, `web-1 | …`.
    var source: UInt32?
    /// Whether it has three or more columns, apart by a tab or two spaces.
    var hasColumns = false
    /// Commas without a space behind them, when there is no other kind.
    var tightCommas = 0
    /// Whether a sign stands right before its first word: `+text`, `-text`.
    var isSigned = false

    /// - Parameter body: A line's text without indentation and marker.
    init(_ body: UnsafeBufferPointer<UInt8>) {
        isSetting = PasteTraits.isSetting(body)
        source = PasteTraits.source(body)
        columns(body)
    }

    private mutating func columns(_ body: UnsafeBufferPointer<UInt8>) {
        var (gaps, loose, position) = (0, 0, 1)
        while position + 1 < body.count {
            switch body[position] {
            case 0x09: gaps += 1
            case 0x20
            where body[position + 1] == 0x20 && body[position - 1] != 0x20 && body[position - 1] != UInt8(ascii: "."):
                gaps += 1
            case UInt8(ascii: ","): if body[position + 1] == 0x20 { loose += 1 } else { tightCommas += 1 }
            default: break
            }
            position += 1
        }
        hasColumns = gaps >= 2
        if loose > 0 { tightCommas = 0 }
        isSigned =
            body.count > 2 && (body[0] == UInt8(ascii: "+") || body[0] == UInt8(ascii: "-"))
            && body[1] != 0x20 && body[1] != body[0]
    }

    private static func source(_ body: UnsafeBufferPointer<UInt8>) -> UInt32? {
        guard let end = body.prefix(48).firstIndex(of: 0x20), end >= 3, end + 2 < body.count else { return nil }
        let word = body[..<end]
        let isTask = word.last == UInt8(ascii: ":") && word.dropLast().contains(UInt8(ascii: ":"))
        // Of containers each has its own name.
        if !isTask { return body[end...].first(where: { $0 != 0x20 }) == UInt8(ascii: "|") ? 1 : nil }
        return word.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }

    /// A name without spaces, a colon, and nothing or a few words.
    private static func isSetting(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let colon = body.firstIndex(of: UInt8(ascii: ":")), colon > 0, colon <= 60 else { return false }
        let isName = body[..<colon].allSatisfy { byte in
            switch byte {
            case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
            default: false
            }
        }
        let value = body[(colon + 1)...]
        return isName && (value.isEmpty || value.first == 0x20 && value.count { $0 == 0x20 } <= 4)
    }
}
