import Memories
import Testing

@testable import Transcripts

@Suite struct BlockStructureTests {
    @Test(
        "A list marker is not part of the item",
        arguments: [
            "- ", "* ", "+ ", "• ", "1. ", "12. ", "3) ", "a) ", "b. ", "- [ ] ", "- [x] ", "  - ", "\t- ",
        ])
    func marker(_ marker: String) {
        #expect(Cut("\(marker)keep the port at 8080").kinds == ["item: keep the port at 8080"])
    }

    @Test("These begin no item", arguments: ["-keep the port", "1.5 seconds is too long", "2024 was a good year"])
    func noMarker(_ text: String) {
        #expect(Cut(text).kinds == [text])
    }

    @Test func anItemGoesOnInIndentedLines() {
        let cut = Cut("- keep the port\n  as it is now\n- drop redis\nand then test it")
        #expect(cut.kinds == ["item: keep the port as it is now", "item: drop redis", "and then test it"])
    }

    @Test func anItemOfTwoSentencesGivesTwoSegments() {
        let cut = Cut("1. Keep the port. It is in the docs.\n2. Drop redis.")
        #expect(cut.kinds == ["item: Keep the port.", "item: It is in the docs.", "item: Drop redis."])
        #expect(cut.text.segments.map(\.sentenceIndex) == [0, 1, 0])
    }

