/// The events of Claude Code that mean something here. All others are passed over in silence.
public enum HookEvent: String, CaseIterable, Sendable {
    case sessionStart = "SessionStart"
    case userPromptSubmit = "UserPromptSubmit"
    case stop = "Stop"
    case subagentStop = "SubagentStop"
    case preCompact = "PreCompact"
    case sessionEnd = "SessionEnd"

    /// How long an answer may take, in milliseconds, counted from when its input has come.
    public var deadline: Int {
        switch self {
        case .sessionStart: 300
        case .userPromptSubmit: 100
        case .stop, .subagentStop: 50
        case .preCompact: 2_000
        case .sessionEnd: 1_000
        }
    }
}

/// By what a session began.
public enum SessionSource: String, Sendable {
    case startup, resume, clear, compact, fork

    /// Sources of later versions are taken for a new start.
    public init(named name: String?) { self = name.flatMap(SessionSource.init) ?? .startup }
}
