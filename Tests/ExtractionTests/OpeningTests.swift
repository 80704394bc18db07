import Testing

@testable import Extraction

/// What a person's sentence is for.
@Suite struct OpeningTests {
    private func opening(_ text: String) -> Opening { Array(text.utf8).withUnsafeBufferPointer { Opening($0) } }

    @Test(
        "Questions that want to know",
        arguments: [
            "Does it retry?", "ok, so why is this slow?", "- what does the flag do?", "and how many are there?",
        ])
    func asks(_ text: String) { #expect(opening(text).asksToKnow) }

    @Test(
        "Questions that propose",
        arguments: [
            "what if we cached it?", "How about a flag?", "why not a list?", "can we drop it?", "the second, right?",
        ])
    func proposes(_ text: String) { #expect(!opening(text).asksToKnow) }

    @Test(
        "Orders of work",
        arguments: [
            "now implement the deletion", "ok. let's review everything", "give me a curl command",
            "please write it down",
            "could you run the tests", "make a plan for the login", "- read the README first",
        ])
    func orders(_ text: String) { #expect(opening(text).ordersWork) }

    @Test(
        "What is said of the thing itself",
        arguments: [
            "use the second table", "keep the old endpoint", "never commit the dumps", "let's name it Basket",
            "the plan is wrong",
            "rows should be sorted", "we don't want a daemon", "", "…",
        ])
    func says(_ text: String) { #expect(!opening(text).ordersWork) }
}
