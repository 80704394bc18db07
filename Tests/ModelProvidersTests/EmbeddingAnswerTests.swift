import Testing

@testable import ModelProviders

/// What servers of embeddings answer, and what is no such answer.
@Suite struct EmbeddingAnswerTests {
    private func read(_ text: String) -> [[Float]] { EmbeddingAnswer.vectors(Array(text.utf8)) }

    @Test func bothShapesAreRead() {
        #expect(
            read(#"{"model":"m","embeddings":[[0.5,-1e-2],[1,2]],"total_duration":5}"#) == [[0.5, -0.01], [1, 2]])
        let items =
            #"{"object":"list","data":[{"index":1,"embedding":[3]},{"object":"embedding","index":0,"embedding":[4]}]}"#
        #expect(read(items) == [[4], [3]])
    }

    @Test(
        "What is none of them gives no vector",
        arguments: [
            "", "null", "[]", "{}", #"{"embeddings":5}"#, #"{"data":[{"index":7,"embedding":[1]}]}"#,
            #"{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[2]}]}"#, #"{"embeddings":[[1,2]"#,
        ])
    func nothing(_ text: String) { #expect(read(text).isEmpty) }

    @Test func aValueThatIsNoNumberIsSeen() {
        #expect(read(#"{"embeddings":[[1,"x"]]}"#).first?.last?.isNaN == true)
        #expect(read(#"{"embeddings":[7]}"#) == [[]])
    }

    @Test(
        "Addresses",
        arguments: [
            (EmbeddingModel.Provider.ollama, "", true), (.openai, "", false),
            (.openai, "http://127.0.0.1:8080/v1", true),
            (.openai, "https://user:pw@host/v1", false), (.ollama, "no address", false),
        ])
    func endpoint(_ provider: EmbeddingModel.Provider, _ text: String, _ isRight: Bool) {
        #expect((EmbeddingModel(provider, name: "m", endpoint: text, key: nil) != nil) == isRight)
    }
}
