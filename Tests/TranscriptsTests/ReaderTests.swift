import Memories
import Testing
import Transcripts

@Suite struct ReaderTests {
    @Test func readsAPromptAndItsAnswer() {
        let reading = Reading(user("Use port 8080."), assistant("Port 8080 it is."))
        #expect(reading.words == ["user: Use port 8080.", "assistant: Port 8080 it is."])
        #expect(reading.prompts == [true])
        #expect(reading.report.lines == 2)
        #expect(reading.report.entries == ["user": 1, "assistant": 1])
    }

    @Test func tellsWhereABlockStands() throws {
        let line =
            #"{"parentUuid":null,"isSidechain":false,"cwd":"/w/\u00e9","sessionId":"s1","gitBranch":"main","type":"user","#
            + #""message":{"role":"user","content":"hello there"},"uuid":"u1","timestamp":"2026-01-02T03:04:05.678Z"}"#
        let reading = Reading(assistant("first"), line)
        let block = try #require(reading.blocks.last)
        #expect(block.line == 2)
        #expect(block.lineOffset == assistant("first").utf8.count + 1)
        #expect(block.lineLength == line.utf8.count)
        #expect(block.sessionID == "s1")
        #expect(block.cwd == "/w/é")
        #expect(block.gitBranch == "main")
        #expect(block.uuid == "u1")
        #expect(block.timestamp == "2026-01-02T03:04:05.678Z")
        #expect(reading.blocks.first?.messageID == "m")
        #expect(reading.report.sessionIDs == ["s1"])
        #expect(reading.report.lastTimestamp == "2026-01-02T03:04:05.678Z")
    }

    @Test func takesOverTheFieldsThatAreRepeated() {
        let fields = [
            #""isSidechain":false,"userType":"external","cwd":"/w/a","sessionId":"s1","version":"2","gitBranch":"main""#,
            #""isSidechain":false,"userType":"external","cwd":"/w/b","sessionId":"s1","version":"2","gitBranch":"side""#,
            #""isSidechain":true,"userType":"external","cwd":"/w/a","sessionId":"s1","version":"2","gitBranch":"main""#,
        ]
        let order = [0, 0, 1, 0, 1, 2, 2, 1, 0, 0]
        let lines = order.enumerated().map { number, kind in
            let message = #""type":"assistant","message":{"id":"m","content":[{"type":"text","text":"words"}]}"#
            let parts = number % 2 == 0 ? [fields[kind], message] : [message, fields[kind]]
            return #"{"parentUuid":"\#(number)","# + parts.joined(separator: ",") + "}"
        }
        let reading = Reading(lines[0], lines[1], lines[2], lines[3], lines[4], lines[5], lines[6], lines[7], lines[8])
        #expect(reading.blocks.map(\.cwd) == order.prefix(9).map { $0 == 1 ? "/w/b" : "/w/a" })
        #expect(reading.blocks.map(\.gitBranch) == order.prefix(9).map { $0 == 1 ? "side" : "main" })
        #expect(reading.blocks.map(\.isSidechain) == order.prefix(9).map { $0 == 2 })
        #expect(reading.blocks.allSatisfy { $0.sessionID == "s1" })
    }

    @Test func readsTheBlocksOfAnArray() {
        let reading = Reading(
            #"{"type":"user","message":{"content":[{"type":"image","source":{"data":"AAAA"}},{"type":"text","text":"one thing"},{"text":"two things","type":"text"}]}}"#
        )
        #expect(reading.words == ["user: one thing", "user: two things"])
        #expect(reading.blocks.map(\.blockIndex) == [1, 2])
        #expect(reading.prompts == [true])
    }

    @Test func leavesThinkingOutUnlessAsked() {
        let line =
            #"{"type":"assistant","message":{"content":[{"type":"thinking","thinking":"hm","signature":"x"},{"type":"text","text":"yes"}]}}"#
        #expect(Reading(line).texts == ["yes"])
        let reading = Reading(line, adjust: { $0.includesThinking = true })
        #expect(reading.texts == ["hm", "yes"])
        #expect(reading.blocks.first?.kind == .thinking)
    }

    @Test func reportsToolCallsByName() {
        let reading = Reading(toolUse("t1", "Bash"), toolUse("t2", "mcp__x__y"))
        #expect(reading.events == [.tool(1, "Bash"), .tool(2, "mcp__x__y")])
        let input = Reading(toolUse("t1", "Bash"), adjust: { $0.includesToolInput = true })
        #expect(input.texts == [#"{"x":[1]}"#])
    }

