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

    /// Copies ASCII bytes, neither NUL nor backslash, from `start` on; `out` has room for all the rest.
    ///
    /// - Returns: how many.
    @inline(__always)
    func copyPlain(from start: Int, to out: UnsafeMutableRawPointer) -> Int {
        guard let base = baseAddress else { return 0 }
        return cbs_copy_plain(out.assumingMemoryBound(to: UInt8.self), base + start, count - start)
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
