/// The bytes with which something in a pattern may begin: ASCII ones as bits, letters in both cases; of others each may.
struct FirstBytes {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    /// Whether nothing is known.
    private var isUnknown = false
    /// Whether it takes no room: what follows begins at the same place.
    private(set) var isTransparent = false

    static let unknown: FirstBytes = {
        var bytes = FirstBytes()
        bytes.isUnknown = true
        return bytes
    }()

    static let transparent: FirstBytes = {
        var bytes = FirstBytes()
        bytes.isTransparent = true
        return bytes
    }()

    init() {}

    init(_ byte: UInt8) { insert(byte) }

    init(_ range: ClosedRange<UInt8>) {
        for byte in range { insert(byte) }
    }

    mutating func insert(_ byte: UInt8) {
        insert(exactly: byte)
        if (0x61...0x7A).contains(byte | 0x20) { insert(exactly: byte ^ 0x20) }
    }

    private mutating func insert(exactly byte: UInt8) {
        if byte < 64 { low |= 1 << UInt64(byte) } else if byte < 128 { high |= 1 << UInt64(byte - 64) }
    }

    mutating func formUnion(_ other: FirstBytes) {
        low |= other.low
        high |= other.high
        // What takes no room may begin with whatever follows.
        isUnknown = isUnknown || other.isUnknown || other.isTransparent
    }

    /// Whether a look at the next byte would often be the end.
    var isUseful: Bool {
        !isUnknown && !isTransparent && low.nonzeroBitCount + high.nonzeroBitCount <= 40
    }

    private func contains(_ byte: UInt8) -> Bool {
        (byte < 64 ? low >> UInt64(byte) : high >> UInt64(byte - 64)) & 1 != 0
    }

    /// A look at the next character: any but the ASCII ones that are not in the set.
    ///
    /// A negated class of ASCII characters that knows of no case is one test of a bit to the JIT compiler.
    var lookahead: [UInt8] {
        var text = Array("(?=(?-i:[^".utf8)
        text.reserveCapacity(160)
        var byte: UInt8 = 0
        while byte < 128 {
            guard !contains(byte) else {
                byte += 1
                continue
            }
            let start = byte
            while byte < 128, !contains(byte) { byte += 1 }
            FirstBytes.append(start, to: &text)
            if byte - start > 1 {
                text.append(UInt8(ascii: "-"))
                FirstBytes.append(byte - 1, to: &text)
            }
        }
        return text + "]))".utf8
    }

    /// `\x2A`
    private static func append(_ byte: UInt8, to text: inout [UInt8]) {
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
        text += [UInt8(ascii: "\\"), UInt8(ascii: "x"), digit(byte >> 4), digit(byte & 15)]
    }
}
