import Foundation
import TestSupport
import Testing

/// A rule is drafted from a sentence.
@Suite struct NewRuleTests {
    @Test func aNewRulePassesAtOnceAndIsTrusted() throws {
        let workspace = try Workspace()
        let made = try workspace.run(
            "rules", "new", "constraint.ledger", "--category", "constraint", "--from", RuleSample.sentence)
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.output.contains("Wrote rule constraint.ledger to .ccmem/rules/team.yaml:9."))
        #expect(made.output.contains("examples 1 match and 2 reject pass"))
        let text = try workspace.read(".ccmem/rules/team.yaml")
        #expect(text.hasPrefix("# yaml-language-server: $schema=./rulepack.schema.json\n"))
        #expect(try workspace.read(".ccmem/rules/rulepack.schema.json") == workspace.run("rules", "schema").output)
        #expect(try workspace.run("rules", "test", "constraint.ledger").status == 0)
        #expect(try workspace.run("trust").status == 0, "what one writes oneself is trusted")
        #expect(try workspace.run("why-not", RuleSample.sentence).output.contains("Kept as constraint"))
        #expect(try workspace.run("rules", "new", "constraint.ledger", "--category", "note").status == 2)
    }

    @Test func whatAPersonWroteStays() throws {
        let workspace = try Workspace()
        try workspace.run("rules", "new", "note.a", "--category", "note", "--from", RuleSample.sentence)
        let before = try workspace.read(".ccmem/rules/team.yaml").replacing(
            "    status: stable\n", with: "    status: stable  # for now\n")
        try workspace.write(before + "\n# The end of it.\n", to: ".ccmem/rules/team.yaml")
        let refused = try workspace.run(
            "rules", "new", "note.b", "--category", "note", "--from", "We run `make check` before every commit.")
        #expect(refused.status == 3, "an edit that nobody confirmed is not added to")
        #expect(refused.errors.contains("ccmem trust"))
        try workspace.run("trust", "--yes")
        let run = try workspace.run(
            "rules", "new", "note.b", "--category", "note", "--from", "We run `make check` before every commit.")
        #expect(run.status == 0, "\(run.errors)")
        let after = try workspace.read(".ccmem/rules/team.yaml")
        for line in before.split(separator: "\n").map(String.init) + ["# The end of it."] {
            #expect(after.contains(line), "\(line)")
        }
        #expect(
            try workspace.run("rules", "test", "note.a", "note.b").output.contains("6 examples of 2 rules: all pass"))
        #expect(try workspace.run("trust").status == 0)
    }

    @Test func aLineOfATranscriptBecomesARule() throws {
        let workspace = try Workspace()
        try workspace.write(
            Workspace.transcript([("user", "Hello there. \(RuleSample.sentence)")]), to: "session.jsonl")
        let several = try workspace.run(
            "rules", "new", "note.a", "--category", "note", "--from", "session.jsonl:1", "--stdout")
        #expect(several.status == 2)
        #expect(several.errors.contains("--sentence"))
        let one = try workspace.run(
            "rules", "new", "note.a", "--category", "note", "--from", "session.jsonl:1", "--sentence", "2", "--stdout")
        #expect(one.status == 0)
        #expect(one.output.contains("- text: '\(RuleSample.sentence)'"))
        #expect(
            !FileManager.default.fileExists(
                atPath: workspace.project.appendingPathComponent(".ccmem/rules/team.yaml").path))
    }

    private func draft(_ arguments: String...) throws -> Workspace.Run {
        try Workspace().run(["rules", "new", "note.a", "--category", "note", "--stdout"] + arguments)
    }

    @Test func aTextIsTakenAsTranscriptsBringIt() throws {
        let heading = try draft("--from", "# Deploys go through the gate")
        #expect(heading.status == 2)
        #expect(heading.errors.contains("it is left out as a heading"), "\(heading.errors)")
        let item = try draft("--from=- Deploys always go through the gate")
        #expect(item.output.contains("- text: 'Deploys always go through the gate'"), "\(item.output)")
        let two = "We deploy on Monday. We never use the gate."
        let several = try draft("--from", two)
        #expect(several.status == 2)
        #expect(several.errors.contains("2  We never use the gate."), "\(several.errors)")
        let second = try draft("--from", two, "--sentence", "2")
        #expect(second.output.contains("- text: 'We never use the gate.'"), "\(second.output)")
        #expect(try draft("--from", two, "--sentence", "3").errors.contains("there is no number 3"))
        #expect(try draft("--sentence", "3").status == 2)
    }

    @Test(
        "A draft reads its own sentence",
        arguments: [
            "**Deploys** go through the _pipeline_ always",
            "We always deploy through the gate " + String(repeating: "and then some more words ", count: 20) + "again.",
        ])
    func ownSentence(_ text: String) throws {
        let workspace = try Workspace()
        let run = try workspace.run("rules", "new", "note.a", "--category", "note", "--from", text)
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.output.contains("pass"), "\(run.output)")
        #expect(try workspace.run("rules", "test", "note.a").status == 0)
    }

    @Test func whatIsWrongWithAnArgumentNamesIt() throws {
        let workspace = try Workspace()
        let id = try workspace.run("rules", "new", "Bad Id", "--category", "note")
        #expect(id.status == 2)
        #expect(id.errors.contains("`Bad Id` is no id of a rule"))
        #expect(!id.errors.contains("team.yaml:"))
        for pack in ["constraints", "ml"] {
            let taken = try workspace.run("rules", "new", "note.a", "--category", "note", "--pack", pack)
            #expect(taken.status == 2)
            #expect(taken.errors.contains("--pack \(pack): there is another pack of this name."), "\(taken.errors)")
        }
    }

    @Test func aDraftIsJSONWhenAsked() throws {
        let run = try draft("--json", "--from", RuleSample.sentence)
        #expect(run.json["rule"] as? String == "note.a")
        #expect(run.json["is_written"] as? Bool == false)
        #expect((run.json["text"] as? String)?.contains("- id: note.a") == true)
        #expect((run.json["keywords"] as? [String])?.isEmpty == false)
    }

    @Test func aSecretDoesNotBecomeAnExample() throws {
        let token = "ghp_" + String(repeating: "a1B2c3D4", count: 4) + "e5F6"
        let run = try Workspace().run(
            "rules", "new", "note.a", "--category", "note", "--from", "We always deploy with the token \(token) here.",
            "--stdout")
        #expect(run.status == 0)
        #expect(!run.output.contains(token))
        #expect(run.errors.contains("a secret was taken out"))
    }

    @Test func aRuleOfOnesOwnLiesAtUserLevel() throws {
        let workspace = try Workspace(hasStore: false)
        let none = try workspace.run("rules", "new", "note.a", "--category", "note")
        #expect(none.status == 3)
        #expect(none.errors.contains("ccmem init"))
        let run = try workspace.run("rules", "new", "note.a", "--category", "note", "--user")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("Fill in"))
        let folder = workspace.home.appendingPathComponent(".config/ccmem/rules")
        #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("own.yaml").path))
        #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("rulepack.schema.json").path))
        #expect(try workspace.run("rules", "test", "note.a").status == 0)
    }

    @Test func thePagesOnTheFormatAreCurrent() throws {
        let workspace = try Workspace(hasStore: false)
        let root = Fixture.projectRoot.path
        let run = try workspace.run(
            tool: "/usr/bin/env",
            ["python3", "\(root)/scripts/rule-pages.py", Workspace.tool("ccmem").path, "\(root)/docs", "--check"])
        #expect(run.status == 0, "\(run.errors)")
    }
}
