public import Memories

/// One sentence, list item or label of prose: the unit that rules and the scorer look at.
public struct Segment: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        /// A sentence of a paragraph.
        case sentence
        /// A sentence of a list item; the list marker is not part of it.
        case item
        /// A line that is bold as a whole, such as `**Root cause**`.
        case label
        /// A line of tool output.
        case line
    }

    public var kind: Kind
    /// The text's UTF-8 bytes in `SegmentedText.bytes`.
    public var range: Range<Int>
    /// Where the text stands in the block it was cut from, in UTF-8 bytes.
    public var sourceRange: Range<Int>
    /// The nearest Markdown heading above, as a range of `SegmentedText.bytes`; empty when there is none.
    public var heading: Range<Int>
    /// The nearest bold line since that heading; empty when there is none.
    public var label: Range<Int>
    /// Position among the sentences of its paragraph or item, from 0.
    public var sentenceIndex: Int

    /// A line of tool output.
    public static func line(_ range: Range<Int>) -> Segment {
        Segment(kind: .line, range: range, sourceRange: range, heading: 0..<0, label: 0..<0, sentenceIndex: 0)
    }
}

/// A block's prose, cut into segments; what is no prose is counted and left out.
public struct SegmentedText: Sendable {
    /// Kinds of text that are recognised and kept apart from prose.
    public enum Excluded: Int, CaseIterable, Sendable {
        case codeFence, indentedCode, table, quotation, diff, stackTrace, log, paste
    }

    /// The prose and the headings with soft line breaks and indentation folded to one space. Valid UTF-8.
    public internal(set) var bytes: [UInt8] = []
    /// In order of their position.
    public internal(set) var segments: [Segment] = []
    /// Lines left out, by kind.
    public internal(set) var excludedLines = [Int](repeating: 0, count: Excluded.allCases.count)
    /// Bytes of the block's text before anything was left out.
    public internal(set) var sourceLength = 0

    /// UTF-8 bytes of prose in all segments.
    public var proseLength: Int { segments.reduce(0) { $0 + $1.range.count } }

    /// Whether a segment goes on where the one before it ended: the next sentence of an item, the next one of prose under
    /// the same heading, or the next line of a short message that a person typed.
    public func continues(at index: Int, role: Role) -> Bool {
        guard index > 0 else { return false }
        let (before, segment) = (segments[index - 1], segments[index])
        guard before.kind != .label, segment.kind != .label else { return false }
        if role == .user, segments.count <= SegmentedText.shortMessage { return true }
        guard before.kind == segment.kind else { return false }
        if segment.kind == .item { return segment.sentenceIndex == before.sentenceIndex + 1 }
        return segment.heading == before.heading && segment.label == before.label
    }

    /// So many segments are typed in one breath.
    private static let shortMessage = 4

    public func excluded(_ kind: Excluded) -> Int { excludedLines[kind.rawValue] }

    public func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
