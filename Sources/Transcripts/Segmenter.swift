public import Memories

/// Cuts the text of one block into sentences and list items, and leaves out what is no prose.
///
/// Holds no state: the same text and role always give the same segments.
public enum Segmenter {
    /// - Parameters:
    ///   - text: Valid UTF-8 with `\n` line ends.
    ///   - role: Whose words they are. Only a person pastes: logs and listings without a fence are looked for more
    ///     eagerly in what a person sent.
    public static func segments(of text: UnsafeBufferPointer<UInt8>, role: Role) -> SegmentedText {
        var lines = shapes(of: text)
        if role == .user { PasteDetector.mark(&lines, of: text) }
        var builder = SegmentBuilder(text: text, readsIntroductions: role == .user)
        for line in lines { builder.add(line) }
        return builder.finish()
    }

    /// Cuts tool output into lines, as they are; blank ones are left out.
    public static func lines(of text: UnsafeBufferPointer<UInt8>) -> SegmentedText {
        var result = SegmentedText()
        result.sourceLength = text.count
        result.bytes = Array(text)
        forEachLine(of: text) { line in
            var start = line.lowerBound
            var end = line.upperBound
            while start < end, text[start] == 0x20 || text[start] == 0x09 { start += 1 }
            while end > start, text[end - 1] == 0x20 || text[end - 1] == 0x0D { end -= 1 }
            guard start < end else { return }
            result.segments.append(.line(start..<end))
        }
        return result
    }

    /// The line that holds a range of tool output, without white space at its ends.
    public static func line(around range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        var start = range.lowerBound
        while start > 0, text[start - 1] != 0x0A { start -= 1 }
        var end = range.upperBound
        while end < text.count, text[end] != 0x0A { end += 1 }
        while start < end, text[start] == 0x20 || text[start] == 0x09 { start += 1 }
        while end > start, text[end - 1] == 0x20 || text[end - 1] == 0x0D { end -= 1 }
        return start..<end
    }

    private static func shapes(of text: UnsafeBufferPointer<UInt8>) -> [LineShape] {
        var lines: [LineShape] = []
        // Most lines are longer; a text of one line is common.
        lines.reserveCapacity(1 + text.count / 32)
        forEachLine(of: text) { lines.append(LineShape($0, of: text)) }
        markQuotedCode(&lines, text)
        return lines
    }

    /// Python shows a line of code under each frame.
    private static func markQuotedCode(_ lines: inout [LineShape], _ text: UnsafeBufferPointer<UInt8>) {
        for index in lines.indices.dropFirst() where lines[index].indent > lines[index - 1].indent {
            let frame = UnsafeBufferPointer(rebasing: text[lines[index - 1].content])
            if lines[index - 1].kind == .stackTrace, frame.starts(with: "File \"".utf8) {
                lines[index].kind = .stackTrace
            }
        }
    }

    private static func forEachLine(of text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: 0x0A) ?? text.count
            body(start..<end)
            start = end + 1
        }
    }
}

/// Turns the lines of a block into paragraphs and these into segments.
struct SegmentBuilder {
    private let text: UnsafeBufferPointer<UInt8>
    private var result = SegmentedText()
    /// The lines of the paragraph at hand, and where each begins in the copy; kept to be filled again.
    private var pieces: [Range<Int>] = []
    private var starts: [Int] = []
    private var sentences: [Range<Int>] = []
    private var kind = Segment.Kind.sentence
    private var heading = 0..<0
    private var label = 0..<0
    /// A person writes no bold labels: the sentence above a list is that of its items. Empty when there is none.
    private var introduction = 0..<0
    private let readsIntroductions: Bool
    private var openFence: LineShape.Fence?

    init(text: UnsafeBufferPointer<UInt8>, readsIntroductions: Bool) {
        self.text = text
        self.readsIntroductions = readsIntroductions
        result.sourceLength = text.count
        result.bytes.reserveCapacity(min(text.count, 1 << 16))
    }

