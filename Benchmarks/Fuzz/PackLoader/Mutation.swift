/// Makes a new text out of old ones.
struct Mutation {
    var corpus: Corpus

    func text(_ generator: inout Generator) -> [UInt8] {
        if generator.below(4) == 0 { return Array(Grammar.pack(&generator).utf8) }
        var text = generator.pick(corpus.texts)
        for _ in 0...generator.below(generator.below(2) == 0 ? 1 : 4) { step(&text, &generator) }
        return text
    }

    private func step(_ text: inout [UInt8], _ generator: inout Generator) {
        guard !text.isEmpty else { return text = generator.pick(corpus.texts) }
        switch generator.below(9) {
        case 0: text[generator.below(text.count)] ^= UInt8(1 << generator.below(8))
        case 1: text[generator.below(text.count)] = UInt8(generator.below(256))
        case 2: text.removeSubrange(range(in: text, &generator))
        case 3: text.insert(contentsOf: Array(generator.pick(Grammar.tokens).utf8), at: generator.below(text.count + 1))
        case 4: swapLines(&text, &generator)
        case 5: splice(&text, &generator)
        case 6:
            let part = Array(text[range(in: text, &generator)])
            for _ in 0..<generator.below(8) { text.insert(contentsOf: part, at: generator.below(text.count + 1)) }
        case 7: replaceValue(&text, &generator)
        default: text = text.flatMap { $0 == 0x0A && generator.below(10) == 0 ? [0x0D, 0x0A] : [$0] }
        }
    }

    private func range(in text: [UInt8], _ generator: inout Generator) -> Range<Int> {
        let start = generator.below(text.count)
        return start..<min(text.count, start + 1 + generator.below(20))
    }

    private func swapLines(_ text: inout [UInt8], _ generator: inout Generator) {
        var lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
        lines.swapAt(generator.below(lines.count), generator.below(lines.count))
        text = Array(lines.joined(separator: [0x0A]))
    }

    private func splice(_ text: inout [UInt8], _ generator: inout Generator) {
        let other = generator.pick(corpus.texts)
        text = Array(text[..<generator.below(text.count)] + other[generator.below(other.count)...].prefix(4_000))
    }

    /// Gives one key a value of another make.
    private func replaceValue(_ text: inout [UInt8], _ generator: inout Generator) {
        var lines = text.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
        let index = generator.below(lines.count)
        guard let colon = lines[index].firstIndex(of: 0x3A) else { return }
        lines[index] = Array(lines[index][...colon]) + Array((" " + Grammar.value(&generator, depth: 0)).utf8)
        text = Array(lines.joined(separator: [0x0A]))
    }
}

/// Texts that are YAML and almost packs.
enum Grammar {
    static let tokens = [
        "&a ", "*a", "!!x ", "---\n", "...\n", "%YAML 1.1\n", "? ", ": ", "- ", "|\n", ">-\n", "|2\n", "\"", "'", "''",
        "\\", "\t",
        "#", "[", "]", "{", "}", "{{", "[[", "(?&NUMBER)", "(?&KEYWORD)", "(?xi)", "(?<port>", "\\1", "\\Q", "(?#",
        "[^]", "(?|",
        "(*ACCEPT)", "(?R)", "(?(DEFINE)", "\u{FEFF}", "\u{85}", "\u{2028}", "\u{1F600}", "\u{301}", "\u{0}", "\r",
        "\n", "{1000}",
        "@", "`", "<<: ", "~", "\\x{110000}", "\\p{Xx}", "(?C1)", "{sentence}", "999999999999999999999",
    ]

    /// What packs stand on.
    static let below = """
        pack: below
        format: 1
        version: 1.0.0
        summary: s
        fragments: {A: 'a|b'}
        exceptions: [{why: w, context: (?&A)}]
        rules:
          - {id: b0, category: note, summary: s, roles: [user, tool], tools: [Bash], keywords: [a], pattern: '(?<x>(?&A))', fields: {x: text}, statement: '{x}', examples: {match: [{text: a}], reject: [{text: b, why: c}]}}
          - {id: b1, category: note, summary: s, roles: [user], pattern: x, statement: '{sentence}', enabled: false, why: w}
        """

