import BuiltInRules
import Extraction
import Importance
import Memories
import RulePacks
import TestSupport
import Testing

@testable import Pipeline

/// What a person adds is not silenced by weights that were fitted without it.
@Suite struct OwnRuleTests {
    static let pack = """
        pack: mine
        format: 1
        version: 0.1.0
        summary: Ours.
        rules:
          - id: note.gizmo
            category: note
            summary: The colour of a gizmo.
            roles: [assistant]
            keywords: [gizmo]
            pattern: '(?&KEYWORD) \\w+ is (?<colour>\\w+)'
            fields: {colour: phrase}
            statement: 'the gizmo is {colour}'
        """

    private func plan(with added: [(file: String, bytes: [UInt8])]) throws -> ExtractionPlan {
        try ExtractionPlan(builtIn: BuiltInRules.packs, added: added, scoring: BuiltInRules.scoring)
    }

    @Test func aWeakSentenceIsKeptWhenOnesOwnRuleMatches() throws {
        let said = "Let me see, the gizmo now is purple"
        let plain = try plan(with: []).extract { $0.assistant(said) }
        #expect(plain.memories.isEmpty)
        let found = try plan(with: [("mine.yaml", Array(Self.pack.utf8))]).extract { $0.assistant(said) }
        #expect(found.contents == ["the gizmo is purple"])
        #expect(found.memories.first?.rule?.pack == "mine")
        #expect(found.memories.first?.terms.contains { $0.name == "ruleOwn" } == true)
    }

    @Test func aPackOfOursChangesNothingElse() throws {
        let talk: (inout TranscriptText) -> Void = { text in
            text.user("Never commit the generated client, CI rejects it.")
            text.assistant("The build fails because `tsc` reads the stale `client.ts`.")
        }
        let plain = try plan(with: []).extract(talk)
        #expect(!plain.memories.isEmpty)
        #expect(try plan(with: [("mine.yaml", Array(Self.pack.utf8))]).extract(talk).memories == plain.memories)
    }

    @Test func aBrokenPackCanBeLeftOutWhereNobodyCanMendIt() throws {
        let builtIn = BuiltInRules.packs.map { RuleFile(layer: .builtIn, file: $0.file, bytes: $0.bytes) }
        let broken = "pack: a\nformat: 1\nversion: 1.0.0\nsummary: s\noverrides:\n  - {id: no.such, status: stable}\n"
        let files =
            builtIn + [
                RuleFile(layer: .user, file: "broken.yaml", bytes: Array(broken.utf8)),
                RuleFile(layer: .project, file: "mine.yaml", bytes: Array(Self.pack.utf8)),
            ]
        let changes = [RuleFile(layer: .project, file: "weights.yaml", bytes: Array("threshold: 1".utf8))]
        let scoring = BuiltInRules.scoring
        #expect(throws: RulePackErrors.self) { try ExtractionPlan(rules: files, scoring: scoring) }
        let (plan, leftOut) = try ExtractionPlan.leavingOutBroken(rules: files, scoring: scoring, changes: changes)
        #expect(leftOut.flatMap(\.problems).map(\.location.file) == ["broken.yaml", "weights.yaml"])
        #expect(plan.engine.rules.contains { $0.id == "note.gizmo" })
        #expect(plan.scorer.table == (try self.plan(with: [])).scorer.table)
    }

    @Test func weightsOfAProjectChangeWhatTheyName() throws {
        let rules = BuiltInRules.packs.map { RuleFile(layer: .builtIn, file: $0.file, bytes: $0.bytes) }
        let text =
            "format: 1\nthreshold: 0.9\nweights: {ruleOwn: 4, cue.gizmo: 1.5}\ncues: {anywhere: {gizmo: [Gizmo]}}\n"
        let change = RuleFile(layer: .project, file: "scoring.yaml", bytes: Array(text.utf8))
        func plan(_ changes: [RuleFile]) throws -> ExtractionPlan {
            try ExtractionPlan(rules: rules, scoring: BuiltInRules.scoring, changes: changes)
        }
        let plain = try plan([])
        let table = try plan([change]).scorer.table
        #expect(table.threshold == 900)
        #expect(table.weights["ruleOwn"]?.shared == 4000)
        #expect(table.weights["cue.gizmo"]?.shared == 1500)
        #expect(table.weights["ruleFired"] == plain.scorer.table.weights["ruleFired"])
        #expect(table.cues.count == plain.scorer.table.cues.count + 1)
        #expect(table.maximumPerTranscript == plain.scorer.table.maximumPerTranscript)
        #expect(try plan([change]).identity != plain.identity)
        var theirs = change
        theirs.isTrusted = false
        #expect(try plan([theirs]).scorer.table == plain.scorer.table)
        #expect(try plan([theirs]).identity == plain.identity)
    }

    @Test func aSecondLanguageIsOnlyAPack() throws {
        let found = try plan(with: []).extract { text in
            text.user("不要提交生成的客户端代码，CI 会拒绝。")
            text.assistant("根因是连接池没有关闭，导致测试失败。")
            text.user("我们决定使用 SQLite 存储数据，而不是 Postgres。")
        }
        #expect(
            Set(found.memories.map(\.category)).isSuperset(of: [.constraint, .bug, .decision]), "\(found.contents)")
    }
}
