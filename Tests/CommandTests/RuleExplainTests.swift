import Foundation
import TestSupport
import Testing

/// What becomes of a sentence, and what a change to a rule does.
@Suite struct RuleExplainTests {
    @Test func eachStageIsExplained() throws {
        let workspace = try RuleSample.workspace()
        let read = try workspace.run("rules", "explain", "note.ledger", RuleSample.sentence)
        #expect(read.status == 0)
        #expect(read.output.contains("keywords:   “goes through” wakes the rule"))
        #expect(read.output.contains("The rule speaks for the sentence"))
        #expect(read.output.contains("ruleOwn"))
        #expect(read.output.contains("key:        “note:path”"))
        let far = try workspace.run("rules", "explain", "note.ledger", "Refunds go through two queues.")
        #expect(far.status == 1)
        #expect(far.output.contains("it gets as far as “Refunds go through "), "\(far.output)")
        #expect(far.output.contains(".ccmem/rules/team.yaml:12:"), "\(far.output)")
        let excepted = try workspace.run("rules", "explain", "note.ledger", "Does it go through the ledger team?")
        #expect(excepted.output.contains("exception:  takes it back: a question"))
        let silent = try workspace.run("rules", "explain", "note.ledger", "Nothing of the kind.")
        #expect(silent.output.contains("so the rule is not tried (goes through, go through)"))
    }

    @Test func linesAndMemoriesAreExplained() throws {
        let workspace = try RuleSample.workspace()
        try workspace.run("trust", "--yes")
        let transcript = Workspace.transcript(
            cwd: workspace.project.path, [("user", "Hello."), ("user", RuleSample.sentence)])
        try workspace.write(transcript, to: "session.jsonl")
        let line = try workspace.run("rules", "explain", "note.ledger", "--line", "session.jsonl:2")
        #expect(line.status == 0)
        #expect(line.output.contains("“\(RuleSample.sentence)”"))
        #expect(try workspace.run("rules", "explain", "note.ledger", "--line", "session.jsonl:9").status == 2)
        try workspace.run("ingest", "session.jsonl")
        let id = try #require(try workspace.run("list", "--json").memories.first?["id"] as? Int)
        let memory = try workspace.run("rules", "explain", "note.ledger", "--memory", "\(id)", "--json")
        #expect(memory.status == 0)
        let sentences = memory.json["sentences"] as? [[String: Any]] ?? []
        #expect(sentences.map { $0["text"] as? String } == [RuleSample.sentence])
        #expect(sentences.first?["reads"] as? Bool == true)
    }

    @Test func theDiffTellsWhatARuleChanges() throws {
        let workspace = try Workspace()
        try workspace.write(Workspace.transcript([("user", RuleSample.sentence)]), to: "session.jsonl")
        let nothing = try workspace.run("rules", "diff", "session.jsonl")
        #expect(nothing.status == 1)
        try workspace.write(RuleSample.pack(), to: ".ccmem/rules/team.yaml")
        let gained = try workspace.run("rules", "diff", "session.jsonl", "--json")
        #expect(gained.status == 0)
        #expect(gained.json["gained"] as? Int == 1)
        let change = try #require((gained.json["changes"] as? [[String: Any]])?.first)
        #expect(change["line"] as? Int == 1)
        try workspace.write(RuleSample.pack("more", rule: "note.other"), to: "more.yaml")
        let added = try workspace.run("rules", "diff", "session.jsonl", "--rules", "more.yaml")
        #expect(added.output.contains("Compared with the same without more.yaml."))
    }

