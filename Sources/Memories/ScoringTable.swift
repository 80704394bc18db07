/// The weights of the importance scorer and the phrases that it listens for, as `Rules/scoring.yaml` gives them.
///
/// All weights are whole thousandths, so that a sum is exact and does not depend on the order of its terms.
public struct ScoringTable: Sendable, Equatable {
    /// What a feature adds to a score: a share for every role and one more for some.
    public struct Weight: Sendable, Equatable {
        /// Thousandths.
        public var shared: Int
        /// Thousandths, added to `shared` for that role.
        public var extra: [Role: Int]

        public init(shared: Int, extra: [Role: Int] = [:]) {
            self.shared = shared
            self.extra = extra
        }

        public func value(for role: Role) -> Int { shared + (extra[role] ?? 0) }
    }

    /// A family of phrases that speaks for or against a memory.
    public struct Cue: Sendable, Equatable {
        public enum Place: String, CaseIterable, Sendable {
            /// As whole words anywhere in the segment.
            case anywhere
            /// As the first words of the segment.
            case opening
            /// In the heading above the segment.
            case heading
            /// In the bold line above the segment.
            case label
        }

        public var place: Place
        public var name: String
        public var phrases: [String]

        public init(place: Place, name: String, phrases: [String]) {
            self.place = place
            self.name = name
            self.phrases = phrases
        }

        /// The feature that the cue sets, such as `cue.cause` or `opening.narration`.
        public var featureName: String {
            switch place {
            case .anywhere: "cue.\(name)"
            default: "\(place.rawValue).\(name)"
            }
        }
    }

    /// What a candidate loses for saying what a better one says already.
    public struct Overlap: Sendable, Equatable {
        /// The share of content words, in thousandths, that two memories may have in common for nothing.
        public var free: Int
        /// What is taken off for each share of one beyond that, in thousandths.
        public var weight: Int

        public init(free: Int, weight: Int) {
            self.free = free
            self.weight = weight
        }

        /// Thousandths.
        ///
        /// - Parameter share: Thousandths of the words of the shorter one.
        public func penalty(share: Int) -> Int { max(0, share - free) * weight / 1000 }
    }

    /// When the sentence beside a memory becomes a part of it.
    public struct Joining: Sendable, Equatable {
        /// The score that the sentence needs by itself, in thousandths.
        public var threshold: Int
        /// How many words both may have together.
        public var words: Int

        public init(threshold: Int, words: Int) {
            self.threshold = threshold
            self.words = words
        }
    }

    public var version: String
    /// Thousandths, before any feature.
    public var bias: Weight
    /// A candidate is kept when its score reaches this many thousandths.
    public var threshold: Int
    /// What each memory that is kept already adds to the threshold for the next one, in thousandths.
    public var thresholdStep: Int
    /// A sentence whose own form, words and place give less, in thousandths, is not asked further: neither rules nor what
    /// is said later can make a memory of it.
    public var floor: Int
    /// At most this many memories are kept from one transcript, best first.
    public var maximumPerTranscript: Int
    /// Nil when only what is the same costs anything.
    public var overlap: Overlap?
    /// Nil when each sentence stands for itself.
    public var joining: Joining?
    public var cues: [Cue]
    /// Weights by feature name; a feature that is not named weighs nothing.
    public var weights: [String: Weight]
    /// Which category a sentence belongs to that no rule has claimed: the largest sum wins.
    public var categories: [MemoryCategory: [String: Int]]
    /// Thousandths of a level that a feature adds to the category's default importance.
    public var importance: [String: Int]

    public init(
        version: String, bias: Weight, threshold: Int, thresholdStep: Int = 0, floor: Int = .min,
        maximumPerTranscript: Int,
        overlap: Overlap? = nil, joining: Joining? = nil, cues: [Cue],
        weights: [String: Weight], categories: [MemoryCategory: [String: Int]], importance: [String: Int]
    ) {
        self.version = version
        self.bias = bias
        self.threshold = threshold
        self.thresholdStep = thresholdStep
        self.floor = floor
        self.maximumPerTranscript = maximumPerTranscript
        self.overlap = overlap
        self.joining = joining
        self.cues = cues
        self.weights = weights
        self.categories = categories
        self.importance = importance
    }
}
