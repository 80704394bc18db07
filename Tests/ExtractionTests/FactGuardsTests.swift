import Testing

@testable import Extraction

@Suite struct FactGuardsTests {
    private func guards(_ text: String) -> FactGuards { Array(text.utf8).withUnsafeBufferPointer { FactGuards($0) } }

    static let apart: [(String, String)] = [
        ("The server listens on port 8080.", "The server listens on port 8081."),
        ("The cache is enabled by default.", "The cache is disabled by default."),
        ("The p95 latency went down.", "The p99 latency went down."),
        ("Deploy it to production first.", "Deploy it to staging first."),
        ("Use model A for summaries.", "Use model B for summaries."),
        ("We take option A here.", "We take option B here."),
        ("Always retry the upload.", "Never retry the upload."),
        ("It does retry the upload.", "It doesn't retry the upload."),
        ("It can retry the upload.", "It can't retry the upload."),
        ("It can retry the upload.", "It can’t retry the upload."),
        ("It should retry the upload.", "It shouldn't retry the upload."),
        ("It is version 1.2.3 of it.", "It is version 1.2.4 of it."),
        ("Use it with retries.", "Use it without retries."),
    ]

    @Test("Two facts are not one", arguments: apart)
    func differ(a: String, b: String) {
        #expect(!FactGuards.agree(guards(a), guards(b)))
        #expect(!FactGuards.agree(guards(b), guards(a)))
    }

    @Test(
        "One fact in two wordings is one",
        arguments: [
            ("The server listens on port 8080.", "The server now listens on the port 8080."),
            ("Don't retry the upload.", "Do not retry the upload."),
            ("Use a cache for it.", "A cache is used for it."),
            ("It can't retry the upload.", "It cannot retry the upload."),
            ("It doesn’t retry.", "It doesn't retry."),
            ("Never retry the upload.", "Do not retry the upload."),
            ("I think we use model A.", "We use model A."),
            ("A cache is needed.", "We need the cache."),
        ])
    func agree(a: String, b: String) {
        #expect(FactGuards.agree(guards(a), guards(b)))
        #expect(FactGuards.agree(guards(b), guards(a)))
    }

    private func words(_ text: String) -> [UInt32] {
        Array(text.utf8).withUnsafeBufferPointer { ContentWords.hashes(of: $0) }
    }

    @Test func contentWordsIgnoreCaseOrderAndStopWords() {
        #expect(words("The Cache of the SERVER") == words("server cache, a cache"))
        #expect(words("The of and") == [])
    }

    @Test func chineseIsReadInPairs() {
        #expect(words("端口号").count == 2)
        #expect(ContentWords.shared(words("端口号"), words("新端口")) == 1)
        #expect(words("🚀 → “”") == [])
    }
}
