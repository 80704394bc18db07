public import Memories

/// All features by number and by name: the structural ones, then the cues of a scoring table.
public struct FeatureVocabulary: Sendable {
    public let names: [String]
    private let numbers: [String: Int]

    public init(_ table: ScoringTable) {
        names = Feature.allCases.map(\.name) + table.cues.map(\.featureName)
        numbers = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The number of the feature that cue `index` of the table sets.
    public static func number(ofCue index: Int) -> Int { Feature.allCases.count + index }

    public func number(of name: String) -> Int? { numbers[name] }
}
