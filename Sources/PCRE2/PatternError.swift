import CPCRE2

/// Why a pattern does not compile.
public struct PatternError: Error, Sendable, Equatable {
    /// PCRE2's error number, as in the list of pcre2api(3).
    public var code: Int32
    /// PCRE2's own words: lower case, no final period.
    public var message: String
    /// Where PCRE2 stopped reading, in UTF-8 bytes of the whole pattern; at most its length.
    public var offset: Int

    /// A group is called that the pattern does not define.
    public var isUnknownGroup: Bool { code == 115 }

    init(code: Int32, offset: Int) {
        self.code = code
        self.offset = offset
        message = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
            let length = pcre2_get_error_message_8(code, buffer.baseAddress, buffer.count)
            guard length >= 0 else { return "error \(code)" }
            return String(decoding: buffer[0..<Int(length)], as: UTF8.self)
        }
    }
}
