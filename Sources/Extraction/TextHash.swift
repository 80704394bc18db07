import LiteralSearch
import RulePacks

/// Hashes of texts, eight bytes at a time. The same in every run and on every machine.
enum TextHash {
    /// Of the bytes as they stand.
    static func exact(_ text: UnsafeBufferPointer<UInt8>, _ seed: UInt64) -> UInt64 {
        var hash = mixed(seed ^ UInt64(text.count))
        forEachWord(of: text) { hash = mixed(hash ^ $0) }
        return hash
    }

    /// Of the bytes as `KeywordFolding` folds each of them.
    static func folded(_ text: UnsafeBufferPointer<UInt8>, _ seed: UInt64) -> UInt64 {
        var hash = mixed(seed ^ UInt64(text.count))
        forEachWord(of: text) { hash = mixed(hash ^ folded($0)) }
        return hash
    }

    static func mixed(_ value: UInt64) -> UInt64 {
        let product = value &* 0xD6E8_FEB8_6659_FD93
        return product ^ (product >> 32)
    }

    /// Eight bytes each, the first lowest; the last ones are filled up with spaces.
    @inline(__always)
    private static func forEachWord(of text: UnsafeBufferPointer<UInt8>, _ body: (UInt64) -> Void) {
        let raw = UnsafeRawBufferPointer(text)
        var position = 0
        while position + 8 <= text.count {
            body(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)))
            position += 8
        }
        guard position < text.count else { return }
        var last: UInt64 = 0x2020_2020_2020_2020
        for (place, position) in (position..<text.count).enumerated() {
            last = last & ~(0xFF << UInt64(8 * place)) | UInt64(text[position]) << UInt64(8 * place)
        }
        body(last)
    }

    /// `KeywordFolding.folded` on eight bytes at once.
    @inline(__always)
    private static func folded(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high = ones &* 0x80
        guard (word &- ones &* 0x20) & ~word & high == 0 else {
            var folded: UInt64 = 0
            for place in 0..<8 {
                let byte = UInt8(truncatingIfNeeded: word >> UInt64(8 * place))
                folded |= UInt64(KeywordFolding.folded(byte)) << UInt64(8 * place)
            }
            return folded
        }
        // The high bit of a byte tells whether its low seven bits are at least `A`, and more than `Z`.
        let low = word & ~high
        let fromA = low &+ ones &* (0x80 - 0x41)
        let afterZ = low &+ ones &* (0x7F - 0x5A)
        return word | (fromA & ~afterZ & ~word & high) >> 2
    }
}
