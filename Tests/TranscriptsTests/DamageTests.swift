import Testing
import Transcripts

@Suite struct DamageTests {
    private func bytes(_ lines: String...) -> [UInt8] { Array(lines.joined(separator: "\n").utf8) }

    @Test func leavesATornLastLineForTheNextRun() {
        let whole = user("one thing") + "\n"
        let torn = String(user("another thing").dropLast(20))
        let reading = Reading(Array((whole + torn).utf8))
        #expect(reading.texts == ["one thing"])
        #expect(reading.report.hasTornLastLine)
        #expect(reading.report.malformedLines == 0)
        #expect(reading.report.nextOffset == whole.utf8.count)
        #expect(reading.report.nextLine == 2)

        let later = Array((whole + user("another thing") + "\n").utf8)
        let rest = Reading(later, from: reading.report.nextOffset, firstLine: reading.report.nextLine)
        #expect(rest.texts == ["another thing"])
        #expect(rest.blocks.first?.line == 2)
    }

    @Test func readsAWholeLastLineWithoutNewlineOnce() {
        let first = Array(user("one thing").utf8)
        let reading = Reading(first)
        #expect(reading.texts == ["one thing"])
        #expect(!reading.report.hasTornLastLine)
        #expect(reading.report.nextOffset == first.count)

        let grown = first + Array(("\n" + user("two things") + "\n").utf8)
        let rest = Reading(grown, from: reading.report.nextOffset, firstLine: reading.report.nextLine)
        #expect(rest.texts == ["two things"])
        #expect(rest.blocks.first?.line == 2)
    }

    @Test(
        "A broken line is counted and its neighbours are read",
        arguments: [
            "garbage", "{\"type\":\"user\",\"message\":{\"con", "[1,2]", "42", "}", "{\"type\":\"user\"", "\"string\"",
            "{{{{",
            "{\"type\":\"progress\",\"data\":{\"x\":\"", "{\"type\" \"user\"}",
        ])
    func keepsTheNeighbours(_ broken: String) {
        let reading = Reading(bytes(user("before"), broken, user("after"), ""))
        #expect(reading.texts == ["before", "after"])
        #expect(reading.report.malformedLines == 1)
        #expect(reading.report.malformed.map(\.line) == [2])
        #expect(reading.blocks.map(\.line) == [1, 3])
    }

    @Test(
        "An entry glued behind a torn one is read",
        arguments: [
            "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"half a sen",
            "{\"parentUuid\":\"x\",\"type\":\"progress\",\"data\":{\"message\":{\"type\":\"user\",\"x\":[1,",
            "{\"type\":\"progress\",\"data\":{}}",
            "{\"parentUuid\":null,\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"a\"}",
        ])
    func salvages(_ torn: String) {
        let whole =
            #"{"parentUuid":"p","type":"user","message":{"content":"the neighbour"},"toolUseResult":{"type":"text"}}"#
        let reading = Reading(bytes(torn + whole, user("after"), ""))
        #expect(reading.texts == ["the neighbour", "after"])
        #expect(reading.report.salvagedEntries == 1)
    }

    @Test func keepsTheFirstFiveReasons() {
        let reading = Reading(bytes("x", "x", "x", "x", "x", "x", "x", "[]", ""))
        #expect(reading.report.malformedLines == 8)
        #expect(reading.report.malformed.map(\.line) == [1, 2, 3, 4, 5])
    }

    @Test func readsPastAByteOrderMarkAndCarriageReturns() {
        let text = "\u{FEFF}" + user("one thing") + "\r\n\r\n" + user("two things") + "\r\n"
        let reading = Reading(Array(text.utf8))
        #expect(reading.texts == ["one thing", "two things"])
        #expect(reading.blocks.map(\.line) == [1, 3])
        #expect(reading.report.emptyLines == 1)
        #expect(reading.report.malformedLines == 0)
    }

    @Test func turnsEscapedLineEndsIntoNewlines() {
        let line = #"{"type":"user","message":{"content":"a\r\nb\r\n\r\nc\rd\r"}}"#
        #expect(Reading(bytes(line, "")).texts == ["a\nb\n\nc\rd"])
    }

    @Test func readsPastNULs() {
        var bytes = [UInt8](repeating: 0, count: 4096)
        bytes += Array((user("one\\u0000 thing").replacing("\\\\u0000", with: "\\u0000") + "\n").utf8)
        bytes += [UInt8](repeating: 0, count: 100) + [0x0A] + Array(user("two").utf8) + [0x0A]
        let reading = Reading(bytes)
        #expect(reading.texts == ["one thing", "two"])
        #expect(reading.report.nulls == 1)
        #expect(reading.report.malformedLines == 0)
    }

