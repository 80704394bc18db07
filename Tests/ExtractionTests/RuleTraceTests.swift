import Memories
import RulePacks
import Testing

@testable import Extraction

/// What one rule makes of a text, and how far it gets.
@Suite struct RuleTraceTests {
    static func rule(_ change: (inout String) -> Void = { _ in }) throws -> Rule {
        var text = """
            pack: a
            format: 1
            version: 1.0.0
            summary: s
            rules:
              - id: note.a
                category: note
                summary: s
                roles: [user]
                keywords: [went with]
                pattern: '(?i)(?<who>we|they) (?&KEYWORD) (?<what>[\\w ]{2,40}) over (?<other>\\w+)'
                fields: {who: phrase, what: phrase, other: phrase}
                statement: '{who}: {what}'
                key: '{who}'
                exceptions:
                  - {why: a question, context: '\\?$'}
                  - {why: a joke, match: 'bananas'}
                examples:
                  match:
                    - {text: We went with the cat over dogs., statement: 'We: cat', key: we}
                  reject:
                    - {text: We went with the cat over dogs?, why: a question}

            """
        change(&text)
        return try RulePack(parsing: text, file: "a.yaml").rules[0]
    }

    @Test func aMatchIsTracedToItsStatement() throws {
        let trace = RuleTracer(rule: try Self.rule()).trace("Then they went with the red cat over dogs.", role: .user)
        #expect(trace.readsRole)
        #expect(trace.keywords == ["went with"])
        let attempt = try #require(trace.attempts.first)
        #expect(attempt.text == "they went with the red cat over dogs")
        #expect(attempt.captures.map(\.trimmed) == ["they", "red cat", "dogs"])
        #expect(attempt.captures[1].raw == "the red cat")
        #expect(attempt.statement == "they: red cat")
        #expect(attempt.key == "note:they")
        #expect(attempt.exceptions == [])
        #expect(trace.reach == nil)
    }

    @Test func allExceptionsAreTold() throws {
        let trace = RuleTracer(rule: try Self.rule()).trace("We went with bananas over dogs?", role: .assistant)
        #expect(!trace.readsRole)
        #expect(trace.attempts.first?.exceptions == ["a question", "a joke"])
        let match = RuleTracer(rule: try Self.rule()).trace("We went with red bananas over dogs", role: .user)
        #expect(match.attempts.first?.exceptions == ["a joke"])
    }

    @Test func thePatternIsFollowedAsFarAsItGets() throws {
        let trace = RuleTracer(rule: try Self.rule()).trace("We went with the cat instead.", role: .user)
        let reach = try #require(trace.reach)
        #expect(reach.text == "We went with the cat ")
        #expect(reach.element == "over")
        let none = RuleTracer(rule: try Self.rule()).trace("Nothing.", role: .user)
        #expect(none.reach == nil)
        #expect(!none.isWoken)
    }

    @Test func aHeadingIsAskedFor() throws {
        let rule = try Self.rule { $0 = $0.replacing("fields:", with: "under: '(?i)choices'\n    fields:") }
        let tracer = RuleTracer(rule: rule)
        #expect(tracer.trace("We went with a cat over dogs", role: .user, under: ["", "Our Choices"]).isUnder == true)
        #expect(tracer.trace("We went with a cat over dogs", role: .user).isUnder == false)
    }

    // MARK: - Examples

    private func verdicts(_ change: (inout String) -> Void = { _ in }) throws -> [ExampleVerdict] {
        ExampleRunner(rules: [try Self.rule(change)]).results(of: 0).map(\.verdict)
    }

    @Test func examplesPass() throws { #expect(try verdicts() == [.passed, .passed]) }

    @Test func anExampleFailsForItsOwnReason() throws {
        let keyword = try verdicts { $0 = $0.replacing("keywords: [went with]", with: "keywords: [chose]") }
        #expect(keyword.first == .missing(.noKeyword))
        let pattern = try verdicts { $0 = $0.replacing(" over (", with: " under (") }
        #expect(pattern == [.missing(.noMatch), .passed])
        let exception = try verdicts { $0 = $0.replacing("'bananas'", with: "'cat'") }
        #expect(exception.first == .missing(.excepted(why: "a joke")))
        let noisy = try verdicts { $0 = $0.replacing("'\\?$'", with: "'!$'") }
        #expect(noisy.last == .noisy(statement: "We: cat"))
        let statement = try verdicts { $0 = $0.replacing("'We: cat'", with: "'We: dog'") }
        #expect(statement.first == .wrongStatement(expected: "We: dog", actual: "We: cat"))
        let key = try verdicts { $0 = $0.replacing("key: we}", with: "key: they}") }
        #expect(key.first == .wrongKey(expected: "they", actual: "we"))
        let stopped = try verdicts { $0 = $0.replacing(" over (?<other>\\w+)", with: "(?<other>(?:\\w+\\W?)+x)") }
        #expect(stopped.first == .missing(.noMatch) || stopped.first == .stopped)
    }

    // MARK: - Structure of patterns

    @Test func aPatternIsCutIntoItsElements() {
        let tree = PatternTree(#"(?xi) \b went \s+ (?: a | b )+ [^x]{2,} | ^c"#)
        #expect(tree.alternatives.count == 2)
        #expect(tree.alternatives[0].count == 9)
        #expect(tree.alternatives[0][7].most == nil)
        #expect(tree.alternatives[0][8].least == 2)
        #expect(PatternTree("a{3}b?c*+").alternatives[0].map(\.most) == [3, 1, nil])
        #expect(PatternTree("(?x:a b)c d").alternatives[0].count == 4, "a flag of a group ends with it")
        // Whatever it is, it ends.
        for broken in ["(", "[", "\\", "(?<", "a{", "(?", "(?&", ")))", "[[:", "(?#", "\\Q", "(*", "(?(", "[^]"] {
            _ = PatternTree(broken)
        }
    }
}
