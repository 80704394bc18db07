import RulePacks
import TestSupport
import LiteralSearch
import Testing

@testable import Extraction

@Suite struct LiteralScanTests {
    struct Match: Hashable, Comparable, CustomStringConvertible {
        var end: Int
        var literal: Int

        static func < (a: Match, b: Match) -> Bool { (a.end, a.literal) < (b.end, b.literal) }
        var description: String { "literal \(literal) up to \(end)" }
    }

    private func found(
        _ literals: [String], in text: String, wholeWords: Bool = false, within range: Range<Int>? = nil
    ) -> [Match] {
        var matches: [Match] = []
        let search = LiteralScan(literals.map { ($0, isWholeWord: wholeWords) })
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            search.forEachMatch(in: range ?? 0..<bytes.count, of: bytes) { literal, range in
                matches.append(Match(end: range.upperBound, literal: literal))
            }
        }
        return matches.sorted()
    }

    /// Every place, tried one by one: a folded literal ends where the folded text before it ends in it.
    private func naive(_ literals: [String], in text: String, wholeWords: Bool = false) -> [Match] {
        let bytes = Array(text.utf8)
        var matches: [Match] = []
        for start in bytes.indices {
            for end in (start + 1)..<(bytes.count + 1) {
                // A run of white space is one space, so its second byte neither begins nor ends anything new.
                if end > 1, KeywordFolding.isSpace(bytes[end - 1]), KeywordFolding.isSpace(bytes[end - 2]) { continue }
                let folded = KeywordFolding.folded(bytes[start..<end])
                let isWhole = bytes.withUnsafeBufferPointer { LiteralScan.isWholeWord(start..<end, in: $0) }
                for (index, literal) in literals.enumerated() where !literal.isEmpty && (isWhole || !wholeWords) {
                    if folded == Array(literal.utf8) { matches.append(Match(end: end, literal: index)) }
                }
            }
        }
        return matches.sorted()
    }

    @Test func everyLiteralIsFoundWhereItEnds() {
        #expect(
            found(["he", "she", "hers", "his"], in: "ushers")
                == [Match(end: 4, literal: 0), Match(end: 4, literal: 1), Match(end: 6, literal: 2)])
    }

    @Test(
        "ASCII case and white space are folded, also between the words of a phrase",
        arguments: ["ROOT cause", "root\tCause", "root\ncause", "root \n  cause"], [true, false])
    func folded(_ text: String, wholeWords: Bool) {
        let matches = found(["root cause"], in: text, wholeWords: wholeWords)
        #expect(matches == [Match(end: text.utf8.count, literal: 0)])
    }

    @Test func otherBytesStandForThemselves() {
        #expect(
            found(["größe", "決定"], in: "GRÖSSE GRÖßE größe 決定") == [
                Match(end: 23, literal: 0), Match(end: 30, literal: 1),
            ])
    }

    @Test func emptyLiteralsAndTextsGiveNothing() {
        #expect(found([], in: "text") == [])
        #expect(found([""], in: "text") == [])
        #expect(found(["x"], in: "") == [])
        #expect(found(["x"], in: "", wholeWords: true) == [])
    }

    @Test(
        "A whole word has no letter, digit or underscore beside it",
        arguments: [
            ("port", "the port is", 1), ("port", "ports", 0), ("port", "export", 0), ("port", "port_1", 0),
            ("port", "(port)", 1), ("don't", "I don't.", 1), ("don't", "I don'ts.", 0),
            ("up-to-date", "is up-to-date", 1),
            ("--force", "use --force never", 1), ("--force", "use --forced", 0), ("root cause", "root causes", 0),
            ("internationalization", "Internationalization of it", 1),
            ("internationalization", "internationalizatiom", 0), ("a b c", "a b b c, a  b\tc", 1),
        ])
    func wholeWords(_ literal: String, _ text: String, _ count: Int) {
        #expect(found([literal], in: text, wholeWords: true).count == count)
    }

    @Test func whatStandsBesideTheRangeDecidesAboutItsEdges() {
        let text = "support port ports"
        #expect(found(["port"], in: text, wholeWords: true, within: 3..<7).isEmpty, "behind `sup`")
        #expect(found(["port"], in: text, wholeWords: true, within: 8..<12) == [Match(end: 12, literal: 0)])
        #expect(found(["port"], in: text, wholeWords: true, within: 13..<17).isEmpty, "before `s`")
        #expect(found(["port ports"], in: text, wholeWords: true, within: 8..<17).isEmpty)
        #expect(found(["port"], in: text, within: 3..<7) == [Match(end: 7, literal: 0)])
    }

    @Test("Words that lie across blocks of sixty-four bytes are found", arguments: 55..<70)
    func longTexts(_ offset: Int) {
        let text = String(repeating: ".", count: offset) + "root cause" + String(repeating: ".", count: 80)
        let end = Match(end: offset + 10, literal: 0)
        #expect(found(["root cause"], in: text, wholeWords: true) == [end])
        #expect(found(["oot cause"], in: text) == [end])
    }

    @Test("It finds what a naive search finds", arguments: 0..<UInt64(60), [true, false])
    func naively(seed: UInt64, wholeWords: Bool) {
        var random = SplitMix(seed: seed)
        // Few letters, so that literals overlap, contain and continue each other.
        let alphabet = ["a", "b", "A", "ab", " ", "é", "決", "_", "-", seed % 2 == 0 ? "\t" : "\n", "abbaabbab"]
        func word(_ longest: Int) -> String {
            (0..<random.below(longest + 1)).map { _ in alphabet[random.below(alphabet.count)] }.joined()
        }
        var literals: [String] = []
        for _ in 0..<(1 + random.below(12)) {
            let literal = KeywordFolding.folded(keyword: word(5))
            if !literals.contains(literal) { literals.append(literal) }
        }
        for _ in 0..<10 {
            let text = word(40)
            #expect(
                found(literals, in: text, wholeWords: wholeWords) == naive(literals, in: text, wholeWords: wholeWords),
                "\(literals) in \(text.debugDescription)")
        }
    }
}
