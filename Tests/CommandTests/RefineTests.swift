import Foundation
import TestSupport
import Testing

/// `ccmem refine` against a server on this machine that answers as Anthropic's would, or does not.
@Suite struct RefineTests {
    static let session = "11111111-2222-3333-4444-555555555555"
    /// M1 is the newest memory: the one about the port.
    static let rewrite =
        #"{"action":"rewrite","memories":["M1"],"quote":"It must listen on port `8080` now because the proxy took 80","statement":"The gateway must listen on port `8080` now because the proxy took 80"}"#
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.write(
            Workspace.transcript([
                (role: "user", text: "NEVER push to main without a review."),
                (
                    role: "assistant",
                    text: "The gateway is deployed. It must listen on port `8080` now because the proxy took 80."
                ),
            ]), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
    }

    // MARK: -

    /// What the vendor answers: the filled-in form.
    static func answer(_ entries: String..., form: String? = nil) -> LoopbackServer.Answer {
        let form = form ?? #"{"answers":[\#(entries.joined(separator: ","))]}"#
        return .respond(
            200, ["content-type: application/json"],
            #"""
            {"id":"msg_1","type":"message","role":"assistant","model":"m","stop_reason":"tool_use","content":[
            {"type":"tool_use","id":"toolu_1","name":"remember","input":\#(form)}],
            "usage":{"input_tokens":900,"output_tokens":100}}
            """#)
    }

    private func environment(_ server: LoopbackServer) -> [String: String] {
        ["ANTHROPIC_BASE_URL": server.address, "ANTHROPIC_API_KEY": "sk-ant-api03-0123456789abcdef0123456789"]
    }

    /// A server whose first answer is for the question whether the key is good; a person has agreed to it.
    private func server(_ answers: LoopbackServer.Answer...) throws -> LoopbackServer {
        let server = try LoopbackServer([.respond(200, [], #"{"data":[]}"#)] + answers)
        #expect(try workspace.run(["auth", "enable", "--yes"], environment: environment(server)).status == 0)
        return server
    }

    private func refine(_ server: LoopbackServer, _ arguments: String...) throws -> Workspace.Run {
        try workspace.run(["refine"] + arguments, environment: environment(server))
    }

    private func calls(_ server: LoopbackServer) -> [LoopbackServer.Request] {
        server.requests.filter { $0.head.hasPrefix("POST /v1/messages") }
    }

    /// All that the store holds of memories, and the page beside it.
    private func dump() throws -> String {
        try workspace.shell(
            """
            SELECT * FROM memory; SELECT * FROM memory_source; SELECT * FROM memory_event; SELECT * FROM memory_link;
            SELECT * FROM refinement; SELECT * FROM tidy_proposal
            """
        ).output + ((try? workspace.read(".ccmem/MEMORY.md")) ?? "")
    }

    // MARK: -

    @Test func aRefinementIsToldWithItsOriginalAndTakenBack() throws {
        let before = try dump()
        let server = try server(Self.answer(Self.rewrite))
        let run = try refine(server, "--all", "--json")
        #expect(run.status == 0, "\(run.errors)")
        let list = try workspace.run("list", "--json").memories
        let refined = try #require(list.first { $0["origin"] as? String == "llm" })
        #expect(refined["content"] as? String == "The gateway must listen on port `8080` now because the proxy took 80")
        let why = try workspace.run("why", "\(refined["id"] ?? 0)").output
        for words in ["claude-haiku-4-5-20251001", "refine-v1", "Before, #", "session.jsonl, line 2"] {
            #expect(why.contains(words), "\(words)")
        }
        #expect(try workspace.run("history", "\(refined["id"] ?? 0)").output.contains("It must listen on port `8080`"))
        // Sent once.
        _ = try refine(server, "--all")
        #expect(calls(server).count == 1)
        #expect(!calls(server)[0].body.contains("sk-ant"))
        try workspace.run("undo")
        #expect(try workspace.run("list", "--json").memories.allSatisfy { $0["origin"] as? String != "llm" })
        // And the transcript, read again, brings nothing of it back.
        try workspace.run("ingest", "session.jsonl")
        #expect(try workspace.run("list", "--json").memories.count == before.split(separator: "active").count - 1)
    }

    static let mishaps: [(LoopbackServer.Answer, String)] = [
        (.respond(401, [], #"{"error":{"message":"invalid x-api-key"}}"#), "refused"), (.respond(403), "refused"),
        (.respond(429, ["retry-after: 3600"]), "busy"), (.respond(529, ["x-should-retry: false"]), "busy"),
        (.respond(400, [], #"{"error":{"message":"bad"}}"#), "rejected"), (.close, "unreachable"),
        (.truncated(announced: 4_000, sent: "{"), "unreachable"), (.respond(200, [], "{nonsense"), "unusable"),
        (.respond(200, [], ""), "unusable"), (answer(form: #"{"items":[1]}"#), "unusable"), (answer(), "done"),
        (answer(form: #"{"answers":{"action":"new"}}"#), "unusable"),
    ]

    @Test("Whatever the vendor does, what the rules kept stays as it is", arguments: mishaps)
    func faults(_ answer: LoopbackServer.Answer, _ outcome: String) throws {
        let server = try server(answer)
        let before = try dump()
        let run = try refine(server, "--all")
        #expect(run.status == (["done", "unusable"].contains(outcome) ? 0 : 3), "\(run.output) \(run.errors)")
        #expect(try dump() == before)
        #expect(try workspace.shell("SELECT outcome FROM llm_call").output == outcome + "\n")
        #expect(!(run.output + run.errors).contains("sk-ant"))
        server.stop()
    }

    @Test func aKillInTheMiddleLeavesAllAsItWasAndIsNotRepeated() throws {
        let server = try server(.hang)
        let before = try dump()
        let program = try workspace.start(["refine", "--all"], environment: environment(server))
        for _ in 0..<400 where calls(server).isEmpty { usleep(50_000) }
        #expect(calls(server).count == 1)
        // Meanwhile nobody else asks.
        #expect(try refine(server, "--all").errors.contains("Another process"))
        program.send(SIGKILL)
        program.wait()
        #expect(try dump() == before)
        #expect(try workspace.shell("SELECT outcome FROM llm_call").output == "reserved\n")
        #expect(try refine(server, "--all").output.contains("nothing to refine"))
        #expect(calls(server).count == 1)
        #expect(try workspace.run("audit").status == 0)
        server.stop()
    }

    @Test func nothingIsSentWithoutConsentOrBeyondTheBudget() throws {
        let server = try LoopbackServer([.respond(200, [], #"{"data":[]}"#), Self.answer(Self.rewrite)])
        #expect(try refine(server, "--all").errors.contains("ccmem auth enable"))
        #expect(try refine(server, "--show-request").output.contains("[ccmem-llm refine-v1]"))
        #expect(server.requests.isEmpty)
        _ = try workspace.run(["auth", "enable", "--yes"], environment: environment(server))
        for off in [["CCMEM_LLM": "off"], ["CI": "1"], ["CCMEM_HOOKS": "off"]] {
            _ = try workspace.run(["refine", "--all"], environment: environment(server).merging(off) { $1 })
        }
        #expect(server.requests.isEmpty)
        let poor = environment(server).merging(["CCMEM_LLM_DAILY_TOKENS": "2000"]) { $1 }
        #expect(try workspace.run(["refine", "--all"], environment: poor).output.contains("budget"))
        #expect(calls(server).isEmpty)
        #expect(try workspace.shell("SELECT count(*) FROM llm_call").output == "0\n")
    }

    @Test func withTheModelOffEverythingIsAsItAlwaysWas() throws {
        let server = try server(Self.answer(Self.rewrite))
        let before = (
            try workspace.run("extract", "--dry-run", "--format", "jsonl", "session.jsonl").output, try dump()
        )
        _ = try workspace.run(
            ["ingest", "session.jsonl", "--boundary", "SessionEnd"],
            environment: environment(server).merging(["CCMEM_LLM": "off"]) { $1 })
        #expect(calls(server).isEmpty)
        let after = (try workspace.run("extract", "--dry-run", "--format", "jsonl", "session.jsonl").output, try dump())
        #expect(after == before)
        // Extraction does not depend on what a model did to the store.
        _ = try refine(server, "--all")
        #expect(try workspace.run("extract", "--dry-run", "--format", "jsonl", "session.jsonl").output == before.0)
    }

    @Test func aSessionThatEndsIsRefinedWhereAPersonWantsIt() throws {
        let server = try server(Self.answer())
        var words: [(role: String, text: String)] = []
        for index in 0..<90 {
            words.append(("user", "The service number \(index) keeps its state in the table of its own name."))
        }
        let text = Workspace.transcript(session: "22222222-2222-3333-4444-555555555555", words)
            .replacingOccurrences(of: "2026-01-01T", with: "2999-01-01T")
        try workspace.write(text, to: "late.jsonl")
        _ = try workspace.run(
            ["ingest", "late.jsonl", "--boundary", "SessionEnd"], environment: environment(server))
        #expect(calls(server).count == 1)
        #expect(calls(server).first?.body.contains("number 89") == true)
        #expect(calls(server).first?.body.contains("NEVER push") == false, "what ended before is not sent by itself")
    }

    @Test func aRequestOfItsOwnIsNotRemembered() throws {
        try workspace.write(
            Workspace.transcript(
                session: "own", [(role: "user", text: "[ccmem-llm refine-v1]\nNEVER deploy on a Friday.")]),
            to: "own.jsonl")
        #expect(try workspace.run("ingest", "own.jsonl").errors.contains("own"))
        #expect(try !workspace.run("list").output.contains("Friday"))
    }

    @Test func tidyNeedsNoModel() throws {
        try workspace.shell(
            "UPDATE memory SET importance = 1, said_at = '2020-01-01', created_at = '2020-01-01' WHERE content LIKE '%8080%'"
        )
        let run = try workspace.run("tidy", "--json")
        let proposals = run.json["proposals"] as? [[String: Any]] ?? []
        #expect(proposals.map { $0["kind"] as? String } == ["garbage"])
        let id = proposals.first?["id"] as? Int ?? 0
        #expect(try workspace.run("tidy", "--apply", "\(id)").output.contains("archived"))
        #expect(try !workspace.run("list").output.contains("8080"))
        try workspace.run("undo")
        #expect(try workspace.run("list").output.contains("8080"))
        #expect(try workspace.run("tidy").output.contains("nothing to tidy up"), "an answer that was given counts")
    }

    @Test func atATerminalEachProposalIsAskedFor() throws {
        for number in [8080, 5432] {
            try workspace.run("add", "note", "The gateway of the tests listens on port \(number)")
        }
        try workspace.shell(
            """
            UPDATE memory SET origin = 'rule', importance = 1, said_at = '2020-01-01', created_at = '2020-01-01'
            WHERE content LIKE 'The gateway of the tests%'
            """)
        let before = try workspace.run("tidy", "--json").json["proposals"] as? [[String: Any]] ?? []
        try #require(before.count >= 2)
        let terminal = try Terminal()
        // What is typed ahead waits on the line: yes to the first, never to the second, and enough.
        terminal.type("y\nn\nq\n")
        let program = try workspace.start(
            ["tidy", "--llm", "off"], input: .descriptor(terminal.line), output: .descriptor(terminal.line))
        #expect(program.wait() == 0)
        let text = terminal.text()
        #expect(text.contains("1 of \(before.count): [y]es, [n]ever, [l]ater, [q]uit?"))
        #expect(text.contains(" archived.") && text.contains(" is declined."), "\(text)")
        let after = try workspace.run("tidy", "--json").json["proposals"] as? [[String: Any]] ?? []
        #expect(after.count == before.count - 2)
    }

    @Test func theCostIsTold() throws {
        let server = try server(Self.answer())
        _ = try refine(server, "--all")
        let cost = try workspace.run("cost").output
        #expect(cost.contains("1 call") && cost.contains("1,000 tokens") && cost.contains("$0.0014"))
        let all = try workspace.run("cost", "--all-projects", "--json").json["projects"] as? [[String: Any]]
        #expect(all?.count == 1)
    }
}
