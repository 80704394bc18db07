import Foundation
import TestSupport
import Testing

/// What verbs on rules show of a sentence holds no secret, and finds the memory that was kept without it.
@Suite struct RuleSecretTests {
    static let password = "hunter2-Zx9qLw81TT"
    static let token = "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789"
    static let pack =
        RuleSample.pack(rule: "note.staging", statement: "'Staging: {what}'")
        .replacing("goes through, go through", with: "staging password")
        .replacing("'(?i)^.{0,200}?(?&KEYWORD).{1,100}?\\bteam\\b.*'", with: "'(?i)(?&KEYWORD) is (?<what>\\S+)'")
        .replacing("key: 'path'", with: "key: 'staging {what}'\n    fields: {what: text}")
        .components(separatedBy: "    exceptions:").first ?? ""

    private func workspace() throws -> Workspace {
        let workspace = try RuleSample.workspace(Self.pack)
        let said = "The staging password is \(Self.password) and the token \(Self.token) is in vault."
        try workspace.write(Workspace.transcript([("user", "Hello."), ("user", said)]), to: "corpus/session.jsonl")
        return workspace
    }

    @Test(
        "No verb shows it",
        arguments: [
            ["why-not", "corpus/session.jsonl:2"], ["why-not", "corpus/session.jsonl:2", "--json"],
            ["rules", "explain", "note.staging", "--line", "corpus/session.jsonl:2"],
            ["rules", "explain", "note.staging", "--line", "corpus/session.jsonl:2", "--json"],
            ["rules", "bench", "--corpus", "corpus", "--runs", "1", "--top", "0"],
            ["rules", "bench", "--corpus", "corpus", "--runs", "1", "--json"],
            ["extract", "--dry-run", "corpus/session.jsonl"],
            ["extract", "--dry-run", "--refused", "corpus/session.jsonl", "--format", "json"],
        ])
    func hidden(_ arguments: [String]) throws {
        let run = try workspace().run(arguments)
        let all = run.output + run.errors
        #expect(run.status == 0, "\(all)")
        for secret in [Self.password, Self.token, "hunter2", "zx9qlw81tt", "ghp_"] {
            #expect(!all.lowercased().contains(secret.lowercased()), "\(secret) in \(all)")
        }
        #expect(all.contains("[redacted:"), "\(all)")
    }

    @Test func whatWasKeptIsFound() throws {
        let run = try workspace().run("why-not", "corpus/session.jsonl:2")
        #expect(run.output.contains("Kept as note"), "\(run.output)")
        #expect(!run.output.contains("better place"))
    }

    @Test func aKeywordDoesNotLoseItInTheOpen() throws {
        let workspace = try workspace()
        try workspace.write(
            Self.pack.replacing("[staging password]", with: "[nothing of it]").replacing(
                "(?&KEYWORD)", with: "password"), to: ".ccmem/rules/team.yaml")
        let run = try workspace.run("rules", "bench", "--corpus", "corpus", "--runs", "1")
        #expect(run.status == 1)
        #expect(run.output.contains("lost: note.staging"), "\(run.output)")
        #expect(!run.output.contains("hunter2") && !run.output.contains("ghp_"), "\(run.output)")
    }

    @Test func privateTextIsNoSample() throws {
        let workspace = try RuleSample.workspace()
        try workspace.write(
            Workspace.transcript([("user", "<private>\(RuleSample.sentence)</private> Go on.")]),
            to: "corpus/session.jsonl")
        let run = try workspace.run("rules", "bench", "--corpus", "corpus", "--runs", "1", "--json")
        #expect(!run.output.contains("refund flow"), "\(run.output)")
    }
}
