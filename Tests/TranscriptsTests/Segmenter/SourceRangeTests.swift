import Memories
import TestSupport
import Testing

@testable import Transcripts

/// Where a segment says that it stands, its words stand.
@Suite struct SourceRangeTests {
    /// Pieces that a generated text is made of: markup, line breaks, other scripts, broken structures.
    static let pieces = [
        "The port is 8080. ", "It must not retry! ", "Why? ", "e.g. ", "`a.b. c` ", "**Root cause:**\n", "\n", "\n\n",
        "\n  ",
        "- item one ", "\n- item two\n  goes on ", "1. first ", "## Heading\n", "```\n", "~~~\n", "> quoted ",
        "| a | b |\n",
        "端口是8080。不要！", "größer…", "🚀 ", "\t", "  ", "word ", "...", "\r\n", "at main (x.js:1:2)\n", "$ ls\n", "“Yes.” ",
        "(maybe.) ",
        "* ", "`", "**", "\u{85}", "é", "12:30 ", "---\n",
    ]

    static let texts: [(seed: UInt64, text: String)] = (0..<UInt64(400)).map { seed in
        var random = SplitMix(seed: seed)
        return (seed, (0..<random.below(40)).map { _ in pieces[random.below(pieces.count)] }.joined())
    }

    @Test("Each segment's words are those of its source", arguments: Role.allCases)
    func sameWords(role: Role) {
        for (seed, text) in Self.texts {
            let cut = Cut(text, role: role)
            for segment in cut.text.segments {
                #expect(
                    cut.text.text(segment.range) == cut.foldedSource(segment), "seed \(seed): \(text.debugDescription)")
            }
        }
    }

    @Test("No byte is in two segments", arguments: Role.allCases)
    func disjoint(role: Role) {
        for (seed, text) in Self.texts {
            var (end, sourceEnd) = (0, 0)
            for segment in Cut(text, role: role).text.segments {
                #expect(segment.range.lowerBound >= end, "seed \(seed): \(text.debugDescription)")
                #expect(segment.sourceRange.lowerBound >= sourceEnd, "seed \(seed): \(text.debugDescription)")
                #expect(!segment.range.isEmpty && segment.sourceRange.upperBound <= text.utf8.count)
                (end, sourceEnd) = (segment.range.upperBound, segment.sourceRange.upperBound)
            }
        }
    }

    @Test func noWordOfPlainProseIsLost() {
        let text = "One is here. Two (e.g. this)\nis there! Three?\n\nFour… is “five.” Six\n- seven\n- eight. Nine"
        let words = Cut(text).segments.joined(separator: " ").split(separator: " ")
        #expect(words == text.split { $0 == " " || $0 == "\n" }.filter { $0 != "-" })
    }

    @Test func linesOfToolOutputKeepTheirPlace() {
        let source = "  Finished in 0.3 s\r\n\n\t14 tests, 0 failures  \nlast"
        let cut = Array(source.utf8).withUnsafeBufferPointer { Segmenter.lines(of: $0) }
        #expect(cut.segments.map { cut.text($0.range) } == ["Finished in 0.3 s", "14 tests, 0 failures", "last"])
        #expect(cut.segments.allSatisfy { $0.kind == .line && $0.range == $0.sourceRange })
    }
}
