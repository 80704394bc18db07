import LiteralSearch
public import Memories

/// Finds everything that is wrong or weak in a rule pack, by its place.
///
/// Pure: the same bytes give the same findings, on any machine. Untrusted packs are safe to look at: patterns run under the
/// limits that hold everywhere.
public struct PackLinter: Sendable {
    /// How many examples a missing one counts against.
    public var strictness: Strictness
    /// What the pack stands on, lowest layer first: its overrides and ids are seen from there.
    public var below: [RulePack]

    public init(strictness: Strictness = .user, below: [RulePack] = []) {
        self.strictness = strictness
        self.below = below
    }

    /// In the order of their places; empty when there is nothing to say.
    ///
    /// - Parameters:
    ///   - bytes: The pack. Any bytes are safe.
    ///   - file: The name used in locations; nothing is read from it.
    public func findings(in bytes: [UInt8], file: String, layer: RuleLayer = .commandLine) -> [LintFinding] {
        var findings: [LintFinding] = []
        var pack: RulePack?
        var resolved: [Rule] = []
        do throws(RulePackErrors) {
            let read = try RulePack(parsing: bytes, file: file, strictness: strictness, layer: layer)
            pack = read
            let set = try RuleSet(packs: below + [read])
            resolved = set.rules.filter { $0.changedAt?.file == file }
            findings = set.notices.filter { $0.location.file == file }.map(LintFinding.init)
        } catch {
            findings = error.problems.filter { $0.location.file == file }.map(LintFinding.init)
        }
        if let root = try? YAMLNode(parsing: bytes, file: file) {
            findings += YAMLSurprises.findings(in: root)
            if let mapping = try? root.mapping() { findings += PackLinter.findings(in: mapping, pack, resolved) }
        }
        return PackLinter.ordered(findings)
    }

    /// Each once, by place.
    static func ordered(_ findings: [LintFinding]) -> [LintFinding] {
        var all: [LintFinding] = []
        for finding in findings.sorted(by: LintFinding.precedes) where !all.contains(finding) { all.append(finding) }
        return all
    }

    /// What is weak; of rules, only when the pack can be read.
    ///
    /// - Parameter changed: Rules below that the pack changes, as they are now.
    private static func findings(in root: YAMLMapping, _ pack: RulePack?, _ changed: [Rule]) -> [LintFinding] {
        let parts = PackParts(root)
        var findings = PatternTraps.findings(ofPack: root, parts)
        guard let pack else { return findings }
        for (mapping, rule) in parts.pairs(pack.rules) where rule.status != .deprecated {
            let linted = LintedRule(rule: rule, mapping: mapping, parts: parts)
            findings += PatternTraps.findings(of: linted)
            findings += KeywordChecks.findings(of: linted)
            findings += ExampleChecks.findings(of: linted)
            findings += SecretCheck.findings(of: linted)
            findings += ReachChecks.findings(of: linted)
            findings += PatternProbe.findings(of: linted)
        }
        for (mapping, rule) in parts.changes(of: changed) where mapping["pattern"] != nil {
            let linted = LintedRule(rule: rule, mapping: mapping, parts: parts)
            findings += RepeatCheck.findings(of: linted) + PatternProbe.findings(of: linted)
        }
        return findings
    }
}

/// One rule beside the text that it was read from.
struct LintedRule {
    var rule: Rule
    var mapping: YAMLMapping
    var parts: PackParts

    /// Where the value of a key begins; the rule, when the key is not there.
    func location(_ key: String) -> SourceLocation { mapping[key]?.location ?? mapping.location }

    /// Whether the text holds one of the keywords, also inside a word.
    func hasKeyword(_ text: String) -> Bool {
        rule.keywords.isEmpty || rule.keywords.contains { LintedRule.folded(text).contains($0) }
    }

    static func folded(_ text: String) -> String { KeywordFolding.folded(keyword: text) }
}

/// What the rules of a pack share.
struct PackParts {
    /// The texts of the fragments.
    var fragments: [String: String] = [:]
    private var library = FragmentLibrary()
    private let rules: [YAMLMapping]
    private let overrides: [YAMLMapping]

    init(_ root: YAMLMapping) {
        rules = ((try? root["rules"]?.list()) ?? []).compactMap { try? $0.mapping() }
        overrides = ((try? root["overrides"]?.list()) ?? []).compactMap { try? $0.mapping() }
        guard let mapping = try? root["fragments"]?.mapping() else { return }
        library = FragmentLibrary(mapping, problems: Problems(), isProven: true)
        for entry in mapping.entries { fragments[entry.key] = (try? entry.value.text()) ?? "" }
    }

    /// Fragments that a pattern under `x` calls, directly or not.
    func fragments(calledBy scan: PatternScan) -> [String] {
        library.needed(by: scan.calls.map(\.text)).map(\.name)
    }

    /// Each rule with its text.
    func pairs(_ rules: [Rule]) -> [(YAMLMapping, Rule)] { PackParts.pairs(self.rules, rules) }

    /// Each rule below with the text of its change.
    func changes(of rules: [Rule]) -> [(YAMLMapping, Rule)] { PackParts.pairs(overrides, rules) }

    private static func pairs(_ mappings: [YAMLMapping], _ rules: [Rule]) -> [(YAMLMapping, Rule)] {
        mappings.compactMap { mapping in
            guard let id = try? mapping["id"]?.text(), let rule = rules.first(where: { $0.id == id }) else {
                return nil
            }
            return (mapping, rule)
        }
    }

    /// The texts of all rules and changes, also of those that cannot be read.
    var mappings: [YAMLMapping] { rules + overrides }
}
