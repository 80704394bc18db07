import Memories

/// The rules of several packs in one order: that of the packs, then that of each file.
///
/// An index into `rules` names a rule for the life of the set; what works on all rules (prefilter, compiled patterns,
/// counts) keeps arrays by it.
public struct RuleSet: Sendable, Equatable {
    public let packs: [PackIdentity]
    public let rules: [Rule]
    /// Indices of the rules that run: all but the deprecated ones.
    public let running: [Int]
    private let indices: [String: Int]

    /// Merges packs, lowest layer first.
    ///
    /// - Throws: `RulePackErrors` when an id exists already (at the later one, naming the earlier), or when a deprecated
    ///   rule names a successor that is nowhere.
    public init(packs: [RulePack]) throws(RulePackErrors) {
        let problems = Problems()
        var rules: [Rule] = []
        var indices: [String: Int] = [:]
        var places: [String: SourceLocation] = [:]
        for pack in packs {
            for rule in pack.rules {
                if let first = places.updateValue(rule.location, forKey: rule.id) {
                    problems.add(.ruleExistsBelow(id: rule.id, definedAt: first), at: rule.location)
                    continue
                }
                indices[rule.id] = rules.count
                rules.append(rule)
            }
        }
        let known = packs.flatMap { $0.rules.map(\.id) + $0.switchedOff.map(\.id) }
        for rule in rules {
            guard let successor = rule.replacedBy, !known.contains(successor) else { continue }
            problems.add(
                .unknownName(successor, of: .rule, allowed: [], nearest: nearestName(to: successor, in: known)),
                at: rule.location)
        }
        guard problems.all.isEmpty else { throw RulePackErrors(problems.all) }
        self.packs = packs.map(\.identity)
        self.rules = rules
        self.indices = indices
        running = rules.indices.filter { rules[$0].status != .deprecated }
    }

    /// The index of a rule.
    public func index(of id: String) -> Int? { indices[id] }

    public subscript(id: String) -> Rule? { indices[id].map { rules[$0] } }
}
