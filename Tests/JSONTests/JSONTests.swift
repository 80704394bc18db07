import Foundation
import JSON
import TestSupport
import Testing

/// Scans `text` and gives the scanner to `body`; nothing of it may leave.
private func scan<Result>(_ text: String, _ body: (inout JSONScanner) throws -> Result) rethrows -> Result {
    let bytes = Array(text.utf8)
    return try bytes.withUnsafeBufferPointer { buffer in
        var scanner = JSONScanner(buffer)
        return try body(&scanner)
    }
}

private func decode(_ bytes: [UInt8], limit: Int = .max) -> (text: String, report: JSONDecodingReport) {
    var out: [UInt8] = []
    let report = bytes.withUnsafeBufferPointer { JSONString(raw: $0).decode(into: &out, limit: limit) }
    return (String(decoding: out, as: UTF8.self), report)
}

@Suite struct ScannerTests {
    @Test func walksTheKeysOfAnObject() throws {
        let (keys, isAtEnd) = try scan(#" { "a" : 1 , "b":{"c":[1,"}]",{}]}, "d":null }  "#) { scanner in
            var keys: [String] = []
            guard try scanner.enterObject() else { return (keys, false) }
            while let key = try scanner.nextKey() {
                keys.append(key.text())
                try scanner.skip()
            }
            return (keys, scanner.isAtEnd())
        }
        #expect(keys == ["a", "b", "d"])
        #expect(isAtEnd)
    }

    @Test func passesOverWhatIsOfAnotherKind() throws {
        let seen = try scan(#"[null, {"a":1}, "text", true, -12, 1.5, 99999999999999999999]"#) { scanner in
            var seen: [String] = []
            guard try scanner.enterArray() else { return seen }
            var index = 0
            while try scanner.nextElement() {
                switch index {
                case 0, 2: seen.append(try scanner.string()?.text() ?? "nil")
                case 1, 3: seen.append(try scanner.bool()?.description ?? "nil")
                default: seen.append(try scanner.int()?.description ?? "nil")
                }
                index += 1
            }
            seen.append(scanner.isAtEnd().description)
            return seen
        }
        #expect(seen == ["nil", "nil", "text", "true", "-12", "nil", "nil", "true"])
    }

    @Test("A string ends at the first quote behind an even number of backslashes")
    func findsTheEndOfAString() throws {
        for text in [
            #""""#, #""\\""#, #""\"""#, #""\\\"""#, #""0123456789012345678901234567\"\\""#, #""1234567\"890""#,
        ] {
            let rest = try scan(text + ",") { scanner in
                _ = try scanner.string()
                return scanner.offset
            }
            #expect(rest == text.utf8.count, "\(text)")
        }
    }

    @Test func skipsAMillionLevelsWithoutAStack() throws {
        let depth = 1_000_000
        let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let range = try scan(text) { try $0.skip() }
        #expect(range == 0..<2 * depth)
        #expect(throws: JSONError(.endsEarly, at: depth)) {
            try scan(String(repeating: "{", count: depth)) { try $0.skip() }
        }
    }

    @Test("A container ends where its bytes, walked one by one, say so", arguments: 0..<200)
    func findsTheEndOfAContainer(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let pieces = [
            "{", "}", "[", "]", "\"", "\"", "\\", "\\\\", "\\\"", "a", ":", ",", " ", "é", "\"key\":",
            "\"\(String(repeating: "x", count: 70))\"", "\"}\"", "{}",
        ]
        let text = "{" + (0..<120).map { _ in pieces[random.below(pieces.count)] }.joined()
        for start in stride(from: 0, to: 70, by: 7) {
            let padded = String(repeating: " ", count: start) + text
            let end = scan(padded) { try? $0.skip().upperBound }
            #expect(end == Self.containerEnd(Array(padded.utf8), from: start), "\(padded)")
        }
    }

    private static func containerEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        var depth = 0
        var isInString = false
        var isEscaped = false
        for at in start..<bytes.count {
            let byte = bytes[at]
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
            } else if byte == UInt8(ascii: "\"") {
                isInString = true
            } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                depth += 1
            } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
                depth -= 1
                if depth == 0 { return at + 1 }
            }
        }
        return nil
    }

    @Test(
        "Whatever is broken is an error, not a crash",
        arguments: [
            "", "{", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":1", "{a:1}", "{\"a\" 1}", "[", "[1", "}", "\"", "\"\\", "#",
        ])
    func refuses(_ text: String) {
        #expect(throws: JSONError.self) {
            try scan(text) { scanner in
                if try scanner.peek() == .object {
                    _ = try scanner.enterObject()
                    while try scanner.nextKey() != nil { try scanner.skip() }
                } else {
                    try scanner.skip()
                }
            }
        }
    }
}

