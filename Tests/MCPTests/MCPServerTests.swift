import Memories
import Recall
import SQLite
import Storage
import Testing

@testable import MCP

/// A project in memory.
final class TestHost: MemoryHost {
    let memory: MemoryStore?
    var ingested: [String?] = []
    var indexPage = "# Index"

    init(hasStore: Bool = true) throws {
        memory = hasStore ? try MemoryStore(path: ":memory:", access: .create, clock: .fixed(1_767_225_600_000)) : nil
    }

    func store() throws -> MemoryStore {
        guard let memory else { throw NothingRemembered() }
        return memory
    }

    func change<T>(makesStore: Bool, _ body: (MemoryStore, ChangeRun) throws(SQLiteError) -> T) throws -> T {
        let store = try store()
        return try store.changing { run throws(SQLiteError) in try body(store, run) }
    }

    func clean(_ text: String) -> String { text.replacing("hunter2", with: "[redacted]") }
    func key(_ text: String, category: MemoryCategory) -> String? {
        text.isEmpty ? nil : "\(category.rawValue):\(text.lowercased())"
    }
    func tag(_ text: String) -> String? { text }
    var directory: String { "/work" }
    var halfLife: Int { 99 }
    var database: String { ":memory:" }
    func vector(of question: String) -> QuestionVector? { nil }
    var pending = 2
    func pendingTranscripts() -> Int { pending }

    func page(_ page: MemoryPages) throws -> String? {
        _ = try store()
        switch page {
        case .index: return indexPage
        case .handoff: return nil
        }
    }

    func command(_ name: String) -> String? {
        name == "search" ? "---\ndescription: x\n---\n\n<question>\n$ARGUMENTS\n</question>\n\nSearch.\n" : nil
    }

    func ingest(session: String?) -> String {
        ingested.append(session)
        return "Nothing new."
    }
}

/// The protocol: what each line is answered with.
@Suite struct MCPServerTests {
    let server: MCPServer
    init() throws { server = MCPServer(host: try TestHost(), version: "9.9") }

    func answer(_ line: String) -> JSONValue? { server.answer(Array(line.utf8)).flatMap { JSONValue($0) } }

    func code(_ line: String) -> Int? {
        if case .integer(let code)? = answer(line)?["error"]?["code"] { code } else { nil }
    }

    @Test func theFirstQuestionOfTheClientIsRefusedAtOnce() {
        let line =
            #"{"jsonrpc":"2.0","id":"server-discover-probe-1","method":"server/discover","params":{"_meta":{"x":1}}}"#
        #expect(code(line) == -32601)
        #expect(answer(line)?["id"] == .string("server-discover-probe-1"))
    }

