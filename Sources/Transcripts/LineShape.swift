import JSON

/// What one line of text looks like, decided from its bytes alone.
struct LineShape {
    enum Kind: Equatable {
        case blank
        case fence(Fence)
        case heading
        /// `---`, `===`, box drawing.
        case rule
        case table
        case quotation
        /// `**…**` alone on its line.
        case label
        case item
        case diff
        case stackTrace
        case log
        /// Text that a person pasted (set by `PasteDetector`).
        case paste
        case prose
    }

    /// ``` or ~~~
    struct Fence: Equatable {
        var marker: UInt8
        var length: Int
        /// Whether no language follows; only such a line closes a block.
        var isBare: Bool

        func closes(_ opening: Fence) -> Bool { marker == opening.marker && length >= opening.length && isBare }
    }

    var kind: Kind
    /// The line's text without indentation, marker and trailing white space, as a range of the block's text.
    var content: Range<Int>
    /// Leading spaces; a tab counts as four.
    var indent: Int
    /// Whether a list item's own text reads as prose; true for every other kind of prose.
    var readsAsProse = true
    /// Whether the text ends in `.`, `!`, `?` or `:` (markup after it does not count).
    var endsSentence = false

    init(_ line: Range<Int>, of text: UnsafeBufferPointer<UInt8>) {
        var start = line.lowerBound
        var end = line.upperBound
        indent = 0
        while start < end, let width = LineShape.indentation(text[start]) {
            indent += width
            start += 1
        }
        while start < end, text[end - 1] == 0x20 || text[end - 1] == 0x09 || text[end - 1] == 0x0D { end -= 1 }
        content = start..<end
        kind = .blank
        guard start < end else { return }

        let body = UnsafeBufferPointer(rebasing: text[content])
        // A compiler underlines with tildes far from the margin.
        if let fence = LineShape.fence(body), body[0] == 0x60 || indent < 4 {
            kind = .fence(fence)
        } else if let marker = LineShape.headingMarker(body) {
            kind = .heading
            content = (start + marker)..<end
        } else if LineShape.isRule(body) {
            kind = .rule
        } else if body[0] == UInt8(ascii: "|") {
            kind = .table
        } else if body[0] == UInt8(ascii: ">") {
            kind = .quotation
        } else if LineShape.isLabel(body) {
            kind = .label
        } else if LineShape.isDiff(body) {
            kind = .diff
        } else if LineShape.isStackFrame(body) {
            kind = .stackTrace
        } else if LineShape.startsLikeLog(body) {
            kind = .log
        } else if let marker = LineShape.itemMarker(body) {
            kind = .item
            content = (start + marker)..<end
            readsAsProse = WordShape(UnsafeBufferPointer(rebasing: text[content])).readsAsProse
        } else {
            kind = WordShape(body).readsAsProse ? .prose : .log
        }
        let own = UnsafeBufferPointer(rebasing: text[content])
        endsSentence = LineShape.endsSentence(own)
    }

