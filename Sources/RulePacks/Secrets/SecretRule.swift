public import Memories

/// One rule that finds secrets of one kind.
public struct SecretRule: Sendable, Equatable {
    /// How far a match may reach beyond the line of its keyword.
    public enum Reach: String, CaseIterable, Sendable {
        /// The line of the keyword.
        case line
        /// From the line of the keyword on, over what follows it.
        case block
    }

    /// What is no secret after all.
    public struct Allowance: Sendable, Equatable {
        public enum Test: Sendable, Equatable {
            /// The secret holds one of these literals, in any letter case.
            case words([String])
            /// The pattern matches in the secret alone.
            case value(ComposedPattern)
            /// The pattern matches in the line of the secret.
            case context(ComposedPattern)
        }

        public var why: String
        public var test: Test
        public var location: SourceLocation
    }

    /// A text with a secret in it; `{{alnum:36}}` stands for as many characters of that class (`SecretSample`).
    public struct MatchExample: Sendable, Equatable {
        public var text: String
        /// The whole text as it reads afterwards.
        public var redacted: String
        public var location: SourceLocation
    }

    /// A text that the rule must leave alone.
    public struct RejectExample: Sendable, Equatable {
        public var text: String
        public var why: String
        public var location: SourceLocation
    }

    public var id: String
    public var pack: PackIdentity
    /// What stands in the place of the secret: `[redacted:KIND]`.
    public var kind: String
    public var summary: String
    /// Folded literals of which one must occur before the pattern is tried. Never empty.
    public var keywords: [String]
    public var reach: Reach
    /// The group `secret`, or the whole match when there is none, is replaced.
    public var pattern: ComposedPattern
    /// The least Shannon entropy of the secret, in thousandths of a bit for each byte; 0 asks for none.
    public var entropy: Int
    /// Those of the rule, then those of its pack.
    public var allowances: [Allowance]
    public var matchExamples: [MatchExample]
    public var rejectExamples: [RejectExample]
    public var location: SourceLocation
}
