import Memories
import Testing

@testable import Extraction

/// What a message means for those around it.
@Suite struct ConversationTests {
    private var talk = Conversation()

    @Test mutating func aPersonsObjectionRefutesTheTurnBefore() {
        talk.says(.user, "Why is the build red?")
        talk.says(.assistant, "The compiler is too old.")
        talk.usesTool()
        talk.says(.assistant, "So the lock file is stale.")
        talk.says(.user, "No, the disk is full.")
        talk.says(.assistant, "The disk it is.")
        #expect(talk.finish().having(.refutedByUser) == ["The compiler is too old.", "So the lock file is stale."])
    }

    @Test mutating func whatIsSaidLateIsKnown() {
        let days = [
            "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "May", "June", "July",
        ]
        for (number, day) in (days + days).enumerated() {
            talk.says(.assistant, "On \(day) the job number \(number) ran.")
        }
        let found = talk.finish()
        #expect(found.having(.sessionSecondHalf).first == "On Monday the job number 10 ran.")
        #expect(found.having(.sessionSecondHalf).count == 10)
        #expect(found.having(.sessionEnd).count == 7)
        #expect(found.having(.byUser).isEmpty)
    }

    @Test mutating func theSameObjectionTwiceRefutesTwice() {
        talk.says(.assistant, "The compiler is too old.")
        talk.says(.user, "No, that's wrong.")
        talk.says(.assistant, "The lock file is stale.")
        talk.says(.user, "No, that's wrong.")
        #expect(talk.finish().having(.refutedByUser) == ["The compiler is too old.", "The lock file is stale."])
    }

    @Test(
        "Only a message that begins with an objection refutes",
        arguments: [
            "Nothing to add here.", "I see no reason.", "Good. No, wait for it.",
        ])
    func noObjection(_ text: String) {
        var talk = Conversation()
        talk.says(.assistant, "The compiler is too old.")
        talk.says(.user, text)
        #expect(talk.finish().having(.refutedByUser) == [])
    }

    @Test mutating func theAssistantTakesBackItsMessageBefore() {
        talk.says(.user, "Why is the build red?")
        talk.says(.assistant, "First I saw the log.")
        talk.says(.assistant, "The compiler is too old.")
        talk.usesTool()
        talk.says(.assistant, "Wait, the disk is full.")
        let found = talk.finish()
        #expect(found.having(.refutedByAssistant) == ["The compiler is too old."])
        #expect(found.having(.correction) == ["Wait, the disk is full."])
    }

    @Test mutating func theSentenceAfterACorrectionIsKnown() {
        talk.says(.assistant, "You're right. The disk is full. It was the log.")
        let found = talk.finish()
        #expect(found.having(.correction) == ["You're right."])
        #expect(found.having(.afterCorrection) == ["The disk is full."])
    }

    @Test mutating func aPersonsWordsAreNotRefutedByTheAssistant() {
        talk.says(.user, "The disk is full.")
        talk.says(.assistant, "Wait, it is the lock.")
        #expect(talk.finish().having(.refutedByAssistant) == [])
    }

    @Test mutating func aFaultThatAPersonTellsIsKnownUntilTheySpeakOfSomethingElse() {
        talk.says(.user, "The export crashes on large files.")
        talk.says(.assistant, "The buffer has a fixed size.")
        talk.says(.user, "go on")
        talk.says(.assistant, "The reader never asks for more.")
        talk.says(.user, "Good. Please write the release notes for the next version then.")
        talk.says(.assistant, "The notes stand in the changelog.")
        let found = talk.finish()
        #expect(found.having(.problemTold) == ["The buffer has a fixed size.", "The reader never asks for more."])
    }

    @Test mutating func aPersonsFewWordsWithANumberAreKnown() {
        talk.says(.user, "python 3.13 then")
        talk.says(.assistant, "The image has python 3.13 now.")
        talk.says(
            .user, "The whole thing took us about three weeks and 40 tickets, and nobody wants to go through it again.")
        #expect(talk.finish().having(.valueGiven) == ["python 3.13 then"])
    }

