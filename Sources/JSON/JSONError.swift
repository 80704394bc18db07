/// Why bytes are not JSON, and where.
public struct JSONError: Error, Sendable, Equatable {
    public enum Code: Sendable, Equatable {
        /// The bytes end in the middle of a value.
        case endsEarly
        /// A byte that no value, key or separator can have in this place.
        case unexpectedByte(UInt8)
    }

    public var code: Code
    /// In bytes, from the beginning of the scanned buffer.
    public var offset: Int

    public init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }
}
