/// What one match may use up before it is stopped. All are counts, none is a clock, so that runs are reproducible.
///
/// PCRE2 counts backtracking steps anew from each start position, so the time that a hostile pattern may take grows with
/// the length of the subject. Therefore two numbers bound the steps: `steps` for one start position, and `stepsInAll`,
/// which lowers the first on long subjects, though never below `leastSteps`.
public struct MatchLimits: Sendable, Hashable {
    /// Backtracking steps from one start position (PCRE2's match limit).
    public var steps: Int
    /// Steps over all start positions of a subject: a subject of `n` bytes gets at most `stepsInAll / n` from each.
    public var stepsInAll: Int
    /// What `stepsInAll` cannot take away: a plain `.*?` needs a step for each character that it crosses.
    public var leastSteps: Int
    /// Nested backtracking points; the interpreter alone counts them, the JIT compiler's stack has a size instead.
    public var depth: Int
    /// Memory of the interpreter's backtracking points, in KiB.
    public var heapKiB: Int
    /// The JIT compiler's own stack at first, in bytes.
    public var jitStackStart: Int
    /// What that stack may grow to, in bytes.
    public var jitStackMaximum: Int
    /// The longest subject that is looked at, in bytes.
    public var subjectLength: Int

    /// The limits for every pattern that a pack can bring. No pack can raise them.
    public static let standard = MatchLimits()

    public init(
        steps: Int = 50_000, stepsInAll: Int = 25_000_000, leastSteps: Int = 1_000, depth: Int = 1_000,
        heapKiB: Int = 8 * 1024, jitStackStart: Int = 32 * 1024, jitStackMaximum: Int = 1024 * 1024,
        subjectLength: Int = 64 * 1024
    ) {
        self.steps = steps
        self.stepsInAll = stepsInAll
        self.leastSteps = leastSteps
        self.depth = depth
        self.heapKiB = heapKiB
        self.jitStackStart = jitStackStart
        self.jitStackMaximum = jitStackMaximum
        self.subjectLength = subjectLength
    }

    /// The match limit for a subject of `length` bytes.
    func steps(forLength length: Int) -> Int {
        min(steps, max(leastSteps, stepsInAll / max(1, length)))
    }
}
