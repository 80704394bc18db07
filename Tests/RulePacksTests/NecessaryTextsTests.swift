import BuiltInRules
import PCRE2
import TestSupport
import Testing

@testable import RulePacks

@Suite struct NecessaryTextsTests {
    /// Each clause with its texts; `|` for the edge of a word, `#` for a digit.
    private func clauses(_ pattern: String, keywords: [String] = []) -> [String] {
        NecessaryTexts(of: pattern, keywords: keywords).clauses.map { clause in
            clause.map { text in
                if text == .digit { return "#" }
                let bytes = (0..<text.count).map {
                    text[$0] == NecessaryTexts.Text.boundary ? UInt8(ascii: "|") : text[$0]
                }
                return String(decoding: bytes, as: UTF8.self)
            }
            .joined(separator: " ")
        }
    }

    @Test(
        "A pattern needs its texts",
        arguments: [
            ("maybe", ["maybe"]), ("(?i)Maybe", ["maybe"]), (#"\bmaybe\b"#, ["|maybe|"]),
            (#"\b(?:if|when)\b"#, ["|if| |when|"]), (#"(?xi) no \s+ way"#, ["no|", "|way"]),
            (#"it(?:self)?\d"#, ["#"]), ("ab+cde", ["cde"]), ("a(?:bcd|xyz)e", ["bcd xyz"]),
            ("(?=.*`).*error", ["`", "error"]), ("[=:]", ["= :"]), (#"\bread-only\s"#, ["|read-o", "nly|"]),
            (#"^(?:use|run)\W"#, ["|use| |run|"]), ("(?:use|run)s?", ["use run"]), ("no[ ]way", ["no way"]),
        ] as [(String, [String])])
    func needs(_ pattern: String, _ expected: [String]) { #expect(clauses(pattern) == expected) }

    @Test(
        "What cannot be told gives no clause",
        arguments: [
            "", ".*", "a|.*", "(?!maybe)", "(?<!maybe)", "maybe?|perhaps|", "(?:maybe)?", "(?:maybe){0,2}",
            "(?:maybe)*",
            #"\Qmaybe\E"#, #"(a)\1maybe"#, "(?(?=a)maybe)", "[^maybe]", #"\p{L}"#, "maybe|é", "(*ACCEPT)maybe",
        ])
    func unknown(_ pattern: String) { #expect(clauses(pattern) == []) }

    @Test func aCallNeedsWhatItsDefinitionNeeds() {
        #expect(clauses("(?(DEFINE)(?<HEDGE>maybe|perhaps))^(?&HEDGE)") == ["maybe perhaps"])
        #expect(clauses("(?(DEFINE)(?<KEYWORD>went|rose))(?&KEYWORD)") == [], "a keyword is there in any case")
    }

    /// Texts out of the words of a pattern, so that near misses are many.
    private func texts(for pattern: String, _ random: inout TestSupport.SplitMix) -> [String] {
        var words = pattern.split { !$0.isLetter && !$0.isNumber && $0 != "`" && $0 != "'" }.map(String.init)
        words += ["`a_b`", "12", "%", "=", "é", "ſ", "\u{212A}", ":", "**x**", "not", "?", "don’t"]
        return (0..<30).map { _ in
            (0..<(1 + random.below(9))).map { _ in words[random.below(words.count)] }
                .joined(separator: random.below(6) == 0 ? "" : " ")
        }
    }

    private static let builtIn: [String] = {
        let rules = BuiltInRules.packs.flatMap { pack in
            (try? RulePack(parsing: pack.bytes, file: pack.file, strictness: .proven))?.rules ?? []
        }
        let sources = rules.flatMap { [$0.pattern.source] + $0.exceptions.map(\.pattern.source) }
        return Array(Set(sources)).sorted()
    }()

    @Test func mostPatternsOfTheProductNeedSomething() {
        let telling = Self.builtIn.filter { !NecessaryTexts(of: $0).clauses.isEmpty }
        #expect(telling.count * 2 > Self.builtIn.count)
    }

    @Test("The guarded pattern finds the same, in texts made of its own words")
    func guarded() throws {
        var random = TestSupport.SplitMix(seed: 7)
        let workspace = MatchWorkspace()
        var hits = 0
        for source in Self.builtIn {
            let guarded = NecessaryTexts(of: source).guarded
            let (plain, other) = (try Pattern(source), try Pattern(guarded))
            for text in texts(for: source, &random) {
                let outcome = plain.match(text, in: workspace)
                #expect(outcome == other.match(text, in: workspace), "\(source)\n\(text)")
                if case .match = outcome { hits += 1 }
            }
        }
        #expect(hits > 300)
    }
}
