import Foundation
import TestSupport
import Testing

/// What is wrong with a pack is told at its place.
@Suite struct RuleLintTests {
    @Test func aSoundPackPasses() throws {
        let run = try RuleSample.workspace().run("rules", "lint", "--strict")
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output == "1 pack: nothing is wrong.\n")
    }

    @Test func findingsAreToldAtTheirPlace() throws {
        let workspace = try RuleSample.workspace(RuleSample.pack().replacing("keywords:", with: "keyword:"))
        let run = try workspace.run("rules", "lint")
        #expect(run.status == 1)
        #expect(
            run.output.hasPrefix(".ccmem/rules/team.yaml:11:5: error: unknown key `keyword` in `rules` [keys]\n"),
            "\(run.output)")
        #expect(run.output.contains("help: did you mean `keywords`?"))
    }

    @Test func aWarningFailsOnlyWhenAsked() throws {
        let workspace = try RuleSample.workspace(
            RuleSample.pack().replacing("Refunds go through two queues.", with: "Two queues."))
        #expect(try workspace.run("rules", "lint").status == 0)
        let strict = try workspace.run("rules", "lint", "--strict", "--json")
        #expect(strict.status == 1)
        let findings = strict.json["findings"] as? [[String: Any]] ?? []
        #expect(findings.map { $0["check"] as? String } == ["reject-weak"])
        #expect(findings.first?["line"] as? Int == 24)
    }

    @Test func aPackIsSeenFromThoseBelow() throws {
        let workspace = try RuleSample.workspace(RuleSample.pack(rule: "constraint.never"))
        let run = try workspace.run("rules", "lint")
        #expect(run.status == 1)
        #expect(run.output.contains("rule `constraint.never` exists already"))
        let file = try workspace.run("rules", "lint", ".ccmem/rules/team.yaml")
        #expect(file.output == run.output)
        #expect(try workspace.run("rules", "lint", "nowhere.yaml").status == 3)
    }

    @Test func aBrokenExampleOfARuleBelowIsFound() throws {
        let workspace = try RuleSample.workspace(
            RuleSample.pack(more: "overrides:\n  - id: constraint.never\n    keywords: {remove: [never]}"))
        let run = try workspace.run("rules", "lint")
        #expect(run.status == 1)
        #expect(run.output.contains("[override]"), "\(run.output)")
    }

    @Test func sarifHasWhatTheFormatRequires() throws {
        let workspace = try RuleSample.workspace(
            RuleSample.pack().replacing("Refunds go through two queues.", with: "Two queues."))
        let sarif = try workspace.run("rules", "lint", "--format", "sarif").json
        #expect(sarif["version"] as? String == "2.1.0")
        #expect((sarif["$schema"] as? String)?.hasPrefix("https://") == true)
        let runs = try #require(sarif["runs"] as? [[String: Any]])
        #expect(runs.count == 1)
        let driver = try #require((runs[0]["tool"] as? [String: Any])?["driver"] as? [String: Any])
        #expect((driver["name"] as? String)?.isEmpty == false)
        let rules = try #require(driver["rules"] as? [[String: Any]])
        let ids = rules.compactMap { $0["id"] as? String }
        #expect(Set(ids).count == rules.count)
        for rule in rules {
            #expect(((rule["shortDescription"] as? [String: Any])?["text"] as? String)?.isEmpty == false)
            let level = (rule["defaultConfiguration"] as? [String: Any])?["level"] as? String
            #expect(["note", "warning", "error", "none"].contains(level))
        }
        let results = try #require(runs[0]["results"] as? [[String: Any]])
        #expect(!results.isEmpty)
        for result in results {
            #expect(((result["message"] as? [String: Any])?["text"] as? String)?.isEmpty == false)
            let index = try #require(result["ruleIndex"] as? Int)
            #expect(ids[index] == result["ruleId"] as? String)
            #expect(["note", "warning", "error"].contains(result["level"] as? String))
            let location = try #require(
                (result["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any])
            #expect((location["artifactLocation"] as? [String: Any])?["uri"] as? String == ".ccmem/rules/team.yaml")
            let region = try #require(location["region"] as? [String: Any])
            #expect((region["startLine"] as? Int ?? 0) > 0)
            #expect((region["startColumn"] as? Int ?? 0) > 0)
        }
    }

    @Test func examplesAreRun() throws {
        let run = try RuleSample.workspace(
            RuleSample.pack().replacing("'Does it go through a team?'", with: "It must go through a team.")
        ).run("rules", "lint")
        #expect(run.status == 1)
        #expect(
            run.output.contains("does not leave `It must go through a team.` alone [example-fails]"), "\(run.output)")
    }

    @Test(
        "A text that no rule ever gets is told",
        arguments: [
            ("# Invoices go through the team", "left out as a heading", "'^# .*(?&KEYWORD).*'"),
            (
                "- Invoices go through the team", "reaches a rule as “Invoices go through the team”",
                "'^- .*(?&KEYWORD).*'"
            ),
            (
                "Invoices go through it. The team knows.", "cut into “Invoices go through it.”, “The team knows.”",
                "'.*(?&KEYWORD).*team.*'"
            ),
            ("```\n\nInvoices go through the team\n\n```", "left out as fenced code", "'(?s)^```.*(?&KEYWORD).*'"),
        ])
    func form(_ text: String, _ words: String, _ pattern: String) throws {
        let quoted = "\"" + text.replacing("\n", with: "\\n") + "\""
        let pack = RuleSample.pack()
            .replacing("'(?i)^.{0,200}?(?&KEYWORD).{1,100}?\\bteam\\b.*'", with: pattern)
        let dead =
            pack.replacing(
                "{text: The refund flow goes through the ledger team first., key: path}",
                with: "{text: \(quoted), key: path}"
            )
            .replacing("text: Invoices go through the finance team.", with: "text: \(quoted)")
        let run = try RuleSample.workspace(dead).run("rules", "lint")
        #expect(run.output.contains(words), "\(run.output)")
        #expect(run.output.contains(": warning: this text"), "\(run.output)")
        #expect(run.output.contains("[example-form]"))
    }

    @Test func oneExampleThatNoRuleGetsIsANote() throws {
        let run = try RuleSample.workspace(
            RuleSample.pack().replacing(
                "text: Invoices go through the finance team.", with: "text: '# Invoices go through the finance team'")
        ).run("rules", "lint", "--strict")
        #expect(run.status == 0)
        #expect(
            run.output.contains(": note: this text never reaches a rule: it is left out as a heading"), "\(run.output)")
    }

    @Test func whatIsNotWhatItSeemsIsTold() throws {
        let pack = RuleSample.pack().replacing("format: 1", with: "format: 1\npin: {decisions: 0.0.9}")
            .replacing(", key: path}", with: "}")
            .replacing("[user, assistant]", with: "[user, tool]\n    tools: [bash, WebFetch, mcp__x__y]")
        let run = try RuleSample.workspace(pack).run("rules", "lint")
        #expect(run.output.contains("team.yaml:3:7: warning: written against `decisions` 0.0.9"), "\(run.output)")
        #expect(run.output.contains("no tool is called `bash`"))
        #expect(run.output.contains("help: did you mean `Bash`?"))
        #expect(run.output.contains("[key-constant]"))
        #expect(run.output.contains("1 pack: 3 warnings."), "\(run.output)")
        let result = try RuleSample.workspace(
            RuleSample.pack().replacing(", key: path}", with: "}").replacing("category: note", with: "category: result")
        ).run("rules", "lint")
        #expect(!result.output.contains("[key-constant]"))
    }

    @Test func theRestIsLookedAtWhereOneCannotBeRead() throws {
        let run = try RuleSample.workspace().run("rules", "lint", "nowhere.yaml", ".ccmem/rules/team.yaml")
        #expect(run.status == 3)
        #expect(run.output == "1 pack: nothing is wrong.\n")
        #expect(run.errors.contains("nowhere.yaml: it cannot be read"))
    }
}
