import BuiltInRules
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
