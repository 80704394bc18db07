import RulePacks
import Testing

@Suite struct FieldTrimmingTests {
    @Test(
        "A field keeps what its kind says",
        arguments: [
            (FieldKind.text, "  a \n\t b ", "a b"), (.text, "**a**.", "**a**."),
            (.phrase, "the **bundle size**,", "bundle size"), (.phrase, "and the `p95`", "p95"),
            (.phrase, "the", "the"),
            (.phrase, "“a cache”", "cache"), (.phrase, "C++", "C++"), (.phrase, "_foo_", "foo"),
            (.phrase, "(the parser)", "parser"),
            (.phrase, "größe des Caches.", "größe des Caches"), (.phrase, "don't", "don't"), (.phrase, "— ", ""),
            (.clause, "**Use port 80.**", "Use port 80"), (.clause, "use `a` and `b`", "use `a` and `b`"),
            (.clause, "wait...", "wait..."), (.clause, "**never** do it.", "**never** do it"),
            (.clause, "use v1.2.", "use v1.2"),
            (.clause, "never do it**", "never do it"), (.clause, "`x`", "x"), (.clause, "決めた。", "決めた"),
            (.quantity, "(1.2 MB),", "1.2 MB"), (.quantity, "-5%.", "-5%"), (.quantity, "~30 ms", "~30 ms"),
            (.quantity, "$5", "$5"), (.quantity, "**42**", "42"), (.quantity, "10µs;", "10µs"),
            (.identifier, "`FOO_BAR`,", "FOO_BAR"), (.identifier, "@scope/pkg", "@scope/pkg"),
            (.identifier, "(\"x\")", "x"),
            (.path, "`src/main.swift`:", "src/main.swift"), (.path, "https://a.b/c?d=e.", "https://a.b/c?d=e"),
            (.path, "~/x/", "~/x/"), (.path, "\"./a b\",", "./a b"), (.path, ".gitignore", ".gitignore"),
            (.command, "`$ make test`", "make test"), (.command, "echo $HOME", "echo $HOME"), (.command, "", ""),
        ])
    func keeps(kind: FieldKind, text: String, expected: String) {
        #expect(kind.trimmed(text) == expected)
    }

    @Test("Trimming twice changes nothing", arguments: FieldKind.allCases)
    func isStable(kind: FieldKind) {
        let pieces = [
            "the ", "a", "**", "`", "\"", ".", ",", " ", "$ ", "(", ")", "é", "\u{301}", "“", "”", "1", "%", "-", "。",
            "_",
        ]
        var generator = SplitMix(state: 3)
        for _ in 0..<3_000 {
            let text = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &generator)]
            }.joined()
            let once = kind.trimmed(text)
            #expect(kind.trimmed(once) == once)
            #expect(once.utf8.count <= text.utf8.count)
        }
    }
}
