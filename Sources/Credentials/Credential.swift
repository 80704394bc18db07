/// What a credential is, which decides how it is sent.
public enum CredentialKind: String, Sendable, Hashable {
    /// An API key: `x-api-key`.
    case apiKey = "api-key"
    /// A token of a gateway: `Authorization: Bearer`.
    case bearer
    /// A token of a subscription, as Claude Code gets it.
    case subscription

    /// The kind of a secret of which nothing else is known.
    public init(guessedFrom secret: Secret) {
        self = secret.hasPrefix("sk-ant-oat") ? .subscription : .apiKey
    }

    /// In words.
    public var words: String {
        switch self {
        case .apiKey: "API key"
        case .bearer: "bearer token"
        case .subscription: "token of a Claude subscription"
        }
    }
}

/// Where a credential is looked for, in this order.
public enum CredentialSource: Sendable, Hashable {
    /// What `ccmem auth set` stored.
    case stored(path: String)
    /// The command of `llm.key-command`.
    case command
    case variable(String)
    /// Claude Code's own file.
    case claudeFile(path: String)
    /// Claude Code's entry in the keychain of macOS.
    case keychain

    /// In words.
    public var words: String {
        switch self {
        case .stored(let path): "`ccmem auth set` (\(path))"
        case .command: "the command of `llm.key-command`"
        case .variable(let name): "the variable \(name)"
        case .claudeFile(let path): "Claude Code (\(path))"
        case .keychain: "Claude Code (keychain)"
        }
    }

    /// For programs.
    public var name: String {
        switch self {
        case .stored: "stored"
        case .command: "command"
        case .variable(let name): name
        case .claudeFile: "claude-code"
        case .keychain: "keychain"
        }
    }
}

/// Something that a language model can be asked with.
public struct Credential: Sendable, Hashable {
    public var source: CredentialSource
    public var kind: CredentialKind
    public var secret: Secret
    /// Milliseconds since 1970; nil when nobody knows.
    public var expiresAt: Int?

    public init(source: CredentialSource, kind: CredentialKind, secret: Secret, expiresAt: Int? = nil) {
        self.source = source
        self.kind = kind
        self.secret = secret
        self.expiresAt = expiresAt
    }
}

/// What was found at one source.
public struct CredentialFinding: Sendable {
    public enum State: Sendable {
        case usable(Credential)
        /// There is one, which was not asked for its text: that would run a program.
        case unread
        /// There is one that can't be used; a clause why, and what to do.
        case unusable(kind: CredentialKind?, String)
    }

    public var source: CredentialSource
    public var state: State
    /// Whether its owner renews it when it is used next: an end that is no reason to call anybody.
    public var isRenewed = false

    public init(source: CredentialSource, state: State) {
        self.source = source
        self.state = state
    }

    public var credential: Credential? { if case .usable(let credential) = state { credential } else { nil } }

    /// Whether a language model could be asked with it, as far as can be seen from here.
    public var isPromising: Bool { if case .unusable = state { false } else { true } }
}
