public import Extraction
public import Importance
public import Memories
public import RulePacks

/// Everything that decides what is kept: rules, weights, limits. The same plan and transcript always give the same bytes.
public struct ExtractionPlan: Sendable {
    public package(set) var engine: ExtractionEngine
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

    /// The gate that lets through every candidate that can still reach the threshold.
    ///
    /// A merit that is not known yet counts as if it came; so nothing is lost by it.
    func gate() -> TranscriptExtractor.Gate {
        let late = Feature.late.map(\.rawValue)
        let gain = Role.allCases.map { scorer.possibleGain(of: late, role: $0) }.max() ?? 0
        return TranscriptExtractor.Gate(score: score, floor: scorer.table.threshold - gain, keepsBelow: keepsRefusals)
    }

    private func score(_ features: FeatureSet, _ role: Role) -> Int { scorer.score(features.indices, role: role) }
}
