#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What a text holds that asks for a closer look. One pass without a branch for each byte; a text of plain prose
/// answers no to all but `hasColon`.
package struct TextSurvey: Equatable {
    /// A control character other than line feed and tab, or DEL.
    package var hasControl = false
    /// A byte that is not ASCII.
    package var hasHigh = false
    package var hasAngle = false
    package var hasColon = false

    package init(_ bytes: UnsafeBufferPointer<UInt8>) {
        var control: UInt64 = 0
        var high: UInt64 = 0
        var angle: UInt64 = 0
        var colon: UInt64 = 0
        let whole = bytes.count & ~7
        let raw = UnsafeRawBufferPointer(bytes)
        for offset in stride(from: 0, to: whole, by: 8) {
            let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            control |= TextSurvey.controls(word)
            high |= word
            angle |= TextSurvey.zeros(word ^ 0x3C3C_3C3C_3C3C_3C3C)
            colon |= TextSurvey.zeros(word ^ 0x3A3A_3A3A_3A3A_3A3A)
        }
        for offset in whole..<bytes.count {
            // Spaces ask for nothing.
            let word = 0x2020_2020_2020_2000 | UInt64(bytes[offset])
            control |= TextSurvey.controls(word)
            high |= word
            angle |= TextSurvey.zeros(word ^ 0x3C3C_3C3C_3C3C_3C3C)
            colon |= TextSurvey.zeros(word ^ 0x3A3A_3A3A_3A3A_3A3A)
        }
        hasControl = control != 0
        hasHigh = high & 0x8080_8080_8080_8080 != 0
        hasAngle = angle != 0
        hasColon = colon != 0
    }

    /// The high bit of each byte that is zero; exact, no byte acts on its neighbour.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 {
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        return ~(((word & low) &+ low) | word | low)
    }

    @inline(__always)
    private static func controls(_ word: UInt64) -> UInt64 {
        let allowed = zeros(word ^ 0x0A0A_0A0A_0A0A_0A0A) | zeros(word ^ 0x0909_0909_0909_0909)
        return zeros(word & 0xE0E0_E0E0_E0E0_E0E0) & ~allowed | zeros(word ^ 0x7F7F_7F7F_7F7F_7F7F)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The first place of `byte` at or after `start`, before `end`.
    package func firstOffset(of byte: UInt8, from start: Int, to end: Int) -> Int? {
        guard start < end, let base = baseAddress, let hit = memchr(base + start, Int32(byte), end - start) else {
            return nil
        }
        return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }

    package func firstOffset(of byte: UInt8, from start: Int) -> Int? {
        firstOffset(of: byte, from: start, to: count)
    }

    /// Whether `word`, in lower case ASCII, stands at `start`, in any case.
    package func holds(_ word: StaticString, at start: Int) -> Bool {
        guard start >= 0, start + word.utf8CodeUnitCount <= count else { return false }
        return word.withUTF8Buffer { word in
            word.indices.allSatisfy { Bytes.lowered(self[start + $0]) == word[$0] }
        }
    }

    /// The first place at or after `start` that holds no white space.
    package func skippingSpaces(from start: Int) -> Int {
        var at = start
        while at < count, self[at] <= 0x20 { at += 1 }
        return at
    }

    /// The bytes of `range` as a buffer of their own.
    package func part(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: self[range])
    }
}

package enum Bytes {
    @inline(__always)
    package static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }

    package static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
