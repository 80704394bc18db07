import Memories
import Transcripts

/// What a segment's own text gave, features and rules that its words wake, so that a text that was read before is not looked
/// at again: people and models repeat themselves, and a session that is resumed stands in its file twice.
///
/// It depends on the text and its kind alone. A direct-mapped table of 64-bit signatures: bounded, and what it forgets is only
/// looked at once more.
struct SegmentForms {
    private static let size = 1 << 12
    private let width: Int
    private var signatures = [UInt64](repeating: 0, count: SegmentForms.size)
    private var features = [FeatureSet](repeating: FeatureSet(), count: SegmentForms.size)
    /// `width` words each.
    private var woken: [UInt64]

    /// - Parameter rules: How many there are.
    init(rules: Int) {
        width = RuleNumbers.width(for: rules)
        woken = [UInt64](repeating: 0, count: SegmentForms.size * width)
    }

    /// - Parameter range: The segment; that a word is whole also depends on the bytes beside it.
    static func signature(_ kind: Segment.Kind, _ range: Range<Int>, of text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var seed: UInt64 =
            switch kind {
            case .sentence: 0
            case .item: 1
            case .label: 2
            case .line: 3
            }
        if range.lowerBound > 0, LiteralScan.isWordByte(text[range.lowerBound - 1]) { seed |= 4 }
        if range.upperBound < text.count, LiteralScan.isWordByte(text[range.upperBound]) { seed |= 8 }
        return TextHash.exact(UnsafeBufferPointer(rebasing: text[range]), seed) | 1
    }

    /// - Parameter rules: Gets the rules that were woken.
    /// - Returns: Nil when nothing is known of the text.
    func find(_ signature: UInt64, _ rules: inout RuleNumbers) -> FeatureSet? {
        let place = SegmentForms.place(of: signature)
        guard signatures[place] == signature else { return nil }
        rules.formUnion(woken, at: place * width)
        return features[place]
    }

    mutating func insert(_ signature: UInt64, _ found: FeatureSet, _ rules: RuleNumbers) {
        let place = SegmentForms.place(of: signature)
        signatures[place] = signature
        features[place] = found
        rules.store(in: &woken, at: place * width)
    }

    /// The lowest bit is always set.
    private static func place(of signature: UInt64) -> Int {
        Int(truncatingIfNeeded: signature >> 1) & (SegmentForms.size - 1)
    }
}
