import Memories
import Testing

@testable import Extraction

/// What the other sentences of a message, and what was said before, tell of a sentence.
@Suite struct MessageContextTests {
    private var talk = Conversation()

    @Test mutating func whatTheAnswerTakesBackIsRetracted() {
        talk.says(.user, "Why is the nightly build red?")
        talk.says(.assistant, "The compiler of the build image is too old.")
        talk.says(.assistant, "The docs are published.")
        talk.says(.user, "Is the compiler of that image really old?")
        talk.says(.assistant, "You're right, the compiler in the image is current.")
        let found = talk.finish()
        #expect(found.having(.retracted) == ["The compiler of the build image is too old."])
    }

    @Test mutating func onlyAnAnswerRetractsTheTurnBefore() {
        talk.says(.assistant, "The compiler of the build image is too old.")
        talk.says(.user, "Is the compiler of that image really old?")
        talk.says(.assistant, "I look at the image.")
        talk.usesTool()
        talk.says(.assistant, "Wait, the compiler in the image is current.")
        #expect(talk.finish().having(.retracted) == [])
    }

    @Test mutating func aPersonsWordsAreNotRetracted() {
        talk.says(.user, "The compiler of the build image is too old.")
        talk.says(.assistant, "You're right, the compiler of the build image is too old.")
        #expect(talk.finish().having(.retracted) == [])
    }

    @Test mutating func whatAPersonSaidIsEchoed() {
        talk.says(.user, "The footer shows the project name in green.")
        talk.says(.assistant, "The footer now shows the project name in green, the header is as it was.")
        talk.says(.assistant, "The index is built in the background.")
        let found = talk.finish()
        #expect(
            found.having(.echoesUser) == ["The footer now shows the project name in green, the header is as it was."])
        #expect(found.having(.echoed) == ["The footer shows the project name in green."])
    }

    @Test mutating func theAssistantDoesNotEchoItself() {
        talk.says(.assistant, "The footer shows the project name in green.")
        talk.says(.assistant, "The footer now shows the project name in green, the header is as it was.")
        let found = talk.finish()
        #expect(found.having(.echoesUser) == [])
        #expect(found.having(.echoed) == [])
    }

    @Test mutating func aMessageTellsWhatItIsAbout() {
        talk.says(.assistant, "The cache holds two rows. The root cause is a stale key. The docs are still open.")
        talk.says(.assistant, "You're right. The port is free.")
        let found = talk.finish()
        #expect(found.having(.messageDiagnoses).count == 3)
        #expect(found.having(.messageOpens).count == 3)
        #expect(found.having(.messageCorrects) == ["You're right.", "The port is free."])
    }

    @Test mutating func onlyTheSentenceBesideIsMarked() {
        talk.says(.assistant, "The list is long. The reader crashes. It holds no lock. The docs are older.")
        talk.says(.assistant, "The key was stale. It is fixed.")
        let found = talk.finish()
        #expect(found.having(.besideSymptom) == ["The list is long.", "It holds no lock."])
        #expect(found.having(.besideFix) == ["The key was stale."])
    }
}
