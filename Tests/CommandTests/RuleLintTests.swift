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
}
