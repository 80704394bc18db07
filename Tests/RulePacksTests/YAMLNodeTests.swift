import Memories
import Testing

@testable import RulePacks

@Suite struct YAMLNodeTests {
    private func node(_ text: String, limits: YAMLNode.Limits = .init()) throws -> YAMLNode {
        try YAMLNode(parsing: Array(text.utf8), file: "f", limits: limits)
    }

    private func place(_ line: Int, _ column: Int) -> Memories.SourceLocation {
        Memories.SourceLocation(file: "f", line: line, column: column)
    }

    @Test func scalarsAreTheTextThatStandsThere() throws {
        let map = try node("a: 1.0\nb: yes\nc: ~\nd: 0x1F\ne: 2020-01-01\nf:\n").mapping()
        #expect(try map.entries.map { try $0.value.text() } == ["1.0", "yes", "~", "0x1F", "2020-01-01", ""])
    }

    @Test func valuesAreReadAsTheReaderAsks() throws {
        let map = try node("a: -3\nb: 0.25\nc: true\nd: 1e3\ne: nan\nhues: 0x1F\n").mapping()
        #expect(try map.required("a").integer() == -3)
        #expect(try map.required("b").number() == 0.25)
        #expect(try map.required("c").boolean())
        #expect(try map.required("d").number() == 1000)
        #expect(throws: RulePackError.self) { try map.required("e").number() }
        #expect(throws: RulePackError.self) { try map.required("hues").integer() }
        #expect(throws: RulePackError(.missingKey("z", parent: ""), at: place(1, 1))) { try map.required("z") }
        #expect(throws: RulePackError(.unknownKey("hues", parent: "", nearest: "hue"), at: place(6, 1))) {
            try map.check(known: ["a", "b", "c", "d", "e", "hue"])
        }
    }

    @Test func columnsCountBytesAndLinesAreThoseOfEditors() throws {
        let map = try node("é: ü\r\nb: x\r日本: y").mapping()
        #expect(map.entries.map(\.keyLocation) == [place(1, 1), place(2, 1), place(3, 1)])
        #expect(map["日本"]?.location == place(3, 9))
        // LINE SEPARATOR ends a line for YAML 1.1, but for no editor.
        #expect(try node("a: 'b\u{2028}c'\nd: e").mapping()["d"]?.location == place(2, 4))
    }

    @Test func aByteOrderMarkIsSkippedButCounted() throws {
        #expect(try node("\u{FEFF}a: b").mapping().entries[0].keyLocation == place(1, 4))
    }

    @Test(arguments: [
        ("a: (x)", 1, 1, 5), ("a: '(x)'", 1, 1, 6), ("a: 'it''s'", 3, 1, 9), (#"a: "\u00e9x""#, 2, 1, 11),
        (#"a: "\té""#, 1, 1, 7), ("a: |\n  one\n   two\n", 5, 3, 4), ("a: |2\n   one\n", 1, 2, 4),
        ("a: |\n\n  one\n\n  two\n", 6, 5, 3), ("a: >\n  one\n  two\n", 4, 3, 3), ("a: one\n  two", 4, 2, 3),
        ("a: 'one\n\n  two'", 4, 3, 3), ("a: \"one\\\n  two\"", 3, 2, 3), ("a: |\r\n  é\r\n  two\r\n", 3, 3, 3),
        ("a: x", 1, 1, 5),
    ])
    func aByteOfATextHasItsPlaceInTheFile(text: String, offset: Int, line: Int, column: Int) throws {
        let scalar = try node(text).mapping().required("a").scalar()
        #expect(scalar.location(ofByte: offset) == place(line, column))
    }

    @Test func everyByteOfEveryTextHasAPlaceInside() throws {
        for text in [
            "a: >-\n\n  x\n\n   y\n  z\n\n\n", "a: 'b\n  c\n\n  ''d'''", "a: \"\\x41\\\n \\U0001F600 \\P\\_\n\n b\"",
            "a: |+\n  x\n\n\n",
        ] {
            let scalar = try node(text).mapping().required("a").scalar()
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            for offset in 0...scalar.text.utf8.count {
                let location = scalar.location(ofByte: offset)
                #expect(location.line <= lines.count)
                #expect(location.column <= lines[location.line - 1].utf8.count + 1)
            }
        }
    }

    @Test func sizeDepthAndNumberOfValuesAreBounded() {
        #expect(throws: RulePackError(.tooLarge(bytes: (1 << 20) + 1, limit: 1 << 20), at: place(1, 1))) {
            try node(String(repeating: "a", count: (1 << 20) + 1))
        }
        #expect(throws: RulePackError.self) { try node(String(repeating: "[", count: 100_000)) }
        #expect(throws: RulePackError.self) { try node(String(repeating: "- ", count: 100_000)) }
        #expect(throws: RulePackError.self) { try node("[" + String(repeating: "a,", count: 200_000) + "]") }
    }

    @Test func nearestNamesAreThoseWithFewEdits() {
        #expect(nearestName(to: "keyword", in: ["key", "keywords"]) == "keywords")
        #expect(nearestName(to: "Statment", in: ["statement"]) == "statement")
        #expect(nearestName(to: "colour", in: ["keywords", "pattern"]) == nil)
        #expect(editDistance("metric.chnage", "metric.change") == 1)
        #expect(editDistance("", "abc") == 3)
        #expect(nearestName(to: String(repeating: "a", count: 100), in: ["a"]) == nil)
    }
}
