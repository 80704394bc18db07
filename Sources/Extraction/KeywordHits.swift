import Memories
import Transcripts

/// Which rules' keywords occur in which segment of a message.
struct KeywordHits {
    private var hits: [(segment: Int32, rule: Int32)] = []

    mutating func add(_ rule: Int, segment: Int) {
        // A segment's hits come together; the last ones tell whether the rule is known. (A second automaton begins anew;
        // what it finds twice is asked once, see `RuleReader`.)
        var index = hits.count - 1
        while index >= 0, hits[index].segment == segment {
            if hits[index].rule == rule { return }
            index -= 1
        }
        hits.append((Int32(segment), Int32(rule)))
    }

    /// Sorts the hits by segment; afterwards `rules(of:)` may be asked.
    mutating func finish() { hits.sort { ($0.segment, $0.rule) < ($1.segment, $1.rule) } }

    func rules(of segment: Int) -> [Int] {
        // Hits are in the order of segments.
        var low = 0
        var high = hits.count
        while low < high {
            let middle = (low + high) / 2
            if hits[middle].segment < segment { low = middle + 1 } else { high = middle }
        }
        var rules: [Int] = []
        while low < hits.count, hits[low].segment == segment {
            rules.append(Int(hits[low].rule))
            low += 1
        }
        return rules
    }
}

extension LiteralIndex {
    /// Looks for cues and keywords in the prose of a message: cues become features, keywords hits.
    ///
    /// - Parameter openings: Where the words of each segment begin.
    func find(
        in bytes: UnsafeBufferPointer<UInt8>, _ readings: inout UnsafeMutableBufferPointer<SegmentReading>,
        _ openings: [Int], _ hits: inout KeywordHits
    ) {
        var current = 0
        forEachUse(in: bytes) { use, range in
            while current < readings.count, readings[current].segment.range.upperBound < range.upperBound {
                current += 1
            }
            guard current < readings.count, readings[current].segment.range.lowerBound <= range.lowerBound else {
                return
            }
            switch use.kind {
            case .keyword: hits.add(use.number, segment: current)
            case .cue: readings[current].features.insert(use.number)
            case .opening:
                if range.lowerBound == openings[current] { readings[current].features.insert(use.number) }
            }
        }
    }
}
