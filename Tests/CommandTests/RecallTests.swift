import Foundation
import TestSupport
import Testing

/// `ccmem recall` and `ccmem mcp`, through the real command.
@Suite struct RecallTests {
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.write(Workspace.transcript(ReadingTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
    }

    @Test func anAnswerHasItsPlace() throws {
        let run = try workspace.run("recall", "why PostgreSQL instead of MySQL?")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("JSON indexes"))
        #expect(run.output.contains("#") || run.output.contains("session 11111111 2026-01-01"))
        #expect(try workspace.run("recall", "why PostgreSQL instead of MySQL?").output == run.output)
    }

    @Test(
        "What was never said is not made up",
        arguments: [["--format", "text"], ["--format", "markdown"], ["--format", "json"], ["--json"]])
    func nothing(_ format: [String]) throws {
        let run = try workspace.run(["recall", "kubernetes ingress annotations"] + format)
        #expect(run.status == 1)
        if format.contains("text") || format.contains("markdown") {
            #expect(run.output.isEmpty)
            #expect(run.errors.contains("Nothing that was said"))
        } else {
            #expect((run.json["excerpts"] as? [Any])?.isEmpty == true && run.memories.isEmpty)
        }
    }

    @Test func jsonCarriesTheSame() throws {
        let run = try workspace.run("recall", "p95 latency", "--format", "json", "--tokens", "400")
        #expect(run.status == 0)
        let texts =
            run.memories.compactMap { $0["content"] as? String }
            + ((run.json["excerpts"] as? [[String: Any]])?.compactMap { $0["text"] as? String } ?? [])
        #expect(texts.contains { $0.contains("120 ms") })
    }

    @Test("What JSON costs is the whole of it", arguments: [60, 120, 200, 500, 1_000])
    func jsonIsWithinItsBudget(_ budget: Int) throws {
        let run = try workspace.run(
            "recall", "why PostgreSQL, which linter, what p95 latency?", "--json", "--tokens", "\(budget)")
        let tokens = try #require(run.json["tokens"] as? Int)
        let empty = run.memories.isEmpty && (run.json["excerpts"] as? [Any])?.isEmpty == true
        #expect(tokens <= budget || empty)
        #expect((run.output.unicodeScalars.count + 3) / 4 <= budget || empty)
        #expect(run.status == 0)
        #expect(empty == run.errors.contains("tokens or more as JSON"), "\(run.errors)")
        if budget >= 500 { #expect(tokens > budget / 3) }
    }

    @Test func aSearchExplainsItsTermsAsWell() throws {
        let output = try workspace.run("search", "p95 latency", "--explain").output
        #expect(output.contains("words ") && output.contains("importance "))
        #expect(output.contains("#"))
    }

    @Test func eachTermIsExplained() throws {
        let output = try workspace.run("recall", "p95 latency", "--explain").output
        #expect(output.hasPrefix("coverage "))
        #expect(output.contains("words ") && output.contains("turn "))
    }

    @Test("An explanation beside JSON is part of the document", arguments: ["search", "recall"])
    func explainedAsJSON(_ verb: String) throws {
        let run = try workspace.run(verb, "p95 latency", "--explain", "--json")
        #expect(run.status == 0)
        let explained = try #require(run.json["explain"] as? [[String: Any]], "\(run.output)")
        let results = try #require(explained.first?["results"] as? [[String: Any]])
        let names = (results.first?["terms"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
        #expect(names?.isEmpty == false)
    }

    @Test func theBudgetHasLimits() throws {
        #expect(try workspace.run("recall", "latency", "--tokens", "3").status == 2)
    }

    @Test func theServerAnswersEachLineAndNothingElse() throws {
        let lines = [
            #"{"jsonrpc":"2.0","id":"server-discover-probe-1","method":"server/discover"}"#,
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#,
            #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, "nonsense", "",
            String(repeating: "x", count: 5 << 20),
            #"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"recall_context","arguments":{"question":"why PostgreSQL?"}}}"#,
            #"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"memory_add","arguments":{"text":"The gateway has port 9090","category":"config"}}}"#,
            #"{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"memory_search","arguments":{"query":"gateway"}}}"#,
            // No line's end behind the last one.
            #"{"jsonrpc":"2.0","id":5,"method":"ping"}"#,
        ]
        let run = try workspace.run(["mcp"], input: lines.joined(separator: "\n"))
        #expect(run.status == 0)
        let answers = run.output.split(separator: "\n").map {
            (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any] ?? [:]
        }
        func code(_ index: Int) -> Int? { (answers[index]["error"] as? [String: Any])?["code"] as? Int }
        try #require(answers.count == 8, "\(run.output.prefix(2_000))")
        #expect(code(0) == -32601)
        #expect(answers[1]["result"] != nil)
        #expect(code(2) == -32700)
        #expect(code(3) == -32600)
        #expect("\(answers[4])".contains("JSON indexes"))
        #expect("\(answers[5])".contains("Stored as"))
        #expect("\(answers[6])".contains("9090"))
        #expect(answers[7]["id"] as? Int == 5)
    }

    @Test func theOfficialClientIsServed() throws {
        let script = Fixture.projectRoot.appendingPathComponent("scripts/mcp_client.py").path
        let run = try workspace.run(tool: "/usr/bin/env", ["python3", script, Workspace.tool("ccmem").path])
        // 77: the SDK is not installed.
        #expect(run.status == 0 || run.status == 77, "\(run.output)\(run.errors)")
    }

    @Test func vectorsAreFusedAndMissedInSilence() throws {
        let script = Fixture.projectRoot.appendingPathComponent("scripts/embed_check.py").path
        let run = try workspace.run(tool: "/usr/bin/env", ["python3", script, Workspace.tool("ccmem").path])
        #expect(run.status == 0, "\(run.output)\(run.errors)")
    }

    @Test func thePluginStartsItsOwnServer() throws {
        let plugin = workspace.folder.appendingPathComponent("plugin")
        let files = FileManager.default
        for folder in ["hooks", "bin"] {
            try files.createDirectory(at: plugin.appendingPathComponent(folder), withIntermediateDirectories: true)
        }
        let launcher = plugin.appendingPathComponent("hooks/mcp")
        try files.copyItem(at: Fixture.projectRoot.appendingPathComponent("hooks/mcp"), to: launcher)
        try files.createSymbolicLink(
            at: plugin.appendingPathComponent("bin/ccmem"), withDestinationURL: Workspace.tool("ccmem"))
        let declared = try String(
            contentsOf: Fixture.projectRoot.appendingPathComponent(".mcp.json"), encoding: .utf8)
        #expect(declared.contains("${CLAUDE_PLUGIN_ROOT}/hooks/mcp"))
        let run = try workspace.run(tool: launcher.path, [], input: #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#)
        #expect(run.output == #"{"jsonrpc":"2.0","id":1,"result":{}}"# + "\n")
    }
}
