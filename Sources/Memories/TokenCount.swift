/// How much of a model's context a text takes.
public struct TokenCount: Sendable, Hashable, Comparable {
    public var value: Int

    public init(_ value: Int) { self.value = value }

    public static func < (a: TokenCount, b: TokenCount) -> Bool { a.value < b.value }

    public static func + (a: TokenCount, b: TokenCount) -> TokenCount { TokenCount(a.value + b.value) }

    /// An estimate without a tokenizer, on the high side: a word of up to seven letters is one token and each seven more are
    /// another, three digits are one, a mark is one, and a character outside ASCII is one and a half.
    ///
    /// White space costs nothing: tokens carry the space before them.
    public static func estimate(of text: String) -> TokenCount {
        var halves = 0
        var letters = 0
        var digits = 0
        func flush() {
            if letters > 0 { halves += 2 * ((letters + 6) / 7) }
            if digits > 0 { halves += 2 * ((digits + 2) / 3) }
            letters = 0
            digits = 0
        }
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x30...0x39:
                if letters > 0 { flush() }
                digits += 1
            case 0x41...0x5A, 0x61...0x7A:
                if digits > 0 { flush() }
                letters += 1
            case 0x09, 0x0A, 0x0D, 0x20: flush()
            case 0x80...:
                flush()
                halves += 3
            default:
                flush()
                halves += 2
            }
        }
        flush()
        return TokenCount(max(1, (halves + 1) / 2))
    }
}
