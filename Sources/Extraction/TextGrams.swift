import RulePacks

/// Which bytes and which sequences of three bytes occur in a text, roughly: tells that a pattern cannot match without
/// running it.
struct TextGrams {
    /// Bits 0..<256 are bytes; the others are hashes of three bytes.
    private static let byteWords = 4
    private static let words = 4 + 128
    /// Bytes that never stand in a text, used for digits and for what cannot be judged.
    private static let digit = 1

    private var bits = [UInt64](repeating: 0, count: TextGrams.words)
    /// Whether a character in the text equals an ASCII letter when case is ignored: then the bytes tell nothing.
    private var isJudged = false

    /// Nothing is known of the next text.
    mutating func forget() { isJudged = false }

    mutating func read(_ text: UnsafeBufferPointer<UInt8>) {
        var isStrange = false
        bits.withUnsafeMutableBufferPointer { bits in
            bits.update(repeating: 0)
            TextGrams.folding.withUnsafeBufferPointer { isStrange = TextGrams.scan(text, into: bits, folding: $0) }
            // `\d` knows the digits of all scripts.
            if bits[2] | bits[3] != 0 || bits[0] & 0x03FF_0000_0000_0000 != 0 {
                TextGrams.set(TextGrams.digit, in: bits)
            }
        }
        isJudged = !isStrange
    }

    /// Whether the last text that was read is ASCII.
    var isASCII: Bool { bits[2] | bits[3] == 0 }

    /// - Returns: Whether a character in the text equals an ASCII letter when case is ignored.
    @inline(__always)
    private static func scan(
        _ text: UnsafeBufferPointer<UInt8>, into bits: UnsafeMutableBufferPointer<UInt64>,
        folding: UnsafeBufferPointer<UInt16>
    ) -> Bool {
        let boundary = UInt32(NecessaryTexts.Text.boundary)
        // The last three bytes, the last one lowest.
        var window: UInt32 = 0
        // Where the word at hand begins; below zero between words.
        var start = -1
        for at in 0..<text.count {
            let entry = UInt32(folding[Int(text[at])])
            let byte = entry & 0xFF
            if (entry > 0xFF) != (start >= 0) {
                if start >= 0 {
                    endWord(window, start == at - 1, bits)
                    start = -1
                } else {
                    start = at
                    if at + 1 < text.count {
                        let next = UInt32(folding[Int(text[at + 1])]) & 0xFF
                        set(gram(boundary << 16 | byte << 8 | next), in: bits)
                    }
                }
            }
            window = window << 8 | byte
            set(Int(byte), in: bits)
            set(gram(window & 0xFF_FFFF), in: bits)
        }
        if start >= 0 { endWord(window, start == text.count - 1, bits) }
        return bits[2] | bits[3] != 0 && holdsStrange(text)
    }

    @inline(__always)
    private static func endWord(_ window: UInt32, _ isOneByte: Bool, _ bits: UnsafeMutableBufferPointer<UInt64>) {
        let boundary = UInt32(NecessaryTexts.Text.boundary)
        set(gram((window & 0xFFFF) << 8 | boundary), in: bits)
        if isOneByte { set(gram(boundary << 16 | (window & 0xFF) << 8 | boundary), in: bits) }
    }

    /// U+017F is C5 BF, U+212A is E2 84 AA.
    private static func holdsStrange(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var window: UInt32 = 0
        for byte in text {
            window = (window << 8 | UInt32(byte)) & 0xFF_FFFF
            if window & 0xFFFF == 0xC5BF || window == 0xE284AA { return true }
        }
        return false
    }

    /// By byte: the byte in lower case, and one bit above it when it belongs to a word.
    private static let folding: [UInt16] = (0...UInt8.max).map { byte in
        let folded = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
        return UInt16(folded) | (LiteralScan.isWordByte(folded) ? 0x100 : 0)
    }

    @inline(__always)
    private static func set(_ bit: Int, in bits: UnsafeMutableBufferPointer<UInt64>) {
        bits[bit >> 6] |= 1 << UInt64(bit & 63)
    }

    /// The bit of three bytes.
    @inline(__always)
    private static func gram(_ bytes: UInt32) -> Int {
        256 + Int((bytes &* 0x9E37_79B1) >> 19)
    }

    /// What a pattern needs, as numbers of bits.
    struct Need: Sendable {
        /// One clause after the other: how many texts; of each text how many bits, and these.
        private var program: [UInt16] = []

        init(_ texts: NecessaryTexts) {
            for clause in texts.clauses {
                program.append(UInt16(clause.count))
                for text in clause {
                    let bits = Need.bits(of: text)
                    program.append(UInt16(bits.count))
                    program += bits
                }
            }
        }

        private static func bits(of text: NecessaryTexts.Text) -> [UInt16] {
            guard text.count >= 3 else {
                return (0..<text.count).map { text[$0] }.filter { $0 != NecessaryTexts.Text.boundary }.map {
                    UInt16($0)
                }
            }
            return (2..<text.count).map { last in
                let window = UInt32(text[last - 2]) << 16 | UInt32(text[last - 1]) << 8 | UInt32(text[last])
                return UInt16(TextGrams.gram(window))
            }
        }

        /// Whether every clause has a text of which all bits are set.
        fileprivate func isMet(by bits: UnsafeBufferPointer<UInt64>) -> Bool {
            program.withUnsafeBufferPointer { program in
                var at = 0
                while at < program.count {
                    var isMet = false
                    let texts = program[at]
                    at += 1
                    for _ in 0..<texts {
                        let end = at + 1 + Int(program[at])
                        if !isMet {
                            at += 1
                            while at < end, bits[Int(program[at] >> 6)] >> UInt64(program[at] & 63) & 1 != 0 { at += 1 }
                            isMet = at == end
                        }
                        at = end
                    }
                    if !isMet { return false }
                }
                return true
            }
        }
    }

    /// False when a pattern with this need cannot match anywhere in the text.
    func mayMeet(_ need: Need) -> Bool {
        !isJudged || bits.withUnsafeBufferPointer { need.isMet(by: $0) }
    }
}
