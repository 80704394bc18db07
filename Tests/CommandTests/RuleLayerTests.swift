import Foundation
import Testing

/// Packs of the user and of the project: what they do, and when.
@Suite struct RuleLayerTests {
    let workspace: Workspace
    init() throws { workspace = try Workspace() }

    static func pack(_ name: String = "team", statement: String = "blorp is {n}", base: Int = 3, more: String = "")
        -> String
    {
        """
        pack: \(name)
        format: 1
        version: 1.0.0
        summary: Blorps of our own.
        \(more)
        rules:
          - id: \(name).blorp
            category: config
            summary: How large the blorp is.
            roles: [user]
            keywords: [blorp]
            pattern: '(?i)the blorp is (?<n>\\d+)'
            fields: {n: quantity}
            statement: '\(statement)'
            importance: {base: \(base)}

        """
    }

    static let talk: [(role: String, text: String)] = [
        ("user", "The blorp is 17 for now. NEVER push to main without a review."),
        ("assistant", "The root cause of the crash was a missing null check in `parseHeader`."),
    ]

    private func contents(_ workspace: Workspace? = nil) throws -> [String] {
        try (workspace ?? self.workspace).run("list", "--json").memories.compactMap { $0["content"] as? String }
    }

    private func level(of content: String) throws -> Int {
        let found = try workspace.run("list", "--json").memories.first { $0["content"] as? String == content }
        return try #require(found?["importance"] as? Int)
    }

    @Test func aPackThatCameWithAProjectActsOnlyWhenItIsTrusted() throws {
        try workspace.write(Self.pack(), to: ".ccmem/rules/team.yaml")
        try workspace.write(Workspace.transcript(Self.talk), to: "session.jsonl")
        let first = try workspace.run("ingest", "session.jsonl")
        #expect(first.status == 0)
        #expect(
            first.errors
                == "note: .ccmem/rules/team.yaml is not trusted yet; it does nothing but switch rules off until `ccmem trust --yes`, after a look at `ccmem trust`.\n"
        )
        #expect(try !contents().contains { $0.contains("blorp is 17") && !$0.contains("The") })

