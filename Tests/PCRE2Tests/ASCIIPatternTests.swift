import Testing

@testable import PCRE2

/// What a pattern for ASCII finds, the pattern finds that knows of Unicode.
@Suite struct ASCIIPatternTests {
    private static let patterns = [
        #"(?i)\bask(?:s|ed)?\b"#, #"(?i)[^k]s\w+"#, #"\w+\s+\d{2,}"#, #"^\W*(?:don['’]t|do not)\b"#, #"’?s\b"#,
        #"(?i)[à-ÿ]|kiss"#, #"[^é]\z"#, #"(?<=—)x|\Bx"#, #"(?<word>\w+)[\s,.:!—–-]{1,4}(?&tail)(?<tail>.+)"#,
        #"[一-龥]|ok"#,
        #"\p{Lu}\p{Ll}+"#, #"(?i)\p{Lu}"#, #"[a-é]+"#, #"(?s)a.*?z$"#, #"\h+\S"#, #"([ab])\1"#, #"[\x41-\x5A]{2}"#,
    ]
    private static let subjects = [
        "", "s", "K", "kiss", "KISSES ask ASKED basks", "don't stop", "Do not,  stop", "it's", "x--x",
        "model A2 42\tand",
        "first, then: the rest", "ok", "Za az\nabba", "The API of Port 8080\nline two\r\n",
        "_under score_ \u{B} \u{1C}end",
    ]

    @Test(arguments: patterns, subjects)
    func bothFindTheSame(_ source: String, _ subject: String) throws {
        let workspace = MatchWorkspace()
        let ascii = try #require(Pattern(forASCII: source))
        let any = try Pattern(source)
        #expect(ascii.match(subject, in: workspace) == any.match(subject, in: workspace))
        #expect(ascii.groups == any.groups)
    }

    @Test(
        "What equals an ASCII letter without being one, or cannot be judged, has no pattern for ASCII",
        arguments: [
            "(?i)ſ", "(?i)\u{212A}", "(?i)[ā-ž\u{100}-\u{200}]", "(?i)[t-ǿ]", #"\x{17F}"#, #"\Q’\E"#, #"\’"#,
            "[[:upper:]]",
            "(*UCP)a", #"\N{U+17F}"#,
        ])
    func refused(_ source: String) {
        #expect(Pattern(forASCII: source) == nil)
    }

    @Test func whatDoesNotCompileIsRefused() {
        #expect(Pattern(forASCII: "(a") == nil)
    }
}
