/// Why a character that nobody sees may have to go.
enum UnseenCharacter: Equatable {
    /// Always: bidirectional controls, zero-width spaces, soft hyphens, fillers.
    case never
    /// A C1 control.
    case control
    /// A line break that few programs know.
    case lineBreak
    /// ZERO WIDTH NON-JOINER and JOINER.
    case joiner
    case variation
    /// A character of the tags block.
    case tag

    /// Nil for characters that may always stay.
    @inline(__always)
    init?(_ scalar: UInt32) {
        switch scalar {
        case 0x80...0x9F: self = .control
        case 0xAD, 0x034F, 0x061C, 0x180B...0x180E, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x206F, 0x3164,
            0xFEFF, 0xFFA0, 0xFFF9...0xFFFB, 0x1D173...0x1D17A:
            self = .never
        case 0x2028, 0x2029: self = .lineBreak
        case 0x200C, 0x200D: self = .joiner
        case 0xFE00...0xFE0F, 0xE0100...0xE01EF: self = .variation
        case 0xE0000...0xE00FF: self = .tag
        default: return nil
        }
    }
}

/// Just enough of Unicode to tell where a joiner belongs.
enum Script {
    /// Hebrew and Arabic to the scripts of India and South-East Asia.
    static func writesWithJoiners(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x0590...0x10FF, 0x1200...0x1CFF, 0xA800...0xABFF, 0xFB1D...0xFDFF, 0xFE70...0xFEFE, 0x10A00...0x11FFF:
            true
        default: false
        }
    }

    /// Emoji, arrows and dingbats, with what may stand behind one: a skin colour, a variation selector.
    static func isPictograph(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x2190...0x2BFF, 0xFE0F, 0x1F000...0x1FAFF: true
        default: false
        }
    }

    static func isKeycapBase(_ scalar: UInt32) -> Bool {
        (0x30...0x39).contains(scalar) || scalar == 0x23 || scalar == 0x2A
    }
}

enum UTF8Scalar {
    /// Decodes one character; nil when it is not well-formed (overlong, surrogate, cut off), and behind the end.
    @inline(__always)
    static func decode(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> (scalar: UInt32, length: Int)? {
        guard offset < bytes.count else { return nil }
        let first = bytes[offset]
        if first < 0x80 { return (UInt32(first), 1) }
        let length: Int
        let least: UInt32
        switch first {
        case 0xC2...0xDF: (length, least) = (2, 0x80)
        case 0xE0...0xEF: (length, least) = (3, 0x800)
        case 0xF0...0xF4: (length, least) = (4, 0x10000)
        default: return nil
        }
        guard offset + length <= bytes.count else { return nil }
        var scalar = UInt32(first) & (0xFF >> UInt32(length + 1))
        for index in (offset + 1)..<(offset + length) {
            guard bytes[index] & 0xC0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(bytes[index] & 0x3F)
        }
        guard scalar >= least, scalar <= 0x10FFFF, !(0xD800...0xDFFF).contains(scalar) else { return nil }
        return (scalar, length)
    }
}
