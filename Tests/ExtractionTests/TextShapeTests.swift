import Testing

@testable import Extraction

@Suite struct TextShapeTests {
    @Test func countsWhatATextIsMadeOf() {
        let shape = shape("Set `PORT` to 8080, `HOST` to 10, and restart.")
        #expect(shape.words == 9)
        #expect(shape.codeSpans == 2)
        #expect(shape.numbers == 2)
        #expect(shape.commas == 2)
        #expect(shape.lastMark == UInt8(ascii: "."))
    }

    @Test(
        "The last mark is the one before closing markup",
        arguments: [
            ("It works.", "."), ("**It works:**", ":"), ("(does it?)", "?"), ("_Stop!_ ", "!"), ("no mark", "k"),
        ])
    func lastMark(_ text: String, _ mark: Character) {
        #expect(shape(text).lastMark == mark.asciiValue)
    }

    @Test(
        "The words begin behind markup",
        arguments: [("**Let me** see", 2), ("\"no\", he said", 1), ("- ", 2), ("größe", 0)])
    func openingOffset(_ text: String, _ offset: Int) {
        #expect(shape(text).openingOffset == offset)
    }

    @Test("An identifier", arguments: ["call makeWorker here", "snake_case wins", "run() it", "the userID"])
    func identifier(_ text: String) { #expect(shape(text).hasIdentifier) }

    @Test("No identifier", arguments: ["call it here", "HTTP only", "_emphasis_ here", "run (it)"])
    func noIdentifier(_ text: String) { #expect(!shape(text).hasIdentifier) }

    @Test("A path", arguments: ["in src/main now", "edit main.swift", "see `config.yaml`.", "the README.md,"])
    func path(_ text: String) { #expect(shape(text).hasPath) }

    @Test("No path", arguments: ["it is 3/4 done", "version 1.2", "end. Next", "e.g. this", "10 / 2"])
    func noPath(_ text: String) { #expect(!shape(text).hasPath) }

    @Test(
        "A count", arguments: ["12 tests pass", "0 failures", "3/4 are done", "95% of it", "1,024 files", "2 errors."])
    func count(_ text: String) { #expect(shape(text).hasCount) }

    @Test("No count", arguments: ["port 8080 stays", "the tests pass", "test 12 ways", "p95 rises"])
    func noCount(_ text: String) { #expect(!shape(text).hasCount) }

    @Test func seesSymbols() {
        #expect(shape("a -> b").hasArrow)
        #expect(shape("a → b").hasArrow)
        #expect(!shape("a > b - c").hasArrow)
        #expect(shape("✅ done").hasCheckMark)
        #expect(shape("❌ broken").hasCrossMark)
        #expect(shape("done 🎉").hasParty)
        #expect(shape("done 🚀").hasParty)
        #expect(shape("Cause: a lock").hasColonInside)
        #expect(shape("cause — a lock").hasColonInside)
        #expect(!shape("at 10:30").hasColonInside)
        #expect(shape("NEVER do it").hasCapitals)
        #expect(!shape("Do IT now").hasCapitals)
        #expect(shape("say “no”").hasQuotes)
        #expect(shape("the **bold** one").hasBold)
        #expect(!shape("a * b").hasBold)
    }

    @Test("Nothing breaks it", arguments: ["", " ", "`", "**", "?", "\u{E9}", "→", "🎉", ".", "1", "/", "12 "])
    func edges(_ text: String) {
        #expect(shape(text).words <= 1)
    }
}
