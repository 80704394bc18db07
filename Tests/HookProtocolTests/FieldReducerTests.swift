import Foundation
import TestSupport
import Testing

@testable import HookProtocol

/// Input of any size and shape becomes a small object.
@Suite struct FieldReducerTests {
    private func reduced(_ input: [UInt8], chunk: Int = 1 << 16) -> [UInt8] {
        var reducer = FieldReducer()
        for start in stride(from: 0, to: input.count, by: chunk) {
            Array(input[start..<min(start + chunk, input.count)]).withUnsafeBufferPointer { reducer.add($0) }
        }
        reducer.finish()
        return reducer.bytes
    }

    private static let payloads: [String] =
        (try? FileManager.default.contentsOfDirectory(atPath: Fixture.url("hooks").path).sorted()) ?? []

    @Test func theFixturesAreFound() { #expect(Self.payloads.count == 65) }

    @Test("What is small is kept whole, in whatever parts it comes", arguments: payloads)
    func whole(_ name: String) throws {
        let text = Array(try Fixture.text("hooks/\(name)").utf8)
        let wanted = try JSONSerialization.jsonObject(with: Data(text)) as? NSDictionary
        for chunk in [1, 7, 1 << 16] {
            let object = try JSONSerialization.jsonObject(with: Data(reduced(text, chunk: chunk))) as? NSDictionary
            #expect(object == wanted)
        }
    }

    @Test func aLongStringKeepsItsBeginning() throws {
        let long = String(repeating: #"ab\n\u00e4\"é漢"#, count: 40_000)
        let input = Array(#"{"session_id":"s","prompt":"\#(long)","cwd":"/w"}"#.utf8)
        for chunk in [13, 1 << 16] {
            let bytes = reduced(input, chunk: chunk)
            #expect(bytes.count < FieldReducer.fieldLimit + 200)
            let read = HookInput(bytes)
            #expect(read?.sessionID == "s")
            #expect(read?.workingDirectory == "/w")
            #expect((read?.prompt?.utf8.count ?? 0) > 30_000)
            #expect(read?.prompt?.contains("\u{FFFD}") == false)
        }
    }

    @Test("The file of a large write is read, wherever its path stands", arguments: [70_000, 1 << 20, 5 << 20])
    func largeWrites(_ size: Int) {
        let long = String(repeating: #"a\n\u00e4\\"#, count: size / 12)
        for fields in [
            #""content":"\#(long)","file_path":"/w/a.swift""#, #""file_path":"/w/a.swift","content":"\#(long)""#,
            #""old_string":"\#(long)","new_string":"\#(long)","file_path":"/w/a.swift""#,
        ] {
            let input = Array(
                #"{"session_id":"s","tool_name":"Write","tool_input":{\#(fields)},"tool_use_id":"t"}"#.utf8)
            for chunk in [4_093, 1 << 16] {
                let bytes = reduced(input, chunk: chunk)
                #expect(bytes.count <= FieldReducer.fieldLimit + 200)
                let read = HookInput(bytes)
                #expect(read?.toolInput.file == "/w/a.swift")
                #expect(read?.toolUseID == "t")
                #expect((read?.toolInput.newText?.utf8.count ?? 0) > 1_000)
                #expect(read?.toolInput.newText?.contains("\u{FFFD}") == false)
            }
        }
    }

    @Test func whatAnEndedWriteHasToldIsRead() {
        let torn = #"{"session_id":"s","cwd":"/w","tool_input":{"content":""# + String(repeating: "x", count: 1 << 17)
        #expect(HookInput(reduced(Array(torn.utf8)))?.workingDirectory == "/w")
    }

    @Test func longObjectsBecomeNull() {
        let long = (0..<20_000).map { #"{"a":[\#($0),"x"]}"# }.joined(separator: ",")
        let input = Array(#"{"session_id":"s","tool_response":[\#(long)],"cwd":"/w"}"#.utf8)
        let bytes = reduced(input)
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"session_id":"s","tool_response":null,"cwd":"/w"}"#)
    }

    @Test func manyFieldsAreCut() {
        let fields = (0..<10_000).map { #""k\#($0)":\#($0)"# }.joined(separator: ",")
        let bytes = reduced(Array("{\(fields)}".utf8))
        #expect(bytes.count < 2_000)
        #expect(HookInput(bytes) != nil)
    }

    @Test(
        "What is torn or no object breaks nothing",
        arguments: [
            "", " ", "[]", "[1,2]", "null", "\"x\"", "{", "{\"", "{\"session_id", "{\"session_id\"", "{\"session_id\":",
            "{\"session_id\":\"s", "{\"session_id\":\"s\\", "{\"session_id\":\"s\"", "{\"session_id\":\"s\",", "}",
            "{}}", "{]",
            "{\"a\":{\"b\":[", "\0\0\0", "{\"session_id\":\"s\"}{\"session_id\":\"t\"}",
            "garbage {\"session_id\":\"s\"}",
        ])
    func torn(_ text: String) {
        for chunk in [1, 100] {
            let bytes = reduced(Array(text.utf8), chunk: chunk)
            let session = HookInput(bytes)?.sessionID
            #expect(session == nil || session == "s" || session == "s\"" || session == "s\\")
        }
    }

    @Test func whatStandsBeforeATearIsRead() {
        #expect(HookInput(reduced(Array(#"{"session_id":"s","cwd":"/w","prompt":"abc"#.utf8)))?.prompt == "abc")
    }
}

/// Each payload as the client sends it.
@Suite struct HookInputTests {
    private func input(_ name: String) throws -> HookInput {
        try #require(HookInput(Array(try Fixture.text("hooks/\(name).json").utf8)))
    }

    @Test func aSessionStarts() throws {
        let input = try input("SessionStart.compact")
        #expect(input.sessionID == "f7ead094-f272-4125-ab66-27b131c78fbb")
        #expect(SessionSource(named: input.source) == .compact)
        #expect(input.workingDirectory == "/home/user/project")
        #expect(SessionSource(named: "teleport") == .startup)
    }

    @Test func aPromptIsSubmitted() throws {
        let input = try input("UserPromptSubmit")
        #expect(input.prompt == "Please look around")
        #expect(input.promptID == "95a3df0e-8227-4627-83f4-b8ada148a788")
    }

    @Test func aSubagentStops() throws {
        let input = try input("SubagentStop.Explore")
        #expect(input.agentType == "Explore")
        #expect(input.agentTranscriptPath?.hasSuffix("agent-a3307539f9996e06a.jsonl") == true)
        #expect(input.lastAssistantMessage == "The subagent found notes.txt.")
        #expect(try self.input("SubagentStop.internal-compact").agentType == "")
    }

    @Test func wrongTypesAreMissing() {
        let input = HookInput(Array(#"{"session_id":17,"prompt":["a"],"cwd":null,"source":{"a":1}}"#.utf8))
        #expect(input != nil)
        #expect(input?.sessionID == nil && input?.prompt == nil && input?.source == nil)
    }
}
