public import Memories

/// One piece of text of a transcript, with whose it is and where it stands. Its text is handed out beside it.
public struct Block: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// Words of a person, of the model, or of a compaction summary.
        case prose
        /// The model's thinking; only on request.
        case thinking
        /// The input of a tool call as it stands in the JSON; only on request.
        case toolUse
        /// What a tool gave back, or what a person answered to it.
        case toolResult
    }

    public var kind: Kind
    public var role: Role
    /// Of the JSONL file, from 1.
    public var line: Int
    /// Where that line begins in the file, in bytes.
    public var lineOffset: Int
    /// In bytes, without the line ending.
    public var lineLength: Int
    /// Which content block of its line, from 0.
    public var blockIndex: Int
    public var sessionID: String?
    /// As written (ISO 8601).
    public var timestamp: String?
    public var cwd: String?
    public var gitBranch: String?
    /// Assistant lines with the same id are one message.
    public var messageID: String?
    public var uuid: String?
    /// Whether a subagent's conversation holds it.
    public var isSidechain: Bool
    /// The tool of a tool use or of its result, where it is known.
    public var toolName: String?
    /// The client's own id of the call, of a tool use or of its result; only when tool inputs are asked for.
    public var toolUseID: String?
    /// Whether the tool reported an error.
    public var isError: Bool
    /// Whether a person typed it while the assistant was busy. The same words may follow as a prompt of their own.
    public var isQueued: Bool
    /// Whether a person's choice or words are in it: the answer to a question of the model, one `question → answer` a
    /// line, or what was said when a tool call was declined. The role is still `tool`.
    public var isAnswer: Bool
    /// Whether the caps left out a part of the text.
    public var isCut: Bool

    public init(
        kind: Kind, role: Role, line: Int, lineOffset: Int = 0, lineLength: Int = 0, blockIndex: Int = 0,
        sessionID: String? = nil, timestamp: String? = nil, cwd: String? = nil, gitBranch: String? = nil,
        messageID: String? = nil, uuid: String? = nil, isSidechain: Bool = false, toolName: String? = nil,
        toolUseID: String? = nil, isError: Bool = false, isQueued: Bool = false, isAnswer: Bool = false,
        isCut: Bool = false
    ) {
        self.kind = kind
        self.role = role
        self.line = line
        self.lineOffset = lineOffset
        self.lineLength = lineLength
        self.blockIndex = blockIndex
        self.sessionID = sessionID
        self.timestamp = timestamp
        self.cwd = cwd
        self.gitBranch = gitBranch
        self.messageID = messageID
        self.uuid = uuid
        self.isSidechain = isSidechain
        self.toolName = toolName
        self.toolUseID = toolUseID
        self.isError = isError
        self.isQueued = isQueued
        self.isAnswer = isAnswer
        self.isCut = isCut
    }
}

/// What the reader meets, in the order of the file.
public enum TranscriptEvent {
    /// A piece of text: valid UTF-8, line ends are `\n`, no NUL. Borrowed for the duration of the call.
    case block(Block, UnsafeBufferPointer<UInt8>)
    /// A prompt begins, so the assistant's turn before it is over. `isHuman` is false when the harness wrote all of it.
    case prompt(line: Int, isHuman: Bool)
    /// The model called a tool.
    case toolActivity(line: Int, name: String)
    /// The conversation was compacted here; a summary follows.
    case compactBoundary(line: Int)
}