    private static func indentation(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x20: 1
        case 0x09: 4
        default: nil
        }
    }

    private static func fence(_ body: UnsafeBufferPointer<UInt8>) -> Fence? {
        guard body[0] == 0x60 || body[0] == 0x7E else { return nil }
        let length = body.prefix { $0 == body[0] }.count
        // Ticks that are closed on the same line are a code span.
        guard length >= 3, body[0] == 0x7E || !body[length...].contains(0x60) else { return nil }
        return Fence(marker: body[0], length: length, isBare: length == body.count)
    }

    /// Length of `## ` with its spaces.
    private static func headingMarker(_ body: UnsafeBufferPointer<UInt8>) -> Int? {
        var level = 0
        while level < body.count, body[level] == UInt8(ascii: "#") { level += 1 }
        guard (1...6).contains(level), level < body.count, body[level] == 0x20 else { return nil }
        while level < body.count, body[level] == 0x20 { level += 1 }
        return level
    }

    private static func isRule(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        guard body.count >= 3 else { return false }
        // ASCII rules, or box drawing (U+2500...U+257F: E2 94 xx, E2 95 xx).
        return body.allSatisfy { $0 == 0x2D || $0 == 0x3D || $0 == 0x5F || $0 == 0x2A }
            || body.allSatisfy { $0 == 0xE2 || $0 == 0x94 || $0 == 0x95 || (0x80...0xBF).contains($0) }
                && body[0] == 0xE2
    }

    private static func isLabel(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        var end = body.count
        if end > 0, body[end - 1] == UInt8(ascii: ":") { end -= 1 }
        guard end >= 5, body[0] == 0x2A, body[1] == 0x2A, body[end - 1] == 0x2A, body[end - 2] == 0x2A else {
            return false
        }
        return !(2..<(end - 2)).contains { body[$0] == 0x2A }
    }

    /// Length of `- `, `3. `, `a) `, `- [x] ` with its spaces.
    private static func itemMarker(_ body: UnsafeBufferPointer<UInt8>) -> Int? {
        var length = 0
        switch body[0] {
        case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "+"): length = 1
        case 0xE2 where body.count > 3 && body[1] == 0x80 && body[2] == 0xA2: length = 3  // •
        case 0x30...0x39:
            while length < min(3, body.count), (0x30...0x39).contains(body[length]) { length += 1 }
            guard length < body.count, body[length] == UInt8(ascii: ".") || body[length] == UInt8(ascii: ")") else {
                return nil
            }
            length += 1
        case 0x41...0x48:
            guard body.count > 2, body[1] == UInt8(ascii: ")") else { return nil }
            length = 2
        case 0x61...0x7A:
            guard body.count > 2, body[1] == UInt8(ascii: ")") || (body[1] == UInt8(ascii: ".") && body[2] == 0x20)
            else {
                return nil
            }
            length = 2
        // ✅ ❌ ⚠ ✨ ➜ and emoji stand where others put a bullet; they stay part of the text.
        case 0xE2 where body.count > 3 && (0x9A...0x9E).contains(body[1]), 0xF0: return 0
        default: return nil
        }
        guard length < body.count, body[length] == 0x20 || body[length] == 0x09 else { return nil }
        while length < body.count, body[length] == 0x20 || body[length] == 0x09 { length += 1 }
        if length + 4 <= body.count, body[length] == UInt8(ascii: "["), body[length + 2] == UInt8(ascii: "]"),
            body[length + 3] == 0x20
        {
            length += 4
        }
        return length < body.count ? length : nil
    }

    private static func isDiff(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        switch body[0] {
        case UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "d"), UInt8(ascii: "i"),
            UInt8(ascii: "n"), UInt8(ascii: "r"):
            break
        default: return false
        }
        if body.hasPrefix("index ") { return WordShape.isHex(body, from: 6, count: 6) }
        return diffStarts.contains { body.hasPrefix($0) }
    }

    private static let diffStarts: [StaticString] = [
        "@@ ", "+++ ", "--- ", "diff --git", "new file mode", "deleted file mode", "rename from", "rename to",
    ]

    private static func isStackFrame(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        switch body[0] {
        case UInt8(ascii: "a"), UInt8(ascii: "F"), UInt8(ascii: "T"), UInt8(ascii: "g"), UInt8(ascii: "C"),
            UInt8(ascii: "p"):
            break
        default: return false
        }
        if body.hasPrefix("at ") {
            return body.contains(UInt8(ascii: "("))
                || body.contains(UInt8(ascii: ":")) && !body.contains(UInt8(ascii: ","))
        }
        return frameStarts.contains { body.hasPrefix($0) }
    }

    private static let frameStarts: [StaticString] = ["File \"", "Traceback (", "goroutine ", "Caused by: ", "panic: "]

    private static func endsSentence(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        var end = body.count
        func closes(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x2A, 0x5F, 0x60, 0x29, 0x22, 0x27: true
            default: false
            }
        }
        while end > 0, closes(body[end - 1]) { end -= 1 }
        guard end > 0 else { return false }
        switch body[end - 1] {
        case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: ":"), 0x80...: return true
        default: return false
        }
    }
}
