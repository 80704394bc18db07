public import Memories

/// One pack of rules, read from YAML and checked: every pattern compiles, every name that is used exists.
public struct RulePack: Sendable, Equatable {
    /// A rule that its pack switches off.
    public struct SwitchedOff: Sendable, Equatable {
        public var id: String
        public var why: String
        public var location: SourceLocation
    }

    public var identity: PackIdentity
    public var summary: String
    /// The language that the rules read, as a tag (`en`); nil when they read any.
    public var language: String?
    /// In the order of the file, without those that are switched off.
    public var rules: [Rule]
    public var switchedOff: [SwitchedOff]
    /// Of the pack's name.
    public var location: SourceLocation

    /// Reads one rule pack.
    ///
    /// - Parameters:
    ///   - bytes: The pack in YAML, as UTF-8. Any bytes are safe.
    ///   - file: The name used in locations; nothing is read from it.
    ///   - strictness: Whether missing examples are an error.
    /// - Throws: `RulePackErrors` with everything that is wrong, in order; only what keeps the YAML itself from being
    ///   read, and a format that is too new, is told alone.
    public init(parsing bytes: [UInt8], file: String, strictness: Strictness = .user) throws(RulePackErrors) {
        let problems = Problems()
        let root = problems.collect { () throws(RulePackError) in
            try YAMLNode(parsing: bytes, file: file).mapping()
        }
        guard let root, let pack = PackReader(root: root, strictness: strictness, problems: problems).pack(),
            problems.all.isEmpty
        else { throw RulePackErrors(problems.all) }
        self = pack
    }

    /// The same from a string.
    public init(parsing text: String, file: String, strictness: Strictness = .user) throws(RulePackErrors) {
        try self.init(parsing: Array(text.utf8), file: file, strictness: strictness)
    }

    init(
        identity: PackIdentity, summary: String, language: String?, rules: [Rule], switchedOff: [SwitchedOff],
        location: SourceLocation
    ) {
        self.identity = identity
        self.summary = summary
        self.language = language
        self.rules = rules
        self.switchedOff = switchedOff
        self.location = location
    }
}
