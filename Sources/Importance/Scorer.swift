public import Memories

/// Turns features into a score, a category and an importance, with every term kept.
///
/// Linear: a score is a bias and one weight for each feature that is present, in thousandths. Pure: no clock, no state.
public struct Scorer: Sendable {
    /// A name in the scoring table that no feature has.
    public struct UnknownFeature: Error, Sendable, Equatable {
        public var name: String
    }

    public let table: ScoringTable
    private let names: [String]
    /// By role, then by feature number; thousandths.
    private let weights: [[Int]]
    private let biases: [Int]
    private let categoryWeights: [[Int]]
    private let categoryBiases: [Int]
    private let importanceWeights: [Int]
    private let importanceBias: Int

    /// - Parameter features: The names of the features by their number.
    /// - Throws: `UnknownFeature` for the first name (alphabetically) in the table that is no feature.
    public init(table: ScoringTable, features: [String]) throws(UnknownFeature) {
        self.table = table
        names = features
        let known = Set(features)
        let used = Array(table.weights.keys) + table.categories.values.flatMap(\.keys) + Array(table.importance.keys)
        if let unknown = used.filter({ !known.contains($0) && $0 != Scorer.biasName }).min() {
            throw UnknownFeature(name: unknown)
        }
        weights = Role.allCases.map { role in features.map { table.weights[$0]?.value(for: role) ?? 0 } }
        biases = Role.allCases.map { table.bias.value(for: $0) }
        let rows = MemoryCategory.allCases.map { table.categories[$0] ?? [:] }
        categoryWeights = rows.map { row in features.map { row[$0] ?? 0 } }
        categoryBiases = rows.map { $0[Scorer.biasName] ?? 0 }
        importanceWeights = features.map { table.importance[$0] ?? 0 }
        importanceBias = table.importance[Scorer.biasName] ?? Scorer.middleLevel
    }

    /// The name of the constant term of a category, and of the importance.
    public static let biasName = "bias"

    /// Of a table that says nothing else: level 3, in thousandths.
    private static let middleLevel = 3000

    /// Thousandths.
    public func score(_ features: FeatureSet, role: Role) -> Int {
        features.sum(of: weights[role.index], from: biases[role.index])
    }

    /// The most that features which are not known yet can add, in thousandths.
    public func possibleGain(of features: FeatureSet, role: Role) -> Int {
        let row = weights[role.index]
        return features.numbers.reduce(0) { $0 + max(0, row[$1]) }
    }

    /// The terms of a score, largest first, equal ones by name; together they are the score.
    public func terms(_ features: FeatureSet, role: Role) -> [ScoreTerm] {
        let row = weights[role.index]
        let terms = features.numbers.map { ScoreTerm(name: names[$0], value: row[$0]) }.filter { $0.value != 0 }
        let ordered = terms.sorted { (abs($0.value), $1.name) > (abs($1.value), $0.name) }
        return [ScoreTerm(name: Scorer.biasName, value: biases[role.index])] + ordered
    }

    /// The category with the largest sum; of equal ones the first in the order of `MemoryCategory`.
    public func category(_ features: FeatureSet) -> MemoryCategory {
        var best: (category: MemoryCategory, sum: Int)?
        for (row, category) in MemoryCategory.allCases.enumerated() {
            let sum = sum(features, row)
            if best.map({ sum > $0.sum }) ?? true { best = (category, sum) }
        }
        return best?.category ?? .note
    }

    /// How well a category suits the features, in thousandths.
    public func affinity(_ features: FeatureSet, to category: MemoryCategory) -> Int {
        MemoryCategory.allCases.firstIndex(of: category).map { sum(features, $0) } ?? 0
    }

    private func sum(_ features: FeatureSet, _ row: Int) -> Int {
        features.sum(of: categoryWeights[row], from: categoryBiases[row])
    }

    /// The level of a kept memory: the sum of its features, rounded to the nearest level.
    public func importance(_ features: FeatureSet) -> Importance {
        let sum = features.sum(of: importanceWeights, from: importanceBias)
        return Importance(clamping: (sum + 500) / 1000)
    }
}
