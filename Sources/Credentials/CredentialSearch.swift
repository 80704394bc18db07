public import Projects

/// Looks for credentials at all places, in their order. Reads, and writes nothing; a token is never renewed.
public struct CredentialSearch: Sendable {
    /// How far the search goes.
    public enum Depth: Sendable {
        /// Files and variables: for whoever only wants to know whether there is one.
        case look
        /// Programs are run as well: the user's own command, and the keychain of macOS.
        case use
    }

    /// Variables that hold credentials; `Environment.current(with:)` reads them for those who search.
    public static let variables = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"]
    /// And what decides where they are sent, and by whom.
    public static let all = variables + ["ANTHROPIC_BASE_URL", "PATH"]

    private let environment: Environment
    private let settings: Settings
    private let provider: ModelProvider
    /// Milliseconds since 1970.
    private let now: Int

    public init(_ environment: Environment, _ settings: Settings, now: Int) {
        self.environment = environment
        self.settings = settings
        provider = ModelProvider(settings)
        self.now = now
    }

    /// What was found, best first; places that hold nothing are left out.
    public func findings(_ depth: Depth) -> [CredentialFinding] {
        var findings = [stored(), command(depth)]
        // A server of the user's own gets what was set for it, and nothing that is Anthropic's.
        if provider == .anthropic {
            findings += CredentialSearch.variables.map(variable)
            #if os(macOS)
                findings.append(ClaudeKeychain.finding(depth, now: now))
            #endif
            findings.append(ClaudeLogin.finding(environment, now: now))
        }
        return findings.compactMap(\.self)
    }

    private func stored() -> CredentialFinding? {
        guard let file = StoredCredentials(environment) else { return nil }
        let source = CredentialSource.stored(path: file.path)
        do throws(StoredCredentials.Problem) {
            guard let stored = try file.read(provider) else { return nil }
            return .init(
                source: source, state: .usable(Credential(source: source, kind: stored.kind, secret: stored.secret)))
        } catch {
            return .init(source: source, state: .unusable(kind: nil, error.words))
        }
    }

    private func command(_ depth: Depth) -> CredentialFinding? {
        guard let line = settings.text(.llmKeyCommand), !line.isEmpty else { return nil }
        guard depth == .use else { return .init(source: .command, state: .unread) }
        guard let output = Program.output(of: "/bin/sh", ["-c", line], environment: nil, milliseconds: 20_000) else {
            return .init(
                source: .command, state: .unusable(kind: nil, "it failed, or took longer than 20 seconds"))
        }
        guard let secret = Secret(output) else {
            return .init(source: .command, state: .unusable(kind: nil, "it does not print one word that is a key"))
        }
        return .init(
            source: .command,
            state: .usable(
                Credential(source: .command, kind: CredentialKind(guessedFrom: secret), secret: secret)))
    }

    private func variable(_ name: String) -> CredentialFinding? {
        guard let text = environment.variables[name], !text.isEmpty else { return nil }
        let source = CredentialSource.variable(name)
        let kind: CredentialKind =
            switch name {
            case "ANTHROPIC_AUTH_TOKEN": .bearer
            case "CLAUDE_CODE_OAUTH_TOKEN": .subscription
            default: .apiKey
            }
        guard let secret = Secret(text) else {
            return .init(source: source, state: .unusable(kind: kind, "it is not one word that a header can hold"))
        }
        return .init(source: source, state: .usable(Credential(source: source, kind: kind, secret: secret)))
    }
}
