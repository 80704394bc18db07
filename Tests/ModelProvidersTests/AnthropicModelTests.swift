import LanguageModels
import ModelProviders
import Testing

@Suite struct AnthropicModelTests {
    @Test func thereIsAModel() { #expect(type(of: AnthropicModel() as any LanguageModel) == AnthropicModel.self) }
}
