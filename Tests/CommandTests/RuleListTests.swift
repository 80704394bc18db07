import Foundation
import TestSupport
import Testing

/// What the verbs show of rules.
@Suite struct RuleListTests {
    @Test func theListTellsLayersAndCounts() throws {
        let workspace = try RuleSample.workspace(
            RuleSample.pack(
                more:
                    "overrides:\n  - {id: constraint.never, importance: {base: 5}}\n  - {id: result.tests, enabled: false, why: noise}"
            ))
        let own = try workspace.run("rules", "list", "--own")
        #expect(own.status == 0)
        #expect(own.output.contains("note.ledger"))
        #expect(own.output.contains("2+2"))
        #expect(own.output.contains("constraint.never"))
        #expect(own.output.contains("result.tests: noise"))
        let json = try workspace.run("rules", "list", "--json").json
        let rules = json["rules"] as? [[String: Any]] ?? []
        #expect(rules.count > 100)
        let mine = try #require(rules.first { $0["id"] as? String == "note.ledger" })
        #expect(mine["layer"] as? String == "project")
        #expect(mine["line"] as? Int == 9)
        #expect(try workspace.run("rules", "list", "--category", "note", "--own").output.contains("note.ledger"))
    }

    @Test func aRuleIsShownWithTheOriginOfEachValue() throws {
        let workspace = try RuleSample.workspace(
            RuleSample.pack(
                more:
                    "overrides:\n  - id: constraint.never\n    keywords: {add: [on no account]}\n    importance: {base: 5}"
            ))
        let shown = try workspace.run("rules", "show", "constraint.never", "--origin")
        #expect(shown.status == 0)
        #expect(shown.output.contains("added `on no account` at .ccmem/rules/team.yaml:7 (project)"), "\(shown.output)")
        #expect(shown.output.contains("written at .ccmem/rules/team.yaml:8 (project)"), "\(shown.output)")
        #expect(shown.output.contains("constraints.yaml:"))
        let values =
            try workspace.run("rules", "show", "note.ledger", "--json").json["values"] as? [[String: Any]] ?? []
        #expect(
            values.contains {
                $0["key"] as? String == "keywords" && $0["value"] as? String == "goes through, go through"
            })
    }

    @Test func anUnknownIdNamesTheNearest() throws {
        let run = try RuleSample.workspace().run("rules", "show", "note.leger")
        #expect(run.status == 2)
        #expect(run.errors.contains("Did you mean `note.ledger`?"))
    }

    @Test func eachRuleHasAPage() throws {
        let workspace = try RuleSample.workspace()
        let page = try workspace.run("rules", "docs", "note.ledger").output
        #expect(page.hasPrefix("# note.ledger\n"))
        #expect(page.contains("* Invoices go through the finance team."))
        #expect(page.contains("* Refunds go through two queues. — no team"))
        #expect(try workspace.run("rules", "docs", "--output", "pages/rules").status == 0)
        let index = try workspace.read("pages/rules/README.md")
        #expect(index.contains("[note.ledger](note.ledger.md)"))
        #expect(try workspace.read("pages/rules/note.ledger.md") == page)
    }

    @Test func theSchemaIsTheFile() throws {
        let file = try String(
            contentsOf: Fixture.projectRoot.appendingPathComponent("Rules/rulepack.schema.json"), encoding: .utf8)
        #expect(try Workspace(hasStore: false).run("rules", "schema").output == file)
    }

    @Test("Where a rule was switched off is told", arguments: ["id: bug.root-cause", "id: 'bug.*'", "pack: bugs"])
    func off(target: String) throws {
        let workspace = try Workspace()
        let head = "format: 1\nversion: 1.0.0\nsummary: s\noverrides:\n"
        try workspace.write(
            "pack: off\n\(head)  - \(target)\n    enabled: false\n    why: told twice\n", to: "off.yaml")
        try workspace.write("pack: on\n\(head)  - \(target)\n    enabled: true\n", to: "on.yaml")
        for verb in [["show"], ["explain"], ["test"]] {
            let run = try workspace.run(["rules"] + verb + ["bug.root-cause", "--rules", "off.yaml"])
            #expect(run.status == 1)
            #expect(run.errors.contains("off.yaml:7 does it"), "\(run.errors)")
        }
        let list = try workspace.run("rules", "list", "--own", "--rules", "off.yaml")
        #expect(list.output.contains("bug.root-cause: told twice (off.yaml:7)"), "\(list.output)")
        let both = ["--rules", "off.yaml", "--rules", "on.yaml"]
        #expect(try workspace.run(["rules", "list"] + both).output.contains("built-in *"))
        let shown = try workspace.run(["rules", "show", "bug.root-cause", "--origin"] + both)
        #expect(shown.output.contains("enabled:\n  true\n  ← written at on.yaml:7 (command line)"), "\(shown.output)")
    }
}
