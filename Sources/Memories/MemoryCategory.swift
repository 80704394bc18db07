/// What kind of knowledge a memory holds.
public enum MemoryCategory: String, CaseIterable, Sendable, Hashable {
    /// A choice between alternatives, made or confirmed.
    case decision
    /// A rule for future behaviour: "NEVER do X", standing instructions, preferences.
    case constraint
    /// A measured outcome.
    case result
    /// A value, path, command, version or flag.
    case config
    /// A cause, a symptom, a failed attempt, a fix.
    case bug
    /// Work that is open or was completed.
    case task
    /// What exists where, and how it works.
    case arch
    /// Anything else worth keeping.
    case note

    /// The importance of a memory of this category when nothing else speaks (DESIGN of the categories: docs/rule-packs.md).
    public var defaultImportance: Importance {
        switch self {
        case .constraint, .bug: Importance(clamping: 4)
        case .decision, .result, .arch: Importance(clamping: 3)
        case .config, .task: Importance(clamping: 2)
        case .note: Importance(clamping: 1)
        }
    }

    /// Whether a newer statement with the same key replaces the older one.
    public var latestWins: Bool {
        switch self {
        case .config, .result, .task, .decision: true
        case .constraint, .bug, .arch, .note: false
        }
    }
}
