import Foundation
#if canImport(FoundationXML)
    import FoundationXML
#endif
import TestSupport
import Testing

/// The verbs on rules, with the real command in projects of their own.
@Suite struct RulesTests {
    static let sentence = "The refund flow goes through the ledger team first."

    static func pack(
        _ name: String = "team", more: String = "", rule: String = "note.ledger", statement: String = "'{sentence}'"
    ) -> String {
        """
        pack: \(name)
        format: 1
        version: 1.0.0
        summary: Ours.
        \(more)
        rules:
          - id: \(rule)
            category: note
            summary: What goes through a team.
            roles: [user, assistant]
            keywords: [goes through, go through]
            pattern: '(?i)^.{0,200}?(?&KEYWORD).{1,100}?\\bteam\\b.*'
            statement: \(statement)
            key: 'path'
            exceptions:
              - why: a question
                context: '\\?\\s*$'
            examples:
              match:
                - text: The refund flow goes through the ledger team first.
                - text: Invoices go through the finance team.
              reject:
                - {text: 'Does it go through a team?', why: a question}
                - {text: 'Refunds go through two queues.', why: no team}

        """
    }

    func withPack(_ text: String = RulesTests.pack()) throws -> Workspace {
        let workspace = try Workspace()
        try workspace.write(text, to: ".ccmem/rules/team.yaml")
        return workspace
    }

    // MARK: - list, show, docs, schema