    @Test func repairsInvalidUTF8AndLoneSurrogates() {
        var bytes = Array(user("caf@ \u{1F600}").utf8)
        bytes[bytes.firstIndex(of: 0x40)!] = 0xE9
        let surrogate = #"{"type":"user","message":{"content":"a \ud83d b"}}"#
        let reading = Reading(bytes + [0x0A] + Array(surrogate.utf8) + [0x0A])
        #expect(reading.texts == ["caf\u{FFFD} 😀", "a \u{FFFD} b"])
        #expect(reading.report.invalidBytes == 1)
        #expect(reading.report.loneSurrogates == 1)
    }

    @Test(
        "`null` may stand in any place",
        arguments: [
            "null", #"{"type":"user","message":null}"#, #"{"type":"user","message":{"content":null}}"#,
            #"{"type":"user","message":{"content":[null,{"type":null},{"type":"text","text":null}]}}"#,
            #"{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":null,"content":null,"is_error":null}]},"toolUseResult":null}"#,
            #"{"type":"user","uuid":null,"timestamp":null,"sessionId":null,"cwd":null,"isMeta":null,"isSidechain":null,"origin":null,"message":{"content":""}}"#,
            #"{"type":"assistant","message":{"id":null,"model":null,"content":[{"type":"tool_use","id":null,"name":null,"input":null}]}}"#,
            #"{"type":"system","subtype":null}"#, #"{"type":"queue-operation","operation":null,"content":null}"#,
            #"{"type":"user","message":"text"}"#, #"{"type":"user","message":{"content":7}}"#, #"{"type":7}"#,
        ])
    func acceptsNull(_ line: String) {
        let reading = Reading(bytes(line, user("after"), ""))
        #expect(reading.texts == ["after"])
    }

    @Test func readsPastDeepNesting() {
        let deep = String(repeating: "[", count: 200_000) + String(repeating: "]", count: 200_000)
        let reading = Reading(
            bytes(
                #"{"type":"user","message":{"content":\#(deep)},"x":\#(deep)}"#, toolUse("t", "Bash"),
                toolResult("t", deep), String(repeating: "{\"a\":", count: 100_000), user("after"), ""))
        #expect(reading.texts == ["after"])
        #expect(reading.report.malformedLines == 1)
    }

    @Test(
        "What has not the form of a time is no time",
        arguments: [
            #""zzzz""#, #""9999""#, #""""#, "1767225600", "null", #""2026-01-01""#, #""2026-01-01T10:00:00+02:0""#,
            #""2026-13-01T10:00:00+02:00""#, #""2026-01-01T10:00:00+99:00""#, #""2026-01-01T10:00:00.+02:00""#,
            #""<system-reminder>now""#, #""2026-01-01T10:00:00.000Z; DROP TABLE turn""#,
        ])
    func noTime(_ time: String) {
        let line = #"{"type":"user","timestamp":\#(time),"message":{"content":"one thing"}}"#
        let reading = Reading(bytes(line, ""))
        #expect(reading.texts == ["one thing"])
        #expect(reading.blocks.map(\.timestamp) == [nil])
        #expect(reading.report.firstTimestamp == nil && reading.report.lastTimestamp == nil)
    }

    @Test(
        "A time that is told by its distance from UTC is told in UTC",
        arguments: [
            ("2026-01-02T10:00:00+02:00", "2026-01-02T08:00:00Z"),
            ("2026-01-01T00:30:00.250+05:30", "2025-12-31T19:00:00.250Z"),
            ("2024-02-28T20:00:00-0800", "2024-02-29T04:00:00Z"), ("2026-12-31T23:59:60-01", "2027-01-01T00:59:60Z"),
            ("2000-03-01T00:00:00.5+00:01", "2000-02-29T23:59:00.5Z"),
        ])
    func offsets(_ written: String, _ time: String) {
        let line = #"{"type":"user","timestamp":"\#(written)","message":{"content":"one thing"}}"#
        let reading = Reading(bytes(line, ""))
        #expect(reading.blocks.map(\.timestamp) == [time])
        #expect(reading.report.firstTimestamp == time && reading.report.lastTimestamp == time)
    }

    @Test func readsNothingOfAnEmptyFile() {
        #expect(Reading([]).report == TranscriptReport())
        #expect(Reading([0x0A, 0x0A]).report.emptyLines == 2)
    }

    @Test func noticesAFileThatShrank() {
        let reading = Reading(bytes(user("x"), ""), from: 1_000_000)
        #expect(reading.report.startedBeyondEnd)
        #expect(reading.report.nextOffset == 1_000_000)
    }
}
