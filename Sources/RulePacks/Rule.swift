public import Memories

/// The pack that a rule came from, as recorded beside every memory that it produced.
public struct PackIdentity: Sendable, Hashable {
    public var name: String
    public var version: String

    public init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}

/// One resolved rule: fragments and keywords are expanded, every value is checked.
public struct Rule: Sendable, Equatable {
    /// How far a rule is trusted.
    public enum Status: String, CaseIterable, Sendable {
        case stable
        /// Shown and stored, never injected.
        case experimental
        /// Does not run; `replacedBy` names its successor.
        case deprecated
    }

    /// A named capture of the pattern, and how its text is trimmed.
    public struct Field: Sendable, Equatable {
        public var name: String
        public var kind: FieldKind

        public init(name: String, kind: FieldKind) {
            self.name = name
            self.kind = kind
        }
    }

    /// Why a match is no memory: `context` is looked for in the whole segment, `match` in the matched text alone.
    public struct Exception: Sendable, Equatable {
        public enum Scope: String, CaseIterable, Sendable { case context, match }

        public var why: String
        public var scope: Scope
        /// Ready to compile: fragments are defined in front of it.
        public var pattern: ComposedPattern
        public var location: SourceLocation
    }

    /// A text that the rule must read.
    public struct MatchExample: Sendable, Equatable {
        public var text: String
        /// What `statement` must give; nil when the example only asks for a match.
        public var statement: String?
        public var key: String?
        /// The heading or bold lead-in that the text stands under.
        public var under: String?
        public var location: SourceLocation
    }

    /// A text that the rule must leave alone.
    public struct RejectExample: Sendable, Equatable {
        public var text: String
        public var why: String
        public var under: String?
        public var location: SourceLocation
    }

    public var id: String
    public var pack: PackIdentity
    /// Where the pack stands.
    public var layer: RuleLayer = .builtIn
    /// Whether a person added the rule to those of the product. Such a rule is always asked, and its word weighs more.
    public var isOwn: Bool { layer > .domain }
    /// Whether it is of a pack of the product for one trade or one language. Such a rule is always asked, too.
    public var isOfDomain: Bool { layer == .domain }
    public var category: MemoryCategory
    public var status: Status
    /// The id of the rule that took over, for a deprecated one.
    public var replacedBy: String?
    public var summary: String
    /// Whose words the rule reads. Never empty.
    public var roles: Set<Role>
    /// Names of the tools whose output is read, when `roles` holds `tool`; empty means any.
    public var tools: Set<String>
    /// Literals of which one must occur (case and white space folded) before the pattern is tried; empty means always tried.
    public var keywords: [String]
    /// The pattern with its fragments and `KEYWORD` defined in front.
    public var pattern: ComposedPattern
    /// When set, the nearest heading or bold lead-in above the text must match.
    public var under: ComposedPattern?
    public var fields: [Field]
    /// What the agent will read. `{sentence}` is the whole segment.
    public var statement: Template
    /// Identity for supersession.
    public var key: Template?
    public var importance: Importance
    /// Those of the rule, then those of its pack.
    public var exceptions: [Exception]
    public var matchExamples: [MatchExample]
    public var rejectExamples: [RejectExample]
    public var location: SourceLocation
    /// Where each value comes from, in the order of layers; empty for a rule that was read as proven and that nothing changes.
    public var origins: [RuleOrigin] = []
    /// The last override that changed what the rule reads; nil when none did.
    public var changedAt: SourceLocation?
}

/// A pattern as PCRE2 gets it, and where the user's own text stands in it.
public struct ComposedPattern: Sendable, Equatable {
    /// `(?(DEFINE)…)` of the fragments that are used, then the user's text.
    public var source: String
    /// UTF-8 bytes of `source` before the user's text.
    public var prefixLength: Int
    /// Where the user's text begins in its file.
    public var location: SourceLocation

    public init(source: String, prefixLength: Int, location: SourceLocation) {
        self.source = source
        self.prefixLength = prefixLength
        self.location = location
    }
}

/// The type of a field: what is trimmed from the captured text.
public enum FieldKind: String, CaseIterable, Sendable {
    /// As captured, outer white space removed, inner runs of white space made one space.
    case text
    /// A noun phrase: also outer punctuation, markup (`**`, backticks, quotes), leading articles and conjunctions removed.
    case phrase
    /// A sentence or clause: markup at the ends and the final period removed.
    case clause
    /// A number with its unit: outer punctuation but sign, `%` and unit removed.
    case quantity
    /// A name in code: backticks, quotes and outer punctuation but `_ - . / : $ @ #` removed.
    case identifier
    /// A file path or URL: as identifier, a trailing `:` or `.` or `,` removed.
    case path
    /// A shell command: backticks and a leading `$ ` removed.
    case command
}
