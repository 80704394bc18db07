public import Memories

/// The rules of several packs in one order: that of the packs, then that of each file, as the layers above have changed them.
///
/// An index into `rules` names a rule for the life of the set; what works on all rules (prefilter, compiled patterns,
/// counts) keeps arrays by it.
public struct RuleSet: Sendable, Equatable {
    public let packs: [PackIdentity]
    /// Those that are in force; what is switched off is in `switchedOff`.
    public let rules: [Rule]
    /// Indices of the rules that run: all but the deprecated ones.
    public let running: [Int]
    /// By their own pack or by one above.
    public let switchedOff: [RulePack.SwitchedOff]
    /// What the user should know; nothing is wrong.
    public let notices: [RuleNotice]
    private let indices: [String: Int]

    /// Merges packs, lowest layer first.
    ///
    /// - Throws: `RulePackErrors` with everything that is wrong in the first pack that has a problem on top of those below.
    public init(packs: [RulePack]) throws(RulePackErrors) {
        var merger = LayerMerger()
        for pack in packs { try merger.add(pack) }
        try merger.checkSuccessors()
        self.packs = merger.packs.filter(\.isTrusted).map(\.identity)
        rules = merger.drafts.compactMap { if case .inForce(let rule) = $0.outcome { rule } else { nil } }
        switchedOff = merger.drafts.compactMap { if case .switchedOff(let rule) = $0.outcome { rule } else { nil } }
        notices = merger.notices
        indices = Dictionary(uniqueKeysWithValues: rules.indices.map { [rules] in (rules[$0].id, $0) })
        running = rules.indices.filter { [rules] in rules[$0].status != .deprecated }
    }

    /// Reads the files of all layers and merges them.
    ///
    /// - Parameters:
    ///   - files: Lowest layer first.
    ///   - untrusted: What packs may do that nobody has confirmed.
    ///   - builtIn: How strictly the packs of the product are read: their examples and origins are there unless `proven`.
    /// - Throws: `RulePackErrors`, as `init(packs:)`. Whether examples still pass is told by `ExampleCheck`.
    public init(
        files: [RuleFile], untrusted: UntrustedRules = .switchOff, builtIn: Strictness = .proven
    ) throws(RulePackErrors) {
        var packs: [RulePack] = []
        for file in files { packs.append(try RulePack(reading: file, untrusted: untrusted, builtIn: builtIn)) }
        try self.init(packs: packs)
    }

    /// The index of a rule.
    public func index(of id: String) -> Int? { indices[id] }

    public subscript(id: String) -> Rule? { indices[id].map { rules[$0] } }
}
