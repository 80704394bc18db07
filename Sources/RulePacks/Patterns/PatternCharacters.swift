/// The characters that one element of a pattern may stand for: ASCII ones exactly, all others as one.
package struct PatternCharacters: Sendable, Equatable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    /// Whether characters outside ASCII belong to it.
    private var hasOthers = false

    init() {}

    init(_ scalars: some Sequence<Unicode.Scalar>) {
        for scalar in scalars { insert(scalar) }
    }

    static let all: PatternCharacters = {
        var set = PatternCharacters()
        set.low = .max
        set.high = .max
        set.hasOthers = true
        return set
    }()
    /// What `.` stands for.
    static let line = PatternCharacters(["\n"]).complement
    static let digits = PatternCharacters((0x30...0x39).compactMap { Unicode.Scalar($0 as UInt32) })
    static let spaces = PatternCharacters(["\t", "\n", "\u{B}", "\u{C}", "\r", " "])
    static let words: PatternCharacters = {
        let ranges: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F...0x5F]
        var set = PatternCharacters(ranges.joined().compactMap(Unicode.Scalar.init))
        set.hasOthers = true
        return set
    }()

    mutating func insert(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0..<64: low |= 1 << UInt64(scalar.value)
        case 64..<128: high |= 1 << UInt64(scalar.value - 64)
        default: hasOthers = true
        }
    }

    mutating func insert(_ range: ClosedRange<UInt32>) {
        for value in range.clamped(to: 0...127) {
            if let scalar = Unicode.Scalar(value) { insert(scalar) }
        }
        if range.upperBound > 127 { hasOthers = true }
    }

    /// Letters in both cases.
    var withoutCase: PatternCharacters {
        var set = self
        for value in UInt32(0x41)...0x5A {
            guard let upper = Unicode.Scalar(value), let lower = Unicode.Scalar(value | 0x20) else { continue }
            if contains(upper) { set.insert(lower) }
            if contains(lower) { set.insert(upper) }
        }
        return set
    }

    /// Of a set with characters outside ASCII nobody knows which ones are left.
    var complement: PatternCharacters {
        var set = PatternCharacters()
        set.low = ~low
        set.high = ~high
        set.hasOthers = true
        return set
    }

    mutating func formUnion(_ other: PatternCharacters) {
        low |= other.low
        high |= other.high
        hasOthers = hasOthers || other.hasOthers
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<64: low >> UInt64(scalar.value) & 1 == 1
        case 64..<128: high >> UInt64(scalar.value - 64) & 1 == 1
        default: hasOthers
        }
    }

    /// Whether an ASCII character belongs to both; of others nobody knows.
    func meets(_ other: PatternCharacters) -> Bool { low & other.low != 0 || high & other.high != 0 }

    /// A character of the set that is easy to read; nil for none in ASCII.
    var sample: Unicode.Scalar? {
        let liked = "ae1 _-.,".unicodeScalars.first(where: contains)
        return liked ?? (UInt32(0x21)...0x7E).lazy.compactMap(Unicode.Scalar.init).first(where: contains)
    }
}
