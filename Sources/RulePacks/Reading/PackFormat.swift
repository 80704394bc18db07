/// The names of the pack format. `Rules/rulepack.schema.json` says the same to editors; a test compares them.
public enum PackFormat {
    /// The newest format that this version reads.
    public static let newest = 1

    /// How many examples of each kind a rule must have under `Strictness.builtIn`.
    public static let leastExamples = 2

    public static let packKeys = [
        "pack", "format", "version", "summary", "language", "pin", "fragments", "exceptions", "overrides",
        "rules",
    ]
    public static let ruleKeys = [
        "id", "category", "status", "replaced_by", "enabled", "why", "summary", "roles", "tools", "keywords",
        "pattern", "under", "fields", "statement", "key", "importance", "exceptions", "examples",
    ]
    /// Of an entry of `overrides:`; what it changes is named as in the rule itself.
    public static let overrideKeys = ruleKeys + ["pack", "without"]
    /// What `without:` of an override can take away from a rule.
    public static let removableKeys = ["key", "under", "importance"]
    /// What may be changed in many rules at once.
    public static let groupKeys = ["enabled", "why", "status", "importance", "exceptions", "roles"]
    /// What is changed by adding and removing entries; `examples` holds two such lists.
    public static let listKeys = ["roles", "tools", "keywords", "exceptions"]
    public static let listChangeKeys = ["add", "remove"]
    /// What can change without making an example fail.
    static let keysBesideReading = [
        "enabled", "why", "status", "replaced_by", "summary", "roles", "tools", "importance", "category",
    ]
    public static let exceptionKeys = ["why", "context", "match"]
    public static let importanceKeys = ["base"]
    public static let examplesKeys = ["match", "reject"]
    public static let matchExampleKeys = ["text", "statement", "key", "under"]
    public static let rejectExampleKeys = ["text", "why", "under"]
}

/// How much is asked of a pack beyond being readable.
public enum Strictness: Sendable {
    /// For the packs that are shipped: each rule in force proves itself by two examples of each kind.
    case builtIn
    /// For the same packs in the program: that they are sound under `builtIn` a test has shown, so no pattern is compiled
    /// for the sake of its messages, and examples are left out.
    case proven
    /// For everyone else's: examples are welcome.
    case user
}