    @Test func theDiffComparesWithARevision() throws {
        let workspace = try RuleSample.workspace()
        try workspace.write(Workspace.transcript([("user", RuleSample.sentence)]), to: "session.jsonl")
        func git(_ words: String...) throws {
            let run = try workspace.run(
                tool: "/usr/bin/env",
                ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"] + words)
            #expect(run.status == 0, "\(run.errors)")
        }
        try git("init", "-q")
        try git("add", ".ccmem/rules")
        try git("commit", "-q", "-m", "rules")
        #expect(try workspace.run("rules", "diff", "session.jsonl").status == 1)
        try workspace.write(RuleSample.pack(statement: "'Path: {sentence}'"), to: ".ccmem/rules/team.yaml")
        let changed = try workspace.run("rules", "diff", "session.jsonl")
        #expect(changed.status == 0)
        #expect(changed.output.contains("- The refund flow"))
        #expect(changed.output.contains("+ Path: The refund flow"))
        #expect(changed.output.contains("0 gained, 0 lost, 1 changed"))
        #expect(try workspace.run("rules", "diff", "session.jsonl", "--against", "HEAD").output.contains("1 changed"))
        #expect(try workspace.run("rules", "diff", "session.jsonl", "--against-built-in").output.contains("1 gained"))
        #expect(try workspace.run("rules", "diff", "session.jsonl", "--against", "nowhere").status == 2)
        #expect(try workspace.run("rules", "diff", "session.jsonl", "--against=--output=x").status == 2)
    }

    @Test func theDiffComparesWithTheDayOfThePin() throws {
        let workspace = try RuleSample.workspace()
        try workspace.write(Workspace.transcript([("user", RuleSample.sentence)]), to: "session.jsonl")
        func git(_ words: String...) throws {
            let run = try workspace.run(
                tool: "/usr/bin/env",
                ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"] + words)
            #expect(run.status == 0, "\(run.errors)")
        }
        let bare = try workspace.run("rules", "diff", "session.jsonl", "--since-pin")
        #expect(bare.status == 2)
        #expect(bare.errors.contains("No pack of the project has a `pin:`."))
        let pinned = RuleSample.pack().replacing("format: 1", with: "format: 1\npin: {decisions: 1.0.0}")
        try workspace.write(pinned, to: ".ccmem/rules/team.yaml")
        try git("init", "-q")
        #expect(try workspace.run("rules", "diff", "session.jsonl", "--since-pin").status == 2)
        try git("add", ".ccmem/rules")
        try git("commit", "-q", "-m", "rules")
        #expect(try workspace.run("rules", "diff", "session.jsonl", "--since-pin").status == 1)
        let changed = RuleSample.pack(statement: "'Path: {sentence}'").replacing(
            "format: 1", with: "format: 1\npin: {decisions: 1.0.0}")
        try workspace.write(changed, to: ".ccmem/rules/team.yaml")
        try git("commit", "-q", "-a", "-m", "another statement")
        #expect(try workspace.run("rules", "diff", "session.jsonl").status == 1)
        let since = try workspace.run("rules", "diff", "session.jsonl", "--since-pin")
        #expect(since.status == 0)
        #expect(since.output.contains("Compared with the day of the pin ("))
        #expect(since.output.contains("1 changed"))
    }

    @Test func onlyTheNewestSessionsAreRead() throws {
        let workspace = try RuleSample.workspace()
        for (index, name) in ["a", "b", "c"].enumerated() {
            try workspace.write(
                Workspace.transcript(session: name, [("user", RuleSample.sentence)]), to: "s/\(name).jsonl")
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: TimeInterval(1_000_000 - index * 1000))],
                ofItemAtPath: workspace.project.appendingPathComponent("s/\(name).jsonl").path)
        }
        let run = try workspace.run("rules", "diff", "s", "--last", "2")
        #expect(run.output.contains("s/a.jsonl"))
        #expect(run.output.contains("s/b.jsonl"))
        #expect(!run.output.contains("s/c.jsonl"))
    }

    @Test func theBenchCountsWhatKeywordsLose() throws {
        let workspace = try RuleSample.workspace()
        try workspace.write(
            Workspace.transcript([("user", RuleSample.sentence), ("assistant", "Invoices pass by the finance team.")]),
            to: "corpus/session.jsonl")
        try workspace.write(
            """
            {"file": "session.jsonl", "line": 1, "quote": "goes through the ledger team", "category": "note", "keep": true}
            {"file": "session.jsonl", "line": 2, "quote": "Invoices pass by the finance team.", "keep": true}

            """, to: "corpus/labels.jsonl")
        let run = try workspace.run("rules", "bench", "--corpus", "corpus", "--runs", "1", "--json")
        #expect(run.status == 0, "\(run.errors)")
        let rules = run.json["rules"] as? [[String: Any]] ?? []
        let mine = try #require(rules.first { $0["rule"] as? String == "note.ledger" })
        #expect(mine["reads"] as? Int == 1)
        #expect(mine["woken"] as? Int == 1)
        #expect(mine["sentences"] as? Int == 2)
        #expect(run.json["lost"] as? Int == 0)
        let labels = try #require(run.json["labels"] as? [String: Any])
        #expect(labels["recall"] as? Double == 0.5)
        #expect(labels["precision"] as? Double == 1)
        // A keyword that the pattern does not need loses what the pattern would read.
        try workspace.write(
            RuleSample.pack().replacing("(?&KEYWORD)", with: "(?:goes|pass|go)"), to: ".ccmem/rules/team.yaml")
        let lossy = try workspace.run("rules", "bench", "--corpus", "corpus", "--runs", "1")
        #expect(lossy.status == 1)
        #expect(lossy.output.contains("lost: note.ledger: “Invoices pass by the finance team.”"), "\(lossy.output)")
        try workspace.write("{\"file\": 1}\n", to: "corpus/labels.jsonl")
        let wrong = try workspace.run("rules", "bench", "--corpus", "corpus")
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("labels.jsonl:1"))
    }

    @Test func aLabelThatIsWrongIsNamed() throws {
        let workspace = try RuleSample.workspace()
        try workspace.write(Workspace.transcript([("user", RuleSample.sentence)]), to: "corpus/session.jsonl")
        let cases = [
            (#"{"file": "sesion.jsonl", "line": 1, "quote": "a", "keep": true}"#, "no transcript `sesion.jsonl`"),
            (
                #"{"file": "session.jsonl", "line": 1, "quote": "a", "category": "zzz", "keep": true}"#,
                "`category` is `zzz`"
            ),
            (#"{"file": "session.jsonl", "line": 1, "quote": "a", "keep": "yes"}"#, "`keep` must be `true` or `false`"),
            (#"{"file": "session.jsonl", "line": 0, "quote": "a", "keep": true}"#, "`line` is 0"),
            (#"{"file": "session.jsonl", "line": 1, "keep": true}"#, "`quote` is missing"),
        ]
        for (label, words) in cases {
            try workspace.write("\n" + label + "\n", to: "corpus/labels.jsonl")
            let run = try workspace.run("rules", "bench", "--corpus", "corpus", "--runs", "1")
            #expect(run.status == 2, "\(label)")
            #expect(run.errors.contains("corpus/labels.jsonl:2: ") && run.errors.contains(words), "\(run.errors)")
        }
        try workspace.write(
            #"{"file": "./session.jsonl", "line": 1, "quote": "the ledger team", "keep": true}"# + "\n",
            to: "corpus/labels.jsonl")
        let run = try workspace.run("rules", "bench", "--corpus", "corpus", "--runs", "1")
        #expect(run.output.contains("recall 100.0 %"), "\(run.output)\(run.errors)")
    }

    @Test func theOutputOfAToolIsExplained() throws {
        let workspace = try RuleSample.workspace(
            RuleSample.pack().replacing("[user, assistant]", with: "[tool]\n    tools: [WebFetch]"))
        let read = try workspace.run("rules", "explain", "note.ledger", RuleSample.sentence)
        #expect(read.status == 0, "\(read.output)")
        #expect(read.output.contains("tool: the rule reads it"))
        let silent = try workspace.run("rules", "explain", "note.ledger", "Nothing of the kind.")
        #expect(silent.status == 1)
        #expect(silent.output.contains("so the rule is not tried"), "\(silent.output)")
        let typed = try workspace.run("rules", "explain", "note.ledger", RuleSample.sentence, "--role", "user")
        #expect(typed.output.contains("user: the rule reads only tool"))
    }

    @Test func anExampleWithoutASentenceIsNamed() throws {
        let workspace = try RuleSample.workspace(
            RuleSample.pack().replacing(
                "Invoices go through the finance team.", with: "'# Invoices go through the team'"))
        let run = try workspace.run("rules", "explain", "note.ledger")
        #expect(
            run.output.contains("“# Invoices go through the team”\n  No sentence of prose stands in it."),
            "\(run.output)")
    }

    @Test func aRuleThatIsSwitchedOffIsNamed() throws {
        let workspace = try RuleSample.workspace()
        try workspace.write(
            "pack: off\nformat: 1\nversion: 1.0.0\nsummary: Off.\noverrides:\n"
                + "  - id: note.ledger\n    enabled: false\n    why: told twice\n", to: "off.yaml")
        let run = try workspace.run("why-not", RuleSample.sentence, "--rules", "off.yaml")
        #expect(
            run.output.contains("Rule note.ledger would read it, but is switched off at off.yaml:7: told twice."),
            "\(run.output)")
        let silent = try workspace.run("why-not", "Nothing of the kind.", "--rules", "off.yaml")
        #expect(!silent.output.contains("switched off"))
        let json = try workspace.run("why-not", RuleSample.sentence, "--rules", "off.yaml", "--json").json
        let messages = json["messages"] as? [[String: Any]] ?? []
        let sentence = try #require((messages.first?["sentences"] as? [[String: Any]])?.first)
        let off = try #require((sentence["switched_off_rules"] as? [[String: Any]])?.first)
        #expect(off["rule"] as? String == "note.ledger")
        #expect(off["line"] as? Int == 7)
    }

    @Test func linesBeginAtOne() throws {
        let workspace = try RuleSample.workspace()
        try workspace.write(Workspace.transcript([("user", RuleSample.sentence)]), to: "session.jsonl")
        for arguments in [
            ["why-not", "session.jsonl:0"], ["rules", "explain", "note.ledger", "--line", "session.jsonl:0"],
            ["rules", "new", "note.x", "--category", "note", "--from", "session.jsonl:0"],
        ] {
            let run = try workspace.run(arguments)
            #expect(run.status == 2)
            #expect(run.errors.contains("lines begin at 1"), "\(run.errors)")
        }
    }
}