    @Test func headingsAndLabelsAreKnownToWhatStandsUnderThem() {
        let cut = Cut(
            """
            Before it.
            ## **Errors and fixes:**
            The cache was stale.
            **Root cause:**
            - A missing lock.
            ### Next ##
            Add tests.
            """)
        #expect(
            cut.places == [
                " /  / Before it.",
                "Errors and fixes /  / The cache was stale.",
                "Errors and fixes /  / **Root cause:**",
                "Errors and fixes / **Root cause:** / A missing lock.",
                "Next /  / Add tests.",
            ])
    }

    @Test func theSentenceAboveAPersonsListIsTheLabelOfItsItems() {
        let text =
            "Do the export first. Some rules for it:\n\n- no bash\n- money is Decimal\n\nThen push.\n\n- later\n\nConventions\n- snake_case"
        #expect(
            Cut(text, role: .user).places == [
                " /  / Do the export first.", " /  / Some rules for it:", " / Some rules for it: / no bash",
                " / Some rules for it: / money is Decimal", " /  / Then push.", " /  / later", " /  / Conventions",
                " / Conventions / snake_case",
            ])
        // The assistant has headings and bold lines for that, and short lines that stand alone.
        #expect(
            Cut("Still open:\n- no bash", role: .assistant).places == [" /  / Still open:", " / Still open: / no bash"])
        #expect(
            Cut("I saw it. Some rules:\n- no bash", role: .assistant).places == [
                " /  / I saw it.", " /  / Some rules:", " /  / no bash",
            ])
    }

    @Test(
        "A line that is bold as a whole is a label",
        arguments: ["**Root cause**", "**Root cause:**", "**Root cause**:"])
    func label(_ line: String) {
        #expect(Cut("\(line)\n\nIt broke.").kinds == ["label: \(line)", "It broke."])
    }

    @Test(
        "A bold beginning is no label",
        arguments: ["**Cause**: a stale cache.", "**One thing** stays and **another** goes"])
    func noLabel(_ line: String) {
        #expect(Cut(line).kinds == [line])
    }

    struct Fenced: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var text: String
        var segments: [String]
        var lines: Int

        init(_ why: String, _ text: String, _ segments: [String], lines: Int) {
            testDescription = why
            self.text = text
            self.segments = segments
            self.lines = lines
        }
    }

    @Test(
        "Fenced code is left out",
        arguments: [
            Fenced("plain", "Run it.\n```\nalways fail here\n```\nDone now.", ["Run it.", "Done now."], lines: 3),
            Fenced(
                "with a language", "Run it.\n```sh\nnever do this\n```\nDone now.", ["Run it.", "Done now."], lines: 3),
            Fenced("unclosed", "Run it.\n```\nalways fail here\n\nand here", ["Run it."], lines: 4),
            Fenced(
                "tildes around ticks", "One is.\n~~~\n```\nin here\n```\n~~~\nTwo is.", ["One is.", "Two is."], lines: 5
            ),
            Fenced(
                "ticks around tildes", "One is.\n```\n~~~\nin here\n```\nTwo is.", ["One is.", "Two is."], lines: 4),
            Fenced(
                "indented in a list", "- one is\n  ```\n  in here\n  ```\n- two is", ["one is", "two is"], lines: 3),
            Fenced(
                "four ticks around three", "One is.\n````md\nfirst text\n```js\nin here\n```\nlast text\n````\nTwo is.",
                ["One is.", "Two is."], lines: 7),
            Fenced(
                "a language does not close", "One is.\n```\nin here\n```js\nin here too\n```\nTwo is.",
                ["One is.", "Two is."],
                lines: 5),
            Fenced(
                "ticks on one line are a code span", "```make test``` is the command.\nTwo is.",
                ["```make test``` is the command.", "Two is."], lines: 0),
        ])
    func fence(_ example: Fenced) {
        let cut = Cut(example.text)
        #expect(cut.segments == example.segments)
        #expect(cut.text.excluded(.codeFence) == example.lines)
    }

    @Test func whatIsNoProseIsCountedAndLeftOut() {
        let cut = Cut(
            """
            The first sentence.
            | name | value |
            |------|-------|
            | port | 8080  |
            > Someone else said that it must be so.
            The middle sentence.
            diff --git a/x b/x
            index 3f2a1bc..9d8e7f6 100644
            --- a/x
            +++ b/x
            @@ -1,3 +1,3 @@ func main

            The last sentence.
            """)
        #expect(cut.segments == ["The first sentence.", "The middle sentence.", "The last sentence."])
        #expect(cut.excluded == [.table: 3, .quotation: 1, .diff: 5])
    }

    @Test("A rule between paragraphs is nothing", arguments: ["---", "***", "=====", "___", "──────"])
    func rule(_ line: String) {
        let cut = Cut("One is here.\n\(line)\nTwo is here.")
        #expect(cut.segments == ["One is here.", "Two is here."])
        #expect(cut.excluded == [:])
    }

    struct Trace: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var lines: String
    }

    static let traces = [
        Trace(
            testDescription: "Python",
            lines: """
                Traceback (most recent call last):
                  File "/app/main.py", line 12, in <module>
                    run(config)
                  File "/app/run.py", line 40, in run
                    raise ValueError(text)
                ValueError: invalid literal for int() with base 10: 'x'
                """),
        Trace(
            testDescription: "JavaScript",
            lines: """
                TypeError: Cannot read properties of undefined (reading 'map')
                    at Object.render (/app/src/List.jsx:14:23)
                    at processTicksAndRejections (node:internal/process/task_queues:95:5)
                    at async /app/src/index.js:3:1
                """),
        Trace(
            testDescription: "Java",
            lines: """
                Exception in thread "main" java.lang.IllegalStateException: queue is closed
                    at com.example.Queue.take(Queue.java:88)
                    at com.example.Main.main(Main.java:12)
                Caused by: java.io.IOException: broken pipe
                    ... 3 more
                """),
        Trace(
            testDescription: "Go",
            lines: """
                panic: runtime error: index out of range [3] with length 3

                goroutine 1 [running]:
                main.process(0xc00001c0a8, 0x4, 0x4)
                    /app/main.go:21 +0x1d
                """),
    ]

    @Test("A pasted stack trace leaves the typed words", arguments: traces)
    func stackTrace(_ trace: Trace) {
        let cut = Cut(
            "when i start the worker it dies with this\n\n\(trace.lines)\n\nplease make it retry instead of dying",
            role: .user)
        #expect(
            cut.segments == ["when i start the worker it dies with this", "please make it retry instead of dying"])
    }

    @Test("Frames of a stack trace are no prose of anyone", arguments: traces)
    func frames(_ trace: Trace) {
        let cut = Cut(trace.lines)
        #expect(!cut.segments.contains { $0.contains("main") && $0.contains("(") && !$0.contains("thread") })
    }
}
