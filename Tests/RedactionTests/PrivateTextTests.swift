import Foundation
import TestSupport
import Testing

@testable import Redaction

@Suite struct PrivateTextTests {
    /// One line of `Fixtures/secrets/private.jsonl`.
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        var text: String
        var left: String
        var spans: Int
        var why: String

        var testDescription: String { why }

        static let all: [Case] = {
            let lines = (try? Fixture.text("secrets/private.jsonl").split(separator: "\n")) ?? []
            return lines.compactMap { try? JSONDecoder().decode(Case.self, from: Data($0.utf8)) }
        }()
    }

    private func removed(_ text: String) -> (text: String, spans: Int) {
        guard let result = PrivateText.removed(from: Array(text.utf8)) else { return (text, 0) }
        return (String(decoding: result.text, as: UTF8.self), result.spanCount)
    }

    @Test("Private text goes, the sentence stays", arguments: Case.all)
    func cases(_ fixture: Case) {
        let result = removed(fixture.text)
        #expect(result.text == fixture.left)
        #expect(result.spans == fixture.spans)
    }

    @Test func theTableWasRead() throws {
        #expect(Case.all.count == (try Fixture.text("secrets/private.jsonl").split(separator: "\n").count))
        #expect(Case.all.count > 30)
    }

    @Test func aTextWithoutATagIsNotCopied() {
        #expect(PrivateText.removed(from: Array("a < b, <b>private</b>, private".utf8)) == nil)
        #expect(PrivateText.removed(from: []) == nil)
    }

    @Test(
        "Many tags take linear time",
        arguments: ["<private>", "<private", "< ", "</private>", "<private><private ", "<", "< private"])
    func linear(_ part: String) {
        let text = Array(String(repeating: part, count: 16_000).utf8)
        let time = processorTime { _ = PrivateText.removed(from: text) }
        #expect(time < .seconds(1))
    }

    @Test("However many spans there are, all go", arguments: [99, 100, 101, 1_000, 16_000])
    func many(_ count: Int) {
        let result = removed(String(repeating: "a <private>秘密 HIDDEN</private> b ", count: count))
        #expect(!result.text.contains("HIDDEN") && !result.text.contains("秘密"))
        #expect(result.spans == count)
    }

    @Test("Nothing between the tags is ever left", arguments: 0..<UInt64(40))
    func planted(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let parts = [
            "<private>", "</private>", "< PRIVATE\n>", "</ private >", "<b>", "<", ">", " x ", "<private a=\"1\">",
        ]
        var text = ""
        var depth = 0
        for _ in 0..<60 {
            let part = parts[random.below(parts.count)]
            // A tag that is cut off by what follows would say something else.
            if part == "<" || part == ">" { continue }
            text += part
            if part.contains("</") {
                depth = max(0, depth - 1)
            } else if part.lowercased().contains("private") {
                depth += 1
            }
            text += depth > 0 ? "HIDDEN" : "shown"
        }
        let result = removed(text)
        #expect(!result.text.contains("HIDDEN"), "\(text)")
        #expect(
            result.text.components(separatedBy: "shown").count == text.components(separatedBy: "shown").count,
            "\(text)")
    }
}