    @Test func readsTheResultsOfSomeTools() {
        let reading = Reading(
            toolUse("t1", "Bash"), toolResult("t1", #""87 tests\r\n0 failures""#),
            toolUse("t2", "Read"), toolResult("t2", #""the file""#),
            toolUse("t3", "Read"), toolResult("t3", #""no such file""#, isError: true))
        #expect(reading.texts == ["87 tests\n0 failures", "no such file"])
        #expect(reading.blocks.map(\.toolName) == ["Bash", "Read"])
        #expect(reading.blocks.map(\.isError) == [false, true])
        #expect(reading.blocks.allSatisfy { $0.role == .tool && $0.kind == .toolResult })
        #expect(reading.prompts.isEmpty)
    }

    @Test(
        "A result's text is found whatever its shape",
        arguments: [
            #""one\ntwo""#,
            #"[{"type":"text","text":"one"},{"type":"text","text":"two"}]"#,
            #"[{"type":"text","text":"one"},{"type":"image","source":{"type":"base64","data":"QQ=="}},{"type":"text","text":"two"}]"#,
            #"[[{"type":"text","text":"one"}],[[{"text":"two"}]]]"#,
            #"[{"type":"tool_result","content":[{"type":"text","text":"one"},null]},"two"]"#,
        ])
    func readsNestedResults(_ content: String) {
        #expect(Reading(toolUse("t", "Bash"), toolResult("t", content)).texts == ["one\ntwo"])
    }

    @Test func knowsAToolWhoseCallWasNotSeen() {
        let reading = Reading(
            toolResult("t", #""done""#, more: #","toolUseResult":{"stdout":"done","stderr":""}"#),
            toolResult("t", #""text""#, more: #","toolUseResult":{"file":{}}"#))
        #expect(reading.texts == ["done"])
        #expect(reading.blocks.map(\.toolName) == ["Bash"])
    }

    @Test func cutsALongResultInItsMiddle() throws {
        let text = "begin" + String(repeating: "é", count: 40_000) + "end"
        let reading = Reading(toolUse("t", "Bash"), toolResult("t", quoted(text)))
        let cut = try #require(reading.texts.first)
        #expect(cut.utf8.count <= 32 << 10 + 8)
        #expect(cut.hasPrefix("beginéé") && cut.hasSuffix("ééend") && cut.contains("\n…\n"))
        #expect(!cut.contains("\u{FFFD}"))
        #expect(reading.report.cutBlocks == 1)
        #expect(reading.blocks.first?.isCut == true)
    }

    @Test func reportsCompaction() {
        let reading = Reading(
            #"{"parentUuid":null,"type":"system","subtype":"compact_boundary","content":"Conversation compacted"}"#,
            user(
                "This session is being continued from a previous conversation that ran out of context.\n\nAnalysis:\nWe use tabs.\n\nIf you need specific details from before compaction (like exact code), read it.\nPlease continue the conversation from where we left off.",
                #","isCompactSummary":true,"isVisibleInTranscriptOnly":true"#),
            user(
                "This session is being continued from a previous conversation. The summary below:\n<system-reminder>x</system-reminder>\nWe use spaces."
            ))
        #expect(reading.events.first == .boundary(1))
        #expect(reading.words == ["summary: Analysis:\nWe use tabs.", "summary: We use spaces."])
        #expect(reading.report.compactBoundaries == 1)
    }

    @Test func countsTitlesWithoutTakingThemForProse() {
        let reading = Reading(#"{"type":"summary","summary":"Never use tabs","leafUuid":"x"}"#)
        #expect(reading.events.isEmpty)
        #expect(reading.report.titles == 1)
    }

    @Test func keepsOnlyTheModelsWordsOfASidechain() {
        let more = #","isSidechain":true,"agentId":"a""#
        let reading = Reading(user("You must find the bug.", more), assistant("The bug is in the parser.", more))
        #expect(reading.words == ["assistant: The bug is in the parser."])
        #expect(reading.blocks.first?.isSidechain == true)
        #expect(reading.prompts.isEmpty)
    }

    @Test func readsPromptsTypedWhileBusy() {
        let reading = Reading(
            #"{"type":"queue-operation","operation":"enqueue","timestamp":"t","sessionId":"s","content":"check again"}"#,
            #"{"type":"queue-operation","operation":"remove","sessionId":"s"}"#,
            #"{"type":"queue-operation","operation":"enqueue","content":"<task-notification>\n<task-id>1</task-id>\n</task-notification>\nRead the output file to retrieve the result: /x"}"#,
            #"{"type":"queue-operation","operation":"enqueue","content":null}"#,
            #"{"type":"queue-operation","operation":"enqueue","content":[{"type":"text","text":"and the docs"}]}"#,
            #"{"type":"queue-operation","operation":"enqueue","content":"/clear"}"#)
        #expect(reading.words == ["user: check again", "user: and the docs"])
        #expect(reading.blocks.allSatisfy { $0.isQueued })
        #expect(reading.report.entries["queue-operation"] == 6)
    }

    @Test(
        "Metadata that names the harness is believed",
        arguments: [
            #""isMeta":true"#, #""promptSource":"system""#, #""origin":{"kind":"task-notification"}"#,
            #""origin":"hook""#,
            #""isVisibleInTranscriptOnly":true"#,
        ])
    func skipsMachineMadePrompts(_ more: String) {
        let reading = Reading(user("NEVER do this.", "," + more))
        #expect(reading.blocks.isEmpty)
        #expect(reading.report.harnessTexts == 1)
    }

    @Test(arguments: [
        #""promptSource":"typed","origin":{"kind":"human"}"#, #""promptSource":"sdk""#,
        #""origin":null,"promptSource":null"#,
        #""isMeta":false,"isSidechain":false"#,
    ])
    func keepsPromptsOfPeople(_ more: String) {
        #expect(Reading(user("Never do this.", "," + more)).words == ["user: Never do this."])
    }

    @Test func leavesOutWhatTheClientWroteForTheModel() {
        let reading = Reading(
            #"{"type":"assistant","isApiErrorMessage":true,"message":{"content":[{"type":"text","text":"API Error"}]}}"#,
            #"{"type":"assistant","message":{"model":"<synthetic>","content":[{"type":"text","text":"You are out of credit"}]}}"#,
            assistant("No response requested."))
        #expect(reading.blocks.isEmpty)
        #expect(reading.report.harnessTexts == 3)
    }

    @Test(
        "Entries without words are counted by their type",
        arguments: [
            "attachment", "api-request", "api-request-shape", "api-request-blob", "last-prompt",
            "file-history-snapshot",
            "progress", "cost-state", "custom-title", "permission-mode", "mode", "agent-name", "tools-used",
            "atis-latch",
        ])
    func ignores(_ type: String) {
        let words = #""message":{"role":"user","content":"NEVER do this."},"content":"NEVER","rendered":"NEVER""#
        let reading = Reading(#"{"type":"\#(type)",\#(words)}"#, #"{\#(words),"type":"\#(type)"}"#, user("really"))
        #expect(reading.words == ["user: really"])
        #expect(reading.report.entries == [type: 2, "user": 1])
    }

    @Test func countsUnknownAndAbsentTypes() {
        let reading = Reading(#"{"type":"novelty","x":1}"#, #"{"x":1}"#, #"{"type":null}"#, user("still here"))
        #expect(reading.words == ["user: still here"])
        #expect(reading.report.unknownTypes == 1)
        #expect(reading.report.untypedEntries == 2)
    }

    @Test func readsShapesOf2025() {
        let reading = Reading(
            #"{"type":"summary","summary":"Fix CI","leafUuid":"l"}"#,
            #"{"parentUuid":"p","isSidechain":false,"userType":"external","cwd":"/w","sessionId":"s","version":"1.0.120","gitBranch":"b","type":"user","message":{"role":"user","content":[{"type":"text","text":"why does CI fail?"}]},"uuid":"u","timestamp":"2025-09-20T04:34:59.560Z"}"#,
            #"{"parentUuid":"u","isSidechain":false,"userType":"external","cwd":"/w","sessionId":"s","version":"1.0.120","type":"assistant","timestamp":"2025-09-20T04:35:00.000Z","message":{"id":"msg","type":"message","role":"assistant","model":"claude-sonnet-4-20250514","content":[{"type":"text","text":"The lock file."}],"stop_reason":null,"usage":{"input_tokens":2}},"requestId":"r","uuid":"v"}"#
        )
        #expect(reading.words == ["user: why does CI fail?", "assistant: The lock file."])
        #expect(reading.blocks.map(\.messageID) == [nil, "msg"])
    }
}