        // What only looks runs it, and says so.
        let look = try workspace.run("extract", "--dry-run", "session.jsonl", "--explain")
        #expect(look.output.contains("team.blorp"))
        #expect(
            look.errors.contains("it runs only because nothing is stored until `ccmem trust --yes`"), "\(look.errors)")
        #expect(try workspace.run("why-not", "The blorp is 18.").output.contains("team.blorp"))

        let shown = try workspace.run("trust")
        #expect(shown.status == 1)
        #expect(shown.output.contains("new         rules/team.yaml"))
        #expect(shown.output.contains("pack team 1.0.0, 1 rule: Blorps of our own."))
        #expect(shown.output.contains("  |     statement: 'blorp is {n}'"))
        let hash = try #require(try workspace.run("trust", "--json").json["hash"] as? String)
        #expect(try workspace.run("trust", "--hash", String(repeating: "0", count: 64)).status == 3)
        #expect(try workspace.run("trust", "--hash", hash).status == 0)

        let stale = try workspace.run("ingest", "session.jsonl", "--stale")
        #expect(stale.errors.isEmpty)
        #expect(try contents().contains("blorp is 17"))
        #expect(try workspace.run("ingest", "session.jsonl", "--stale", "--json").json["unchanged"] as? Int == 1)

        try workspace.write(Self.pack(base: 4), to: ".ccmem/rules/team.yaml")
        let changed = try workspace.run("ingest", "session.jsonl")
        #expect(changed.errors.contains(".ccmem/rules/team.yaml changed since it was trusted; "))
    }

    @Test func switchingOffNeedsNoTrust() throws {
        try workspace.write(Workspace.transcript(Self.talk), to: "session.jsonl")
        let before = try workspace.run("extract", "--dry-run", "session.jsonl", "--format", "json").output
        #expect(before.contains("bug.root-cause"))
        try workspace.write(
            Self.pack(more: "overrides:\n  - {id: bug.root-cause, enabled: false, why: not here}"),
            to: ".ccmem/rules/team.yaml")
        try workspace.run("ingest", "session.jsonl")
        let rules = try workspace.shell("SELECT DISTINCT coalesce(rule, '') FROM memory").output
        #expect(!rules.contains("bug.root-cause"))
        #expect(!rules.contains("team.blorp"))
        #expect(try workspace.run("trust").output.contains("switches off bug.root-cause: not here"))
    }

    @Test func aPackOfTheUserActsEverywhereAndBelowTheProjects() throws {
        let folder = workspace.home.appendingPathComponent(".config/ccmem/rules")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Self.pack("mine").write(
            to: folder.appendingPathComponent("mine.yaml"), atomically: true, encoding: .utf8)
        try workspace.write(
            "pack: team\nformat: 1\nversion: 1.0.0\nsummary: Ours.\noverrides:\n  - {id: mine.blorp, statement: 'the blorp: {n}'}\n",
            to: ".ccmem/rules/team.yaml")
        #expect(try workspace.run("trust", "--yes").status == 0)
        try workspace.write(Workspace.transcript(Self.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        #expect(try contents().contains("the blorp: 17"))
        // The same id in two layers is a mistake that names both places.
        try workspace.write(Self.pack("mine"), to: "other.yaml")
        let twice = try workspace.run("extract", "--dry-run", "session.jsonl", "--rules", "other.yaml")
        #expect(twice.status == 2)
        #expect(twice.errors.contains("other.yaml:1:7: error: duplicate pack `mine`"))
        #expect(twice.errors.contains("\(folder.path)/mine.yaml:1:7"))
    }

    @Test func aPackOfTheCommandLineStandsAboveTheProjects() throws {
        try workspace.write(Self.pack(), to: ".ccmem/rules/team.yaml")
        try workspace.run("trust", "--yes")
        try workspace.write(Workspace.transcript(Self.talk), to: "session.jsonl")
        let head = "pack: more\nformat: 1\nversion: 1.0.0\nsummary: More.\n"
        try workspace.write(head + "overrides:\n  - {id: team.blorp, statement: 'the blorp: {n}'}\n", to: "more.yaml")
        let look = try workspace.run("extract", "--dry-run", "session.jsonl", "--rules", "more.yaml")
        #expect(look.output.contains("the blorp: 17"))
        try workspace.write(head + "overrides:\n  - {id: team.blorb, importance: {base: 4}}\n", to: "more.yaml")
        let wrong = try workspace.run("extract", "--dry-run", "session.jsonl", "--rules", "more.yaml")
        #expect(wrong.status == 2)
        #expect(
            wrong.errors
                == "more.yaml:6:10: error: unknown rule `team.blorb`\n  - {id: team.blorb, importance: {base: 4}}\n         ^\nhelp: did you mean `team.blorp`?\n"
        )
    }

    @Test func aChangedRuleChangesWhatItGaveAndNothingElse() throws {
        func write(_ text: String) throws {
            try workspace.write(text, to: ".ccmem/rules/team.yaml")
            try workspace.run("trust", "--yes")
        }
        try write(Self.pack())
        try workspace.write(Workspace.transcript(session: "aaaa", Self.talk), to: "a.jsonl")
        try workspace.write(
            Workspace.transcript(session: "bbbb", [("user", "The blorp is 99 on the server.")]), to: "b.jsonl")
        try workspace.write(
            Workspace.transcript(session: "cccc", [("user", "The blorp is 5 at home.")]), to: "c.jsonl")
        try workspace.run("ingest", "a.jsonl", "b.jsonl")
        let others = Set(try contents()).subtracting(["blorp is 17", "blorp is 99"])
        #expect(others.count >= 2)
        let edited = try #require(
            try workspace.run("list", "--json").memories.first { $0["content"] as? String == "blorp is 99" })
        let id = try #require(edited["id"] as? Int)
        #expect(try workspace.run("edit", "\(id)", "--importance", "1").status == 0)

        let before = try level(of: "blorp is 17")

        // Another importance: the same memory, changed. What a person has edited stays.
        try write(Self.pack(base: 5))
        try workspace.run("ingest", "c.jsonl")
        #expect(try workspace.run("stats").output.contains("(2 stale)"))
        let higher = try workspace.run("ingest", "a.jsonl", "b.jsonl", "c.jsonl", "--stale", "--json").json
        #expect(higher["transcripts"] as? Int == 2, "c has been read by these rules already")
        #expect(higher["unchanged"] as? Int == 1)
        #expect(higher["changed"] as? Int == 1)
        #expect(higher["inserted"] as? Int == 0)
        #expect(higher["archived"] as? Int == 0)
        #expect(!(try workspace.run("stats").output.contains("stale")))
        #expect(try level(of: "blorp is 17") > before)
        #expect(try level(of: "blorp is 99") == 1)

        // Other words: the old ones are archived with the reason, the edited ones stay.
        try write(Self.pack(statement: "blorp size is {n}", base: 5))
        let stale = try workspace.run("ingest", "a.jsonl", "b.jsonl", "c.jsonl", "--stale", "--json").json
        #expect(stale["transcripts"] as? Int == 3)
        #expect(stale["archived"] as? Int == 2)
        let now = Set(try contents())
        #expect(now.isSuperset(of: others), "what other rules gave is as it was")
        #expect(now.isSuperset(of: ["blorp size is 17", "blorp size is 5", "blorp is 99"]))
        #expect(!now.contains("blorp is 17"))
        #expect(
            try workspace.shell(
                "SELECT DISTINCT json_extract(detail, '$.reason') FROM memory_event WHERE kind = 'archived'"
            ).output == "the rules no longer support it\n")

        // Without the rule nothing supports them.
        try write("pack: team\nformat: 1\nversion: 1.0.0\nsummary: Nothing.\nrules: []\n")
        try workspace.run("ingest", "a.jsonl", "b.jsonl", "c.jsonl", "--stale")
        #expect(Set(try contents()).isSuperset(of: others))
        #expect(!(try contents()).contains { $0.hasPrefix("blorp size") })
        #expect(try contents().contains("blorp is 99"))
        // With it they are back, as the same memories.
        try write(Self.pack(statement: "blorp size is {n}", base: 2))
        try workspace.run("ingest", "a.jsonl", "b.jsonl", "c.jsonl", "--stale")
        #expect(
            try workspace.shell(
                "SELECT content, state FROM memory WHERE content LIKE 'blorp size is 17'"
            ).output == "blorp size is 17|active\n")
        #expect(try level(of: "blorp size is 17") < 4)
    }

    @Test func whatTheArchiveDoesNotHoldOfAGoneTranscriptStays() throws {
        try workspace.write(Self.pack(), to: ".ccmem/rules/team.yaml")
        try workspace.run("trust", "--yes")
        try workspace.write(
            Workspace.transcript(Self.talk + [("user", "The blorp is 99 on the other server.")]), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        #expect(Set(try contents()).isSuperset(of: ["blorp is 17", "blorp is 99"]))
        // As if it had stood in the output of a tool.
        try workspace.shell(
            "UPDATE memory_source SET turn_id = NULL WHERE memory_id = (SELECT id FROM memory WHERE content = 'blorp is 17')"
        )
        try FileManager.default.removeItem(at: workspace.project.appendingPathComponent("session.jsonl"))
        try workspace.write(
            "pack: team\nformat: 1\nversion: 1.0.0\nsummary: Nothing.\nrules: []\n", to: ".ccmem/rules/team.yaml")
        try workspace.run("trust", "--yes")
        #expect(try workspace.run("ingest", "--stale", "--json").json["transcripts"] as? Int == 1)
        #expect(try contents().contains("blorp is 17"))
        #expect(try !contents().contains("blorp is 99"))
        #expect(try workspace.run("ingest", "--stale", "--json").json["transcripts"] as? Int == 0)
    }

    @Test func twoCheckoutsOfAProjectReadWithTheSamePlan() throws {
        let other = try Workspace()
        for place in [workspace, other] {
            try place.write(Self.pack(), to: ".ccmem/rules/team.yaml")
            try place.run("trust", "--yes")
            try place.write(Workspace.transcript(Self.talk), to: "session.jsonl")
            try place.run("ingest", "session.jsonl")
        }
        let plan = try workspace.shell("SELECT plan FROM transcript").output
        #expect(plan.count > 8)
        #expect(try other.shell("SELECT plan FROM transcript").output == plan)
        try other.write(Self.pack(base: 4), to: ".ccmem/rules/team.yaml")
        try other.run("trust", "--yes")
        try other.run("ingest", "session.jsonl", "--stale")
        #expect(try other.shell("SELECT plan FROM transcript").output != plan)
    }

    @Test func whatOnlyLooksAtTheStoreIsNotStoppedByABrokenPack() throws {
        try workspace.write(Workspace.transcript(Self.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        try workspace.write("pack: team\n", to: ".ccmem/rules/team.yaml")
        try workspace.run("trust", "--yes")
        #expect(try workspace.run("trust").output.contains("It does not work: .ccmem/rules/team.yaml:1:1: error: "))
        #expect(try workspace.run("stats").status == 0)
        #expect(try workspace.run("why", "1").status == 0)
        let run = try workspace.run("ingest", "session.jsonl")
        #expect(run.status == 2)
        #expect(run.errors.contains("/.ccmem/rules/team.yaml:1:1: error: missing key `format`"))
    }

    @Test func aPinOfAnotherVersionIsToldOnce() throws {
        try workspace.write(
            "pack: team\nformat: 1\nversion: 1.0.0\nsummary: Ours.\npin: {bugs: 0.9.0}\nrules: []\n", to: "team.yaml")
        try workspace.write(Workspace.transcript(Self.talk), to: "session.jsonl")
        let run = try workspace.run("extract", "--dry-run", "session.jsonl", "--rules", "team.yaml")
        #expect(run.status == 0)
        #expect(run.errors.hasPrefix("warning: team.yaml:5:7: written against `bugs` 0.9.0, but "))
        #expect(run.errors.split(separator: "\n").count == 1)
    }

    @Test func aPackThatIsOffMayBeChanged() throws {
        let workspace = try Workspace()
        func own(_ target: String) throws {
            try workspace.write(
                "pack: own\nformat: 1\nversion: 1.0.0\nsummary: s\npin: {ml: 9.0.0}\noverrides:\n"
                    + "  - {\(target), enabled: false, why: x}\n", to: ".ccmem/rules/own.yaml")
        }
        let on = ["--pack", "ml"]
        for target in ["id: bug.ml-leak", "id: 'bug.ml-*'", "pack: ml"] {
            try own(target)
            let off = try workspace.run("rules", "lint")
            #expect(off.status == 0, "\(target): \(off.output)\(off.errors)")
            #expect(try workspace.run("why-not", "Hello there.").errors.contains("unknown") == false)
            #expect(try workspace.run("rules", "list").status == 0)
            let lint = try workspace.run(["rules", "lint"] + on)
            #expect(lint.output.contains("written against `ml` 9.0.0"), "\(lint.output)")
        }
        for target in ["id: bug.ml-leek", "id: 'bug.ml-zz*'", "pack: mll"] {
            try own(target)
            #expect(try workspace.run("rules", "list").status == 2, "\(target)")
        }
    }
}