    @Test func theListTellsLayersAndCounts() throws {
        let workspace = try withPack(
            Self.pack(
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
        let workspace = try withPack(
            Self.pack(
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
        let run = try withPack().run("rules", "show", "note.leger")
        #expect(run.status == 2)
        #expect(run.errors.contains("Did you mean `note.ledger`?"))
    }

    @Test func eachRuleHasAPage() throws {
        let workspace = try withPack()
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

    // MARK: - lint

    @Test func aSoundPackPasses() throws {
        let run = try withPack().run("rules", "lint", "--strict")
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output == "1 pack: nothing is wrong.\n")
    }

    @Test func findingsAreToldAtTheirPlace() throws {
        let workspace = try withPack(Self.pack().replacing("keywords:", with: "keyword:"))
        let run = try workspace.run("rules", "lint")
        #expect(run.status == 1)
        #expect(
            run.output.hasPrefix(".ccmem/rules/team.yaml:11:5: error: unknown key `keyword` in `rules` [keys]\n"),
            "\(run.output)")
        #expect(run.output.contains("help: did you mean `keywords`?"))
    }

    @Test func aWarningFailsOnlyWhenAsked() throws {
        let workspace = try withPack(Self.pack().replacing("Refunds go through two queues.", with: "Two queues."))
        #expect(try workspace.run("rules", "lint").status == 0)
        let strict = try workspace.run("rules", "lint", "--strict", "--json")
        #expect(strict.status == 1)
        let findings = strict.json["findings"] as? [[String: Any]] ?? []
        #expect(findings.map { $0["check"] as? String } == ["reject-weak"])
        #expect(findings.first?["line"] as? Int == 24)
    }

    @Test func aPackIsSeenFromThoseBelow() throws {
        let workspace = try withPack(Self.pack(rule: "constraint.never"))
        let run = try workspace.run("rules", "lint")
        #expect(run.status == 1)
        #expect(run.output.contains("rule `constraint.never` exists already"))
        let file = try workspace.run("rules", "lint", ".ccmem/rules/team.yaml")
        #expect(file.output == run.output)
        #expect(try workspace.run("rules", "lint", "nowhere.yaml").status == 3)
    }

    @Test func aBrokenExampleOfARuleBelowIsFound() throws {
        let workspace = try withPack(
            Self.pack(more: "overrides:\n  - id: constraint.never\n    keywords: {remove: [never]}"))
        let run = try workspace.run("rules", "lint")
        #expect(run.status == 1)
        #expect(run.output.contains("[override]"), "\(run.output)")
    }

    @Test func sarifHasWhatTheFormatRequires() throws {
        let workspace = try withPack(Self.pack().replacing("Refunds go through two queues.", with: "Two queues."))
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

    // MARK: - test

    @Test func examplesPassOrFail() throws {
        let workspace = try withPack()
        let good = try workspace.run("rules", "test", "note.ledger")
        #expect(good.status == 0)
        #expect(good.output == "4 examples of 1 rule: all pass.\n")
        try workspace.write(
            Self.pack(statement: "'Path: {sentence}'").replacing(
                "- text: Invoices go through the finance team.",
                with: "- {text: Invoices go through the finance team., statement: x}"),
            to: ".ccmem/rules/team.yaml")
        let bad = try workspace.run("rules", "test", "note.ledger")
        #expect(bad.status == 1)
        #expect(bad.output.contains(".ccmem/rules/team.yaml:21: note.ledger, match example"), "\(bad.output)")
        #expect(bad.output.contains("the statement is “Path: Invoices go through the finance team.”, not “x”"))
    }

    @Test func allRulesAreTested() throws {
        let run = try withPack().run("rules", "test")
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.contains(": all pass."))
    }

    @Test func junitIsWellFormed() throws {
        let workspace = try withPack(
            Self.pack().replacing("'Does it go through a team?'", with: "'It must go through <any> \"team\" & us'"))
        let run = try workspace.run("rules", "test", "note.ledger", "--format", "junit")
        #expect(run.status == 1)
        let document = JUnitReader(run.output)
        #expect(document.isWellFormed, "\(run.output)")
        #expect(document.cases == 4)
        #expect(document.failures.count == 1)
        #expect(document.names.contains("reject: It must go through <any> \"team\" & us"))
    }

    @Test func aCorpusIsComparedAndRecorded() throws {
        let workspace = try withPack()
        try workspace.write(
            Workspace.transcript([("user", Self.sentence), ("assistant", "Understood.")]),
            to: "corpus/first/session.jsonl")
        let missing = try workspace.run("rules", "test", "note.ledger", "--corpus", "corpus")
        #expect(missing.status == 4)
        let recorded = try workspace.run("rules", "test", "note.ledger", "--corpus", "corpus", "--record")
        #expect(recorded.status == 4)
        #expect(recorded.output.contains("Recorded"))
        let expected = try workspace.read("corpus/first/expected.jsonl")
        #expect(expected.contains("note.ledger"))
        let same = try workspace.run("rules", "test", "note.ledger", "--corpus", "corpus", "--record")
        #expect(same.status == 0, "\(same.output)")
        let plain = try workspace.run(
            ["extract", "--dry-run", "session.jsonl", "--format", "jsonl"],
            directory: workspace.project.appendingPathComponent("corpus/first"))
        #expect(plain.output == expected, "a recording is what extract prints")
        // A rule that changes shows as a changed recording, not as a wrong example.
        try workspace.write(
            Self.pack(statement: "'Path: {sentence}'"), to: ".ccmem/rules/team.yaml")
        let changed = try workspace.run("rules", "test", "--corpus", "corpus", "--json")
        #expect(changed.status == 4)
        let cases = changed.json["cases"] as? [[String: Any]] ?? []
        #expect((cases.first?["gained"] as? [String])?.first?.contains("Path: The refund") == true)
        #expect(try workspace.read("corpus/first/expected.jsonl") == expected)
    }

    @Test func rulesOfOnesOwnHaveNoPartInACorpus() throws {
        let workspace = try Workspace()
        try workspace.write(Workspace.transcript([("user", Self.sentence)]), to: "corpus/first/session.jsonl")
        let folder = workspace.home.appendingPathComponent(".config/ccmem/rules")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Self.pack().write(to: folder.appendingPathComponent("mine.yaml"), atomically: true, encoding: .utf8)
        _ = try workspace.run("rules", "test", "note.ledger", "--corpus", "corpus", "--record")
        #expect(try !workspace.read("corpus/first/expected.jsonl").contains("note.ledger"))
    }

    @Test func aChangeRunsTheTestsAgain() throws {
        let workspace = try withPack()
        let process = Process()
        process.executableURL = Workspace.tool("ccmem")
        process.arguments = ["rules", "test", "note.ledger", "--watch"]
        process.currentDirectoryURL = workspace.project
        process.environment = ["HOME": workspace.home.path]
        let log = workspace.folder.appendingPathComponent("log")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        process.standardOutput = try FileHandle(forWritingTo: log)
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        var text = ""
        func wait(for words: String) {
            for _ in 0..<600 where !text.contains(words) {
                usleep(50_000)
                text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
            }
        }
        wait(for: "Ctrl-C")
        #expect(text.contains("all pass"))
        try workspace.write(
            Self.pack().replacing("Invoices go through", with: "Invoices pass"), to: ".ccmem/rules/team.yaml")
        wait(for: "1 fails")
        #expect(text.contains("none of the keywords stands in it"))
        process.terminate()
        for _ in 0..<200 where process.isRunning { usleep(50_000) }
        #expect(!process.isRunning, "it goes on when it is asked to end")
    }

    // MARK: - explain

    @Test func eachStageIsExplained() throws {
        let workspace = try withPack()
        let read = try workspace.run("rules", "explain", "note.ledger", Self.sentence)
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
        let workspace = try withPack()
        try workspace.run("trust", "--yes")
        let transcript = Workspace.transcript(
            cwd: workspace.project.path, [("user", "Hello."), ("user", Self.sentence)])
        try workspace.write(transcript, to: "session.jsonl")
        let line = try workspace.run("rules", "explain", "note.ledger", "--line", "session.jsonl:2")
        #expect(line.status == 0)
        #expect(line.output.contains("“\(Self.sentence)”"))
        #expect(try workspace.run("rules", "explain", "note.ledger", "--line", "session.jsonl:9").status == 2)
        try workspace.run("ingest", "session.jsonl")
        let id = try #require(try workspace.run("list", "--json").memories.first?["id"] as? Int)
        let memory = try workspace.run("rules", "explain", "note.ledger", "--memory", "\(id)", "--json")
        #expect(memory.status == 0)
        let sentences = memory.json["sentences"] as? [[String: Any]] ?? []
        #expect(sentences.map { $0["text"] as? String } == [Self.sentence])
        #expect(sentences.first?["reads"] as? Bool == true)
    }

    // MARK: - diff, bench

    @Test func theDiffTellsWhatARuleChanges() throws {
        let workspace = try Workspace()
        try workspace.write(Workspace.transcript([("user", Self.sentence)]), to: "session.jsonl")
        let nothing = try workspace.run("rules", "diff", "session.jsonl")
        #expect(nothing.status == 1)
        try workspace.write(Self.pack(), to: ".ccmem/rules/team.yaml")
        let gained = try workspace.run("rules", "diff", "session.jsonl", "--json")
        #expect(gained.status == 0)
        #expect(gained.json["gained"] as? Int == 1)
        let change = try #require((gained.json["changes"] as? [[String: Any]])?.first)
        #expect(change["line"] as? Int == 1)
        try workspace.write(Self.pack("more", rule: "note.other"), to: "more.yaml")
        let added = try workspace.run("rules", "diff", "session.jsonl", "--rules", "more.yaml")
        #expect(added.output.contains("Compared with the same without more.yaml."))
    }

    @Test func theDiffComparesWithARevision() throws {
        let workspace = try withPack()
        try workspace.write(Workspace.transcript([("user", Self.sentence)]), to: "session.jsonl")
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
        try workspace.write(Self.pack(statement: "'Path: {sentence}'"), to: ".ccmem/rules/team.yaml")
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
        let workspace = try withPack()
        try workspace.write(Workspace.transcript([("user", Self.sentence)]), to: "session.jsonl")
        func git(_ words: String...) throws {
            let run = try workspace.run(
                tool: "/usr/bin/env",
                ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"] + words)
            #expect(run.status == 0, "\(run.errors)")
        }
        let bare = try workspace.run("rules", "diff", "session.jsonl", "--since-pin")
        #expect(bare.status == 2)
        #expect(bare.errors.contains("No pack of the project has a `pin:`."))
        let pinned = Self.pack().replacing("format: 1", with: "format: 1\npin: {decisions: 1.0.0}")
        try workspace.write(pinned, to: ".ccmem/rules/team.yaml")
        try git("init", "-q")
        #expect(try workspace.run("rules", "diff", "session.jsonl", "--since-pin").status == 2)
        try git("add", ".ccmem/rules")
        try git("commit", "-q", "-m", "rules")
        #expect(try workspace.run("rules", "diff", "session.jsonl", "--since-pin").status == 1)
        let changed = Self.pack(statement: "'Path: {sentence}'").replacing(
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
        let workspace = try withPack()
        for (index, name) in ["a", "b", "c"].enumerated() {
            try workspace.write(Workspace.transcript(session: name, [("user", Self.sentence)]), to: "s/\(name).jsonl")
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
        let workspace = try withPack()
        try workspace.write(
            Workspace.transcript([("user", Self.sentence), ("assistant", "Invoices pass by the finance team.")]),
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
            Self.pack().replacing("(?&KEYWORD)", with: "(?:goes|pass|go)"), to: ".ccmem/rules/team.yaml")
        let lossy = try workspace.run("rules", "bench", "--corpus", "corpus", "--runs", "1")
        #expect(lossy.status == 1)
        #expect(lossy.output.contains("lost: note.ledger: “Invoices pass by the finance team.”"), "\(lossy.output)")
        try workspace.write("{\"file\": 1}\n", to: "corpus/labels.jsonl")
        let wrong = try workspace.run("rules", "bench", "--corpus", "corpus")
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("labels.jsonl:1"))
    }

    // MARK: - new

    @Test func aNewRulePassesAtOnceAndIsTrusted() throws {
        let workspace = try Workspace()
        let made = try workspace.run(
            "rules", "new", "constraint.ledger", "--category", "constraint", "--from", Self.sentence)
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.output.contains("Wrote rule constraint.ledger to .ccmem/rules/team.yaml:9."))
        #expect(made.output.contains("examples 1 match and 2 reject pass"))
        let text = try workspace.read(".ccmem/rules/team.yaml")
        #expect(text.hasPrefix("# yaml-language-server: $schema=./rulepack.schema.json\n"))
        #expect(try workspace.read(".ccmem/rules/rulepack.schema.json") == workspace.run("rules", "schema").output)
        #expect(try workspace.run("rules", "test", "constraint.ledger").status == 0)
        #expect(try workspace.run("trust").status == 0, "what one writes oneself is trusted")
        #expect(try workspace.run("why-not", Self.sentence).output.contains("Kept as constraint"))
        #expect(try workspace.run("rules", "new", "constraint.ledger", "--category", "note").status == 2)
    }

    @Test func whatAPersonWroteStays() throws {
        let workspace = try Workspace()
        try workspace.run("rules", "new", "note.a", "--category", "note", "--from", Self.sentence)
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
        try workspace.write(Workspace.transcript([("user", "Hello there. \(Self.sentence)")]), to: "session.jsonl")
        let several = try workspace.run(
            "rules", "new", "note.a", "--category", "note", "--from", "session.jsonl:1", "--stdout")
        #expect(several.status == 2)
        #expect(several.errors.contains("--sentence"))
        let one = try workspace.run(
            "rules", "new", "note.a", "--category", "note", "--from", "session.jsonl:1", "--sentence", "2", "--stdout")
        #expect(one.status == 0)
        #expect(one.output.contains("- text: '\(Self.sentence)'"))
        #expect(
            !FileManager.default.fileExists(
                atPath: workspace.project.appendingPathComponent(".ccmem/rules/team.yaml").path))
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

/// Counts the cases of a JUnit report.
private final class JUnitReader: NSObject, XMLParserDelegate {
    var isWellFormed = false
    var cases = 0
    var names: [String] = []
    var failures: [String] = []

    init(_ text: String) {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        isWellFormed = parser.parse()
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        if name == "testcase" {
            cases += 1
            names.append(attributes["name"] ?? "")
        }
        if name == "failure" { failures.append(attributes["message"] ?? "") }
    }
}
