import Foundation
import TestSupport
import Testing

/// The verbs that read a store, through the real command.
@Suite struct ReadingTests {
    let workspace: Workspace

    static let talk: [(role: String, text: String)] = [
        ("user", "NEVER push to main without a review. Always run the linter before you commit."),
        ("assistant", "Understood. The root cause of the crash was a missing null check in `parseHeader`."),
        ("user", "We decided to use PostgreSQL instead of MySQL because we need JSON indexes.\n\n```\nlet x = 1\n```"),
        ("assistant", "Done. The p95 latency dropped from 480 ms to 120 ms after the change."),
    ]

    init() throws {
        workspace = try Workspace()
        try workspace.write(Workspace.transcript(Self.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
    }

    private func id(of beginning: String) throws -> Int {
        let memory = try workspace.run("list", "--all", "--json").memories.first {
            ($0["content"] as? String)?.hasPrefix(beginning) == true
        }
        return try #require(memory?["id"] as? Int)
    }

    static let verbs: [[String]] = [
        ["timeline"], ["timeline", "1"], ["why", "1"], ["history", "1"], ["sessions"], ["session", "1111"],
        ["keywords"],
        ["topics"], ["stats"], ["watch", "--once"], ["sql", "SELECT * FROM memory"], ["schema"], ["export"],
        ["export", "--format", "markdown"],
    ]

    @Test("A verb that reads answers, and changes no byte of the store", arguments: verbs)
    func reads(_ arguments: [String]) throws {
        let before = try Data(contentsOf: URL(fileURLWithPath: workspace.database))
        let run = try workspace.run(arguments)
        #expect(run.status == 0, "\(run.errors)")
        #expect(!run.output.isEmpty)
        #expect(run.errors.isEmpty)
        #expect(try workspace.run(arguments).output == run.output)
        #expect(try Data(contentsOf: URL(fileURLWithPath: workspace.database)) == before)
    }

    @Test(
        "With --json a verb prints one JSON document", arguments: verbs.filter { !["watch", "export"].contains($0[0]) })
    func json(_ arguments: [String]) throws {
        let run = try workspace.run(arguments + ["--json"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(!run.json.isEmpty, "\(run.output)")
        #expect(run.output.hasSuffix("}\n"))
    }

    @Test("Without a store a verb says so and makes none", arguments: verbs.filter { $0[0] != "schema" })
    func missing(_ arguments: [String]) throws {
        let empty = try Workspace(hasStore: false)
        let run = try empty.run(arguments)
        #expect(run.status == 1)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("error: There is no store at "))
        #expect(try FileManager.default.contentsOfDirectory(atPath: empty.project.path).isEmpty)
    }

    /// What an empty list looks like in JSON, for a program that counts what is in it.
    @Test(
        "Without a store a list in JSON is empty",
        arguments: [
            ("list", "memories"), ("search x", "memories"), ("recall x", "memories"), ("sessions", "sessions"),
            ("timeline", "entries"),
            ("keywords", "keywords"), ("topics", "topics"), ("failures", "failures"), ("usage", "usage"),
        ])
    func emptyDocument(_ verb: String, _ list: String) throws {
        let empty = try Workspace(hasStore: false)
        let run = try empty.run(verb.split(separator: " ").map(String.init) + ["--json"])
        #expect(run.status == 1)
        #expect((run.json[list] as? [Any])?.isEmpty == true, "\(run.output)")
        #expect(run.errors.hasPrefix("note: There is no store at "), "\(run.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: empty.project.path).isEmpty)
    }

    @Test("An unknown memory is not found", arguments: ["why", "history", "timeline", "show"])
    func unknown(_ verb: String) throws {
        let run = try workspace.run(verb, "#99")
        #expect(run.status == 1)
        #expect(run.errors.contains("There is no memory #99."))
    }

    // MARK: - why

    @Test func whyShowsTheWordsTheTermsAndTheThreshold() throws {
        let memory = try id(of: "We decided")
        let why = try workspace.run("why", "\(memory)").output
        #expect(why.contains("session.jsonl:3"))
        #expect(why.contains("threshold"))
        #expect(why.contains("“We decided to use PostgreSQL instead of MySQL because we need JSON indexes.”"))
        let json = try workspace.run("why", "\(memory)", "--json").json
        let terms = try #require(json["terms"] as? [[String: Any]]).compactMap { $0["value"] as? Double }
        let score = try #require((json["memory"] as? [String: Any])?["score"] as? Double)
        #expect(abs(terms.reduce(0, +) - score) < 0.0005)
    }

    @Test func evidenceOfADeletedTranscriptComesFromTheArchive() throws {
        func source() throws -> String? {
            let json = try workspace.run("why", "1", "--json").json
            return (json["evidence"] as? [[String: Any]])?.first?["source"] as? String
        }
        #expect(try source() == "transcript")
        try FileManager.default.removeItem(at: workspace.project.appendingPathComponent("session.jsonl"))
        #expect(try source() == "archive")
        try workspace.shell("UPDATE memory_source SET turn_id = NULL")
        #expect(try source() == "unverifiable")
    }

    // MARK: - why-not

    private func fates(_ arguments: String...) throws -> [[String: Any]] {
        let messages =
            try workspace.run(["why-not"] + arguments + ["--json"]).json["messages"] as? [[String: Any]] ?? []
        return messages.flatMap { $0["sentences"] as? [[String: Any]] ?? [] }.flatMap {
            $0["fates"] as? [[String: Any]] ?? []
        }
    }

    @Test func wordsThatNobodyWouldKeepStopAtTheScore() throws {
        let run = try workspace.run("why-not", "Let me look at the file.", "--role", "assistant")
        #expect(run.status == 1)
        #expect(run.output.contains("under the threshold"))
        #expect(try fates("Let me look at the file.", "--role", "assistant").map { $0["fate"] as? String } == ["score"])
    }

    @Test func wordsThatAreKnownWouldMerge() throws {
        let memory = try id(of: "We decided")
        let fate = try #require(
            try fates("We decided to use PostgreSQL instead of MySQL because we need JSON indexes.").first)
        #expect(fate["fate"] as? String == "kept")
        #expect(fate["store"] as? String == "merged")
        #expect(fate["store_memory"] as? Int == memory)
    }

    @Test func aLineOfAFileAndOfTheArchiveTellTheSame() throws {
        let file = try workspace.run("why-not", "session.jsonl:3")
        #expect(file.status == 0)
        #expect(file.output.contains("left out: 3 lines of fenced code"))
        #expect(try workspace.run("why-not", "1111:3").output == file.output)
    }

    @Test(
        "A place that is none is a mistake of the command line",
        arguments: [("session.jsonl:99", "has 4 lines"), ("1111:2000", "no turn at line 2000"), (" ", "no words")])
    func place(_ subject: String, _ words: String) throws {
        let run = try workspace.run("why-not", subject)
        #expect(run.status == 2)
        #expect(run.errors.contains(words))
    }

    // MARK: - sql and schema

    @Test(
        "A query that writes is refused",
        arguments: ["DELETE FROM memory", "PRAGMA user_version = 3", "ATTACH 'x' AS y", "SELECT load_extension('x')"])
    func writes(_ sql: String) throws {
        let run = try workspace.run("sql", sql)
        #expect(run.status == 2)
        #expect(run.errors.contains("The query does not only read"))
    }

    @Test func aTableShowsEveryKindOfValue() throws {
        let sql = "SELECT 1 AS one, 'a|b' AS two, NULL AS three, x'00ff' AS four, 1.5 AS five"
        #expect(
            try workspace.run("sql", sql).output == """
                one  two  three  four     five
                ---  ---  -----  -------  ----
                  1  a|b   NULL  x'00ff'   1.5

                """)
        #expect(
            try workspace.run("sql", sql, "--json").output
                == #"{"columns":["one","two","three","four","five"],"rows":[[1,"a|b",null,"00ff",1.5]],"is_cut":false}"#
                + "\n")
    }

    @Test func rowsBehindTheLimitAreCutWithAWord() throws {
        let run = try workspace.run("sql", "SELECT id FROM turn", "--limit", "2")
        #expect(run.output.split(separator: "\n").count == 4)
        #expect(run.errors.contains("Only the first 2 rows are shown"))
    }

    @Test func theSchemaOfTheProgramIsThatOfTheStore() throws {
        let empty = try Workspace(hasStore: false)
        #expect(try empty.run("schema").output == workspace.run("schema").output)
        // The statements make a schema.
        let made = try workspace.run(
            tool: "/usr/bin/env", ["sqlite3", ":memory:"], input: try workspace.run("schema").output)
        #expect(made.status == 0 && made.errors.isEmpty, "\(made.errors)")
    }

    // MARK: - export

    @Test func anExportIsTheSameBytesInAFile() throws {
        let run = try workspace.run("export")
        #expect(try workspace.run("export", "--output", "out.jsonl").status == 0)
        #expect(try workspace.read("out.jsonl") == run.output)
        let contents = run.output.split(separator: "\n").compactMap { line in
            ((try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any])?["content"] as? String
        }
        #expect(
            Set(contents) == Set(try workspace.run("list", "--json").memories.compactMap { $0["content"] as? String }))
    }

