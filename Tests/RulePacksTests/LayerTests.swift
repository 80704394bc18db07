import Extraction
import Foundation
import Memories
import RulePacks
import TestSupport
import Testing

/// What packs above make of `Fixtures/packs/below.yaml`.
@Suite struct LayerTests {
    static func below() throws -> RuleFile {
        let bytes = Array(try Data(contentsOf: Fixture.url("packs/below.yaml")))
        return RuleFile(layer: .builtIn, file: "below.yaml", bytes: bytes)
    }

    private func set(_ fixture: String) throws -> RuleSet {
        let bytes = Array(try Data(contentsOf: Fixture.url("packs/valid/\(fixture).yaml")))
        return try RuleSet(
            files: [Self.below(), RuleFile(layer: .project, file: "pack.yaml", bytes: bytes)], builtIn: .user)
    }

    private func set(_ packs: (RuleLayer, String)...) throws -> RuleSet {
        let head = "pack: NAME\nformat: 1\nversion: 1.0.0\nsummary: A pack.\n"
        let files = packs.enumerated().map { index, pack in
            let text = head.replacingOccurrences(of: "NAME", with: "p\(index)") + pack.1
            return RuleFile(layer: pack.0, file: "p\(index).yaml", bytes: Array(text.utf8))
        }
        return try RuleSet(files: [Self.below()] + files, builtIn: .user)
    }

    @Test func scalarsAreAssigned() throws {
        let rule = try #require(set("override_of_scalars")["result.change"])
        #expect(rule.summary == "A number moved.")
        #expect(rule.importance == Importance(clamping: 5))
        #expect(rule.status == .experimental)
        #expect(rule.category == .note)
        #expect(rule.key == Template(parts: [.field("metric"), .literal(" over time")]))
        #expect(rule.pack.name == "below", "a changed rule stays the rule of its pack")
        #expect(!rule.isOwn)
    }

    @Test func aKeyIsTakenAway() throws {
        let below = try #require(RuleSet(files: [Self.below()], builtIn: .user)["result.change"])
        #expect(below.key != nil)
        #expect(below.givesCategory, "a key is of its category")
        #expect(!below.givesImportance)
        let rule = try #require(set("override_takes_a_key_away")["result.change"])
        #expect(rule.key == nil)
        #expect(rule.importance == MemoryCategory.result.defaultImportance)
        #expect(rule.origins(of: "key").map(\.change) == [.set, .removed("key")])
        #expect(rule.matchExamples.count == below.matchExamples.count)
        #expect(!rule.givesCategory)
        #expect(!rule.givesImportance)
    }

    @Test func whatAPersonSetsStands() throws {
        let rule = try #require(set("override_of_scalars")["result.change"])
        #expect(rule.givesCategory)
        #expect(rule.givesImportance)
    }

    @Test func listsGrowAndShrink() throws {
        let rule = try #require(set("override_of_lists")["result.change"])
        #expect(rule.keywords == ["fell", "climbed"])
        #expect(rule.roles == [.assistant, .summary])
        #expect(rule.exceptions.map(\.why) == ["a wish", "a hypothetical is no fact"])
        #expect(rule.matchExamples.map(\.text) == ["latency fell from 20 to 10", "errors climbed from 1 to 2"])
        #expect(rule.rejectExamples.map(\.text) == ["latency fell from grace"])
    }

    @Test func aPatternCallsTheFragmentsOfItsFileAndThoseBelow() throws {
        let rule = try #require(set("override_of_a_pattern_with_a_fragment_of_its_own")["result.change"])
        #expect(rule.pattern.source.contains("(?<VERB>(?:fell|rose|sank))"))
        #expect(rule.pattern.source.contains("(?<NUMBER>"))
        #expect(rule.keywords == ["fell", "rose", "sank"])
        #expect(rule.fields.map(\.name) == ["metric", "before", "after"])
    }

    @Test func anExceptionOfThePackCanBeTakenOffOneRule() throws {
        let rules = try set("override_of_a_pack_exception")
        #expect(rules["result.change"]?.exceptions.map(\.why) == ["a plan"])
        #expect(rules["task.todo"]?.exceptions.map(\.why) == ["a hypothetical is no fact"])
    }

    @Test func aRuleBelowIsSwitchedOffAndOn() throws {
        let off = try set("override_switches_off")
        #expect(off["result.change"] == nil)
        #expect(off.switchedOff.map(\.id) == ["result.change", "note.tool"])
        #expect(off.switchedOff.first?.why == "numbers move all day here")
        let on = try set("override_switches_on")
        #expect(on["note.tool"] != nil)
        #expect(on.switchedOff.isEmpty)
        let above = try set(
            (.user, "overrides:\n  - {id: task.todo, enabled: false, why: mine}\n"),
            (.project, "overrides:\n  - {id: task.todo, enabled: true}\n"))
        #expect(above["task.todo"] != nil, "the layer above has the last word")
    }

    @Test func aDeprecatedRuleIsRevived() throws {
        let set = try set("override_revives_a_deprecated_rule")
        let index = try #require(set.index(of: "task.later"))
        #expect(set.running.contains(index))
        #expect(set.rules[index].replacedBy == nil)
    }

    @Test func aGroupIsChangedAndThenOneOfIt() throws {
        let set = try set("override_of_a_group")
        #expect(set["task.later"]?.importance == Importance(clamping: 4))
        #expect(set["task.todo"]?.importance == Importance(clamping: 5))
        #expect(set["result.change"]?.importance == Importance(clamping: 3))
        #expect(set["task.todo"]?.exceptions.map(\.why) == ["somebody else's", "a hypothetical is no fact"])
    }

