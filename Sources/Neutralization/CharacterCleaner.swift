/// Takes out what a reader cannot see but a machine obeys: control characters, terminal sequences, bidirectional
/// controls, invisible characters; and repairs what is not UTF-8.
///
/// Gone are the C0 and C1 controls but line feed and tab, DEL, terminal sequences as a whole, bidirectional controls, zero-width and
/// other format characters, tag characters and fillers. CR LF and lone CR, LINE and PARAGRAPH SEPARATOR become line
/// feeds. Kept, because words and emoji need them: one joiner or non-joiner between two letters of the scripts that write
/// with them (Arabic to the Brahmic ones) and one joiner between two emoji; one variation selector behind a character
/// that is not ASCII, or in a keycap; the tags of a flag. So no invisible character ever stands beside an ASCII one.
package enum CharacterCleaner {
    /// The clean text; nil when it is clean already.
    ///
    /// - Returns: Valid UTF-8, and how many characters or sequences were taken out or repaired, line ends not counted.
    package static func cleaned(
        _ bytes: UnsafeBufferPointer<UInt8>, _ survey: TextSurvey
    ) -> (text: [UInt8], count: Int)? {
        guard survey.hasControl || (survey.hasHigh && needsRewriting(bytes)) else { return nil }
        var rewriting = Rewriting(bytes: bytes)
        rewriting.run()
        return rewriting.changed ? (rewriting.text, rewriting.count) : nil
    }

    /// Whether a character stands in the text that may have to go; of a text without control characters.
    private static func needsRewriting(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var at = 0
        while at < bytes.count {
            if bytes[at] < 0x80 {
                at += 1
                continue
            }
            guard let (scalar, length) = UTF8Scalar.decode(bytes, at: at) else { return true }
            if UnseenCharacter(scalar) != nil { return true }
            at += length
        }
        return false
    }
}

/// One pass that copies what may stay.
private struct Rewriting {
    let bytes: UnsafeBufferPointer<UInt8>
    var text: [UInt8] = []
    var count = 0
    var changed = false
    /// The last character that was kept; 0 at the beginning.
    private var last: UInt32 = 0
    private var copied = 0
    private var at = 0

    init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func run() {
        text.reserveCapacity(bytes.count)
        while at < bytes.count {
            let byte = bytes[at]
            if byte < 0x80 {
                if byte >= 0x20 && byte != 0x7F || byte == 0x0A || byte == 0x09 {
                    keep(UInt32(byte), length: 1)
                } else {
                    control(byte)
                }
            } else if let (scalar, length) = UTF8Scalar.decode(bytes, at: at) {
                if let unseen = UnseenCharacter(scalar) {
                    self.unseen(unseen, scalar, length)
                } else {
                    keep(scalar, length: length)
                }
            } else {
                replace(length: 1, by: [0xEF, 0xBF, 0xBD], scalar: 0xFFFD)
            }
        }
        text += bytes[copied..<at]
    }

    private mutating func keep(_ scalar: UInt32, length: Int) {
        last = scalar
        at += length
    }

    private mutating func remove(length: Int) {
        text += bytes[copied..<at]
        at += length
        copied = at
        count += 1
        changed = true
    }

    private mutating func replace(length: Int, by replacement: [UInt8], scalar: UInt32) {
        remove(length: length)
        text += replacement
        last = scalar
    }

    private mutating func control(_ byte: UInt8) {
        switch byte {
        case 0x0D:
            let isPair = at + 1 < bytes.count && bytes[at + 1] == 0x0A
            if isPair { remove(length: 1) } else { replace(length: 1, by: [0x0A], scalar: 0x0A) }
            count -= 1
        case 0x1B: remove(length: TerminalSequence.length(in: bytes, at: at, introducer: 1))
        default: remove(length: 1)
        }
    }

    private mutating func unseen(_ kind: UnseenCharacter, _ scalar: UInt32, _ length: Int) {
        switch kind {
        case .never: remove(length: length)
        case .control:
            remove(length: scalar == 0x9B ? TerminalSequence.length(in: bytes, at: at, introducer: 2) : length)
        case .lineBreak:
            replace(length: length, by: [0x0A], scalar: 0x0A)
            count -= 1
        case .joiner:
            let next = UTF8Scalar.decode(bytes, at: at + length)?.scalar ?? 0
            let isKept =
                Script.writesWithJoiners(last) && Script.writesWithJoiners(next)
                || scalar == 0x200D && Script.isPictograph(last) && Script.isPictograph(next)
            if isKept { keep(scalar, length: length) } else { remove(length: length) }
        case .variation:
            let next = UTF8Scalar.decode(bytes, at: at + length)?.scalar ?? 0
            let isKeycap = scalar == 0xFE0F && next == 0x20E3 && Script.isKeycapBase(last)
            let isSecond = UnseenCharacter(last) == .variation
            if isKeycap || last >= 0x80 && !isSecond { keep(scalar, length: length) } else { remove(length: length) }
        case .tag:
            if last == 0x1F3F4, let flag = flagLength() {
                keep(0xE007F, length: flag)
            } else {
                remove(length: length)
            }
        }
    }

    /// The bytes of the tags that make a black flag that of a region: up to six letters or digits, and their end.
    private func flagLength() -> Int? {
        var end = at
        for _ in 0..<7 {
            guard let (scalar, length) = UTF8Scalar.decode(bytes, at: end) else { return nil }
            end += length
            switch scalar {
            case 0xE007F: return end - at
            case 0xE0030...0xE0039, 0xE0061...0xE007A: continue
            default: return nil
            }
        }
        return nil
    }
}

/// Escape sequences of terminals.
private enum TerminalSequence {
    /// The length of the sequence that begins at `start`.
    ///
    /// - Parameter introducer: 1 for ESC, 2 for the two bytes of U+009B, which stands for ESC and `[`.
    static func length(in bytes: UnsafeBufferPointer<UInt8>, at start: Int, introducer: Int) -> Int {
        var at = start + introducer
        if introducer == 1 {
            guard at < bytes.count else { return 1 }
            let kind = bytes[at]
            at += 1
            switch kind {
            case UInt8(ascii: "["): break
            case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
                return stringEnd(in: bytes, from: at) - start
            case 0x20...0x2F:
                while at < bytes.count, (0x20...0x2F).contains(bytes[at]) { at += 1 }
                return (at < bytes.count && (0x30...0x7E).contains(bytes[at]) ? at + 1 : at) - start
            case 0x30...0x7E: return 2
            default: return 1
            }
        }
        while at < bytes.count, (0x20...0x3F).contains(bytes[at]) { at += 1 }
        return (at < bytes.count && (0x40...0x7E).contains(bytes[at]) ? at + 1 : at) - start
    }

    /// Behind the BEL or ESC `\` that ends a string. One without an end loses its introducer alone: what follows is then
    /// plain text to every terminal. Nothing is looked for behind the next ESC, so that the search stays linear.
    private static func stringEnd(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var at = start
        while at < bytes.count {
            switch bytes[at] {
            case 0x07: return at + 1
            case 0x1B: return at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "\\") ? at + 2 : start
            case 0x0A: return start
            default: at += 1
            }
        }
        return start
    }
}
