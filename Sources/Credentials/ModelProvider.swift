public import Projects

/// Who answers, by `llm.provider`.
public enum ModelProvider: String, Sendable, Hashable, CaseIterable {
    case anthropic, openai, ollama

    public init(_ settings: Settings) {
        self = settings.text(.llmProvider).flatMap(ModelProvider.init(rawValue:)) ?? .anthropic
    }

    /// In words.
    public var words: String {
        switch self {
        case .anthropic: "Anthropic"
        case .openai: "an OpenAI-compatible server"
        case .ollama: "Ollama"
        }
    }
}

/// To whom texts are sent: the provider, and the address it is reached at.
public struct ModelDestination: Sendable, Hashable {
    public var provider: ModelProvider
    /// The address below which the calls are, without a slash at the end.
    public var address: String

    public init(provider: ModelProvider, address: String) {
        self.provider = provider
        self.address = address
    }

    /// As settings and environment have it. `ANTHROPIC_BASE_URL` counts for Anthropic, `llm.endpoint` for the others.
    public init(_ environment: Environment, _ settings: Settings) {
        provider = ModelProvider(settings)
        let named =
            provider == .anthropic ? environment.variables["ANTHROPIC_BASE_URL"] : settings.text(.llmEndpoint)
        var address = named ?? ""
        while address.hasSuffix("/") { address.removeLast() }
        if address.isEmpty {
            address =
                switch provider {
                case .anthropic: "https://api.anthropic.com"
                case .openai: "http://localhost:8080/v1"
                case .ollama: "http://localhost:11434"
                }
        }
        self.address = address
    }
}
