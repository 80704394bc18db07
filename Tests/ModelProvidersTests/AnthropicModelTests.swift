import LanguageModels
import ModelProviders
import Testing

@Suite struct AnthropicModelTests {
    @Test func thereIsAModel() { #expect(AnthropicModel() is any LanguageModel) }
}
