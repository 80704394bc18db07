import Memories
import RulePacks
import Testing

/// Rules that are drafted from a sentence, and packs that a rule is added to.
@Suite struct ScaffoldTests {
    static let sentences = [
        "Deploys always go through the blue pipeline, never by hand.",
        "Retries are capped at 3 because the gateway bans us.",
        "We run `make check` before every commit.",
        "The importer owns src/import/rows.swift.",
        "Don't touch `legacy/` until March.",
        "We'll use Postgres.",
        "部署必须通过蓝色流水线，不能手动。",
        "it's slow",
        "He said: 'keep \"both\" {braces} [brackets] # and signs'",
    ]

    @Test("The draft is a pack without errors", arguments: sentences)
    func draft(_ sentence: String) throws {
        let scaffold = RuleScaffold(id: "note.a", category: .note, roles: [.user, .assistant], sentence: sentence)
        let text = scaffold.pack(named: "team", summary: "Rules.")
        let pack = try RulePack(parsing: text, file: "team.yaml")
        #expect(pack.rules.map(\.id) == ["note.a"])
        #expect(pack.rules[0].matchExamples.map(\.text) == [sentence])
        #expect(pack.rules[0].rejectExamples.count == 2)
        let findings = PackLinter().findings(in: Array(text.utf8), file: "team.yaml")
        #expect(findings.filter { $0.level == .error } == [])
        // One example that matches is all that a sentence gives; nothing else may be weak.
        #expect(findings.filter { $0.level == .warning && $0.check != .examplesFew } == [], "\(text)")
    }

    @Test func withoutASentenceTheDraftSaysWhatToFillIn() throws {
        let scaffold = RuleScaffold(id: "note.a", category: .note, roles: [.user], sentence: nil)
        #expect(scaffold.keywords == ["replace me"])
        _ = try RulePack(parsing: scaffold.pack(named: "team", summary: "Rules."), file: "team.yaml")
    }

    @Test(
        "The phrase is what names the sentence",
        arguments: zip(
            [
                "Deploys always go through the blue pipeline, never by hand.",
                "Retries are capped at 3 because the gateway bans us.",
            ],
            ["deploys always", "capped at"]))
    func keyword(_ sentence: String, _ keyword: String) {
        let scaffold = RuleScaffold(id: "note.a", category: .note, roles: [.user], sentence: sentence)
        #expect(scaffold.keywords.first == keyword)
    }

    // MARK: - Adding to a pack

    static let head = "# Ours.\npack: a\nformat: 1\nversion: 1.0.0\nsummary: s  # short\n"
    static let rule = "- id: note.a\n  category: note\n  summary: s\n  roles: [user]\n  pattern: x\n  statement: y\n"
    static func entry(_ indentation: Int) -> String {
        rule.replacing("note.a", with: "note.b").split(separator: "\n")
            .map { String(repeating: " ", count: indentation) + $0 + "\n" }.joined()
    }

    static let packs: [String] = [
        head + "rules:\n" + rule,
        head + "rules:\n" + indented(2),
        head + "rules:\n" + indented(4) + "    # the end\n\n\n",
        head + "rules: []\n",
        head + "rules: []  # none yet\n",
        head + "rules:\n" + indented(2) + "\n# of all rules\nexceptions:\n  - {why: w, context: z}\n",
        head.replacing("\n", with: "\r\n") + "rules:\r\n" + indented(2).replacing("\n", with: "\r\n"),
        String((head + "rules:\n" + indented(2)).dropLast()),
        head,
    ]

    static func indented(_ count: Int) -> String {
        rule.split(separator: "\n").map { String(repeating: " ", count: count) + $0 + "\n" }.joined()
    }

    @Test("A rule is added, and every line that was there stays", arguments: packs)
    func add(_ text: String) throws {
        let before = text.split(whereSeparator: \.isNewline).map(String.init).filter { !$0.hasPrefix("rules:") }
        let addition = try PackAddition(to: Array(text.utf8), file: "a.yaml", entry: Self.entry)
        let pack = try RulePack(parsing: addition.text, file: "a.yaml")
        #expect(pack.rules.last?.id == "note.b", "\(addition.text)")
        let after = addition.text.split(whereSeparator: \.isNewline).map(String.init)
        var rest = after[...]
        for line in before {
            let index = try #require(rest.firstIndex(of: line), "\(line) is gone")
            rest = rest[(index + 1)...]
        }
        #expect(pack.rules.last?.location.line == addition.line)
        #expect(addition.text.contains("\r\n") == text.contains("\r\n"))
        if text.contains("\r\n") { #expect(!addition.text.replacing("\r\n", with: "").contains("\n")) }
    }

    @Test func aListInBracketsIsLeftAlone() {
        let text =
            Self.head + "rules: [{id: note.a, category: note, summary: s, roles: [user], pattern: x, statement: y}]\n"
        #expect(throws: PackAddition.Refusal.rulesInBrackets(line: 6)) {
            try PackAddition(to: Array(text.utf8), file: "a.yaml", entry: Self.entry)
        }
    }
}
