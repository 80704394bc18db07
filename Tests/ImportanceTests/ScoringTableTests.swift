import Memories
import RulePacks
import Testing

@Suite struct ScoringTableTests {
    static let sound = """
        format: 1
        version: 1.2.0
        threshold: 0.7
        limit: 60
        step: 0.02
        overlap: {free: 0.15, weight: 2}
        join: {threshold: 0.2, words: 75}
        bias: {all: -1.87, user: 0.42}
        cues:
          anywhere:
            cause: [Root  Cause, 'doesn''t']
          opening:
            cause: [because]
        weights:
          number: 0.25
          cue.cause: {all: 0.1, tool: -0.05}
          opening.cause: -1
        categories:
          bug: {bias: 0.5, cue.cause: 0.25}
        importance:
          number: 0.5

        """

    private func table(_ text: String) throws(RulePackErrors) -> ScoringTable {
        try ScoringTable(parsing: Array(text.utf8), file: "scoring.yaml", features: ["number", "question"])
    }

    @Test func everyValueIsRead() throws {
        let table = try table(Self.sound)
        #expect(table.version == "1.2.0")
        #expect(table.threshold == 700)
        #expect(table.maximumPerTranscript == 60)
        #expect(table.thresholdStep == 20)
        #expect(table.overlap == .init(free: 150, weight: 2000))
        #expect(table.joining == .init(threshold: 200, words: 75))
        #expect(table.bias == .init(shared: -1870, extra: [.user: 420]))
        #expect(table.cues.map(\.featureName) == ["cue.cause", "opening.cause"])
        #expect(table.cues.first?.phrases == ["root cause", "doesn't"])
        #expect(
            table.weights == [
                "number": .init(shared: 250), "cue.cause": .init(shared: 100, extra: [.tool: -50]),
                "opening.cause": .init(shared: -1000),
            ])
        #expect(table.categories == [.bug: ["bias": 500, "cue.cause": 250]])
        #expect(table.importance == ["number": 500])
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        var old: String
        var new: String
        var message: String
        var testDescription: String { new }
    }

    @Test(
        "What is wrong is told at its place",
        arguments: [
            Wrong(
                old: "  number: 0.25", new: "  numbr: 0.25",
                message: """
                    scoring.yaml:15:3: error: unknown key `numbr` in `weights`
                      numbr: 0.25
                      ^
                    help: did you mean `number`?

                    """),
            Wrong(
                old: "cue.cause: 0.25}", new: "cue.cuase: 0.25}",
                message: """
                    scoring.yaml:19:20: error: unknown key `cue.cuase` in `bug`
                      bug: {bias: 0.5, cue.cuase: 0.25}
                                       ^
                    help: did you mean `cue.cause`?

                    """),
            Wrong(
                old: "  number: 0.5\n", new: "  qestion: 0.5\n",
                message: """
                    scoring.yaml:21:3: error: unknown key `qestion` in `importance`
                      qestion: 0.5
                      ^
                    help: did you mean `question`?

                    """),
            Wrong(
                old: "words: 75", new: "words: 0",
                message: """
                    scoring.yaml:7:31: error: `words` is `0`
                    join: {threshold: 0.2, words: 0}
                                                  ^
                    help: it must lie between 1 and 1000.

                    """),
            Wrong(
                old: "limit: 60\n", new: "",
                message: """
                    scoring.yaml:1:1: error: missing key `limit`
                    format: 1
                    ^
                    help: add `limit:`.

                    """),
            Wrong(
                old: "limit: 60", new: "limit: many",
                message: """
                    scoring.yaml:4:8: error: `limit` must be a whole number
                    limit: many
                           ^
                    help: write digits alone, as in `1`.

                    """),
            Wrong(
                old: "number: 0.25", new: "number: 1001",
                message: """
                    scoring.yaml:15:11: error: `number` is `1001`
                      number: 1001
                              ^
                    help: it must lie between -1000 and 1000.

                    """),
            Wrong(
                old: "format: 1", new: "format: 2",
                message: """
                    scoring.yaml:1:9: error: this pack needs a newer ccmem: it has format 2
                    format: 2
                            ^
                    help: this ccmem reads formats up to 1; update ccmem, or use an older version of the pack.

                    """),
            Wrong(
                old: "  bug:", new: "  bugs:",
                message: """
                    scoring.yaml:19:3: error: unknown key `bugs` in `categories`
                      bugs: {bias: 0.5, cue.cause: 0.25}
                      ^
                    help: did you mean `bug`?

                    """),
            Wrong(
                old: "  opening:", new: "  begin:",
                message: """
                    scoring.yaml:12:3: error: unknown key `begin` in `cues`
                      begin:
                      ^

                    """),
            Wrong(
                old: "tool: -0.05", new: "robot: -0.05",
                message: """
                    scoring.yaml:16:25: error: unknown key `robot` in `cue.cause`
                      cue.cause: {all: 0.1, robot: -0.05}
                                            ^

                    """),
        ])
    func wrong(_ example: Wrong) throws {
        let text = Self.sound.replacing(example.old, with: example.new)
        try #require(text != Self.sound)
        let errors = #expect(throws: RulePackErrors.self) { try table(text) }
        let message = DiagnosticRenderer(file: "scoring.yaml", text: Array(text.utf8)).render(try #require(errors))
        #expect(message == example.message)
    }
}
