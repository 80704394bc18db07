import TestSupport
import Testing

@testable import PCRE2

/// Patterns that would run for hours are stopped by counts. The time is asserted with a wide margin: without limits each
/// of these needs minutes or more.
@Suite struct MatchLimitsTests {
    struct Hostile: Sendable, CustomTestStringConvertible {
        var pattern: String
        var subject: String
        var testDescription: String { "\(pattern) on \(subject.utf8.count) bytes" }

        static let all = [
            Hostile(pattern: "(a+)+[^a!]", subject: String(repeating: "a", count: 20_000) + "!"),
            Hostile(pattern: "(a|aa)+$", subject: String(repeating: "a", count: 60_000) + "b"),
            Hostile(pattern: "(.*)*[xy]", subject: String(repeating: "ab ", count: 20_000)),
            Hostile(pattern: #"^(\w+\s?)*$"#, subject: String(repeating: "word ", count: 10_000) + "!"),
            Hostile(pattern: "(x+x+)+[yz]", subject: String(repeating: "x", count: 60_000)),
            // Stays below 50,000 steps at each start position: only the sum over all of them hurts.
            Hostile(pattern: "(a+)+[^a!]", subject: String(repeating: "aaaaaaaaaaaaaaa!", count: 4_000)),
            Hostile(pattern: "(a+)+[^a!]", subject: String(repeating: "aaaaaaaaa!", count: 6_500)),
            Hostile(pattern: #"(?:.*?,){3}(?:.*?;)"#, subject: String(repeating: "word, ", count: 10_000)),
            Hostile(pattern: #"(?s).*?.*?.*?[;|]"#, subject: String(repeating: "word, ", count: 10_000)),
            Hostile(pattern: "(?:a?){14}a{14}[bc]", subject: String(repeating: "aaaaaaaaaaaaaaaa!", count: 3_800)),
        ]
    }

    @Test("A hostile pattern is stopped", arguments: Hostile.all, [Pattern.Engine.fastest, .interpreter])
    func stopped(hostile: Hostile, engine: Pattern.Engine) throws {
        let pattern = try Pattern(hostile.pattern, engine: engine)
        let workspace = MatchWorkspace()
        var outcome = MatchOutcome.noMatch
        let time = processorTime { outcome = pattern.match(hostile.subject, in: workspace) }
        if case .match = outcome { Issue.record("a match that cannot be") }
        #expect(time < .seconds(1))
    }

    @Test func aDeepMatchEndsAtTheStackOfTheJITCompilerOrAtTheDepthOfTheInterpreter() throws {
        let subject = String(repeating: "a", count: 60_000) + "b"
        let compiled = try Pattern("(a|aa)+$").match(subject, in: MatchWorkspace())
        #expect(compiled == .limitExceeded(Pattern.hasJIT ? .jitStack : .steps))
        let deep = MatchWorkspace(limits: MatchLimits(stepsInAll: .max))
        let interpreted = try Pattern("(a|aa)+$", engine: .interpreter).match(subject, in: deep)
        #expect(interpreted == .limitExceeded(.depth))
    }

    @Test func aLongSubjectIsRefused() throws {
        let pattern = try Pattern("a")
        let workspace = MatchWorkspace(limits: MatchLimits(subjectLength: 10))
        #expect(pattern.match("01234567890", in: workspace) == .tooLong(bytes: 11))
        #expect(pattern.match("0123456789", in: workspace) == .noMatch)
    }

    @Test func aPatternCannotRaiseItsLimits() throws {
        let pattern = try Pattern("(*LIMIT_MATCH=4000000000)(a+)+[^a!]", engine: .interpreter)
        #expect(
            pattern.match(String(repeating: "a", count: 1_000), in: MatchWorkspace()) == .limitExceeded(.steps))
    }

    @Test func longSubjectsGetFewerStepsForEachStart() {
        let limits = MatchLimits.standard
        #expect(limits.steps(forLength: 0) == 50_000)
        #expect(limits.steps(forLength: 500) == 50_000)
        #expect(limits.steps(forLength: 5_000) == 5_000)
        #expect(limits.steps(forLength: 65_536) == 1_000)
    }
}
