/// Writes texts with something in them that looks like a secret, without one standing in any file.
///
/// `{{CLASS:COUNT}}` stands for COUNT characters of a class: `digits`, `hex`, `lower` (with digits), `upper` (with digits),
/// `base32`, `letters`, `alnum`, `base64`, `url`, or `dash`. Which ones is a matter of the seed alone. Everything else
/// stands for itself, `{{ name }}` too.
public enum SecretSample {
    /// The most characters that one placeholder gives.
    public static let longest = 4096

    private static let lower = "abcdefghijklmnopqrstuvwxyz"
    private static let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    private static let digits = "0123456789"

    private static func alphabet(_ name: Substring) -> [UInt8]? {
        switch name {
        case "digits": Array(digits.utf8)
        case "hex": Array("0123456789abcdef".utf8)
        case "lower": Array((lower + digits).utf8)
        case "upper": Array((upper + digits).utf8)
        case "base32": Array((upper + "234567").utf8)
        case "letters": Array((lower + upper).utf8)
        case "alnum": Array((lower + upper + digits).utf8)
        case "base64": Array((lower + upper + digits + "+/").utf8)
        case "url": Array((lower + upper + digits + "_-").utf8)
        case "dash": [0x2D]
        default: nil
        }
    }

    /// The text with its placeholders filled.
    public static func filled(_ text: String, seed: UInt64 = 1) -> String {
        var state = seed
        var result = ""
        var rest = text[...]
        while let open = rest.firstRange(of: "{{") {
            result += rest[..<open.lowerBound]
            rest = rest[open.lowerBound...]
            guard let close = rest.firstRange(of: "}}"),
                let drawn = drawn(rest[open.upperBound..<close.lowerBound], &state)
            else {
                result += "{{"
                rest = rest[open.upperBound...]
                continue
            }
            result += drawn
            rest = rest[close.upperBound...]
        }
        return result + rest
    }

    private static func drawn(_ placeholder: Substring, _ state: inout UInt64) -> String? {
        let parts = placeholder.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let alphabet = alphabet(parts[0]), let count = Int(parts[1]),
            (1...longest).contains(count)
        else { return nil }
        return String(
            decoding: (0..<count).map { _ in
                // The increments of SplitMix64, and its mixing.
                state &+= 0x9E37_79B9_7F4A_7C15
                var bits = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
                bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
                return alphabet[Int((bits ^ (bits >> 31)) % UInt64(alphabet.count))]
            }, as: UTF8.self)
    }
}

extension Substring {
    /// The first place of an ASCII text.
    fileprivate func firstRange(of text: String) -> Range<Index>? {
        let wanted = Array(text.utf8)
        var at = startIndex
        while at < endIndex {
            if utf8[at...].starts(with: wanted) {
                return at..<utf8.index(at, offsetBy: wanted.count)
            }
            at = utf8.index(after: at)
        }
        return nil
    }
}
