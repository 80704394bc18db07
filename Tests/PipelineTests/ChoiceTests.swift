import Memories
import TestSupport
import Testing

@testable import Pipeline

/// What memories of one transcript mean for each other.
@Suite struct ChoiceTests {
    @Test func whatIsMostlySaidAlreadyLosesByThat() throws {
        func found(_ overlap: ScoringTable.Overlap?) throws -> TranscriptExtraction {
            try ExtractionPlan.simple(threshold: 500) { $0.overlap = overlap }.extract { talk in
                talk.assistant("The stale lock file blocks the release build.")
                talk.user("what else did you find in the cellar?")
                talk.assistant("Two runners share one stale lock file between release jobs.")
            }
        }
        // Three of six words.
        #expect(try found(nil).contents.count == 3)
        let less = try found(.init(free: 150, weight: 2000))
        #expect(
            less.contents == ["The stale lock file blocks the release build.", "what else did you find in the cellar?"])
        #expect(less.refusal("Two runners") == .overlap(line: 1))
        #expect(try found(.init(free: 700, weight: 2000)).contents.count == 3)
    }

    @Test func aPersonsWordsStandBesideWhatTheAssistantSays() throws {
        let plan = try ExtractionPlan.simple(threshold: 500) { $0.overlap = .init(free: 150, weight: 2000) }
        func found(_ role: Role) -> [String] {
            plan.extract { talk in
                talk.assistant("Two runners share one stale lock file between release jobs.")
                let words = "the stale lock file breaks our windows build"
                if role == .user { talk.user(words) } else { talk.assistant(words) }
            }.contents
        }
        #expect(found(.assistant).count == 1)
        #expect(found(.user).count == 2)
    }

    @Test func theMoreIsKeptTheMoreTheNextOneNeeds() throws {
        let plan = try ExtractionPlan.simple(portRule, threshold: 500) { $0.thresholdStep = 300 }
        let found = plan.extract { talk in
            talk.assistant("The stale archive blocks a release.")
            talk.assistant("Nobody reads these dashboards any more today.")
            talk.assistant("The web port is 8080.")
            talk.assistant("Deploys happen after midnight in winter.")
        }
        #expect(found.contents == ["The stale archive blocks a release.", "the web port is 8080"])
        #expect(found.refusal("Nobody") == .limit)
        #expect(found.refusal("Deploys") == .limit)
    }

    private func joining(_ words: Int = 40, threshold: Int = 0) throws -> ExtractionPlan {
        try ExtractionPlan.simple(portRule, threshold: 500) { $0.joining = .init(threshold: threshold, words: words) }
    }

    @Test func neighboursAreOneMemory() throws {
        let found = try joining().extract { talk in
            talk.assistant("The layout never shows flash messages. A line in the template shows them inline now.")
        }
        let memory = try #require(found.memories.first)
        #expect(
            found.contents == [
                "The layout never shows flash messages. A line in the template shows them inline now."
            ])
        #expect(memory.sightings.map(\.quote) == [memory.content])
        #expect(found.refusals.isEmpty)
    }

    @Test func aMemoryHasAtMostTwoSentences() throws {
        let found = try joining().extract { talk in
            talk.assistant("The disk is full again. Old traces fill it every night. Nobody deletes them by hand.")
        }
        #expect(
            found.contents == [
                "The disk is full again. Old traces fill it every night.", "Nobody deletes them by hand.",
            ])
    }

    @Test func theFirstOfTwoGetsThePeriodThatItLacks() throws {
        let found = try joining().extract {
            $0.user("never write a caret for control keys\n\nspell every shortcut out")
        }
        #expect(found.contents == ["never write a caret for control keys. spell every shortcut out"])
        #expect(
            found.memories.first?.sightings.first?.quote
                == "never write a caret for control keys spell every shortcut out")
    }

    @Test func longNeighboursStayApart() throws {
        let text = "The layout never shows flash messages. A line in the template shows them inline now."
        #expect(try joining(15).extract { $0.assistant(text) }.contents.count == 1)
        #expect(try joining(14).extract { $0.assistant(text) }.contents.count == 2)
    }

    @Test func whatIsTooWeakIsNotTakenIn() throws {
        let text = "The layout never shows flash messages. A line in the template shows them inline now."
        #expect(try joining(threshold: 1000).extract { $0.assistant(text) }.contents == [text])
        #expect(try joining(threshold: 1001).extract { $0.assistant(text) }.contents.count == 2)
    }

    @Test(
        "Only what belongs together is joined",
        arguments: [
            "- The layout never shows flash messages.\n- A line in the template shows them inline.",
            "The layout never shows flash messages.\n\n## Template\n\nA line in it shows them inline.",
            "**The layout never shows flash messages**\n\nA line in the template shows them inline.",
        ])
    func apart(text: String) throws {
        #expect(try joining().extract { $0.assistant(text) }.contents.count == 2)
    }

    @Test func aMemoryWithAKeyStandsAlone() throws {
        let found = try joining().extract { $0.assistant("The web port is 8080. The gateway listens on it at night.") }
        #expect(found.contents == ["the web port is 8080", "The gateway listens on it at night."])
    }

    @Test func sentencesOfTwoMessagesStayApart() throws {
        let found = try joining().extract { talk in
            talk.assistant("The layout never shows flash messages.")
            talk.assistant("A line in the template shows them inline.")
        }
        #expect(found.contents.count == 2)
    }
}
