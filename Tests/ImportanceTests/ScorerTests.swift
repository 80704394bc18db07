import Memories
import TestSupport
import Testing

@testable import Importance

@Suite struct ScorerTests {
    private static let names = ["a", "b", "c", "d"]

    private func scorer(
        weights: [String: ScoringTable.Weight] = [:], categories: [MemoryCategory: [String: Int]] = [:],
        importance: [String: Int] = [:], bias: ScoringTable.Weight = .init(shared: -100, extra: [.user: 40])
    ) throws -> Scorer {
        let table = ScoringTable(
            version: "1.0.0", bias: bias, threshold: 0, maximumPerTranscript: 10, cues: [], weights: weights,
            categories: categories, importance: importance)
        return try Scorer(table: table, features: Self.names)
    }

    private static let weights: [String: ScoringTable.Weight] = [
        "a": .init(shared: 300), "b": .init(shared: -50, extra: [.user: 500, .tool: -7]), "d": .init(shared: 300),
    ]

    @Test("A score is the sum of its terms", arguments: Role.allCases)
    func sum(role: Role) throws {
        let scorer = try scorer(weights: Self.weights)
        for mask in 0..<16 {
            let features = FeatureSet((0..<4).filter { mask & (1 << $0) != 0 })
            let score = scorer.score(features, role: role)
            #expect(score == scorer.terms(features, role: role).reduce(0) { $0 + $1.value }, "\(features)")
        }
    }

    @Test func aRoleHasItsOwnShare() throws {
        let scorer = try scorer(weights: Self.weights)
        #expect(scorer.score(FeatureSet([1]), role: .assistant) == -150)
        #expect(scorer.score(FeatureSet([1]), role: .user) == 390)
        #expect(scorer.score(FeatureSet([1]), role: .tool) == -157)
    }

    @Test func termsStandByWeightThenName() throws {
        let terms = try scorer(weights: Self.weights).terms(FeatureSet([0, 1, 2, 3]), role: .user)
        #expect(terms.map(\.name) == ["bias", "b", "a", "d"])
        #expect(terms.map(\.value) == [-60, 450, 300, 300])
    }

    @Test func onlyMeritsCountAsPossibleGain() throws {
        #expect(try scorer(weights: Self.weights).possibleGain(of: FeatureSet([0, 1, 2, 3]), role: .assistant) == 600)
    }

    @Test func theLargestSumIsTheCategory() throws {
        let scorer = try scorer(categories: [.bug: ["a": 10], .arch: ["b": 5, "bias": 6], .note: ["bias": 8]])
        #expect(scorer.category(FeatureSet()) == .note)
        #expect(scorer.category(FeatureSet([0])) == .bug)
        #expect(scorer.category(FeatureSet([0, 1])) == .arch)
    }

    @Test func ofEqualSumsTheFirstCategoryWins() throws {
        #expect(try scorer().category(FeatureSet([0])) == MemoryCategory.allCases.first)
        let scorer = try scorer(categories: [.task: ["a": 10], .config: ["a": 10], .note: ["a": 10]])
        #expect(scorer.category(FeatureSet([0])) == .config)
    }

    @Test("Importance never falls when the constant rises", arguments: 0..<UInt64(50))
    func monotone(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let weights = Dictionary(uniqueKeysWithValues: Self.names.map { ($0, random.below(6000) - 3000) })
        for mask in 0..<16 {
            let features = FeatureSet((0..<4).filter { mask & (1 << $0) != 0 })
            let levels = try (1...5).map { base in
                try scorer(importance: weights.merging([Scorer.biasName: base * 1000]) { $1 }).importance(features)
                    .level
            }
            #expect(levels == levels.sorted(), "\(weights), \(features)")
            #expect(levels.allSatisfy { (1...5).contains($0) })
        }
    }

    @Test(
        "Importance is rounded to the nearest level, from 3 where the table has no constant",
        arguments: [(499, 3), (500, 4), (-500, 3), (-501, 2), (9000, 5), (-9000, 1)])
    func rounded(weight: Int, level: Int) throws {
        #expect(try scorer(importance: ["a": weight]).importance(FeatureSet([0])).level == level)
        #expect(try scorer(importance: ["a": weight]).importance(FeatureSet([1])).level == 3)
        #expect(try scorer(importance: ["a": weight, "bias": 2000]).importance(FeatureSet([1])).level == 2)
    }

    @Test func anUnknownFeatureIsNamed() {
        let unknown = #expect(throws: Scorer.UnknownFeature.self) {
            try scorer(weights: ["z": .init(shared: 1), "y": .init(shared: 1)])
        }
        #expect(unknown?.name == "y")
        #expect(throws: Scorer.UnknownFeature(name: "e")) { try scorer(categories: [.note: ["e": 1]]) }
        #expect(throws: Scorer.UnknownFeature(name: "e")) { try scorer(importance: ["e": 1]) }
    }
}
