public import Memories

/// One file of rules that find secrets, read from YAML and checked: every pattern compiles, every id stands once.
public struct SecretPack: Sendable, Equatable {
    public var identity: PackIdentity
    public var summary: String
    /// In the order of the file.
    public var rules: [SecretRule]
    /// Of the pack's name.
    public var location: SourceLocation

    /// Reads one file of secret rules.
    ///
    /// - Parameters:
    ///   - bytes: The file, as UTF-8. Any bytes are safe.
    ///   - file: The name used in locations; nothing is read from it.
    ///   - strictness: Whether missing examples are an error.
    /// - Throws: `RulePackErrors` with everything that is wrong, in order; only what keeps the YAML itself from being
    ///   read, and a format that is too new, is told alone.
    public init(parsing bytes: [UInt8], file: String, strictness: Strictness = .user) throws(RulePackErrors) {
        let problems = Problems()
        let root = problems.collect { () throws(RulePackError) in
            try YAMLNode(parsing: bytes, file: file).mapping()
        }
        guard let root, let pack = SecretPackReader(root: root, strictness: strictness, problems: problems).pack(),
            problems.all.isEmpty
        else { throw RulePackErrors(problems.all) }
        self = pack
    }

    init(identity: PackIdentity, summary: String, rules: [SecretRule], location: SourceLocation) {
        self.identity = identity
        self.summary = summary
        self.rules = rules
        self.location = location
    }
}

/// The rules of several packs together, in their order. Packs only add to each other: no pack can take a rule away.
public struct SecretRules: Sendable, Equatable {
    public let rules: [SecretRule]

    /// - Throws: `RulePackErrors` for each id that an earlier pack has already.
    public init(packs: [SecretPack]) throws(RulePackErrors) {
        let problems = Problems()
        var places: [String: SourceLocation] = [:]
        for rule in packs.flatMap(\.rules) {
            if let first = places[rule.id] {
                problems.add(.ruleExistsBelow(id: rule.id, definedAt: first), at: rule.location)
            } else {
                places[rule.id] = rule.location
            }
        }
        guard problems.all.isEmpty else { throw RulePackErrors(problems.all) }
        rules = packs.flatMap(\.rules)
    }
}
