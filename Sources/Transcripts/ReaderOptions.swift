/// What a `TranscriptReader` decodes, and how much of it.
public struct ReaderOptions: Sendable {
    /// Whether the model's thinking is handed out.
    public var includesThinking = false
    /// Whether the inputs of tool calls are handed out, as JSON.
    public var includesToolInput = false
    /// Tools whose results are handed out; errors are handed out whatever the tool, see `includesToolErrors`.
    public var toolResults: Set<String> = ["Bash", "Task", "Agent", "AskUserQuestion"]
    public var includesToolErrors = true
    /// Bytes of one block of prose; what is beyond is left out and counted.
    public var proseCap = 1 << 20
    /// Of a longer tool result the first so many bytes and …
    public var toolResultHead = 16 << 10
    /// … the last so many are kept, with a line `…` between them.
    public var toolResultTail = 16 << 10
    /// Bytes read at once.
    package var chunkSize = 64 << 10
    /// The longest line that is read where it lies; a longer one is condensed while it streams.
    package var lineLimit = 1 << 20
    /// What is kept of a line that does not fit.
    package var condenserLimits = LineCondenser.Limits()

    public init() {}
}