    @Test func aGroupLeavesDeprecatedRulesDeprecated() throws {
        let set = try set((.user, "overrides:\n  - {id: 'task.*', status: experimental}\n"))
        #expect(set["task.todo"]?.status == .experimental)
        #expect(set["task.later"]?.status == .deprecated)
    }

    @Test func aWholePackIsSwitchedOff() throws {
        let set = try set("override_of_a_pack")
        #expect(set.rules.map(\.id) == ["team.port"])
        #expect(set.rules.first?.isOwn == true)
        #expect(set.rules.first?.layer == .project)
    }

    @Test func aPinIsComparedAndNothingElse() throws {
        #expect(try set("pin").notices.isEmpty)
        let set = try set("pin_of_another_version")
        #expect(
            set.notices.map(\.message) == [
                "pack.yaml:5:7: written against `below` 1.1.0, but 1.2.0 is here; look at what has changed, then pin 1.2.0"
            ])
        #expect(set.rules.count == 3)
    }

    @Test func laterLayersStandAboveEarlierOnes() throws {
        let set = try set(
            (.user, "overrides:\n  - {id: result.change, importance: {base: 1}, keywords: {add: [sank]}}\n"),
            (.project, "overrides:\n  - {id: result.change, keywords: {remove: [sank], add: [climbed]}}\n"),
            (.commandLine, "overrides:\n  - {id: result.change, importance: {base: 5}}\n"))
        let rule = try #require(set["result.change"])
        #expect(rule.importance == Importance(clamping: 5))
        #expect(rule.keywords == ["fell", "rose", "climbed"])
    }

    @Test func everyValueKnowsItsOrigin() throws {
        let set = try set(
            (.user, "overrides:\n  - id: result.change\n    importance: {base: 1}\n    keywords:\n      add: [sank]\n"),
            (
                .project,
                "overrides:\n  - id: result.change\n    keywords: {remove: [fell]}\n    pattern: '(?<metric>x)(?<before>y)(?<after>z)'\n"
                    + "    examples: {match: {remove: [latency fell from 20 to 10]}}\n"
            ))
        let rule = try #require(set["result.change"])
        func told(_ key: String) -> [String] {
            rule.origins(of: key).map { origin in
                "\(origin.layer) \(origin.location.file):\(origin.location.line) \(origin.change)"
            }
        }
        #expect(told("statement") == ["builtIn below.yaml:22 set"])
        #expect(told("importance") == ["user p0.yaml:7 set"])
        #expect(
            told("keywords") == [
                "builtIn below.yaml:19 set", "user p0.yaml:9 added(\"sank\")", "project p1.yaml:7 removed(\"fell\")",
            ])
        #expect(told("pattern") == ["project p1.yaml:8 set"])
        #expect(
            told("examples.match") == [
                "builtIn below.yaml:29 set", "project p1.yaml:9 removed(\"latency fell from 20 to 10\")",
            ])
        #expect(rule.pattern.location.file == "p1.yaml")
        #expect(try #require(set["task.todo"]).origins(of: "pattern").map(\.location.line) == [43])
    }

    @Test func aPackThatNobodyConfirmedOnlySwitchesOff() throws {
        let text = """
            pack: theirs
            format: 1
            version: 1.0.0
            summary: Came with a clone.
            overrides:
              - id: result.change
                importance: {base: 5}
              - id: task.todo
                enabled: false
                why: not ours
                importance: {base: 5}
              - id: no.such.rule
                enabled: false
                why: of a newer version
            rules:
              - id: theirs.all
                category: constraint
                summary: Everything.
                roles: [user]
                pattern: '.+'
                statement: '{sentence}'
            """
        let file = RuleFile(layer: .project, file: "theirs.yaml", bytes: Array(text.utf8), isTrusted: false)
        let set = try RuleSet(files: [Self.below(), file])
        #expect(set.rules.map(\.id) == ["result.change", "task.later"])
        #expect(set["result.change"]?.importance == Importance(clamping: 3))
        #expect(set.switchedOff.map(\.id) == ["task.todo", "note.tool"])
        #expect(set.packs.map(\.name) == ["below"])
        // What is only looked at runs whole, and then everything wrong with it is told.
        #expect(throws: RulePackErrors.self) { try RuleSet(files: [Self.below(), file], untrusted: .run) }
    }

    @Test(
        "A pack that nobody confirmed stops nothing, whatever is in it",
        arguments: ["", "\u{0}", "overrides: 1", "- x"])
    func damaged(_ text: String) throws {
        let file = RuleFile(layer: .project, file: "theirs.yaml", bytes: Array(text.utf8), isTrusted: false)
        #expect(try RuleSet(files: [Self.below(), file]).rules.count == 3)
    }

    @Test(
        "A glob takes any run of characters for its star",
        arguments: [
            ("task.*", "task.todo", true), ("*", "x", true), ("task.*", "tasks", false), ("*.todo", "task.todo", true),
            ("t*o*o", "task.todo", true), ("t*x", "task.todo", false), ("task.todo*", "task.todo", true),
            ("**", "a", true), ("a*a", "a", false),
        ])
    func glob(_ glob: String, _ id: String, _ fits: Bool) throws {
        let pack =
            "pack: a\nformat: 1\nversion: 1.0.0\nsummary: A pack.\nrules:\n  - {id: \(id), category: note, summary: s, roles: [user], pattern: x, statement: y}\n"
        let above =
            "pack: b\nformat: 1\nversion: 1.0.0\nsummary: A pack.\noverrides:\n  - {id: '\(glob)', enabled: false, why: w}\n"
        let set = try? RuleSet(packs: [
            RulePack(parsing: pack, file: "a"), RulePack(parsing: above, file: "b", layer: .user),
        ])
        #expect((set?.rules.isEmpty == true) == fits)
    }
}
