/// Appends JSON to a byte buffer: compact, in the order of the calls, the same bytes on every machine.
///
/// Commas and colons are put by the writer. What the calls must respect is the grammar: in an object each value follows a
/// `key`, and each `begin` has its `end`.
public struct JSONWriter {
    /// What has been written so far.
    public private(set) var bytes: [UInt8]
    private var needsComma = false
    private let cleaned: ((UnsafeBufferPointer<UInt8>) -> [UInt8]?)?

    /// - Parameters:
    ///   - cleaned: What is written in the place of a string or a key, as valid UTF-8; nil where it is written as it is.
    ///   - bytes: the writer goes on behind these; a buffer can be given back and reused.
    public init(
        appendingTo bytes: [UInt8] = [], cleaned: ((UnsafeBufferPointer<UInt8>) -> [UInt8]?)? = nil
    ) {
        self.bytes = bytes
        self.cleaned = cleaned
    }

    /// What has been written, as a string.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    public mutating func beginObject() { open(Byte.openBrace) }
    public mutating func endObject() { close(Byte.closeBrace) }
    public mutating func beginArray() { open(Byte.openBracket) }
    public mutating func endArray() { close(Byte.closeBracket) }

    /// The key of the value that is written next.
    public mutating func key(_ name: String) {
        string(name)
        bytes.append(Byte.colon)
        needsComma = false
    }

    /// A new line between two values: for JSON Lines. Writes no comma.
    public mutating func newline() {
        bytes.append(0x0A)
        needsComma = false
    }

    public mutating func string(_ value: String) {
        var value = value
        value.withUTF8 { string(utf8: $0) }
    }

    /// A string of bytes that are valid UTF-8.
    public mutating func string(utf8 value: UnsafeBufferPointer<UInt8>) {
        guard let clean = cleaned?(value) else { return plainString(utf8: value) }
        clean.withUnsafeBufferPointer { plainString(utf8: $0) }
    }

    private mutating func plainString(utf8 value: UnsafeBufferPointer<UInt8>) {
        separate()
        bytes.append(Byte.quote)
        var start = 0
        for (at, byte) in value.enumerated() where byte < 0x20 || byte == Byte.quote || byte == Byte.backslash {
            bytes.append(contentsOf: value[start..<at])
            start = at + 1
            escape(byte)
        }
        bytes.append(contentsOf: value[start...])
        bytes.append(Byte.quote)
    }

    public mutating func int(_ value: Int) {
        separate()
        append(value.description)
    }

    public mutating func bool(_ value: Bool) {
        separate()
        append(value ? "true" : "false")
    }

    public mutating func null() {
        separate()
        append("null")
    }

    /// A number with exactly so many digits behind the point, rounded half away from zero; `null` when it is not finite
    /// or larger than 10^15.
    ///
    /// - Parameter digits: 0 ... 9.
    public mutating func decimal(_ value: Double, digits: Int) {
        guard value.isFinite, value.magnitude <= 1e15 else { return null() }
        var scale = 1
        for _ in 0..<max(0, min(9, digits)) { scale *= 10 }
        // Whole and fraction are scaled apart, so that a large value does not overflow.
        var whole = Int(value.magnitude)
        var fraction = Int(((value.magnitude - Double(whole)) * Double(scale)).rounded())
        if fraction >= scale {
            whole += 1
            fraction -= scale
        }
        separate()
        if value < 0, whole != 0 || fraction != 0 { bytes.append(UInt8(ascii: "-")) }
        append(whole.description)
        guard scale > 1 else { return }
        bytes.append(UInt8(ascii: "."))
        append(String((scale + fraction).description.dropFirst()))
    }

    /// A number in the fewest digits that give it back; `null` when it is not finite.
    public mutating func number(_ value: Double) {
        guard value.isFinite else { return null() }
        separate()
        append(value.description)
    }

    /// A value that is JSON already.
    public mutating func json(_ text: String) {
        separate()
        append(text)
    }

    // MARK: -

    private mutating func open(_ byte: UInt8) {
        separate()
        bytes.append(byte)
        needsComma = false
    }

    private mutating func close(_ byte: UInt8) {
        bytes.append(byte)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(Byte.comma) }
        needsComma = true
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(Byte.backslash)
        switch byte {
        case Byte.quote, Byte.backslash: bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            append("u00")
            for nibble in [byte >> 4, byte & 0xF] {
                bytes.append(nibble < 10 ? 48 + nibble : 87 + nibble)
            }
        }
    }
}
