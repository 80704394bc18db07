/// A string as it stands in the JSON, between its quotes, not yet unescaped. Borrowed from the scanned buffer.
public struct JSONString {
    /// The bytes between the quotes.
    public let raw: UnsafeBufferPointer<UInt8>

    @inlinable
    public init(raw: UnsafeBufferPointer<UInt8>) {
        self.raw = raw
    }

    /// Whether the string is exactly `text`, written without escapes.
    @inlinable @inline(__always)
    public func equals(_ text: StaticString) -> Bool {
        // The first letter tells most strings apart without a call.
        raw.count == text.utf8CodeUnitCount && (raw.isEmpty || raw[0] == text.utf8Start[0]) && equalsSlowly(text)
    }

    @usableFromInline
    func equalsSlowly(_ text: StaticString) -> Bool {
        raw.equals(text)
    }

    /// Whether the string is ASCII, without escapes and NULs: decoding would give the same bytes.
    package var isPlain: Bool { raw.isPlain }

    /// The decoded string, repaired where it is not valid.
    public func text() -> String {
        var buffer: [UInt8] = []
        decode(into: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }

    /// Appends the unescaped bytes, which are always valid UTF-8, to `buffer`.
    ///
    /// Each invalid byte and each lone surrogate becomes one U+FFFD; NUL, raw or escaped, is dropped. An escape that JSON
    /// does not know gives its own letter.
    ///
    /// - Parameter limit: at most so many bytes are appended; never a part of a character.
    /// - Returns: what was repaired or left out.
    @discardableResult
    public func decode(into buffer: inout [UInt8], limit: Int = .max) -> JSONDecodingReport {
        var decoder = StringDecoder(raw: raw, limit: limit)
        decoder.run(into: &buffer)
        return decoder.report
    }
}

/// What `JSONString.decode` had to do to hand out valid text.
public struct JSONDecodingReport: Sendable, Equatable {
    /// U+FFFD written in place of bytes that are no UTF-8.
    public var invalidBytes = 0
    /// U+FFFD written in place of halves of surrogate pairs.
    public var loneSurrogates = 0
    /// NUL characters dropped.
    public var nulls = 0
    /// Whether the limit left something out.
    public var isCut = false

    public init() {}

    /// Whether the text is not what was written.
    public var isRepaired: Bool { invalidBytes + loneSurrogates + nulls > 0 }
}
