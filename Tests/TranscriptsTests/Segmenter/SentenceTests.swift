import Memories
import Testing

@testable import Transcripts

@Suite struct SentenceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var why: String
        var text: String
        var sentences: [String]

        init(_ why: String, _ text: String, _ sentences: [String]) {
            self.why = why
            self.text = text
            self.sentences = sentences
        }

        var testDescription: String { why }
    }

    static let cases = [
        Case(
            "a sentence ends at . ! ?", "It fails. Why? No idea! We stop.",
            ["It fails.", "Why?", "No idea!", "We stop."]),
        Case(
            "abbreviations do not end one",
            "Use a store, e.g. Redis, i.e. no file, vs. memory etc. for now. Then test.",
            ["Use a store, e.g. Redis, i.e. no file, vs. memory etc. for now.", "Then test."]),
        Case(
            "an abbreviation in parentheses", "Keep it small (e.g. Redis). Done.",
            ["Keep it small (e.g. Redis).", "Done."]),
        Case(
            "decimals and versions hold together", "It takes 1.5 s on 3.11.2 now. Before it was 2.0.",
            ["It takes 1.5 s on 3.11.2 now.", "Before it was 2.0."]),
        Case(
            "file names hold together", "Edit config.yaml and src/main.rs first. Then build.",
            ["Edit config.yaml and src/main.rs first.", "Then build."]),
        Case(
            "a period in a code span ends nothing", "Call `a.b(). Then c` here. Next one.",
            ["Call `a.b(). Then c` here.", "Next one."]),
        Case(
            "a code span at the end", "The flag is `--dry-run.` It prints only.",
            ["The flag is `--dry-run.`", "It prints only."]),
        Case("a code span before the period", "Run `make test`. It is quick.", ["Run `make test`.", "It is quick."]),
        Case("an ellipsis goes on in lower case", "Well... it depends. Sure...", ["Well... it depends.", "Sure..."]),
        Case(
            "an ellipsis ends before a capital", "Hold on... The cache is stale.",
            ["Hold on...", "The cache is stale."]),
        Case(
            "closing quotes belong to the sentence", "He said \"stop.\" Then he left.",
            ["He said \"stop.\"", "Then he left."]),
        Case(
            "typographic quotes close too", "He said “stop.” Then he left.", ["He said “stop.”", "Then he left."]),
        Case(
            "a quotation within a sentence", "He asked “why?” and “when?” and left. Then I did.",
            ["He asked “why?” and “when?” and left.", "Then I did."]),
        Case("Chinese quotation marks close too", "他说：“不要重试。”然后重启（现在！）。", ["他说：“不要重试。”", "然后重启（现在！）", "。"]),
        Case(
            "brackets belong to the sentence", "It works (mostly.) The rest is open.",
            ["It works (mostly.)", "The rest is open."]),
        Case("a bold end", "**It must not retry.** The queue does.", ["**It must not retry.**", "The queue does."]),
        Case("several marks", "Really?! Yes!! Fine.", ["Really?!", "Yes!!", "Fine."]),
        Case(
            "Chinese sentences need no space", "端口改成了8080。不要重试！为什么？因为会超时",
            ["端口改成了8080。", "不要重试！", "为什么？", "因为会超时"]),
        Case(
            "a lower-case sentence counts", "we dropped redis. it was too slow.",
            ["we dropped redis.", "it was too slow."]),
        Case(
            "a soft line break is a space", "The port\nstays as it is.\nIt works.",
            ["The port stays as it is.", "It works."]),
        Case("a blank line ends it", "No period here\n\nNext paragraph", ["No period here", "Next paragraph"]),
        Case(
            "an odd backtick lasts no longer than its paragraph", "It`s broken. Fix it.\n\nOne. Two.",
            ["It`s broken. Fix it.", "One.", "Two."]),
    ]

    @Test("Sentences", arguments: cases)
    func sentences(_ example: Case) {
        #expect(Cut(example.text).segments == example.sentences)
    }

    @Test func sentencesOfAParagraphAreNumbered() {
        let cut = Cut("One is here. Two is here.\n\nThree is here.")
        #expect(cut.text.segments.map(\.sentenceIndex) == [0, 1, 0])
    }

    @Test func nothingGivesNothing() {
        #expect(Cut("").segments == [])
        #expect(Cut(" \n\t\n \n").segments == [])
    }
}
