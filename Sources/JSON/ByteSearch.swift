import CByteSearch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The bytes that JSON's grammar is made of.
@usableFromInline enum Byte {
    @inlinable static var quote: UInt8 { UInt8(ascii: "\"") }
    @inlinable static var backslash: UInt8 { UInt8(ascii: "\\") }
    @inlinable static var comma: UInt8 { UInt8(ascii: ",") }
    @inlinable static var colon: UInt8 { UInt8(ascii: ":") }
    @inlinable static var openBrace: UInt8 { UInt8(ascii: "{") }
    @inlinable static var closeBrace: UInt8 { UInt8(ascii: "}") }
    @inlinable static var openBracket: UInt8 { UInt8(ascii: "[") }
    @inlinable static var closeBracket: UInt8 { UInt8(ascii: "]") }
}

extension UnsafeBufferPointer<UInt8> {
    /// The first place of `byte` in `range`, found by the C library's vectorised `memchr`.
    @inline(__always)
    package func firstOffset(of byte: UInt8, in range: Range<Int>) -> Int? {
        guard let base = baseAddress, !range.isEmpty,
            let hit = memchr(base + range.lowerBound, Int32(byte), range.count)
        else { return nil }
        return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }

    /// The quote that ends the string whose first byte is at `start`; nil when there is none.
    @inline(__always)
    func closingQuote(from start: Int) -> Int? {
        guard let base = baseAddress else { return nil }
        let quote = cbs_closing_quote(base, start, count)
        return quote < 0 ? nil : quote
    }

    /// What follows the container whose inside begins at `start`; nil when its bytes must be walked one by one.
    @inline(__always)
    func containerEnd(from start: Int) -> Int? {
        guard let base = baseAddress else { return nil }
        let end = cbs_container_end(base, start, count)
        return end < 0 ? nil : end
    }

    /// Decodes text and common escapes of two letters from `start` on, up to the first byte that is something else: NUL, another
    /// escape, no UTF-8; `out` has room for all the rest.
    ///
    /// - Returns: How many bytes were read, and how many written.
    @inline(__always)
    func unescape(from start: Int, to out: UnsafeMutableRawPointer) -> (read: Int, written: Int) {
        guard let base = baseAddress else { return (0, 0) }
        var read = 0
        let written = cbs_unescape(out.assumingMemoryBound(to: UInt8.self), base + start, count - start, &read)
        return (read, written)
    }

    /// Whether all bytes are ASCII, neither NUL nor backslash.
    @inline(__always)
    var isPlain: Bool {
        guard let base = baseAddress else { return true }
        return cbs_is_plain(base, count)
    }

    /// The first `{"` at or after `start` that is followed by one of these bytes.
    package func objectStart(from start: Int, first: UInt8, or second: UInt8) -> Int? {
        guard let base = baseAddress else { return nil }
        let hit = cbs_object_start(base, start, count, first, second)
        return hit < 0 ? nil : hit
    }

    /// Whether the bytes are those of `other`.
    @inline(__always)
    package func equals(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        guard let base = baseAddress, let otherBase = other.baseAddress else { return true }
        return memcmp(base, otherBase, count) == 0
    }

    /// Whether the bytes are those of `text`.
    @inline(__always)
    package func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        guard let base = baseAddress else { return true }
        return memcmp(base, text.utf8Start, count) == 0
    }

    /// Whether the bytes begin with those of `text`.
    @inline(__always)
    package func hasPrefix(_ text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount, let base = baseAddress else { return text.utf8CodeUnitCount == 0 }
        return memcmp(base, text.utf8Start, text.utf8CodeUnitCount) == 0
    }

    /// A part of the buffer, from offset zero.
    @inlinable @inline(__always)
    package func part(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: self[range])
    }
}
