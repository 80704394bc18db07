import Memories
import RulePacks
import Testing
import Transcripts

@testable import Extraction

/// What stands in a transcript again is not looked at again, and gives what it gave the first time.
@Suite struct SegmentFormsTests {
    private func read(_ reader: SegmentReader, _ text: String, _ role: Role = .user) -> [SegmentReading] {
        let cut = Array(text.utf8).withUnsafeBufferPointer { Segmenter.segments(of: $0, role: role) }
        return reader.read(cut, place: MessagePlace(role: role), judge: .open).readings
    }

    private static let texts = [
        "Because the port went up.", "- Because the port went up.", "**Because the port went up.**",
        "## Cause\n\nBecause the port went up.", "No, the port went up. Because the port went up.",
        "Because the port went up。Because the port went up.", "Let me see. Wait, `a.swift` has 12 tests, \"really\"?",
    ]

    @Test("A text gives the same, whatever was read before it", arguments: texts)
    func again(_ text: String) throws {
        let rules = try rules(PrefilterTests.rule(["went up", "port"]))
        let known = SegmentReader(rules: rules, table: .conversation)
        for _ in 0..<2 {
            for other in Self.texts {
                for role in [Role.assistant, .user] { _ = read(known, other, role) }
            }
        }
        let (first, second) = (read(SegmentReader(rules: rules, table: .conversation), text), read(known, text))
        #expect(first.map(\.features) == second.map(\.features))
        #expect(first.map { $0.matches } == second.map { $0.matches })
        #expect(!first.isEmpty)
    }

    @Test("A rule reads the same out of a text in ASCII as out of one beyond it")
    func ascii() throws {
        let rules = try rules(
            """
              - id: asked
                category: note
                summary: What somebody asked for.
                roles: [user]
                keywords: [ask]
                pattern: '(?i)\\b(?<who>\\w+)\\s+ask(?:s|ed)?\\b[\\s,.:!—–-]{1,4}(?:don[''’]t|for)\\b'
                fields: {who: text}
                statement: '{who}: {sentence}'
                exceptions:
                  - why: A question.
                    context: '(?i)\\bKISS\\b'

            """)
        let reader = SegmentReader(rules: rules, table: .conversation)
        func statements(_ text: String) -> [String] {
            read(reader, text).flatMap { $0.matches.map(\.statement) }
        }
        #expect(statements("Bo asks, don't go.") == ["Bo: Bo asks, don't go."])
        #expect(statements("Bo asked for tea.") == ["Bo: Bo asked for tea."])
        #expect(statements("Bo asks — don’t go.") == ["Bo: Bo asks — don’t go."])
        #expect(statements("Bo asked for té.") == ["Bo: Bo asked for té."])
        #expect(statements("Bo asked for a kiss.").isEmpty)
        #expect(statements("Bo asked for a kiss, té.").isEmpty)
    }
}
