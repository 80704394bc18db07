import Neutralization

/// Shannon entropy in whole numbers, so that it is the same on every machine.
enum Entropy {
    /// Thousandths of a bit for each byte, of at most the first 4096 bytes; rounded down.
    static func thousandths(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let bytes = bytes.part(0..<min(bytes.count, 4096))
        guard bytes.count > 1 else { return 0 }
        var counts = [Int](repeating: 0, count: 256)
        for byte in bytes { counts[Int(byte)] += 1 }
        // log2(n) − Σ c·log2(c) / n
        let sum = counts.reduce(0) { $0 + ($1 > 1 ? $1 * binaryLogarithm($1) : 0) }
        return max(0, ((binaryLogarithm(bytes.count) - sum / bytes.count) * 1000) >> 16)
    }

    /// In 65,536ths, rounded down; by squaring, a bit at a time.
    static func binaryLogarithm(_ value: Int) -> Int {
        let whole = Int.bitWidth - 1 - value.leadingZeroBitCount
        // Between 1 and 2, in units of 2^-30.
        var mantissa = (UInt64(value) << 30) >> UInt64(whole)
        var result = whole << 16
        for bit in (0..<16).reversed() {
            mantissa = (mantissa * mantissa) >> 30
            if mantissa >= 1 << 31 {
                mantissa >>= 1
                result |= 1 << bit
            }
        }
        return result
    }
}