    private static let changes = [
        ("pattern", "'(?<x>(?&A)(?&KEYWORD))'"), ("keywords", "{add: [b], remove: [a]}"), ("importance", "{base: 4}"),
        ("exceptions", "{add: [{why: v, match: '(?&A)'}], remove: [w]}"), ("roles", "{remove: [tool]}"),
        ("examples", "{match: {remove: [a], add: [{text: b}]}}"), ("enabled", "false"), ("why", "w"),
        ("status", "experimental"), ("statement", "'{x}'"),
    ]

    private static func overrides(_ generator: inout Generator) -> String {
        var text = "pin: {below: 1.0.0}\noverrides:\n"
        for _ in 0..<generator.below(4) {
            text += "  - id: \(generator.pick(["b0", "b1", "'*'", "'b*'", "r1"]))\n"
            for (key, common) in changes where generator.below(3) == 0 {
                text += "    \(key): \(generator.below(6) == 0 ? value(&generator, depth: 0) : common)\n"
            }
        }
        return text
    }

    static func pack(_ generator: inout Generator) -> String {
        var text = "pack: \(value(&generator, depth: 2))\nformat: 1\nversion: 1.0.0\nsummary: s\n"
        if generator.below(2) == 0 {
            text += "fragments:\n"
            for _ in 0...generator.below(4) {
                text += "  \(generator.pick(["A", "B", "C", "D"])): \(quoted(pattern(&generator, 0)))\n"
            }
        }
        if generator.below(2) == 0 { text += overrides(&generator) }
        text += "rules:\n"
        for _ in 0..<generator.below(5) {
            text += "  - id: r\(generator.below(6))\n"
            for (key, common) in keys {
                switch generator.below(8) {
                case 0: continue
                case 1: text += "    \(key): \(value(&generator, depth: 0))\n"
                default:
                    text += "    \(key): \(key == "pattern" ? scalar(pattern(&generator, 0), &generator) : common)\n"
                }
            }
        }
        return text
    }

    private static let keys = [
        ("category", "note"), ("summary", "s"), ("roles", "[user]"), ("keywords", "[a, b c, 'é#']"), ("pattern", ""),
        ("fields", "{x: text}"), ("statement", "'{x}[ {x}]'"), ("key", "'{{{x}}}'"), ("status", "stable"),
        ("under", "'a'"),
        ("exceptions", "[{why: w, match: '(?&A)'}]"), ("examples", "{match: [{text: a}], reject: [{text: b, why: c}]}"),
    ]

    static func value(_ generator: inout Generator, depth: Int) -> String {
        switch generator.below(depth > 6 ? 3 : 6) {
        case 0: generator.pick(tokens)
        case 1: generator.pick(["user", "note", "1", "true", "''", "{x}", "x", "0", "-1", "1e9"])
        case 2: quoted(pattern(&generator, 0))
        case 3:
            "[" + (0..<generator.below(4)).map { _ in value(&generator, depth: depth + 1) }.joined(separator: ", ")
                + "]"
        case 4:
            "{"
                + (0..<generator.below(4)).map { "k\($0): " + value(&generator, depth: depth + 1) }.joined(
                    separator: ", ") + "}"
        default: String(repeating: generator.pick(tokens), count: generator.below(200))
        }
    }

    private static func pattern(_ generator: inout Generator, _ depth: Int) -> String {
        let pieces = [
            "a", "\\d+", "(?<x>\\w)", "(?&A)", "(?&B)", "(?&C)", "(?&KEYWORD)", "(?xi)", " # c\n", "[a-z#]", "(?:", ")",
            "|", "*", "+?",
            "(?=b)", "\\1", "\\g{1}", "\\k<x>", "é", "(?<X>a)", "(?^)", "(?|(?<x>a)|(?<x>b))", "{2,3}", "\\", "[", "(?",
            "\\Q(?&A)\\E",
        ]
        let parts = (0...generator.below(6)).map { _ in
            depth < 3 && generator.below(4) == 0 ? "(" + pattern(&generator, depth + 1) + ")" : generator.pick(pieces)
        }
        return parts.joined()
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    /// The same text in each of YAML's styles.
    private static func scalar(_ text: String, _ generator: inout Generator) -> String {
        switch generator.below(4) {
        case 0: quoted(text)
        case 1: "|\n      " + text.split(separator: "\n").joined(separator: "\n      ")
        case 2: ">-\n      " + text.split(separator: " ").joined(separator: "\n      ")
        default: text
        }
    }
}
