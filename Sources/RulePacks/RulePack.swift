public import Memories

/// One pack of rules, read from YAML and checked: every pattern compiles, every name that is used exists.
public struct RulePack: Sendable {
    /// A rule that is switched off, by its own pack or by one above.
    public struct SwitchedOff: Sendable, Equatable {
        public var id: String
        public var why: String
        /// Of what switches it off.
        public var location: SourceLocation
        /// What would be in force; nil when it cannot be made.
        public var rule: Rule?
    }

    public var identity: PackIdentity
    public var summary: String
    /// The language that the rules read, as a tag (`en`); nil when they read any.
    public var language: String?
    /// In the order of the file, without those that are switched off.
    public var rules: [Rule]
    public var switchedOff: [SwitchedOff]
    /// What it changes in packs below, in the order of the file.
    public var overrides: [RuleOverride] = []
    /// The versions of packs below that it was written against.
    public var pins: [PackPin] = []
    public var layer: RuleLayer
    /// False when nobody has confirmed the pack, and only what it switches off was read.
    public private(set) var isTrusted = true
    /// A pack that is not switched on; nil for any other. Nothing else of it is read.
    let dormant: DormantPack?
    /// Of the pack's name.
    public var location: SourceLocation

    /// What is needed to read its rules again, with changes.
    let drafts: [RuleDraft]
    let fragments: FragmentLibrary
    let exceptions: [Rule.Exception]

    /// Reads one rule pack.
    ///
    /// - Parameters:
    ///   - bytes: The pack in YAML, as UTF-8. Any bytes are safe.
    ///   - file: The name used in locations; nothing is read from it.
    ///   - strictness: Whether missing examples are an error.
    ///   - layer: Where it stands among others.
    /// - Throws: `RulePackErrors` with everything that is wrong, in order; only what keeps the YAML itself from being
    ///   read, and a format that is too new, is told alone.
    public init(
        parsing bytes: [UInt8], file: String, strictness: Strictness = .user, layer: RuleLayer = .builtIn
    ) throws(RulePackErrors) {
        let problems = Problems()
        let root = problems.collect { () throws(RulePackError) in
            try YAMLNode(parsing: bytes, file: file).mapping()
        }
        guard let root,
            let pack = PackReader(root: root, strictness: strictness, layer: layer, problems: problems).pack(),
            problems.all.isEmpty
        else { throw RulePackErrors(problems.all) }
        self = pack
    }

    /// The same from a string.
    public init(
        parsing text: String, file: String, strictness: Strictness = .user, layer: RuleLayer = .builtIn
    ) throws(RulePackErrors) {
        try self.init(parsing: Array(text.utf8), file: file, strictness: strictness, layer: layer)
    }

    /// Reads a file of a layer.
    ///
    /// Of a pack that is not trusted only what it switches off is read, unless untrusted rules may run; then nothing that is
    /// wrong with it is told, because nobody asked for it.
    ///
    /// - Parameter builtIn: How strictly the packs of the product are read.
    public init(
        reading file: RuleFile, untrusted: UntrustedRules = .switchOff, builtIn: Strictness = .proven
    ) throws(RulePackErrors) {
        if file.isDormant {
            self.init(dormant: file)
        } else if !file.isTrusted, untrusted == .switchOff {
            self.init(switchesOf: file)
        } else {
            try self.init(
                parsing: file.bytes, file: file.file, strictness: file.layer <= .domain ? builtIn : .user,
                layer: file.layer)
        }
    }

    private init(dormant file: RuleFile) {
        self.init(
            identity: PackIdentity(name: "", version: ""), summary: "", language: nil, layer: file.layer, drafts: [],
            fragments: FragmentLibrary(), exceptions: [],
            location: SourceLocation(file: file.file, line: 1, column: 1), dormant: DormantPack(file: file))
        isTrusted = false
    }

    private init(switchesOf file: RuleFile) {
        let root = try? YAMLNode(parsing: file.bytes, file: file.file).mapping()
        self.init(
            identity: PackIdentity(name: (try? root?["pack"]?.text()) ?? "", version: ""), summary: "", language: nil,
            layer: file.layer, drafts: [], fragments: FragmentLibrary(), exceptions: [],
            location: SourceLocation(file: file.file, line: 1, column: 1))
        overrides = root.map(OverrideReader.switches) ?? []
        isTrusted = false
    }

    init(
        identity: PackIdentity, summary: String, language: String?, layer: RuleLayer, drafts: [RuleDraft],
        fragments: FragmentLibrary, exceptions: [Rule.Exception], location: SourceLocation,
        dormant: DormantPack? = nil
    ) {
        self.dormant = dormant
        self.identity = identity
        self.summary = summary
        self.language = language
        self.layer = layer
        self.drafts = drafts
        self.fragments = fragments
        self.exceptions = exceptions
        self.location = location
        rules = drafts.compactMap { if case .inForce(let rule) = $0.outcome { rule } else { nil } }
        switchedOff = drafts.compactMap { if case .switchedOff(let rule) = $0.outcome { rule } else { nil } }
    }
}
