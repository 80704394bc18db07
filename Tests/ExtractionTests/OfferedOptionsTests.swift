import Memories
import Testing

@testable import Extraction

/// What a person chooses out of a list.
@Suite struct OfferedOptionsTests {
    private static let options = [
        "Cache the rates in `redis` for an hour.", "Read the rates from `rates.json` at start-up.",
        "Move the lookup into `RateService` and batch it.",
    ]

    /// The lists that assistants write.
    private static let lists: [String] = [
        options.enumerated().map { "\($0 + 1). \($1)" }, options.map { "- \($0)" },
        zip("abc", options).map { "\($0)) \($1)" }, zip("ABC", options).map { "\($0)) \($1)" },
        zip("ABC", options).map { "- **Option \($0)**: \($1)" },
        zip("ABC", options).map { "**Option \($0)**: \($1)\n" },
    ].map { $0.joined(separator: "\n") }

    private func decision(_ list: String, _ answer: String, ask: String = "Which one do you prefer?") -> Findings {
        var talk = Conversation()
        talk.says(.user, "The invoice page is slow.")
        talk.says(.assistant, "There are three ways:\n\n\(list)\n\n\(ask)")
        talk.says(.user, answer)
        talk.says(.assistant, "Good.")
        return talk.finish()
    }

    @Test("An answer that names an option is a decision, whatever the form of list and answer", arguments: lists)
    func isChosen(_ list: String) throws {
        for answer in ["3", "c", "Option 3 please", "option C", "the third one", "ok let's go with 3", "RateService"] {
            let found = decision(list, answer)
            let chosen = try #require(found.candidates.first { $0.features.contains(.picked) }, "\(answer): \(list)")
            #expect(chosen.statement == "Chosen: Move the lookup into `RateService` and batch it.")
            #expect(chosen.category == .decision && chosen.sighting.role == .user && chosen.sighting.quote == answer)
        }
    }

    @Test func whatElseIsSaidOfItIsKept() {
        let found = decision(Self.lists[0], "3, but name it `RateLookup`").having(.picked)
        #expect(found == ["Chosen: Move the lookup into `RateService` and batch it. (3, but name it `RateLookup`)"])
    }

    @Test func theOtherOptionsAreNone() {
        let found = decision(Self.lists[0], "3")
        #expect(
            found.having(.refutedByUser) == [
                "Cache the rates in `redis` for an hour.", "Read the rates from `rates.json` at start-up.",
            ])
    }

    @Test(
        "What chooses nothing",
        arguments: [
            "3 tests fail now", "not 3", "is 3 safe?", "a cache would be nice", "4", "none of them",
            "what is the third one about?", "the rates", "go on",
        ])
    func nothing(_ answer: String) {
        #expect(decision(Self.lists[0], answer).having(.picked).isEmpty)
    }

    @Test(
        "Who leaves it to the recommendation has chosen that option, however it was recommended",
        arguments: [
            "I'd recommend option 3. Which one do you prefer?",
            "Which one? My recommendation is the third one, it is the least work.",
            "I lean towards `RateService` since it has the tests already. Which do you prefer?",
            "My recommendation: 3. Let me know what you think.", "Option 3 is what I would recommend. Which one?",
        ])
    func theRecommendedOne(_ ask: String) throws {
        for answer in [
            "go with your recommendation", "ok, do what you recommend", "the recommended one please",
            "Your suggestion sounds good",
            "yes", "ok go ahead", "I'd take the one you suggested",
        ] {
            let found = decision(Self.lists[0], answer, ask: ask).having(.picked)
            #expect(found == ["Chosen: Move the lookup into `RateService` and batch it."], "\(answer)")
        }
        for answer in [
            "not what you recommend", "why do you recommend that?", "I disagree with your recommendation", "hmm",
            "what would it cost",
        ] {
            #expect(decision(Self.lists[0], answer, ask: ask).having(.picked).isEmpty, "\(answer)")
        }
    }

    @Test(
        "What is refused is not chosen",
        arguments: [
            "2 is a no-go", "2 sounds wrong to me", "c is what the last team did and it failed", "1 isn't enough",
        ])
    func refused(_ answer: String) { #expect(decision(Self.lists[0], answer).having(.picked).isEmpty) }

    @Test(arguments: ["2 is too risky, so 3", "1 is what we had before, so let's take 3"])
    func whatComesInsteadIsChosen(_ answer: String) {
        #expect(
            decision(Self.lists[0], answer).having(.picked) == [
                "Chosen: Move the lookup into `RateService` and batch it. (\(answer))"
            ])
    }

    @Test(arguments: ["1 and 3", "1, 3", "let's do 1 and 3 please"]) func severalAreChosen(_ answer: String) {
        #expect(
            decision(Self.lists[0], answer).having(.picked) == [
                "Chosen: Cache the rates in `redis` for an hour. + Move the lookup into `RateService` and batch it."
            ])
    }

    @Test func questionsAreNoOptions() {
        let list = "1. Which delimiter should the file have?\n2. Are amounts gross or net?"
        #expect(decision(list, "1. comma").having(.picked).isEmpty)
    }

    @Test func theOneThatIsMarkedIsRecommended() {
        let list = "1. Cache the rates\n2. Move the lookup into `RateService` (recommended)\n3. Leave it"
        #expect(
            decision(list, "go with the recommended option").having(.picked) == [
                "Chosen: Move the lookup into `RateService` (recommended)"
            ])
    }

    @Test func whereNothingIsRecommendedYesChoosesNothing() {
        #expect(decision(Self.lists[0], "yes").having(.picked).isEmpty)
        #expect(decision(Self.lists[0], "what you recommend").having(.picked).isEmpty)
    }

    @Test func aReportIsNoListOfOptions() {
        let report = "All done:\n\n- Updated the tests of `RateService`\n- Moved the docs\n\nAnything else?"
        var talk = Conversation()
        talk.says(.assistant, report)
        talk.says(.user, "update the tests")
        #expect(talk.finish().having(.picked).isEmpty)
    }

    @Test func bulletsUnderAnItemBelongToIt() {
        let list = "- Cache the rates\n  - in `redis`\n  - for an hour\n- Move the lookup into `RateService`"
        #expect(decision(list, "2").having(.picked) == ["Chosen: Move the lookup into `RateService`"])
    }
}
