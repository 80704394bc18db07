/// The features of one segment: a set of numbers below `capacity`, as bits.
///
/// What a number means, the vocabulary of the extraction says; the scorer has a weight for each.
public struct FeatureSet: Sendable, Equatable {
    /// Structural features and cues together can't be more.
    public static let capacity = 256

    @usableFromInline var words = SIMD4<UInt64>()

    @inlinable public init() {}

    @inlinable
    public init(_ numbers: some Sequence<Int>) {
        self.init()
        for number in numbers { insert(number) }
    }

    @inlinable public mutating func insert(_ number: Int) { words[number >> 6] |= 1 << UInt64(number & 63) }

    @inlinable public mutating func remove(_ number: Int) { words[number >> 6] &= ~(1 << UInt64(number & 63)) }

    @inlinable public mutating func formUnion(_ other: FeatureSet) { words |= other.words }

    public func intersection(_ other: FeatureSet) -> FeatureSet {
        var common = self
        common.words &= other.words
        return common
    }

    @inlinable public func contains(_ number: Int) -> Bool { words[number >> 6] & 1 << UInt64(number & 63) != 0 }

    /// The sum of the weights of the numbers in the set.
    ///
    /// - Parameter weights: One for each number that can be in the set.
    @inlinable
    public func sum(of weights: [Int], from start: Int = 0) -> Int {
        var sum = start
        for index in 0..<4 {
            var rest = words[index]
            while rest != 0 {
                sum += weights[index << 6 + rest.trailingZeroBitCount]
                rest &= rest - 1
            }
        }
        return sum
    }

    /// Ascending.
    public var numbers: [Int] {
        (0..<4).flatMap { index in
            (0..<64).filter { words[index] & 1 << UInt64($0) != 0 }.map { index << 6 + $0 }
        }
    }
}
