/// A set of rules by their numbers, as bits.
struct RuleNumbers: Sendable, Hashable {
    private var words: [UInt64]

    /// - Parameter count: How many rules there are.
    init(count: Int) {
        words = [UInt64](repeating: 0, count: RuleNumbers.width(for: count))
    }

    init(_ numbers: some Sequence<Int>, count: Int) {
        self.init(count: count)
        for number in numbers { words[number >> 6] |= 1 << UInt64(number & 63) }
    }

    func contains(_ number: Int) -> Bool { words[number >> 6] >> UInt64(number & 63) & 1 != 0 }

    /// Words that the set takes.
    static func width(for count: Int) -> Int { (count + 63) >> 6 }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    /// The same for the same set in every run.
    var digest: UInt64 { words.reduce(0) { ($0 ^ $1) &* 0x9E37_79B9_7F4A_7C15 } }

    mutating func removeAll() {
        for index in words.indices { words[index] = 0 }
    }

    mutating func formUnion(_ other: RuleNumbers) { formUnion(other.words, at: 0) }

    /// - Parameter rows: As many words as the set takes, from `start` on.
    @inline(__always)
    mutating func formUnion(_ rows: [UInt64], at start: Int) {
        words.withUnsafeMutableBufferPointer { words in
            rows.withUnsafeBufferPointer { rows in
                for index in words.indices { words[index] |= rows[start + index] }
            }
        }
    }

    /// - Parameter rows: Gets the words of the set, from `start` on.
    func store(in rows: inout [UInt64], at start: Int) {
        for index in words.indices { rows[start + index] = words[index] }
    }

    @inline(__always)
    mutating func withMutableWords<Result>(_ body: (UnsafeMutableBufferPointer<UInt64>) -> Result) -> Result {
        words.withUnsafeMutableBufferPointer { body($0) }
    }

    func meets(_ other: RuleNumbers) -> Bool {
        words.indices.contains { words[$0] & other.words[$0] != 0 }
    }

    mutating func formIntersection(_ other: RuleNumbers) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    /// Calls `body` with each number that both have, ascending.
    @inline(__always)
    func forEachShared(with other: RuleNumbers, _ body: (Int) -> Void) {
        for index in words.indices {
            var rest = words[index] & other.words[index]
            while rest != 0 {
                body(index << 6 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }
}
