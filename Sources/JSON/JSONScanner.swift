/// What a JSON value is.
public enum JSONKind: Sendable, Equatable {
    case object, array, string, number, bool, null
}

/// Reads JSON from a buffer in one walk, value by value, and passes over what nobody asks for at the speed of `memchr`.
///
/// The scanner is not a validator: it wants balanced values and whole strings, and is lenient about commas, numbers and
/// the kind of a closing bracket. It never recurses and never copies; `JSONString` copies when it decodes.
///
/// The buffer must stay valid while the scanner and the strings it gave out are in use.
public struct JSONScanner {
    @usableFromInline let bytes: UnsafeBufferPointer<UInt8>
    /// Where the next value, key or separator is looked for; in bytes.
    public internal(set) var offset: Int {
        @inlinable get { at }
        @inlinable set { at = newValue }
    }
    @usableFromInline var at: Int

    public init(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int = 0) {
        self.bytes = bytes
        at = offset
    }

    /// The kind of the next value, which is not consumed.
    @inlinable
    public mutating func peek() throws(JSONError) -> JSONKind {
        let byte = try nextByte()
        switch byte {
        case Byte.openBrace: return .object
        case Byte.openBracket: return .array
        case Byte.quote: return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw JSONError(.unexpectedByte(byte), at: offset)
        }
    }

    /// Whether nothing but white space is left.
    public mutating func isAtEnd() -> Bool {
        skipWhiteSpace()
        return offset >= bytes.count
    }

    /// Enters the next value when it is an object; any other value is passed over.
    ///
    /// - Returns: whether an object was entered; then `nextKey()` gives its keys.
    @inlinable
    public mutating func enterObject() throws(JSONError) -> Bool {
        try enter(Byte.openBrace)
    }

    /// Enters the next value when it is an array; any other value is passed over.
    ///
    /// - Returns: whether an array was entered; then `nextElement()` walks it.
    public mutating func enterArray() throws(JSONError) -> Bool {
        try enter(Byte.openBracket)
    }

    /// The next key of the entered object, or nil after its closing brace.
    ///
    /// After a key the caller must read or skip exactly one value.
    @inlinable
    public mutating func nextKey() throws(JSONError) -> JSONString? {
        var byte = try nextByte()
        if byte == Byte.comma {
            at += 1
            byte = try nextByte()
        }
        guard byte == Byte.quote else {
            guard byte == Byte.closeBrace else { throw JSONError(.unexpectedByte(byte), at: at) }
            at += 1
            return nil
        }
        let key = try readString()
        let separator = try nextByte()
        guard separator == Byte.colon else { throw JSONError(.unexpectedByte(separator), at: at) }
        at += 1
        return key
    }

    /// Whether the entered array has another element; false after its closing bracket.
    ///
    /// After true the caller must read or skip exactly one value.
    @inlinable
    public mutating func nextElement() throws(JSONError) -> Bool {
        var byte = try nextByte()
        if byte == Byte.comma {
            at += 1
            byte = try nextByte()
        }
        guard byte == Byte.closeBracket else { return true }
        at += 1
        return false
    }

    /// The next value when it is a string; any other value is passed over and gives nil.
    @inlinable
    public mutating func string() throws(JSONError) -> JSONString? {
        guard try nextByte() == Byte.quote else {
            try skip()
            return nil
        }
        return try readString()
    }

    /// The next value when it is `true` or `false`; any other value is passed over and gives nil.
    @inlinable
    public mutating func bool() throws(JSONError) -> Bool? {
        let byte = try nextByte()
        try skip()
        return byte == UInt8(ascii: "t") ? true : byte == UInt8(ascii: "f") ? false : nil
    }

    /// The next value when it is a whole number that fits; any other value is passed over and gives nil.
    public mutating func int() throws(JSONError) -> Int? {
        let start = (try nextByte(), offset).1
        try skip()
        var digits = bytes[start..<offset]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        guard !digits.isEmpty else { return nil }
        var value = 0
        for byte in digits {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            let (product, overflows) = value.multipliedReportingOverflow(by: 10)
            let (next, overflowsToo) = product.addingReportingOverflow(Int(byte) - 48)
            if overflows || overflowsToo { return nil }
            value = next
        }
        return isNegative ? -value : value
    }

