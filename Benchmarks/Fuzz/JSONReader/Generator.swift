/// The same numbers for the same seed (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}

/// Makes JSON and transcript lines.
struct Generator {
    var random: SeededRandom

    private static let pieces = [
        "a", "word ", "é", "€", "😀", #"\n"#, #"\""#, #"\\"#, #"\/"#, #"\t"#, #"\u00e9"#, #"\u20AC"#, #"\ud83d\ude00"#,
        "{", "}",
        "[", "]", ",", ":", "'", #"\u0041"#, #"\b\f"#, "never say never ", "0123456789012345678901234567890123456789",
    ]

    /// The inside of a string, as written.
    mutating func string() -> String {
        var text = ""
        for _ in 0..<random.below(random.below(8) == 0 ? 60 : 8) {
            text += Self.pieces[random.below(Self.pieces.count)]
        }
        return text
    }

    /// Some value, as written.
    mutating func value(depth: Int = 0) -> String {
        switch random.below(depth > 4 ? 5 : 8) {
        case 0: return "null"
        case 1: return random.below(2) == 0 ? "true" : "false"
        case 2: return "\(random.below(2000) - 1000)" + (random.below(2) == 0 ? "" : ".5e-3")
        case 3, 4: return "\"" + string() + "\""
        case 5: return "[" + (0..<random.below(4)).map { _ in value(depth: depth + 1) }.joined(separator: ",") + "]"
        default:
            return "{"
                + (0..<random.below(4)).map { "\"k\($0)\(string())\" : " + value(depth: depth + 1) }.joined(
                    separator: ", ")
                + "}"
        }
    }

    /// An assistant's line whose texts are `texts`, with keys in any order and things that nobody wants between them.
    mutating func line(texts: [String]) -> String {
        var blocks = texts.map { text in
            object(["\"type\":\"text\"", "\"text\":\"\(text)\"", "\"citations\":" + value()])
        }
        if random.below(4) == 0 { blocks.append("null") }
        let message = object([
            "\"content\":[" + blocks.joined(separator: " , ") + "]", "\"id\":\"m\(random.below(3))\"",
            "\"usage\":" + value(),
            "\"role\":\"assistant\"",
        ])
        return object([
            "\"type\":\"assistant\"", "\"message\":" + message, "\"extra\":" + value(), "\"uuid\":\"u\"",
            "\"cwd\":\"/w/" + string() + "\"", "\"timestamp\":null",
        ])
    }

    private mutating func object(_ members: [String]) -> String {
        let space = random.below(5) == 0 ? " " : ""
        return "{" + space + members.shuffled(using: &random).joined(separator: "," + space) + space + "}"
    }

    /// Bytes flipped, cut out, repeated, or swapped for others that matter; never a newline.
    mutating func damage(_ bytes: inout [UInt8]) {
        let telling = Array("\"\\{}[],:u0\u{0}\u{1F}é".utf8) + [0xFF, 0xC3, 0xED, 0x80]
        for _ in 0...random.below(4) where !bytes.isEmpty {
            let at = random.below(bytes.count)
            let length = min(bytes.count - at, 1 + random.below(40))
            switch random.below(6) {
            case 0: bytes[at] ^= UInt8(1 << random.below(8))
            case 1: bytes[at] = telling[random.below(telling.count)]
            case 2: bytes.removeSubrange(at..<at + length)
            case 3: bytes.insert(contentsOf: bytes[at..<at + length], at: random.below(bytes.count))
            case 4: bytes.removeSubrange(at...)
            default: bytes.insert(telling[random.below(telling.count)], at: at)
            }
        }
        bytes.removeAll { $0 == 0x0A }
    }
}
