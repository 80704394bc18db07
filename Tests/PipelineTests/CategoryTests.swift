import BuiltInRules
import Memories
import RulePacks
import TestSupport
import Testing

@testable import Pipeline

/// What decides the category and the importance of a memory.
@Suite struct CategoryTests {
    private let because = """
          - id: because
            category: bug
            summary: A cause.
            roles: [user, assistant]
            keywords: [because]
            pattern: '\\b(?&KEYWORD)\\b'
            statement: '{sentence}'
            importance: {base: 2}

        """
    private let never = """
          - id: never
            category: constraint
            summary: A ban.
            roles: [user, assistant]
            keywords: [never]
            pattern: '\\b(?&KEYWORD)\\b'
            statement: '{sentence}'

        """

    private func plan(_ yaml: String, change: @escaping (inout ScoringTable) -> Void = { _ in }) throws
        -> ExtractionPlan
    {
        try ExtractionPlan.simple(yaml, threshold: 500) { table in
            table.categories = [
                .bug: ["speaksBug": 800], .arch: ["code": 1000], .constraint: ["speaksConstraint": 800],
            ]
            change(&table)
        }
    }

    @Test func theRuleThatSpeaksIsOneFeatureAmongMany() throws {
        let found = try plan(because).extract { talk in
            talk.assistant("The loader waits at night because nobody wakes it.")
            talk.assistant("The `loader` reads the index first because that is small.")
        }
        #expect(found.memories.map(\.category) == [.bug, .arch])
        #expect(found.memories.map { $0.rule?.id } == ["because", "because"])
    }

    @Test func aStatementWithAKeyKeepsTheCategoryOfItsRule() throws {
        let found = try plan(portRule) { $0.categories[.arch] = ["number": 9000] }.extract {
            $0.assistant("The web port is 8080.")
        }
        #expect(found.memories.map(\.category) == [.config])
    }

    @Test func importanceIsTheSumOfItsFeaturesAndOfTheCategory() throws {
        func level(_ importance: [String: Int]) throws -> Int? {
            try plan(because) { $0.importance = importance }
                .extract { $0.assistant("The loader waits at night because nobody wakes it.") }
                .memories.first?.importance.level
        }
        #expect(try level([:]) == 3, "the base of a rule of the product does not count")
        #expect(try level(["bias": 1000]) == 1)
        #expect(try level(["bias": 1000, "categoryBug": 3000, "categoryArch": 9000]) == 4)
        #expect(try level(["bias": 1000, "categoryBug": 3000, "speaksBug": 600]) == 5)
    }

    @Test func whatAPersonSaysOfTheirOwnRuleStands() throws {
        let pack = """
            pack: mine
            format: 1
            version: 0.1.0
            summary: Ours.
            rules:
              - id: task.gizmo
                category: task
                summary: A gizmo.
                roles: [assistant]
                keywords: [gizmo]
                pattern: '(?&KEYWORD) fails because .+'
                statement: '{sentence}'
                importance: {base: 5}
            """
        let plan = try ExtractionPlan(
            builtIn: BuiltInRules.packs, added: [("mine.yaml", Array(pack.utf8))], scoring: BuiltInRules.scoring)
        let found = plan.extract {
            $0.assistant("The root cause: the gizmo fails because of a wrong, stale exception.")
        }
        #expect(found.memories.map(\.category) == [.task])
        #expect(found.memories.map(\.importance.level) == [5])
    }

    @Test func aRuleThatAPersonSetsDoesNotTakeInTheFaultBeforeIt() throws {
        func said(_ text: String) throws -> [String] {
            let plan = try plan(never) { table in
                table.joining = .init(threshold: 0, words: 60)
                table.categories[.bug] = ["bias": 100]
            }
            return plan.extract { $0.user(text) }.contents
        }
        let task = "the import loses readings, find out why."
        let rule = "never write to the disk from a test"
        #expect(try said("\(task)\n\n\(rule)") == [rule, task])
        let reason = "the disk is too small for all of that"
        #expect(try said("\(rule)\n\n\(reason)") == ["\(rule). \(reason)"])
    }
}
