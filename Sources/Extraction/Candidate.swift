public import Memories

/// Something that may be worth remembering, before it is judged.
public struct Candidate: Sendable, Equatable {
    /// What the agent will read.
    public var statement: String
    /// Nil when no rule gives it; then the features decide.
    public var category: MemoryCategory?
    /// Index of the rule that read it; nil for a salient sentence.
    public var rule: Int?
    /// Other rules that matched the same words.
    public var otherRules: [Int]
    /// Identity for supersession; only rules give one.
    public var key: String?
    public var features: FeatureSet
    /// Where it was said best.
    public var sighting: Sighting
    /// Other places with the same words; not more than `CandidateTable.sightingLimit` are kept.
    public var otherSightings: [Sighting] = []
    /// How often it was said.
    public var sightingCount = 1
    /// The line where it was said last.
    public var latestLine: Int
    /// What makes two statements one; see `Candidate.identity(of:rule:)`.
    var identity: UInt64
    /// What was known of its score when it was read, in thousandths.
    var gateScore: Int
    /// Hashes of its content words, ascending: what repetition is measured on.
    public var words: [UInt32]
    /// Where its sentence stands; nil for the output of a tool.
    public var passage: Passage?
    /// What must agree before two candidates are one fact.
    public var guards: FactGuards

    /// Tells what is said late in the conversation: the later, the more of it is an outcome.
    mutating func notePlace(in messages: Int) {
        guard let passage else { return }
        let before = passage.message - 1
        if before * 2 >= messages { features.insert(.sessionSecondHalf) }
        if messages - before <= Candidate.lastMessages { features.insert(.sessionEnd) }
    }

    private static let lastMessages = 7
}

/// The place of a sentence in its message.
public struct Passage: Sendable, Equatable {
    /// Number of the message in its transcript.
    public var message: Int
    /// Number of the segment in the message.
    public var index: Int
    /// Whether it goes on where the segment before it ended.
    public var continues: Bool

    /// Whether the statement is the sentence as it stands, and has no key.
    public var isWhole: Bool

    /// Whether the two stand side by side, in either order, and belong together.
    public func isBeside(_ other: Passage) -> Bool {
        message == other.message && isWhole && other.isWhole
            && (index + 1 == other.index && other.continues || other.index + 1 == index && continues)
    }
}