    /// Passes over the next value, however large or deep.
    ///
    /// - Returns: where it stands, in bytes; a scanner can be started there later.
    @discardableResult
    public mutating func skip() throws(JSONError) -> Range<Int> {
        let first = try nextByte()
        let start = offset
        switch first {
        case Byte.quote:
            _ = try readString()
        case Byte.openBrace, Byte.openBracket:
            at += 1
            try skipToClosing()
        case Byte.comma, Byte.colon, Byte.closeBrace, Byte.closeBracket:
            throw JSONError(.unexpectedByte(first), at: offset)
        default:
            skipScalar()
            guard offset > start else { throw JSONError(.unexpectedByte(first), at: offset) }
        }
        return start..<offset
    }

    /// The next eight bytes, white space included; nil near the end.
    @inlinable @inline(__always)
    package var nextWord: UInt64? { word(at: at) }

    /// The eight bytes at `offset`; nil near the end.
    @inlinable @inline(__always)
    package func word(at offset: Int) -> UInt64? {
        guard offset + 8 <= bytes.count, let base = UnsafeRawPointer(bytes.baseAddress) else { return nil }
        return base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// Passes over the next bytes when they are exactly `known`, which is not empty.
    package mutating func pass(_ known: UnsafeBufferPointer<UInt8>) -> Bool {
        let end = at + known.count
        guard !known.isEmpty, end <= bytes.count, bytes.part(at..<end).equals(known) else { return false }
        at = end
        return true
    }

    /// The string whose bytes, without its quotes, stand in `range` behind `start`.
    @inlinable @inline(__always)
    package func string(at range: Range<Int>, from start: Int) -> JSONString {
        JSONString(raw: bytes.part(start + range.lowerBound..<start + range.upperBound))
    }

    /// Where a string that was read from this buffer stands, counted from `start`.
    package func range(of string: JSONString, from start: Int) -> Range<Int>? {
        guard let base = bytes.baseAddress, let first = string.raw.baseAddress else { return nil }
        let offset = first - base - start
        return offset..<offset + string.raw.count
    }

    /// A part of what is scanned.
    package func bytes(in range: Range<Int>) -> UnsafeBufferPointer<UInt8> { bytes.part(range) }

    // MARK: -

    @inlinable
    mutating func enter(_ opening: UInt8) throws(JSONError) -> Bool {
        guard try nextByte() == opening else {
            try skip()
            return false
        }
        at += 1
        return true
    }

    /// Numbers, `true`, `false`, `null`: letters, digits and their signs.
    private mutating func skipScalar() {
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "E"):
                at += 1
            default: return
            }
        }
    }

    /// From inside a container to just after its end. Depth is a number here, not a stack.
    private mutating func skipToClosing() throws(JSONError) {
        if let end = bytes.containerEnd(from: at) {
            at = end
            return
        }
        var depth = 1
        let count = bytes.count
        var at = at
        while at < count {
            let byte = bytes[at]
            at += 1
            if byte == Byte.quote {
                at = try closingQuote(after: at - 1) + 1
                continue
            }
            // `[` and `{`, `]` and `}` differ in one bit.
            switch byte | 0x20 {
            case Byte.openBrace: depth += 1
            case Byte.closeBrace:
                depth -= 1
                if depth == 0 {
                    offset = at
                    return
                }
            default: break
            }
        }
        offset = at
        throw JSONError(.endsEarly, at: offset)
    }

    @inlinable @inline(__always)
    mutating func readString() throws(JSONError) -> JSONString {
        let start = offset + 1
        let end = try closingQuote(after: offset)
        offset = end + 1
        return JSONString(raw: bytes.part(start..<end))
    }

    /// The quote that ends the string opened at `opening`: the first one behind an even number of backslashes.
    @usableFromInline
    func closingQuote(after opening: Int) throws(JSONError) -> Int {
        if let quote = bytes.closingQuote(from: opening + 1) { return quote }
        throw JSONError(.endsEarly, at: bytes.count)
    }

    /// The next byte that is not white space; it is not consumed.
    @inlinable @inline(__always)
    mutating func nextByte() throws(JSONError) -> UInt8 {
        skipWhiteSpace()
        guard offset < bytes.count else { throw JSONError(.endsEarly, at: offset) }
        return bytes[offset]
    }

    @inlinable @inline(__always)
    mutating func skipWhiteSpace() {
        // Control characters have no place outside of strings; taking them for white space costs one comparison, not four.
        while at < bytes.count, bytes[at] <= 0x20 { at += 1 }
    }
}