    @Test(
        "A known version is spoken, else the newest",
        arguments: [
            ("2024-11-05", "2024-11-05"), ("2025-03-26", "2025-03-26"), ("2025-06-18", "2025-06-18"),
            ("2025-11-25", "2025-11-25"),
            ("1999-01-01", "2025-11-25"), ("2099-01-01", "2025-11-25"),
        ])
    func version(_ asked: String, _ spoken: String) {
        let result = answer(
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"\#(asked)"}}"#)?["result"]
        #expect(result?["protocolVersion"]?.string == spoken)
        #expect(result?["serverInfo"]?["name"]?.string == "ccmem")
        #expect(result?["capabilities"]?["tools"] != nil)
        #expect(result?["instructions"]?.string?.isEmpty == false)
    }

    @Test(
        "What is wrong with a message is said by its code",
        arguments: [
            ("{", -32700), ("nonsense", -32700), ("NaN", -32700),
            (#"{"jsonrpc":"2.0","id":1,"method":"ping","x":NaN}"#, -32700),
            (#"{"jsonrpc":"2.0","id":1,"method":"ping"}}"#, -32700), ("\"text\"", -32600), ("1e400", -32600),
            ("null", -32600),
            ("[]", -32600), (#"{"id":1,"method":"ping"}"#, -32600),
            (#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, -32600),
            (#"{"jsonrpc":2.0,"id":1,"method":"ping"}"#, -32600), (#"{"jsonrpc":"2.0","id":1}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1,"method":7}"#, -32600), (#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1e400,"method":"ping"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":true,"method":"ping"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}"#, -32602),
            (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":"str"}"#, -32602),
            (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":null}"#, -32602),
            (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rm"}}"#, -32602),
            (#"{"jsonrpc":"2.0","id":1,"method":"resources/subscribe"}"#, -32601),
            (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, -32600),
        ])
    func wrong(_ line: String, _ expected: Int) { #expect(code(line) == expected) }

    @Test func aNumberOfThousandsOfDigitsIsNoId() {
        let digits = String(repeating: "9", count: 4_301)
        #expect(code(#"{"jsonrpc":"2.0","id":\#(digits),"method":"ping"}"#) == -32600)
        let call =
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"memory_why","arguments":{"id":\#(digits)}}}"#
        #expect(answer(call)?["result"]?["isError"] == .bool(true))
    }

    @Test("Deep nesting ends, and is said to be wrong", arguments: [65, 1_000, 200_000])
    func deep(_ depth: Int) {
        #expect(code(String(repeating: "[", count: depth)) == -32700)
        let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(code(#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":\#(nested)}}"#) == -32700)
    }

    @Test(
        "What needs no answer gets none",
        arguments: [
            "", "   ", #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            #"{"jsonrpc":"2.0","method":"no/such"}"#,
            #"{"jsonrpc":"2.0","method":"tools/call","params":"str"}"#, #"{"jsonrpc":"2.0","id":9,"result":{}}"#,
            #"{"jsonrpc":"2.0","id":9,"error":{"code":1,"message":"x"}}"#, #"[{"jsonrpc":"2.0","method":"ping"}]"#,
        ])
    func silence(_ line: String) { #expect(answer(line) == nil) }

    @Test func aBatchIsAnsweredAsOne() throws {
        let line =
            #"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"x"},7,{"jsonrpc":"2.0","id":"b","method":"y"}]"#
        guard case .array(let answers)? = answer(line) else { return #expect(Bool(false), "no batch") }
        #expect(answers.count == 3)
        #expect(answers[0]["result"] == .object([]))
        #expect(answers[2]["id"] == .string("b"))
    }

    @Test func bytesThatAreNoTextAreRepaired() {
        var line = Array(#"{"jsonrpc":"2.0","id":""#.utf8)
        line += [0xFF, 0xFE, 0xC3]
        line += Array(#"","method":"ping"}"#.utf8)
        let answer = server.answer(line).map { String(decoding: $0, as: UTF8.self) }
        #expect(answer?.contains("\"result\":{}") == true)
        #expect(answer?.utf8.contains(0x0A) == false)
    }

    @Test func aHugeLineIsRefusedWithoutBeingRead() {
        #expect(code(String(repeating: " ", count: MCPServer.longestLine) + "{}") == -32600)
    }

    @Test("Nothing that comes in stops it", arguments: 0..<40)
    func noise(_ seed: Int) {
        // Pieces of messages in any order: each gives an answer that is JSON, or none.
        let pieces = [
            "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "\\ud83d", "\\ude00", "null", "true", "-", "1e", "1e999",
            "0x1", "\"id\"",
            "\"method\"", "\"tools/call\"", "\"jsonrpc\":\"2.0\"", "\u{0}", "\u{7}", "é", "🚀", "params", " ", "\t",
        ]
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        for _ in 0..<200 {
            var line = ""
            for _ in 0..<(state % 24) {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                line += pieces[Int(state >> 33) % pieces.count]
            }
            state = state &* 6_364_136_223_846_793_005 &+ 1
            if let bytes = server.answer(Array(line.utf8)) { #expect(JSONValue(bytes) != nil, "\(line)") }
        }
    }
}

/// The tools, each through the protocol.
@Suite struct ToolTests {
    let host: TestHost
    let server: MCPServer

    init() throws {
        host = try TestHost()
        server = MCPServer(host: host, version: "9.9")
        _ = call("memory_add", #"{"text":"The API listens on port 8081","category":"config","key":"api port"}"#)
        _ = call("mark_decision", #"{"decision":"We use PostgreSQL.","rationale":"JSON indexes","rejected":["MySQL"]}"#)
        _ = call("mark_constraint", #"{"constraint":"Never deploy on a friday"}"#)
    }

    private func call(_ name: String, _ arguments: String) -> (text: String, isError: Bool) {
        ToolTests.call(name, arguments, server)
    }

    private static func call(_ name: String, _ arguments: String, _ server: MCPServer) -> (text: String, isError: Bool)
    {
        let line =
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\#(name)","arguments":\#(arguments)}}"#
        let result = server.answer(Array(line.utf8)).flatMap { JSONValue($0) }?["result"]
        guard case .array(let content)? = result?["content"] else { return ("", true) }
        return (content.first?["text"]?.string ?? "", result?["isError"] == .bool(true))
    }

    @Test(
        "A tool answers",
        arguments: [
            ("memory_search", #"{"query":"port"}"#, "#1 [2] config"),
            ("memory_search", #"{"query":"zebra"}"#, "Nothing matches"),
            ("memory_timeline", "{}", "#3"), ("memory_timeline", #"{"id":1}"#, "> #1"),
            ("memory_timeline", #"{"date":"1999-01"}"#, "Nothing"),
            ("memory_get", #"{"ids":[1,99]}"#, "#99 does not exist"),
            ("memory_get", #"{"ids":[1]}"#, "key config:api port"),
            ("memory_recent", #"{"limit":1}"#, "#3"),
            ("memory_recent", #"{"category":"decision"}"#, "because JSON indexes; rejected: MySQL"),
            ("memory_search", #"{"query":"port","since":"2026-01-01"}"#, "#1 [2] config"),
            ("memory_search", #"{"query":"port","since":"2026-01-01T00:00Z"}"#, "#1 [2] config"),
            ("memory_timeline", #"{"date":"2026"}"#, "#3"),
            (
                "memory_add", #"{"text":"The API listens on port 8082","category":"config","key":"api port"}"#,
                "replaces #1"
            ),
            ("memory_add", #"{"text":"password is hunter2","category":"note"}"#, "Stored"),
            ("memory_update", #"{"id":1,"action":"edit","importance":5}"#, "#1 changed: importance"),
            ("memory_update", #"{"id":1,"action":"archive","reason":"gone"}"#, "archived"),
            ("memory_update", #"{"id":1,"action":"restore"}"#, "active already"),
            ("memory_update", #"{"id":1,"action":"supersede","by":2}"#, "#2 supersedes #1"),
            ("memory_link", #"{"from":2,"to":1,"kind":"caused_by"}"#, "#2 caused_by #1"),
            ("memory_explore", #"{"id":1}"#, "It has no links"), ("memory_why", #"{"id":1}"#, "origin claude-judged"),
            ("check_prior_failures", #"{"path":"src/a.swift"}"#, "No failure is known"),
            ("recall_context", #"{"question":"why PostgreSQL?"}"#, "JSON indexes"),
            ("recall_context", #"{"question":"quantum chromodynamics"}"#, "Nothing that was said"),
            ("memory_status", "{}", "2 transcripts are not ingested"), ("ingest_sessions", "{}", "Nothing new"),
            ("mark_task", #"{"task":"Write the docs"}"#, "Stored as #4"),
        ])
    func answers(_ name: String, _ arguments: String, _ expected: String) {
        let (text, isError) = call(name, arguments)
        #expect(!isError && text.contains(expected), "\(text)")
    }

    @Test func allLinksBetweenTwoMemoriesAreTold() {
        for (from, kind, to) in [(1, "caused_by", 2), (2, "resolves", 1)] {
            #expect(!call("memory_link", #"{"from":\#(from),"to":\#(to),"kind":"\#(kind)"}"#).isError)
        }
        let text = call("memory_explore", #"{"id":1}"#).text
        #expect(text.contains("#1 caused_by #2") && text.contains("#2 resolves #1"), "\(text)")
    }

    @Test(
        "What can't be done is said with what to do instead",
        arguments: [
            ("memory_search", "{}", "`query` is missing."), ("memory_search", #"{"query":7}"#, "`query` takes a text."),
            ("memory_search", #"{"query":"x","limit":0}"#, "from 1 to 50"),
            ("memory_search", #"{"query":"x","limit":1e400}"#, "whole number"),
            ("memory_search", #"{"query":"x","limit":2.5}"#, "whole number"),
            ("memory_search", #"{"query":"x","limitt":2}"#, "did you mean `limit`?"),
            ("memory_search", #"[]"#, "an object"), ("memory_search", #""str""#, "an object"),
            ("memory_add", #"{"text":"x","category":"wisdom"}"#, "one of decision, constraint"),
            ("memory_add", #"{"text":"  ","category":"note"}"#, "no text"),
            ("memory_get", #"{"ids":[]}"#, "1 to 50 numbers"), ("memory_get", #"{"ids":["1"]}"#, "1 to 50 numbers"),
            ("memory_search", #"{"query":"x","since":"yesterday"}"#, "`since` takes a date or a time: 2026,"),
            ("memory_recent", #"{"since":"2026-13"}"#, "`since` takes a date"),
            ("memory_timeline", #"{"date":"2026-02-30"}"#, "`date` takes a date"),
            ("memory_timeline", #"{"date":"2026-01","id":1}"#, "Give one of them."),
            ("memory_get", #"{"ids":[98,99]}"#, "There is no memory #98, #99."),
            ("memory_get", #"{"ids":[1],"page":9}"#, "There is no page 9. There is one page."),
            ("memory_add", #"{"text":"x y","category":"note","key":""}"#, "`key` is empty."),
            ("mark_task", #"{"task":"x y","done":true,"supersedes":2}"#, "#2 is no task"),
            ("mark_task", #"{"task":"Paint the shed","done":true}"#, "No open task has these words. None is open."),
            ("memory_why", #"{"id":99}"#, "There is no memory #99."), ("memory_why", #"{"id":-1}"#, "whole number"),
            ("memory_update", #"{"id":1,"action":"supersede"}"#, "`by` is missing"),
            ("memory_update", #"{"id":1,"action":"edit"}"#, "nothing to change"),
            ("memory_update", #"{"id":77,"action":"archive"}"#, "There is no memory #77"),
            ("memory_link", #"{"from":1,"to":1,"kind":"related_to"}"#, "itself"),
            ("check_prior_failures", "{}", "Give `path`"),
            ("mark_decision", #"{"decision":"x y","supersedes":77}"#, "There is no memory #77"),
        ])
    func errors(_ name: String, _ arguments: String, _ expected: String) {
        let (text, isError) = call(name, arguments)
        #expect(isError && text.contains(expected), "\(text)")
    }

    @Test func secretsAreNotStored() {
        _ = call("memory_add", #"{"text":"the admin says hunter2 opens it","category":"note"}"#)
        #expect(!call("memory_search", #"{"query":"admin"}"#).text.contains("hunter2"))
    }

    @Test(
        "A project without a store is no error, but for who asks for a memory by its number",
        arguments: [
            ("memory_search", #"{"query":"x"}"#, false), ("recall_context", #"{"question":"x"}"#, false),
            ("memory_recent", "{}", false), ("memory_timeline", "{}", false), ("memory_status", "{}", false),
            ("check_prior_failures", #"{"path":"a"}"#, false), ("memory_get", #"{"ids":[1]}"#, true),
            ("memory_why", #"{"id":1}"#, true),
        ])
    func withoutAStore(_ name: String, _ arguments: String, _ isError: Bool) throws {
        let host = try TestHost(hasStore: false)
        let server = MCPServer(host: host, version: "1")
        #expect(
            ToolTests.call(name, arguments, server) == (
                "Nothing is remembered of this project yet; 2 transcripts are not ingested to the end: ingest_sessions reads them.",
                isError
            ))
        host.pending = 0
        #expect(ToolTests.call(name, arguments, server).text.contains("there is no transcript to read either"))
    }

    @Test("What is done is open no more, by its words, its key or its number")
    func done() throws {
        #expect(call("mark_task", #"{"task":"Write tests for the parser"}"#).text == "Stored as #4.")
        #expect(call("mark_task", #"{"task":"Fix the flaky timer","key":"timer"}"#).text == "Stored as #5.")
        #expect(call("mark_task", #"{"task":"Paint the shed"}"#).text == "Stored as #6.")
        let unknown = call("mark_task", #"{"task":"Clean the gutters","done":true}"#)
        #expect(
            unknown.isError
                && unknown.text.contains("Give `supersedes`, the number of the open task: #6 Paint the shed; "))
        #expect(
            call("mark_task", #"{"task":"write tests for the parser.","done":true}"#).text
                == "#4 is done, and archived.")
        #expect(
            call("mark_task", #"{"task":"Timer runs","key":"timer","done":true}"#).text == "#5 is done, and archived.")
        #expect(
            call("mark_task", #"{"task":"The shed is green","supersedes":6,"done":true}"#).text
                == "#6 is done, and archived.")
        #expect(call("mark_task", #"{"task":"Paint the shed","done":true}"#).text == "#6 is archived already.")
        #expect(call("memory_recent", #"{"category":"task"}"#).text == "No memory is like that.")
        #expect(call("memory_why", #"{"id":6}"#).text.contains("done: The shed is green"))
        // What is to be done again is open again, and stands once.
        #expect(call("mark_task", #"{"task":"Paint the shed"}"#).text == "#6 is open again.")
        #expect(call("memory_recent", #"{"category":"task"}"#).text.hasPrefix("#6 "))
    }

    @Test func aReasonBeginsWithBecauseOnce() {
        _ = call("mark_decision", #"{"decision":"Use X.","rationale":"Because W","rejected":["Y","Z"]}"#)
        #expect(call("memory_get", #"{"ids":[4]}"#).text.contains("Use X; because W; rejected: Y, Z"))
    }

    @Test func aLongResultComesInPages() throws {
        let long = (0..<3_000).map { "line \($0) of a long result" }.joined(separator: "\n")
        let first = try MCPServer.page(long, 1)
        #expect(first.utf16.count < 50_000)
        #expect(first.hasSuffix("(page 1 of 2; call again with page 2)"))
        let second = try MCPServer.page(long, 2)
        #expect(second.contains("line 2999 of"))
        #expect(second.hasSuffix("(page 2 of 2)"))
        #expect(try MCPServer.page("short", 1) == "short")
        #expect(throws: ToolError("There is no page 3.", remedy: "There are 2 pages.")) { try MCPServer.page(long, 3) }
    }

    @Test func whatAllToolsCostInEachSession() {
        let line = Array(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#.utf8)
        let list = server.answer(line).map { String(decoding: $0, as: UTF8.self) } ?? ""
        #expect(Tool.all.count == 16)
        #expect(TokenCount.estimate(of: list).value <= 2_400)
        #expect(TokenCount.estimate(of: MCPServer.instructions).value <= 150)
    }

    @Test func eachNameStandsOnce() { #expect(Set(Tool.all.map(\.name)).count == Tool.all.count) }
}
