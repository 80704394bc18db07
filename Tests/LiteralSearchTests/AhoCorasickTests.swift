import LiteralSearch
import TestSupport
import Testing

@Suite struct AhoCorasickTests {
    struct Match: Hashable, Comparable, CustomStringConvertible {
        var end: Int
        var literal: Int

        static func < (a: Match, b: Match) -> Bool { (a.end, a.literal) < (b.end, b.literal) }
        var description: String { "literal \(literal) up to \(end)" }
    }

    private func found(_ literals: [String], in text: String) -> [Match] {
        var matches: [Match] = []
        let automaton = AhoCorasick(literals)
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            automaton.forEachMatch(in: bytes) { literal, end in matches.append(Match(end: end, literal: literal)) }
        }
        return matches
    }

    /// Every place, tried one by one: a folded literal ends where the folded text before it ends in it.
    private func naive(_ literals: [String], in text: String) -> [Match] {
        let bytes = Array(text.utf8)
        var matches: [Match] = []
        for end in 0...bytes.count {
            // A run of white space is one space, so its second byte ends nothing new.
            if end > 1, KeywordFolding.isSpace(bytes[end - 1]), KeywordFolding.isSpace(bytes[end - 2]) { continue }
            let before = KeywordFolding.folded(bytes[..<end])
            for (index, literal) in literals.enumerated() where !literal.isEmpty {
                if before.reversed().starts(with: KeywordFolding.folded(literal.utf8).reversed()) {
                    matches.append(Match(end: end, literal: index))
                }
            }
        }
        return matches
    }

    @Test func everyLiteralIsFoundWhereItEnds() {
        #expect(
            found(["he", "she", "hers", "his"], in: "ushers")
                == [Match(end: 4, literal: 0), Match(end: 4, literal: 1), Match(end: 6, literal: 2)])
    }

    @Test(
        "ASCII case and white space are folded",
        arguments: ["ROOT cause", "root\tCause", "root\ncause", "root \n  cause"])
    func folded(_ text: String) {
        #expect(found(["root cause"], in: text) == [Match(end: text.utf8.count, literal: 0)])
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
    }

    @Test("It finds what a naive search finds", arguments: 0..<UInt64(60))
    func naively(seed: UInt64) {
        var random = SplitMix(seed: seed)
        // Few letters, so that literals overlap, contain and continue each other.
        let alphabet = ["a", "b", "A", "ab", " ", "é", "決", "_", "-", seed % 2 == 0 ? "\t" : "\n"]
        func word(_ longest: Int) -> String {
            (0..<random.below(longest + 1)).map { _ in alphabet[random.below(alphabet.count)] }.joined()
        }
        let literals = (0..<(1 + random.below(12))).map { _ in KeywordFolding.folded(keyword: word(5)) }
        for _ in 0..<20 {
            let text = word(60)
            #expect(found(literals, in: text) == naive(literals, in: text), "\(literals) in \(text.debugDescription)")
        }
    }
}
