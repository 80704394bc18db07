import Memories
import RulePacks
import Testing

@Suite struct RuleSetTests {
    private func pack(_ name: String, _ rules: [(id: String, extra: String)]) throws -> RulePack {
        let text = rules.map { rule in
            """
              - id: \(rule.id)
                category: note
                summary: A rule.
                roles: [user]
                pattern: x
                statement: '{sentence}'
            \(rule.extra)

            """
        }.joined()
        return try RulePack(
            parsing: "pack: \(name)\nformat: 1\nversion: 1.0.0\nsummary: A pack.\nrules:\n" + text, file: "\(name).yaml"
        )
    }

    @Test func rulesStandInTheOrderOfPacksAndFiles() throws {
        let set = try RuleSet(packs: [pack("b", [("z", ""), ("y", "")]), pack("a", [("x", "")])])
        #expect(set.rules.map(\.id) == ["z", "y", "x"])
        #expect(set.packs.map(\.name) == ["b", "a"])
        #expect(set.index(of: "x") == 2)
        #expect(set.index(of: "w") == nil)
        #expect(set["y"]?.pack.name == "b")
    }

    @Test func anIdThatExistsBelowIsAnErrorThatNamesBothPlaces() throws {
        let packs = [try pack("core", [("x", "")]), try pack("mine", [("y", ""), ("x", "")])]
        let errors = #expect(throws: RulePackErrors.self) { try RuleSet(packs: packs) }
        #expect(
            errors?.problems == [
                RulePackError(
                    .ruleExistsBelow(
                        id: "x", definedAt: Memories.SourceLocation(file: "core.yaml", line: 6, column: 5)),
                    at: Memories.SourceLocation(file: "mine.yaml", line: 13, column: 5))
            ])
    }

    @Test func aDeprecatedRuleDoesNotRun() throws {
        let old = ("old", "    status: deprecated\n    replaced_by: new")
        #expect(try RuleSet(packs: [pack("a", [old, ("new", "")])]).running == [1])
        let errors = #expect(throws: RulePackErrors.self) { try RuleSet(packs: [pack("a", [old, ("news", "")])]) }
        #expect(errors?.problems.first?.code == .unknownName("new", of: .rule, allowed: [], nearest: "news"))
    }

    @Test func aRuleThatIsSwitchedOffIsLeftOut() throws {
        let pack = try pack("a", [("x", "    enabled: false\n    why: too noisy"), ("y", "")])
        #expect(pack.switchedOff.map(\.id) == ["x"])
        #expect(try RuleSet(packs: [pack]).rules.map(\.id) == ["y"])
    }

    @Test func builtInPacksNeedExamples() throws {
        let text =
            "pack: a\nformat: 1\nversion: 1.0.0\nsummary: A pack.\nrules:\n  - id: x\n    category: note\n"
            + "    summary: A rule.\n    roles: [user]\n    pattern: x\n    statement: '{sentence}'\n"
        let errors = #expect(throws: RulePackErrors.self) {
            try RulePack(parsing: text, file: "a", strictness: .builtIn)
        }
        #expect(
            errors?.problems.map(\.code) == [
                .tooFewExamples(kind: "match", found: 0, needed: 2),
                .tooFewExamples(kind: "reject", found: 0, needed: 2),
            ])
    }
}
