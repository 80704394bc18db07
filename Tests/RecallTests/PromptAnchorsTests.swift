import Testing

@testable import Recall

/// What a prompt names.
@Suite struct PromptAnchorsTests {
    @Test func numbersOfMemories() {
        #expect(PromptAnchors("What about #42, (#7) and #x or #12ab?").ids == [42, 7])
    }

    @Test func pathsAndIdentifiers() {
        let anchors = PromptAnchors(
            "Fix `max_retries` in src/net/deep/Client.swift:12, then run with --no-cache via getUser().")
        #expect(
            anchors.names == [
                "max_retries", "src/net/deep/Client.swift", "deep/Client.swift", "Client.swift", "--no-cache",
                "getUser",
            ])
    }

    @Test func quotedErrors() {
        let anchors = PromptAnchors(#"I get "connection reset by peer" again"#)
        #expect(anchors.phrases == ["connection reset by peer"])
    }

    @Test func wordsWithoutTheCommonOnes() {
        let anchors = PromptAnchors("Please fix the flaky importer. What does Quuxcorp want?")
        #expect(anchors.words.map(\.text) == ["flaky", "importer", "quuxcorp"])
        #expect(anchors.words.map(\.isName) == [false, false, true])
    }

    @Test(
        "Small talk names nothing",
        arguments: ["", "yes", "ok, go on please", "Thanks! That looks good.", "do it again"])
    func silence(_ prompt: String) { #expect(PromptAnchors(prompt).isEmpty) }

    @Test func ideographsArePairs() { #expect(PromptAnchors("端口超时").words.map(\.text) == ["端口", "口超", "超时"]) }
}