    // MARK: - watch

    @Test func watchGoesOnBehindAnId() throws {
        let all = try workspace.run("watch", "--once", "--json").output.split(separator: "\n")
        #expect(all.count > 2)
        #expect(
            try workspace.run("watch", "--once", "--json", "--since-id", "1").output.split(separator: "\n")
                == Array(all.dropFirst()))
        #expect(try workspace.run("watch", "--once", "--since-id", "999").output.isEmpty)
    }

    @Test func watchWaitsForTheFirstMemory() throws {
        let empty = try Workspace(hasStore: false)
        let pipe = try ProgramPipe()
        let program = try empty.start(["watch", "--interval", "20"], output: .descriptor(pipe.into))
        close(pipe.into)
        defer {
            program.send(SIGKILL)
            close(pipe.out)
        }
        usleep(200_000)
        #expect(program.isRunning)
        #expect(try empty.run("add", "note", "The first of all").status == 0)
        var buffer = [UInt8](repeating: 0, count: 1 << 12)
        let count = read(pipe.out, &buffer, buffer.count)
        #expect(String(decoding: buffer[..<max(0, count)], as: UTF8.self).contains("note: The first of all"))
        program.send(SIGINT)
        #expect(program.wait() == 0)
    }

    @Test func watchPrintsWhatComesAndEndsWhenItIsInterrupted() throws {
        let pipe = try ProgramPipe()
        let program = try workspace.start(
            ["watch", "--interval", "20", "--since-id", "0"], output: .descriptor(pipe.into))
        close(pipe.into)
        defer { close(pipe.out) }
        // What there is already shows that it watches.
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let first = read(pipe.out, &buffer, buffer.count)
        var text = String(decoding: buffer[..<max(0, first)], as: UTF8.self)
        #expect(text.contains("  stored  "))
        let more = Workspace.transcript(
            session: "22222222",
            (0..<40).map { ("user", "NEVER change table number \($0) without a migration of its own.") })
        try workspace.write(more, to: "more.jsonl")
        let ingest = try workspace.run("ingest", "more.jsonl")
        defer { program.send(SIGKILL) }
        try #require(ingest.status == 0, "\(ingest.errors)")
        let wanted = "  stored  constraint: NEVER change table number"
        // The feed is asked 50 times a second; a line that has not come by then does not come.
        _ = fcntl(pipe.out, F_SETFL, O_NONBLOCK)
        for _ in 0..<600 where !text.contains(wanted) && program.isRunning {
            let count = read(pipe.out, &buffer, buffer.count)
            if count > 0 { text += String(decoding: buffer[..<count], as: UTF8.self) } else { usleep(50_000) }
        }
        #expect(text.contains(wanted))
        program.send(SIGINT)
        #expect(program.wait() == 0)
    }

    // MARK: - session and timeline

    @Test func aSessionIsCutWithAWord() throws {
        let run = try workspace.run("session", "1111", "--turns", "--limit", "1")
        #expect(run.output.contains("… 3 more; --limit 4 shows all."))
        let json = try workspace.run("session", "1111", "--turns", "--limit", "1", "--json").json
        #expect((json["turns"] as? [Any])?.count == 1)
        #expect(json["is_cut"] as? Bool == true)
        #expect(json["memories"] == nil)
    }

    @Test func theTimelineMarksTheMemory() throws {
        let run = try workspace.run("timeline", "1")
        #expect(run.output.split(separator: "\n").count { $0.hasPrefix(">") } == 1)
        #expect(run.output.contains("2026-01-01\n"))
    }

    @Test func historyTellsWhatReplacedWhat() throws {
        let fixture = try Workspace()
        try fixture.write(
            """
            pack: mine
            format: 1
            version: 1.0.0
            summary: Ports.
            rules:
              - id: mine.port
                category: config
                summary: A port.
                roles: [user]
                keywords: [port]
                pattern: '(?<name>\\w+) port is (?<number>\\d+)'
                fields: {name: phrase, number: quantity}
                statement: 'the {name} port is {number}'
                key: '{name} port'

            """, to: "mine.yaml")
        let talk = [
            ("user", "The server port is 8080 in all regions."), ("user", "The server port is 9090 in all regions."),
        ]
        for (index, name) in ["a", "b"].enumerated() {
            // The second one begins with a message of no weight, so that its statement is the newer one.
            let before: [(role: String, text: String)] = index == 0 ? [] : [("user", "ok"), ("assistant", "Done.")]
            try fixture.write(Workspace.transcript(session: name, before + [talk[index]]), to: "\(name).jsonl")
        }
        #expect(try fixture.run("ingest", "a.jsonl", "b.jsonl", "--rules", "mine.yaml").status == 0)
        let chain = try #require(try fixture.run("history", "1", "--json").json["history"] as? [[String: Any]])
        #expect(chain.map { $0["state"] as? String } == ["superseded", "active"])
        #expect(try fixture.run("history", "1").output.contains("superseded by #2"))
    }

    // MARK: - search

    @Test("A search never exceeds its tokens", arguments: [1, 10, 25, 60, 500])
    func budget(_ tokens: Int) throws {
        let run = try workspace.run(
            "search", "the", "change", "linter", "PostgreSQL", "crash", "--tokens", "\(tokens)", "--json")
        #expect(run.status <= 1)
        #expect(run.memories.compactMap { $0["tokens"] as? Int }.reduce(0, +) <= tokens)
        if tokens == 500 { #expect(run.memories.count > 2) }
    }

    @Test(
        "A search says the same however its line is read",
        arguments: [
            ["linter"], ["the", "change", "--limit", "2"], ["linter", "--json"],
            ["--tokens", "20", "the", "commit"],
        ])
    func quick(_ arguments: [String]) throws {
        let quick = try workspace.run(["search"] + arguments)
        // An option that changes nothing takes the line to the whole parser.
        let whole = try workspace.run(["search", "--scope", "memories"] + arguments)
        #expect(quick.status == 0 && !quick.output.isEmpty)
        #expect(quick.output == whole.output && quick.status == whole.status)
    }

    @Test func aWrongExpressionIsAMistakeOnlyWhenItIsRaw() throws {
        #expect(try workspace.run("search", "\"linter").status == 0)
        #expect(try workspace.run("search", "\"linter", "--raw").status == 2)
    }
}

/// The verb is found without the parser of all verbs; nobody may notice.
@Suite struct DispatchTests {
    @Test(
        "Help and mistakes name the verb in full",
        arguments: [
            ["search", "--help"], ["help", "search"], ["search", "x", "-h"],
        ])
    func help(_ arguments: [String]) throws {
        let run = try Workspace().run(arguments)
        #expect(run.status == 0)
        #expect(run.output.contains("USAGE: ccmem search"))
    }

    @Test(
        "A mistake leaves with 2",
        arguments: [["search", "x", "--bogus"], ["list", "--min-importance", "9"], ["why"]])
    func mistakes(_ arguments: [String]) throws {
        let run = try Workspace().run(arguments)
        #expect(run.status == 2)
        #expect(run.errors.contains("Usage: ccmem"))
    }
}
