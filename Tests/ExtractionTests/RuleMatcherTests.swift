import Memories
import RulePacks
import Testing

@testable import Extraction

@Suite struct RuleMatcherTests {
    private func outcomes(_ yaml: String, on text: String, under: [String] = []) throws -> [RuleOutcome] {
        let matcher = RuleMatcher(rules: try rules(yaml))
        matcher.beginTranscript()
        return Array(text.utf8).withUnsafeBufferPointer { matcher.outcomes(of: 0, on: $0, under: under) }
    }

    static let port = """
          - id: port
            category: config
            summary: A port.
            roles: [user]
            pattern: '(?<name>\\w*) port is (?<number>\\d+)(?: (?<unit>tcp))?'
            fields: {name: phrase, number: quantity, unit: text}
            statement: '{name} port: {number}[ ({unit})]'
            key: '{name} Port.'
            exceptions:
              - why: a guess
                context: maybe
              - why: a trial
                match: is 9

        """

    @Test func fieldsFillStatementAndKey() throws {
        #expect(
            try outcomes(Self.port, on: "The web port is 8080 tcp.") == [
                .match(RuleMatch(rule: 0, range: 4..<24, statement: "web port: 8080 (tcp)", key: "config:web port"))
            ])
    }

    @Test func severalMatchesStandInTheirOrder() throws {
        let found = try outcomes(Self.port, on: "The web port is 1 and the db port is 2.")
        let statements = found.map { outcome in if case .match(let match) = outcome { match.statement } else { "?" } }
        #expect(statements == ["web port: 1", "db port: 2"])
    }

    @Test func noMoreThanFourMatchesAreLookedAt() throws {
        #expect(try outcomes(Self.port, on: String(repeating: "web port is 1, ", count: 9)).count == 4)
    }

    @Test func anExceptionTakesAMatchBack() throws {
        #expect(try outcomes(Self.port, on: "The web port is 8080, maybe.") == [.excepted(rule: 0, why: "a guess")])
    }

    @Test func anExceptionOnTheMatchLooksNowhereElse() throws {
        #expect(try outcomes(Self.port, on: "The web port is 9.") == [.excepted(rule: 0, why: "a trial")])
        let found = try outcomes(Self.port, on: "The web port is 8, what is 9?")
        #expect(found.count == 1 && found != [.excepted(rule: 0, why: "a trial")])
    }

    @Test func anEmptyFieldLeavesTheStatementIncomplete() throws {
        #expect(try outcomes(Self.port, on: " port is 8080") == [.incomplete(rule: 0)])
    }

    @Test(
        "`under` asks the label and the heading",
        arguments: [
            (["Settings", ""], true), (["", "Settings"], true), (["Other", "Settings"], true), (["Other", ""], false),
            ([], false),
        ])
    func under(_ surroundings: [String], matches: Bool) throws {
        let yaml = """
              - id: note
                category: note
                summary: A note.
                roles: [user]
                under: ^Settings$
                pattern: .+
                statement: '{sentence}'

            """
        #expect(try outcomes(yaml, on: "The port is 8080.", under: surroundings).isEmpty != matches)
    }

    // MARK: - Limits

    /// Tries every way to cut a run of `x`, and fails only at its end.
    static let hostile = """
          - id: hostile
            category: note
            summary: Takes too long.
            roles: [user, assistant]
            pattern: '(x+x+)+[yz]'
            statement: '{sentence}'
          - id: harmless
            category: config
            summary: A port.
            roles: [user, assistant]
            pattern: 'port is (?<number>\\d+)'
            fields: {number: quantity}
            statement: 'port {number}'
            key: port

        """
    static let bait = String(repeating: "x", count: 400)

    @Test func aRuleThatTakesTooLongIsOffAfterThreeHitsUntilTheNextTranscript() throws {
        let matcher = RuleMatcher(rules: try rules(Self.hostile))
        func ask(_ text: String) -> Int {
            Array(text.utf8).withUnsafeBufferPointer { matcher.outcomes(of: 0, on: $0, under: []).count }
        }
        matcher.beginTranscript()
        #expect(matcher.limitReports == [])
        #expect(ask("xxy") == 1)
        for hit in 1...3 {
            #expect(ask(Self.bait) == 0)
            #expect(matcher.limitReports == [LimitReport(rule: "hostile", hits: hit, isOff: hit == 3)])
        }
        #expect(ask("xxy") == 0, "it is off")
        _ = ask(Self.bait)
        #expect(matcher.limitReports.first?.hits == 3, "and not asked any more")

        matcher.beginTranscript()
        #expect(matcher.limitReports == [])
        #expect(ask("xxy") == 1, "it is on again")
    }

    @Test func otherRulesGoOn() throws {
        let all = try rules(Self.hostile)
        let alone = all.filter { $0.id == "harmless" }
        func talk(_ rules: [Rule]) -> [Candidate] {
            var talk = Conversation(rules: rules)
            for number in 1...5 {
                talk.says(.user, "Try \(Self.bait.prefix(400 + number)) with it. The port is 808\(number) now.")
                talk.says(.assistant, "Fine.")
            }
            return talk.finish().candidates
        }
        let withHostile = talk(all).filter { $0.statement.hasPrefix("port") }
        #expect(withHostile.map(\.statement) == (1...5).map { "port 808\($0)" })
        #expect(withHostile.map(\.features) == talk(alone).filter { $0.statement.hasPrefix("port") }.map(\.features))
    }
}
