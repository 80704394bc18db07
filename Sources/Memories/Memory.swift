/// Something worth keeping, with where it was said and why it was kept.
public struct Memory: Sendable, Equatable {
    /// The rule that read a memory.
    public struct RuleReference: Sendable, Equatable {
        public var id: String
        public var pack: String
        public var packVersion: String
        /// Whether the rule is on trial: what it reads is stored and found, never injected.
        public var isExperimental: Bool

        public init(id: String, pack: String, packVersion: String, isExperimental: Bool = false) {
            self.id = id
            self.pack = pack
            self.packVersion = packVersion
            self.isExperimental = isExperimental
        }
    }

    public var category: MemoryCategory
    /// What the agent reads.
    public var content: String
    public var importance: Importance
    /// Thousandths.
    public var score: Int
    /// What the score is made of, the bias first; thousandths.
    public var terms: [ScoreTerm]
    /// Nil for a salient sentence, which no rule claimed.
    public var rule: RuleReference?
    /// Other rules that matched the same words.
    public var otherRules: [String]
    /// `category:subject`; a newer statement with the same key replaces this one.
    public var key: String?
    /// Where it was said best, then the other places in order; of very frequent statements not all are kept.
    public var sightings: [Sighting]
    /// How often it was said.
    public var sightingCount: Int

    public init(
        category: MemoryCategory, content: String, importance: Importance, score: Int, terms: [ScoreTerm],
        rule: RuleReference?, otherRules: [String], key: String?, sightings: [Sighting], sightingCount: Int
    ) {
        self.category = category
        self.content = content
        self.importance = importance
        self.score = score
        self.terms = terms
        self.rule = rule
        self.otherRules = otherRules
        self.key = key
        self.sightings = sightings
        self.sightingCount = sightingCount
    }
}

/// What one feature added to a score.
public struct ScoreTerm: Sendable, Equatable {
    public var name: String
    /// Thousandths.
    public var value: Int

    public init(name: String, value: Int) {
        self.name = name
        self.value = value
    }
}

/// A candidate that was not kept, and why.
public struct Refusal: Sendable, Equatable {
    public enum Reason: Sendable, Equatable {
        /// The score stayed under the threshold.
        case score
        /// The same fact is said better at that line.
        case repetition(line: Int)
        /// Others said more, and the one in that line says a part of it.
        case overlap(line: Int)
        /// A later statement about the same subject, at that line, replaces it.
        case superseded(line: Int)
        /// What was said was taken back later, and its score fell under the threshold by that.
        case refuted
        /// No word of it stands for anything: only its neighbours make clear what it says.
        case empty
        /// The transcript gave more than the limit; better ones took the places.
        case limit
    }

    public var reason: Reason
    public var memory: Memory

    public init(reason: Reason, memory: Memory) {
        self.reason = reason
        self.memory = memory
    }
}
