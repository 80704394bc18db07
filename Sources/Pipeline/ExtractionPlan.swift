public import Extraction
public import Importance
public import Memories
public import RulePacks

/// Everything that decides what is kept: rules, weights, limits. The same plan and transcript always give the same bytes.
public struct ExtractionPlan: Sendable {
    public let engine: ExtractionEngine
    public let scorer: Scorer
    /// Whether what was not kept is returned too; else it is only counted.
    public var keepsRefusals = false

    /// - Throws: `Scorer.UnknownFeature` when the table weighs a feature that does not exist.
    public init(rules: [Rule], table: ScoringTable) throws(Scorer.UnknownFeature) {
        engine = ExtractionEngine(rules: rules, table: table)
        scorer = try Scorer(table: table, features: engine.vocabulary.names)
    }

    /// Names of the features that are no cues: what `scoring.yaml` may weigh besides its own cues.
    public static var structuralFeatures: [String] { Feature.allCases.map(\.name) }

    /// Lets through every candidate that can still reach the threshold: a merit that is not known yet counts as if it
    /// came, so nothing is lost. With `keepsRefusals` everything passes.
    public func judge() -> TranscriptExtractor.Judge {
        func gain(_ features: FeatureSet) -> Int {
            Role.allCases.map { scorer.possibleGain(of: features.numbers, role: $0) }.max() ?? 0
        }
        return TranscriptExtractor.Judge(
            score: { scorer.score($0.numbers, role: $1) },
            floor: keepsRefusals ? .min : scorer.table.threshold - gain(Feature.late),
            ruleGain: gain(Feature.rules),
            affinity: { scorer.affinity($0.numbers, to: $1) })
    }
}
