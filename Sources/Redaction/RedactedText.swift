/// What was taken out of a text. Counts only, never a part of it.
public struct RedactionReport: Sendable, Equatable {
    /// Secrets by kind, `unreadable` lines among them.
    public var secrets: [String: Int] = [:]
    public var privateSpans = 0
    /// Forged tags and turns, and characters that nobody sees.
    public var neutralizedCount = 0

    public init() {}

    /// Whether nothing was taken out. Line ends may have changed all the same.
    public var isEmpty: Bool { secrets.isEmpty && privateSpans == 0 && neutralizedCount == 0 }

    public mutating func add(_ other: RedactionReport) {
        secrets.merge(other.secrets, uniquingKeysWith: +)
        privateSpans += other.privateSpans
        neutralizedCount += other.neutralizedCount
    }

    /// Secrets of all kinds.
    public var secretCount: Int { secrets.values.reduce(0, +) }
}

/// A text that may be stored and sent.
public struct RedactedText: Sendable, Equatable {
    public var text: String
    public var report: RedactionReport
}

/// The same in UTF-8.
public struct RedactedBytes: Sendable, Equatable {
    /// Valid UTF-8.
    public var bytes: [UInt8]
    public var report: RedactionReport
}
