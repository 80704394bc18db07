import LiteralSearch
import PCRE2
import Testing

@testable import RulePacks

/// Keywords have two uses, the prefilter over bytes and `(?&KEYWORD)`; whatever the second matches, the first must have seen.
@Suite struct KeywordTests {
    let workspace = MatchWorkspace()

    private func pattern(_ keywords: [String], options: String = "") throws -> Pattern {
        let folded = keywords.map(KeywordFolding.folded(keyword:))
        return try Pattern("\(options)(?(DEFINE)\(KeywordPattern.definition(folded)))(?&KEYWORD)")
    }

    private func matched(_ pattern: Pattern, _ text: String) -> String? {
        guard case .match(let captures) = pattern.match(text, in: workspace) else { return nil }
        return String(decoding: Array(text.utf8)[captures.range], as: UTF8.self)
    }

    /// The prefilter in its plainest form: a folded keyword is a part of the folded text.
    private func prefilterSees(_ keywords: [String], _ text: String) -> Bool {
        let bytes = KeywordFolding.folded(text.utf8)
        return keywords.contains { keyword in
            let needle = Array(KeywordFolding.folded(keyword: keyword).utf8)
            guard needle.count <= bytes.count else { return false }
            return (0...(bytes.count - needle.count)).contains { Array(bytes[$0..<($0 + needle.count)]) == needle }
        }
    }

    @Test func caseAndRunsOfWhiteSpaceAreFolded() throws {
        let pattern = try pattern(["went  Up"])
        #expect(matched(pattern, "it WENT\n\t up.") == "WENT\n\t up")
        #expect(KeywordFolding.folded(keyword: " \tWent \n Up ") == "went up")
    }

    @Test func theLongestKeywordWins() throws {
        #expect(matched(try pattern(["went", "went up"]), "went up") == "went up")
    }

    @Test func aKeywordIsAWholeWordWhereItBordersOnLetters() throws {
        let pattern = try pattern(["fell", "C++", "#issue"])
        #expect(matched(pattern, "felling") == nil)
        #expect(matched(pattern, "befell") == nil)
        #expect(matched(pattern, "in c++11") == "c++")
        #expect(matched(pattern, "x#issue") == "#issue")
        #expect(matched(pattern, "#issues") == nil)
        #expect(matched(try self.pattern(["größe"]), "größen") == nil)
    }

    @Test func scriptsWithoutSpacesNeedNoBoundary() throws {
        #expect(matched(try pattern(["決定"]), "これを決定した") == "決定")
        #expect(matched(try pattern(["ตัดสินใจ"]), "เราตัดสินใจแล้ว") == "ตัดสินใจ")
    }

    @Test(arguments: ["", "(?i)", "(?x)", "(?xi)", "(?s-i)"])
    func theFlagsOfThePatternDoNotReachKeywords(options: String) throws {
        let pattern = try pattern(["ask # two", "kiss"], options: options)
        #expect(matched(pattern, "ASK # TWO") == "ASK # TWO")
        // KELVIN SIGN and LONG S fold to k and s in Unicode, but not here.
        #expect(matched(pattern, "\u{212A}iss") == nil)
        #expect(matched(pattern, "ki\u{17F}s") == nil)
        #expect(matched(pattern, "ask two") == nil)
    }

    @Test func onlyASCIILosesItsCase() throws {
        let pattern = try pattern(["Größe"])
        #expect(matched(pattern, "GRöße") == "GRöße")
        #expect(matched(pattern, "GRÖßE") == nil)
        #expect(KeywordFolding.folded(keyword: "É") == "É")
    }

    @Test func whatTheKeywordPatternMatchesThePrefilterHasSeen() throws {
        let keywords = ["ask", "kiss me", "C++", "größe", "a.b", "don't", "x  # y", "決定", "[k]", "s"]
        let pattern = try pattern(keywords, options: "(?xi)")
        let pieces = [
            "a", "s", "k", "K", "S", "\u{212A}", "\u{17F}", " ", "\n", "\u{A0}", "\u{2003}", "\t", "kiss", "KISS", "me",
            "C",
            "+", "c++", "GRö", "ßE", "ẞ", "größe", ".", "b", "don", "'", "’", "t", "x", "#", "y", "決", "定", "[", "]",
            "\u{301}",
            "İ", "ı", "\u{B}",
        ]
        var generator = SplitMix(state: 7)
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...7, using: &generator)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &generator)]
            }.joined()
            if matched(pattern, text) != nil, !prefilterSees(keywords, text) {
                Issue.record("the prefilter misses \(text.debugDescription)")
            }
        }
    }
}

/// A small generator, so that a failing run can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
