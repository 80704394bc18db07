public import LanguageModels

/// Anthropic's Messages API.
public struct AnthropicModel: LanguageModel {
    public init() {}

    public func answer(_ request: ModelRequest) throws(ModelFailure) -> ModelAnswer {
        throw .unreachable("not there yet")
    }
}
