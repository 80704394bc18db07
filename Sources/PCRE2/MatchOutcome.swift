/// How a match ended.
public enum MatchOutcome: Sendable, Equatable {
    case noMatch
    case match(Captures)
    /// The pattern was stopped before it could say yes or no.
    case limitExceeded(Limit)
    /// The subject is longer than the workspace's `MatchLimits.subjectLength`; it was not looked at.
    case tooLong(bytes: Int)
    /// PCRE2 gave up for another reason; `code` is its (negative) error number.
    case failed(code: Int32)

    /// What was used up.
    public enum Limit: String, CaseIterable, Sendable {
        case steps, depth, heap
        /// The JIT compiler's stack: the pattern nests deeply on this subject.
        case jitStack
    }
}

/// How a match ended, for callers that need no groups.
public enum RangeOutcome: Sendable, Equatable {
    case noMatch
    /// The bytes of the subject that the pattern matched.
    case match(Range<Int>)
    /// A limit was used up, or PCRE2 gave up for another reason.
    case stopped

    /// Where to look for the next match; see `Captures.nextStart`.
    public static func nextStart(after range: Range<Int>, in subject: UnsafeBufferPointer<UInt8>) -> Int {
        guard range.isEmpty else { return range.upperBound }
        var next = range.upperBound + 1
        while next < subject.count, subject[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }
}

/// Where the groups of a match stand, in UTF-8 bytes of the subject.
public struct Captures: Sendable, Equatable {
    /// By group number; group 0 is the whole match. Nil for a group that took no part.
    public let ranges: [Range<Int>?]

    init(ranges: [Range<Int>?]) {
        self.ranges = ranges
    }

    /// The whole match.
    public var range: Range<Int> { ranges[0] ?? 0..<0 }

    /// The range of a group; nil when it took no part or does not exist.
    public subscript(group: Int) -> Range<Int>? {
        ranges.indices.contains(group) ? ranges[group] : nil
    }

    /// Where to look for the next match: the end of this one, or one character further when this one is empty.
    ///
    /// Never inside a character. May lie one byte behind the end of the subject; then there is no next match.
    public func nextStart(in subject: UnsafeBufferPointer<UInt8>) -> Int {
        RangeOutcome.nextStart(after: range, in: subject)
    }
}
