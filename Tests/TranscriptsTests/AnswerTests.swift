import Memories
import Testing
import Transcripts

@Suite struct AnswerTests {
    static let content =
        #""User has answered your questions: \"Which port?\"=\"8080, no other\", \"Fix \"it\" now?\"=\"yes\". You can now continue with the user's answers in mind.""#

    @Test func rendersAnswersOfTheStructuredResult() {
        let reading = Reading(
            toolUse("q", "AskUserQuestion"),
            toolResult(
                "q", Self.content,
                more:
                    #","toolUseResult":{"questions":[{"question":"Which port?"}],"answers":{"Which port?":"8080, no other","Which \"colours\"?":["red","blue"],"Skipped?":null}}"#
            ))
        #expect(reading.texts == ["Which port? → 8080, no other\nWhich \"colours\"? → red, blue"])
        #expect(reading.blocks.first?.isAnswer == true)
        #expect(reading.blocks.first?.role == .tool)
    }

    @Test func rendersAnswersOfTheText() {
        let reading = Reading(toolUse("q", "AskUserQuestion"), toolResult("q", Self.content))
        #expect(reading.texts == ["Which port? → 8080, no other\nFix \"it\" now? → yes"])
        #expect(reading.blocks.first?.isAnswer == true)
    }

    @Test func keepsWhatAPersonSaidWhenDeclining() {
        let declined =
            "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file)."
        let reading = Reading(
            toolUse("e", "Edit"),
            toolResult(
                "e",
                quoted(
                    declined
                        + " To tell you how to proceed, the user said:\nno, use the fixture\n\nNote: The user's next message may contain a correction."
                ), isError: true),
            toolUse("f", "Edit"),
            toolResult("f", quoted(declined + " STOP what you are doing and wait."), isError: true))
        #expect(reading.texts == ["no, use the fixture"])
        #expect(reading.blocks.first?.isAnswer == true)
        #expect(reading.blocks.first?.toolName == "Edit")
    }
}
