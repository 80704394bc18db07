/// Where a rule pack stands; each layer stands above those before it.
public enum RuleLayer: Int, CaseIterable, Sendable, Comparable {
    /// Part of the product.
    case builtIn
    /// Part of the product, for one trade, which somebody switches on by name, or for one language.
    case domain
    /// `rules/*.yaml` in the user's own configuration.
    case user
    /// `.ccmem/rules/*.yaml` of a project.
    case project
    /// Given by `--rules`.
    case commandLine

    public static func < (a: RuleLayer, b: RuleLayer) -> Bool { a.rawValue < b.rawValue }
}

/// One file of rules, as it was found.
public struct RuleFile: Sendable, Equatable {
    public var layer: RuleLayer
    /// What people call it and messages name: a path, or the name of a built-in file.
    public var file: String
    public var bytes: [UInt8]
    /// False for a pack of a project that this user has not confirmed.
    public var isTrusted: Bool
    /// True for a pack of the product that nobody has switched on: no rule of it is read, but those above may name them.
    public var isDormant = false

    public init(layer: RuleLayer, file: String, bytes: [UInt8], isTrusted: Bool = true) {
        self.layer = layer
        self.file = file
        self.bytes = bytes
        self.isTrusted = isTrusted
    }
}

/// What packs may do that their user has not confirmed.
public enum UntrustedRules: Sendable {
    /// Only switch rules off: for everything that is stored or shown to a model.
    case switchOff
    /// All: for looking, checking and dry runs.
    case run
}
