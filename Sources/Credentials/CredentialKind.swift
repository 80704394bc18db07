/// What a credential is, which decides how it is sent.
public enum CredentialKind: String, Sendable, Hashable {
    /// An API key: `x-api-key`.
    case apiKey = "api-key"
    /// A token of a gateway: `Authorization: Bearer`.
    case bearer
    /// A token of a subscription, made by Claude Code.
    case oauth
}
