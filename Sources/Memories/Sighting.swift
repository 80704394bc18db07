/// Where something was said: the evidence for a memory.
public struct Sighting: Sendable, Equatable {
    /// Line of the transcript, from 1.
    public var line: Int
    /// The last line of the message part; the same as `line` for a transcript of one line a block.
    public var endLine: Int
    /// Bytes of that line in the file.
    public var bytes: Range<Int>
    public var role: Role
    public var sessionID: String?
    /// As the transcript writes it (ISO 8601).
    public var timestamp: String?
    /// The words, as they stand there.
    public var quote: String

    public init(
        line: Int, endLine: Int, bytes: Range<Int>, role: Role, sessionID: String?, timestamp: String?, quote: String
    ) {
        self.line = line
        self.endLine = endLine
        self.bytes = bytes
        self.role = role
        self.sessionID = sessionID
        self.timestamp = timestamp
        self.quote = quote
    }
}
