/// The features of one segment: a set of numbers below `capacity`, as bits.
public struct FeatureSet: Sendable, Equatable {
    /// Structural features and cues together can't be more.
    public static let capacity = 256

    private var words = SIMD4<UInt64>()

    public init() {}

    public mutating func insert(_ number: Int) { words[number >> 6] |= 1 << UInt64(number & 63) }

    public mutating func insert(_ feature: Feature) { insert(feature.rawValue) }

    public mutating func remove(_ feature: Feature) {
        words[feature.rawValue >> 6] &= ~(1 << UInt64(feature.rawValue & 63))
    }

    public mutating func formUnion(_ other: FeatureSet) { words |= other.words }

    public func intersection(_ other: FeatureSet) -> FeatureSet {
        var common = self
        common.words &= other.words
        return common
    }

    public func contains(_ number: Int) -> Bool { words[number >> 6] & 1 << UInt64(number & 63) != 0 }

    public func contains(_ feature: Feature) -> Bool { contains(feature.rawValue) }

    /// Ascending.
    @inline(__always)
    public func forEach(_ body: (Int) -> Void) {
        for index in 0..<4 {
            var rest = words[index]
            while rest != 0 {
                body(index << 6 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }

    /// Ascending.
    public var numbers: [Int] {
        var numbers: [Int] = []
        forEach { numbers.append($0) }
        return numbers
    }
}

extension FeatureSet: ExpressibleByArrayLiteral {
    public init(arrayLiteral features: Feature...) {
        for feature in features { insert(feature) }
    }

    public init(_ features: some Sequence<Feature>) {
        for feature in features { insert(feature) }
    }
}
