import Testing
import Transcripts

@Suite struct LongLineTests {
    /// Lines of every kind, as one transcript.
    private static let lines = [
        user("Use port 8080, é€😀 \\ \"quoted\"."), assistant("Yes.\nPort 8080."), "", toolUse("t1", "Bash"),
        toolResult("t1", #"[{"type":"text","text":"87 tests, 0 failures \ud83d\ude00 \\ \""}]"#), "broken {",
        #"{"parentUuid":"x","type":"progress","data":{"message":{"content":[{"text":"}]\\\"{"}]}}}"#,
        toolResult("t1", #""oops""#, isError: true),
        #"{"type":"queue-operation","operation":"enqueue","content":"and now this"}"#,
        #"{"type":"system","subtype":"compact_boundary"}"#, user("last words", #","isMeta":false"#),
    ]
    private static let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)

    @Test("The size of the chunks changes nothing", arguments: [1, 2, 3, 5, 7, 16, 17, 31, 64, 255, 4096])
    func chunks(_ size: Int) {
        let expected = Reading(Self.bytes)
        let reading = Reading(Self.bytes) { $0.chunkSize = size }
        #expect(reading.events == expected.events)
        #expect(reading.report == expected.report)
    }

    @Test("A line that is condensed gives what the whole line gives", arguments: [1, 3, 16, 17, 64, 100])
    func condenses(_ size: Int) {
        let expected = Reading(Self.bytes)
        let reading = Reading(Self.bytes) {
            $0.chunkSize = size
            $0.lineLimit = size
        }
        #expect(reading.events == expected.events)
        #expect(reading.report == expected.report)
        #expect(reading.report.malformedLines == 1)
    }

    @Test("Reading from any line on gives the rest", arguments: 0..<lines.count)
    func resumes(_ line: Int) {
        let offset = Self.lines[..<line].joined(separator: "\n").utf8.count + (line > 0 ? 1 : 0)
        let expected = Reading(Self.bytes).events.filter { event in
            switch event {
            case .block(let block, _): block.line > line
            case .prompt(let at, _), .tool(let at, _), .boundary(let at): at > line
            }
        }
        // A result whose call lies before the offset is known by its shape only; here it has none.
        let reading = Reading(Self.bytes, from: offset, firstLine: line + 1)
        #expect(
            reading.events
                == expected.filter { event in
                    guard line > 3, case .block(let block, _) = event else { return true }
                    return block.toolName == nil || block.isError
                }.map { event in
                    guard line > 3, case .block(var block, let text) = event else { return event }
                    block.toolName = nil
                    return .block(block, text)
                })
        #expect(reading.report.nextOffset == Self.bytes.count)
        #expect(reading.report.nextLine == Self.lines.count + 1)
    }

    @Test func cutsProseBeyondAMegabyte() throws {
        let text = String(repeating: "Never say never. ", count: 70_000)
        let reading = Reading(user(text), user("after"), adjust: { $0.lineLimit = 4 << 20 })
        #expect(reading.texts.map(\.utf8.count) == [1 << 20, 5])
        #expect(reading.report.cutBlocks == 1)
        #expect(reading.blocks.map(\.isCut) == [true, false])
    }

    @Test("A line of many megabytes is cut, counted and passed", arguments: [false, true])
    func cutsLongLines(_ isEscaped: Bool) throws {
        let unit = isEscaped ? #"\"\\\n\u00e9é"# : "Never say never. "
        let text = String(repeating: unit, count: 3_000_000 / unit.utf8.count)
        let line = #"{"type":"user","message":{"content":"\#(text)"},"uuid":"u1","isMeta":false}"#
        let reading = Reading(Array((line + "\n" + user("after") + "\n").utf8))
        #expect(reading.texts.count == 2)
        let first = try #require(reading.texts.first)
        #expect(first.utf8.count <= 1 << 20 && first.utf8.count > 1 << 19)
        #expect(reading.texts.last == "after")
        #expect(reading.report.cutBlocks == 1)
        #expect(reading.report.malformedLines == 0)
        #expect(reading.report.invalidBytes == 0)
        #expect(reading.blocks.first?.lineLength == line.utf8.count)
        #expect(reading.blocks.first?.uuid == "u1")
        #expect(reading.blocks.last?.lineOffset == line.utf8.count + 1)
    }

    @Test func keepsBothEndsOfALongResult() throws {
        let text = "begin " + String(repeating: "x", count: 2_500_000) + " 14 tests, 0 failures"
        let reading = Reading(toolUse("t", "Bash"), toolResult("t", quoted(text)), user("after"))
        #expect(reading.texts.count == 2)
        let result = try #require(reading.texts.first)
        #expect(result.hasPrefix("begin ") && result.hasSuffix(" 14 tests, 0 failures"))
        #expect(reading.report.cutBlocks == 1)
    }

    @Test func passesOverALongLineThatNobodyWants() {
        let data = String(repeating: #"{"a":"b"},"#, count: 110_000)
        let reading = Reading(
            user("before"), #"{"type":"progress","data":[\#(data)0]}"#,
            #"{"message":{"content":"x"},"data":[\#(data)0],"type":"user"}"#,
            user("after"))
        #expect(reading.texts == ["before", "x", "after"])
        #expect(reading.report.malformedLines == 0)
    }

    @Test func readsPastALongBrokenLine() {
        let reading = Reading(
            user("before"), #"{"type":"user","message":{"content":""# + String(repeating: "x", count: 300_000),
            #"{"type":"user","message":{"content":"# + String(repeating: "[", count: 500_000), user("after"),
            adjust: {
                $0.lineLimit = 100_000
                $0.condenserLimits.line = 100_000
            })
        #expect(reading.texts == ["before", "after"])
        #expect(reading.report.malformedLines == 2)
        #expect(reading.report.malformed.last?.reason == .tooLarge)
    }

    @Test func keepsManyLargeBlocksWithinTheBudget() {
        let block = #"{"type":"text","text":"\#(String(repeating: "word ", count: 60_000))"}"#
        let content = Array(repeating: block, count: 15).joined(separator: ",")
        let reading = Reading(#"{"message":{"content":[\#(content)]},"type":"assistant","uuid":"u"}"#, user("after"))
        #expect(reading.texts.count == 16)
        #expect(reading.blocks.first?.uuid == "u")
        #expect(reading.report.cutBlocks > 6)
        #expect(reading.texts.last == "after")
    }
}