@Suite struct StringDecodingTests {
    @Test func unescapes() {
        let (text, report) = decode(Array(#"a\n\t\r\b\f\"\\\/ é \u00e9 \u20ac 😀 \ud83d\ude00 end of the string"#.utf8))
        #expect(text == "a\n\t\r\u{8}\u{C}\"\\/ é é € 😀 😀 end of the string")
        #expect(report == JSONDecodingReport())
    }

    @Test("Escapes stand for the same wherever they stand", arguments: 0..<36)
    func escapesAnywhere(_ padding: Int) {
        let before = String(repeating: "x", count: padding)
        for (raw, plain) in [
            (#"\n\t\r\"\\\/"#, "\n\t\r\"\\/"), (#"\n"#, "\n"), (#"\b\né\u00e9"#, "\u{8}\néé"), (#"a\\"#, "a\\"),
        ] {
            for after in ["", "y", String(repeating: "y", count: 20)] {
                let (text, report) = decode(Array((before + raw + after).utf8))
                #expect(text == before + plain + after)
                #expect(report == JSONDecodingReport())
            }
        }
    }

    @Test("Each invalid byte is replaced and counted, its neighbours stay", arguments: 0..<20)
    func replacesInvalidBytes(_ padding: Int) {
        let before = String(repeating: "x", count: padding)
        let (text, report) = decode(Array(before.utf8) + [0xFF, 0x61, 0xC3, 0x28, 0xED, 0xA0, 0x80] + Array("zé".utf8))
        #expect(text == before + "\u{FFFD}a\u{FFFD}(\u{FFFD}\u{FFFD}\u{FFFD}zé")
        #expect(report.invalidBytes == 5)
    }

    @Test func replacesLoneSurrogates() {
        let (text, report) = decode(Array(#"\ud83d|\ude00|\ud83d\u0041|\ud83d\ud83d\ude00|a longer end"#.utf8))
        #expect(text == "\u{FFFD}|\u{FFFD}|\u{FFFD}A|\u{FFFD}😀|a longer end")
        #expect(report.loneSurrogates == 4)
    }

    @Test func dropsNUL() {
        let (text, report) = decode(Array(#"a\u0000b"#.utf8) + [0] + Array("c and so on".utf8))
        #expect(text == "abc and so on")
        #expect(report.nulls == 2)
    }

    @Test(
        "A broken escape is repaired",
        arguments: [#"abcdefg\"#, #"\u12"#, #"\u12zz and so on"#, #"\q and so on"#, "\\é and so on"])
    func repairsEscapes(_ raw: String) {
        let (text, _) = decode(Array(raw.utf8))
        #expect(!text.contains("\\"))
    }

    @Test("A limit never splits a character", arguments: 0..<14)
    func limits(_ limit: Int) {
        let (text, report) = decode(Array(#"aé€😀\ud83d\ude00"#.utf8), limit: limit)
        #expect(text.utf8.count <= limit)
        #expect("aé€😀😀".hasPrefix(text))
        #expect(report.isCut == (limit < 14))
        #expect(!text.contains("\u{FFFD}"))
    }
}

@Suite struct WriterTests {
    @Test func writesWhatOthersRead() throws {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("text")
        writer.string("a \"quote\", a \\, a\nline\t\u{1} and é😀")
        writer.key("list")
        writer.beginArray()
        writer.int(-3)
        writer.bool(true)
        writer.null()
        writer.beginObject()
        writer.endObject()
        writer.endArray()
        writer.key("score")
        writer.decimal(3.14159, digits: 2)
        writer.endObject()
        #expect(
            writer.text
                == #"{"text":"a \"quote\", a \\, a\nline\t\u0001 and é😀","list":[-3,true,null,{}],"score":3.14}"#)
        let read = try JSONSerialization.jsonObject(with: Data(writer.bytes)) as? [String: Any]
        #expect(read?["text"] as? String == "a \"quote\", a \\, a\nline\t\u{1} and é😀")
    }

    @Test(arguments: [
        (0.0, 2, "0.00"), (-0.001, 2, "0.00"), (0.005, 2, "0.01"), (1.999, 2, "2.00"), (-1.5, 0, "-2"), (2.5, 1, "2.5"),
        (123456.75, 1, "123456.8"), (0.1 + 0.2, 9, "0.300000000"), (-0.25, 2, "-0.25"),
    ])
    func writesDecimals(_ value: Double, _ digits: Int, _ expected: String) {
        var writer = JSONWriter()
        writer.decimal(value, digits: digits)
        #expect(writer.text == expected)
    }

    @Test func writesNoNumberThatJSONLacks() {
        var writer = JSONWriter()
        writer.beginArray()
        writer.decimal(.nan, digits: 1)
        writer.decimal(.infinity, digits: 1)
        writer.decimal(1e300, digits: 1)
        writer.endArray()
        #expect(writer.text == "[null,null,null]")
    }

    @Test func separatesLinesByNewlinesOnly() {
        var writer = JSONWriter()
        for i in 1...2 {
            writer.beginArray()
            writer.int(i)
            writer.endArray()
            writer.newline()
        }
        #expect(writer.text == "[1]\n[2]\n")
    }
}
