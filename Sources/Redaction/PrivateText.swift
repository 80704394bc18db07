import Neutralization

/// `<private>…</private>`: what a person wants to be said and forgotten.
///
/// The tags are known in any letter case, with white space inside and with attributes. They nest. A span that is not
/// closed reaches to the end of the message, as does one whose opening tag was never finished. In the place of a span
/// stands `[private]`, so that the sentence around it reads on; a closing tag without a span is removed alone.
public enum PrivateText {
    /// What stands in the place of a private span.
    public static let marker = "[private]"

    /// The text without its private spans; nil when it has no private tag. Linear in the text.
    ///
    /// - Parameter bytes: Any bytes.
    /// - Returns: What is left, and how many spans went, nested ones counted with the one around them.
    public static func removed(
        from bytes: UnsafeBufferPointer<UInt8>
    ) -> (text: [UInt8], spanCount: Int)? {
        guard var tag = nextTag(in: bytes, from: 0) else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var copied = 0
        var spans = 0
        var depth = 0
        while true {
            if depth == 0 { text += bytes[copied..<tag.range.lowerBound] }
            switch tag.kind {
            case .opening:
                if depth == 0 {
                    text += marker.utf8
                    spans += 1
                }
                depth += 1
            case .closing: depth = max(0, depth - 1)
            case .empty: break
            }
            copied = tag.range.upperBound
            guard let next = nextTag(in: bytes, from: copied) else { break }
            tag = next
        }
        if depth == 0 { text += bytes[copied...] }
        return (text, spans)
    }

    /// The same for an array.
    public static func removed(from bytes: [UInt8]) -> (text: [UInt8], spanCount: Int)? {
        bytes.withUnsafeBufferPointer { removed(from: $0) }
    }

    private struct Tag {
        enum Kind { case opening, closing, empty }

        var kind: Kind
        var range: Range<Int>
    }

    /// Every `<` is looked at once, and what is read behind it ends before the next one.
    private static func nextTag(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Tag? {
        var at = start
        while let open = bytes.firstOffset(of: UInt8(ascii: "<"), from: at) {
            if let tag = tag(in: bytes, at: open) { return tag }
            at = open + 1
        }
        return nil
    }

    private static func tag(in bytes: UnsafeBufferPointer<UInt8>, at open: Int) -> Tag? {
        var at = bytes.skippingSpaces(from: open + 1)
        let isClosing = at < bytes.count && bytes[at] == UInt8(ascii: "/")
        if isClosing { at = bytes.skippingSpaces(from: at + 1) }
        guard bytes.holds("private", at: at) else { return nil }
        at += 7
        let name = at
        at = bytes.skippingSpaces(from: at)
        let isEmpty = at + 1 < bytes.count && bytes[at] == UInt8(ascii: "/") && bytes[at + 1] == UInt8(ascii: ">")
        // `<private-note>` and `<private/module.h>` are other things.
        guard isEmpty || at > name || at == bytes.count || bytes[at] == UInt8(ascii: ">") else { return nil }
        while at < bytes.count, bytes[at] != UInt8(ascii: ">"), bytes[at] != UInt8(ascii: "<") { at += 1 }
        let isFinished = at < bytes.count && bytes[at] == UInt8(ascii: ">")
        let end = isFinished ? at + 1 : at
        let isSelfClosing = isFinished && bytes[at - 1] == UInt8(ascii: "/")
        return Tag(kind: isClosing ? .closing : isSelfClosing ? .empty : .opening, range: open..<end)
    }
}