    mutating func add(_ line: LineShape) {
        if let opening = openFence {
            exclude(.codeFence)
            if case .fence(let fence) = line.kind, fence.closes(opening) { openFence = nil }
            return
        }
        switch line.kind {
        case .fence(let fence):
            flush()
            openFence = fence
            exclude(.codeFence)
        case .blank, .rule: flush()
        case .heading:
            flush()
            heading = copy(trimmed(line.content))
            // The words under a heading do not continue it.
            result.bytes.append(0x0A)
            label = 0..<0
            introduction = 0..<0
        case .label:
            flush()
            kind = .label
            pieces.append(line.content)
            let first = result.segments.count
            flush()
            if let segment = result.segments.dropFirst(first).first { label = segment.range }
        case .table: leaveOut(.table)
        case .quotation: leaveOut(.quotation)
        case .diff: leaveOut(.diff)
        case .stackTrace: leaveOut(.stackTrace)
        case .log: leaveOut(line.indent >= 4 ? .indentedCode : .log)
        case .paste: leaveOut(.paste)
        case .item:
            flush()
            kind = .item
            pieces.append(line.content)
        case .prose:
            if kind == .item, !pieces.isEmpty, line.indent < 2 { flush() }
            pieces.append(line.content)
        }
    }

    mutating func finish() -> SegmentedText {
        flush()
        return result
    }

    private mutating func leaveOut(_ what: SegmentedText.Excluded) {
        flush()
        exclude(what)
    }

    private mutating func exclude(_ what: SegmentedText.Excluded) {
        result.excludedLines[what.rawValue] += 1
    }

    /// Headings lose `**` and a final colon, so that patterns on them stay simple.
    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, text[start] == 0x2A || text[start] == 0x20 { start += 1 }
        while end > start, [0x2A, 0x20, 0x3A, 0x23].contains(text[end - 1]) { end -= 1 }
        return start..<end
    }

    private mutating func copy(_ range: Range<Int>) -> Range<Int> {
        let start = result.bytes.count
        result.bytes += UnsafeBufferPointer(rebasing: text[range])
        return start..<result.bytes.count
    }

    private mutating func flush() {
        defer {
            pieces.removeAll(keepingCapacity: true)
            kind = .sentence
        }
        guard !pieces.isEmpty else { return }
        // Copy the pieces with one space between them.
        starts.removeAll(keepingCapacity: true)
        let from = result.bytes.count
        for piece in pieces {
            if result.bytes.count > from { result.bytes.append(0x20) }
            starts.append(copy(piece).lowerBound)
        }
        var sentences: [Range<Int>] = []
        swap(&sentences, &self.sentences)
        sentences.removeAll(keepingCapacity: true)
        defer { swap(&sentences, &self.sentences) }
        if kind == .label {
            sentences.append(from..<result.bytes.count)
        } else {
            result.bytes.withUnsafeBufferPointer { SentenceSplitter.split(from..<$0.count, of: $0, into: &sentences) }
        }
        if kind != .item { introduction = introduction(in: sentences) }
        let label = kind == .item && !introduction.isEmpty ? introduction : self.label
        for (index, range) in sentences.enumerated() {
            let source = sourceOffset(range.lowerBound)..<(sourceOffset(range.upperBound - 1) + 1)
            result.segments.append(
                Segment(
                    kind: kind, range: range, sourceRange: source, heading: heading,
                    label: kind == .label ? 0..<0 : label, sentenceIndex: index))
        }
        // Nothing may look across the end of a paragraph.
        result.bytes.append(0x0A)
    }

    /// The last of some sentences when it ends with a colon, or all of them when that is a line of few words without an end.
    private func introduction(in sentences: [Range<Int>]) -> Range<Int> {
        guard kind == .sentence, let last = sentences.last, last.count <= 160, let end = result.bytes[last].last
        else { return 0..<0 }
        // Of what an assistant writes only "Still open:" alone on its line is meant as a heading.
        guard readsIntroductions || sentences.count == 1 && last.count <= 40 && end == UInt8(ascii: ":") else {
            return 0..<0
        }
        if end == UInt8(ascii: ":") { return last }
        let isTitle = sentences.count == 1 && last.count <= 40 && ![0x21, 0x2C, 0x2E, 0x3B, 0x3F].contains(end)
        return isTitle ? last : 0..<0
    }

    private func sourceOffset(_ offset: Int) -> Int {
        let piece = (starts.lastIndex { $0 <= offset }) ?? 0
        return pieces[piece].lowerBound + offset - starts[piece]
    }
}
