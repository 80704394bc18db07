/// A pattern rewritten for subjects that are ASCII: it finds the same in them, and need not know of Unicode.
///
/// Without UTF and Unicode properties a word boundary is a look into a table, and a letter whose other case is not ASCII (`k`,
/// `s`) is a letter like any other: the JIT compiler makes shorter code of it. Characters beyond ASCII cannot stand in such a
/// subject, so each becomes the byte FF, which cannot either.
enum ASCIISource {
    /// - Returns: Nil for a pattern of which that cannot be said without understanding it.
    static func rewritten(_ source: String) -> String? {
        var source = source
        return source.withUTF8 { bytes in
            var rewriter = Rewriter(bytes)
            return rewriter.run() ? String(decoding: rewriter.output, as: UTF8.self) : nil
        }
    }

    private struct Rewriter {
        let bytes: UnsafeBufferPointer<UInt8>
        var output: [UInt8] = []
        private var at = 0
        /// The character before a hyphen: a range may begin with it.
        private var rangeStart: UInt32?
        private var before: UInt32 = 0

        init(_ bytes: UnsafeBufferPointer<UInt8>) {
            self.bytes = bytes
            output.reserveCapacity(bytes.count + 64)
        }

        mutating func run() -> Bool {
            while at < bytes.count {
                let byte = bytes[at]
                if byte >= 0x80 {
                    guard replaceCharacter() else { return false }
                    continue
                }
                if byte == UInt8(ascii: "\\") {
                    guard at + 1 < bytes.count, isKnownEscape() else { return false }
                    take(2)
                    continue
                }
                guard isKnownOpening(byte) else { return false }
                rangeStart = byte == UInt8(ascii: "-") ? before : nil
                take(1)
            }
            return true
        }

        private mutating func take(_ count: Int) {
            for byte in bytes[at..<at + count] { output.append(byte) }
            at += count
            before = UInt32(bytes[at - 1])
            if count > 1 { rangeStart = nil }
        }

        private func follows(_ byte: UInt8, at place: Int) -> Bool { place < bytes.count && bytes[place] == byte }

        /// Not one that gives characters by number or by name, quotes, or changes case.
        private func isKnownEscape() -> Bool {
            switch bytes[at + 1] {
            case UInt8(ascii: "o"), UInt8(ascii: "N"), UInt8(ascii: "X"), UInt8(ascii: "Q"), UInt8(ascii: "u"),
                UInt8(ascii: "U"), UInt8(ascii: "L"), UInt8(ascii: "l"), UInt8(ascii: "c"), UInt8(ascii: "0"), 0x80...:
                false
            case UInt8(ascii: "x"): !follows(UInt8(ascii: "{"), at: at + 2)
            default: true
            }
        }

        /// Not a verb, a callout, or a class by name, which knows of case.
        private func isKnownOpening(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "("):
                !follows(UInt8(ascii: "*"), at: at + 1)
                    && !(follows(UInt8(ascii: "?"), at: at + 1) && follows(UInt8(ascii: "C"), at: at + 2))
            case UInt8(ascii: "["):
                ![UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "=")].contains { follows($0, at: at + 1) }
            default: true
            }
        }

        /// A character beyond ASCII. Neither it nor a range that ends in it may hold one that equals an ASCII letter when case
        /// is ignored: LONG S, KELVIN SIGN.
        private mutating func replaceCharacter() -> Bool {
            let lead = bytes[at]
            let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
            var scalar = UInt32(lead) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
            for byte in bytes[at + 1..<at + length] { scalar = scalar << 6 | UInt32(byte & 0x3F) }
            let covered = min(rangeStart ?? scalar, scalar)...scalar
            guard !covered.contains(0x17F), !covered.contains(0x212A) else { return false }
            output.append(contentsOf: "\\xFF".utf8)
            at += length
            before = scalar
            rangeStart = nil
            return true
        }
    }
}
