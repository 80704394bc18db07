import Memories

@testable import Transcripts

/// A text cut into segments, in the form in which tests talk about it.
struct Cut {
    var source: [UInt8]
    var text: SegmentedText

    init(_ source: String, role: Role = .assistant) {
        self.source = Array(source.utf8)
        text = self.source.withUnsafeBufferPointer { Segmenter.segments(of: $0, role: role) }
    }

    /// The words of each segment.
    var segments: [String] { text.segments.map { text.text($0.range) } }

    /// Each segment with its kind, where that is not a sentence.
    var kinds: [String] {
        text.segments.map { ($0.kind == .sentence ? "" : "\($0.kind): ") + text.text($0.range) }
    }

    /// Each segment with the heading and the label that it stands under.
    var places: [String] {
        text.segments.map { "\(text.text($0.heading)) / \(text.text($0.label)) / \(text.text($0.range))" }
    }

    /// What was left out, in lines.
    var excluded: [SegmentedText.Excluded: Int] {
        var counts: [SegmentedText.Excluded: Int] = [:]
        for kind in SegmentedText.Excluded.allCases where text.excluded(kind) > 0 { counts[kind] = text.excluded(kind) }
        return counts
    }

    /// The source of a segment, with line breaks and indentation made one space.
    func foldedSource(_ segment: Segment) -> String {
        var folded: [UInt8] = []
        var isBreak = false
        for byte in source[segment.sourceRange.clamped(to: source.indices)] {
            switch byte {
            case 0x0A:
                while let last = folded.last, last == 0x20 || last == 0x09 || last == 0x0D { folded.removeLast() }
                isBreak = true
            case 0x20 where isBreak, 0x09 where isBreak: break
            default:
                if isBreak { folded.append(0x20) }
                isBreak = false
                folded.append(byte)
            }
        }
        return String(decoding: folded, as: UTF8.self)
    }
}
