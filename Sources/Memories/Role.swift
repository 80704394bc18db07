/// Whose words a piece of a transcript is.
public enum Role: String, CaseIterable, Sendable, Hashable {
    /// A person: typed prompts, prompts queued while the assistant was busy, answers to questions.
    case user
    /// The model's prose.
    case assistant
    /// A compaction summary.
    case summary
    /// Output of a tool.
    case tool

    /// Position among `allCases`.
    public var index: Int {
        switch self {
        case .user: 0
        case .assistant: 1
        case .summary: 2
        case .tool: 3
        }
    }
}
