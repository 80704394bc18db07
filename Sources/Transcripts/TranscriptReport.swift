/// What a run over a transcript met.
public struct TranscriptReport: Sendable, Equatable {
    /// A line that could not be read.
    public struct Malformed: Sendable, Equatable {
        public enum Reason: Sendable, Equatable {
            case endsEarly
            case unexpectedByte
            case notAnObject
            /// Larger than memory allows even with its long strings cut.
            case tooLarge
        }
        public var line: Int
        public var reason: Reason

        public init(line: Int, reason: Reason) {
            self.line = line
            self.reason = reason
        }
    }

    /// Lines with something in them.
    public var lines = 0
    public var emptyLines = 0
    /// How many entries there were of each known type; `other` counts unknown types.
    public var entries: [String: Int] = [:]
    public var unknownTypes = 0
    /// Entries whose `type` is absent or null.
    public var untypedEntries = 0
    /// Where the next run starts: just behind the last complete line, in bytes.
    public var nextOffset = 0
    /// The number of the line at `nextOffset`.
    public var nextLine = 1
    /// Whether the file ended in the middle of a line, which was left for the next run.
    public var hasTornLastLine = false
    public var malformedLines = 0
    /// The first five of them.
    public var malformed: [Malformed] = []
    /// Entries found behind a torn one in the same line.
    public var salvagedEntries = 0
    /// Bytes of the delivered texts that were no UTF-8.
    public var invalidBytes = 0
    public var loneSurrogates = 0
    public var nulls = 0
    /// Blocks whose text was cut by a cap.
    public var cutBlocks = 0
    /// Prompts, or parts of prompts, that the harness wrote.
    public var harnessTexts = 0
    public var compactBoundaries = 0
    public var titles = 0
    public var blocks = 0
    /// Of the first and the last entry that has one, in the order of the file.
    public var firstTimestamp: String?
    public var lastTimestamp: String?
    /// In order of appearance; at most 64.
    public var sessionIDs: [String] = []
    /// Whether the offset asked for lies behind the end of the file: it was truncated or replaced since.
    public var startedBeyondEnd = false
    /// The error number of a read that failed; what was read before it has been delivered.
    public var readError: Int32?

    public init() {}
}
