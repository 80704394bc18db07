public import Extraction
public import Importance
public import Memories
public import Redaction
public import RulePacks

/// Everything that decides what is kept: rules, weights, limits. The same plan and transcript always give the same bytes.
public struct ExtractionPlan: Sendable {
    public package(set) var engine: ExtractionEngine
    public let scorer: Scorer
    /// Tells one set of packs and weights from another; empty for a plan that was not read from files.
    public internal(set) var identity = ""
    /// What the user should know about the packs.
    public internal(set) var notices: [RuleNotice] = []
    /// Rules that somebody has switched off.
    public internal(set) var switchedOff: [RulePack.SwitchedOff] = []
    /// Names of packs that are there and do not act, because nobody has confirmed them or they can't be read: what they have
    /// found before is left alone.
    public internal(set) var restingPacks: Set<String> = []
    /// Takes secrets, private text and forged words out of every text before anything looks at it.
    public internal(set) var redactor: Redactor?
    /// Whether what was not kept is returned too; else it is only counted.
    public var keepsRefusals = false

    /// - Throws: `Scorer.UnknownFeature` when the table weighs a feature that does not exist.
    public init(rules: [Rule], table: ScoringTable) throws(Scorer.UnknownFeature) {
        engine = ExtractionEngine(rules: rules, table: table)
        scorer = try Scorer(table: table, features: engine.vocabulary.names)
    }

    /// Names of the features that are no cues: what `scoring.yaml` may weigh besides its own cues.
    public static var structuralFeatures: [String] { Feature.allCases.map(\.name) }

    /// What the scorer says while a transcript is read. A merit that is not known yet counts as if it came, so nothing is
    /// lost by looking early.
    public func judge() -> TranscriptExtractor.Judge {
        // By itself: out of a plan, each call would copy it.
        let scorer = self.scorer
        let late = Role.allCases.map { scorer.possibleGain(of: Feature.late, role: $0) }
        let threshold = scorer.table.threshold
        return TranscriptExtractor.Judge(
            score: { scorer.score($0, role: $1) }, floor: scorer.table.floor,
            reach: { threshold - late[$0.index] }, keepsBelow: keepsRefusals,
            affinity: { scorer.affinity($0, to: $1) })
    }
}