    @Test mutating func objectionsAndTheirAnswersAreKnown() {
        talk.says(.user, "No, keep the port.")
        talk.says(.assistant, "The port stays at 8080.")
        talk.says(.assistant, "Nothing else changed.")
        let found = talk.finish()
        #expect(found.having(.objection) == ["No, keep the port."])
        #expect(found.having(.answersObjection) == ["The port stays at 8080."])
    }

    @Test mutating func aPersonAnswersAQuestion() {
        talk.says(.user, "Fix the cache.")
        talk.says(.assistant, "There are two ways. Which one do you want?")
        talk.says(.user, "The second one.")
        talk.says(.assistant, "Fine.")
        talk.says(.user, "Thanks for that.")
        #expect(talk.finish().having(.answersQuestion) == ["The second one."])
    }

    @Test mutating func closingAnswerAndToolAreKnown() {
        talk.says(.user, "Fix the cache.")
        talk.says(.assistant, "I will look into it.")
        talk.usesTool()
        talk.says(.assistant, "The lock was stale.")
        talk.says(.user, "And the docs?")
        talk.says(.assistant, "They are done.")
        let found = talk.finish()
        #expect(found.having(.turnFirst) == ["Fix the cache."])
        #expect(found.having(.turnAnswer) == ["I will look into it.", "They are done."])
        #expect(found.having(.turnBeforeTool) == ["I will look into it."])
        #expect(found.having(.turnAfterTool) == ["The lock was stale."])
        #expect(found.having(.turnClosing) == ["The lock was stale.", "They are done."])
        #expect(found.having(.turnLast) == ["They are done."])
        #expect(found.having(.turnClosingLong) == [])
    }

    @Test mutating func aLongClosingMessageIsKnown() {
        talk.says(.assistant, "The lock was stale. " + String(repeating: "It took long to find. ", count: 20))
        #expect(talk.finish().having(.turnClosingLong).first == "The lock was stale.")
    }

    @Test mutating func aPromptThatWasQueuedCountsOnce() {
        talk.says(.assistant, "The compiler is too old.")
        talk.says(.user, "We never use npm here.", isQueued: true)
        talk.says(.assistant, "Understood, yarn it is.")
        talk.says(.user, "We never use npm here.")
        let found = talk.finish()
        #expect(found.candidates.first { $0.statement.contains("npm") }?.sightingCount == 1)
    }

    @Test mutating func wordsTypedTwiceCountTwice() {
        talk.says(.user, "We never use npm here.")
        talk.says(.assistant, "Understood, yarn it is.")
        talk.says(.user, "We never use npm here.")
        let found = talk.finish()
        #expect(found.candidates.first { $0.statement.contains("npm") }?.sightingCount == 2)
        #expect(found.having(.turnClosing) == ["Understood, yarn it is."])
    }

    @Test mutating func theSameWordsAreOneCandidateWithAllPlaces() {
        talk.says(.assistant, "The lock file is stale.")
        talk.says(.user, "fine")
        talk.says(.assistant, "The **lock file** is stale.")
        let lock = talk.finish().candidates.filter { $0.statement == "The lock file is stale." }
        #expect(lock.count == 1)
        #expect(lock.first?.sightingCount == 2)
        #expect([lock.first?.sighting.line, lock.first?.otherSightings.first?.line] == [1, 3])
    }

    @Test mutating func whatIsSaidAgainIsMarked() {
        talk.says(.assistant, "The stale lock file blocks the release build.")
        talk.says(.user, "fine")
        talk.says(.assistant, "As said, the stale lock file blocks the release build on Linux.")
        talk.says(.user, "and the unrelated dashboard colours?")
        let found = talk.finish()
        #expect(found.having(.repeatRelated).count == 2)
        #expect(found.having(.repeatLater) == ["The stale lock file blocks the release build."])
        #expect(found.having(.repeatContained).first == "The stale lock file blocks the release build.")
    }

    @Test mutating func toolOutputWithoutRulesGivesNothing() {
        talk.usesTool(output: "14 tests, 0 failures")
        #expect(talk.finish().statements == [])
    }
}
