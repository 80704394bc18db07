/// How a memory was made.
public enum MemoryOrigin: String, CaseIterable, Sendable, Hashable {
    /// A rule read it.
    case rule
    /// A sentence that the scorer kept and no rule claimed.
    case salient
    /// A person said to keep it, or changed it.
    case manual
    case llm
    case claudeJudged = "claude-judged"
    case retroactive
    /// A line of `topics/*.md`.
    case topic
    case `import`

    /// Whether a person stands behind the words; what rules find does not replace them.
    public var isOfAPerson: Bool {
        switch self {
        case .manual, .topic: true
        case .rule, .salient, .llm, .claudeJudged, .retroactive, .import: false
        }
    }
}

/// Whether a memory counts.
public enum MemoryState: String, CaseIterable, Sendable, Hashable {
    case active
    /// A newer statement on the same subject stands in its place.
    case superseded
    /// Taken out of use; can be restored.
    case archived
}

/// How two memories belong together.
public enum LinkKind: String, CaseIterable, Sendable, Hashable {
    case supersedes
    case relatedTo = "related_to"
    case resolves
    case causedBy = "caused_by"
    case attemptedFixFor = "attempted_fix_for"
    case conflictsWith = "conflicts_with"
    case derivedFrom = "derived_from"
}
