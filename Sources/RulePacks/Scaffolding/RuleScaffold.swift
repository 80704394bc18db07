public import Memories

/// A first draft of a rule, made from a sentence that it must read.
///
/// The draft asks for a phrase of the sentence, and for the same kinds of things around it: code, numbers, paths, names. It is
/// narrow rather than wide; a person makes of it what is meant.
public struct RuleScaffold: Sendable {
    public var id: String
    public var category: MemoryCategory
    public var roles: [Role]
    /// One line.
    public var sentence: String
    public private(set) var keywords: [String]
    /// Under `(?xi)`, line by line.
    public private(set) var pattern: [String]
    /// Near misses: the phrase is there, and it is no memory.
    public var rejects: [(text: String, why: String)]

    /// - Parameter sentence: Nil when a person is to fill it in.
    public init(id: String, category: MemoryCategory, roles: [Role], sentence: String?) {
        let text = sentence ?? "Replace me by a sentence that is worth remembering."
        let shape = SentenceShape(text)
        self.id = id
        self.category = category
        self.roles = roles
        self.sentence = text
        keywords = sentence == nil ? ["replace me"] : [shape.keyword].filter { !$0.isEmpty }
        for keyword in keywords {
            if keyword.contains("'") { keywords.append(keyword.replacing("'", with: "\u{2019}")) }
            if keyword.contains("\u{2019}") { keywords.append(keyword.replacing("\u{2019}", with: "'")) }
        }
        pattern = RuleScaffold.pattern(shape, hasKeywords: !keywords.isEmpty)
        rejects = RuleScaffold.rejects(shape)
    }

    /// Whether a rule can be called so.
    public static func isID(_ text: String) -> Bool { ValueSyntax.isIdentifier(text) }

    /// Whether there is nothing in the sentence that a rule could look for.
    public var isEmpty: Bool { keywords.isEmpty }

    private static func pattern(_ shape: SentenceShape, hasKeywords: Bool) -> [String] {
        let least = max(8, min(40, shape.sentence.count / 3))
        // The guard lets the sentence itself through, with room for one of its kind.
        let length = shape.sentence.unicodeScalars.count
        let most = length <= 400 ? 400 : (length / 100 + 2) * 100
        var lines = ["(?xi)", "^ (?=.{\(least),\(most)}$)"]
        let parts = shape.parts
        for part in parts.before { lines.append(".*? \(part.pattern)  # \(part.words)") }
        lines.append(hasKeywords ? ".*? (?&KEYWORD)" : ".*?")
        for part in parts.behind { lines.append(".*? \(part.pattern)  # \(part.words)") }
        lines.append(".* $")
        return lines
    }

    private static func rejects(_ shape: SentenceShape) -> [(text: String, why: String)] {
        let bare = withoutEnd(shape.sentence)
        let inner = lowered(bare, shape)
        var rejects = [(text: "Is it true that \(inner)?", why: "a question settles nothing")]
        if let part = (shape.parts.behind + shape.parts.before).first,
            let index = shape.words.firstIndex(where: { $0.part == part })
        {
            let word = shape.words[index]
            let rest = shape.words.filter { $0.part == part }
            // Every thing of this kind goes, else the pattern still finds one.
            var text = shape.sentence
            for other in rest.reversed() {
                let end = String(other.text.reversed().prefix { ".,;:!?)".contains($0) }.reversed())
                text.replaceSubrange(other.range, with: (part == .number ? "several" : "something") + end)
            }
            if SentenceShape.trimmed(word.text) != "" {
                rejects.append((text, "names no \(part.words.replacing("a ", with: ""))"))
            }
        } else {
            rejects.append(("What if \(inner), one day.", "a hypothetical, not a fact"))
        }
        return rejects
    }

    private static func withoutEnd(_ text: String) -> String {
        var text = text
        while let last = text.last, ".!?。！？ ".contains(last) { text.removeLast() }
        return text
    }

    /// For the middle of a sentence; a name keeps its capital.
    private static func lowered(_ text: String, _ shape: SentenceShape) -> String {
        guard let first = shape.words.first, first.part == nil, first.weight > 0, first.text != "I" else { return text }
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    // MARK: -

    /// The first line of a pack, for editors that know YAML: the schema stands beside it.
    public static let schemaLine = "# yaml-language-server: $schema=./rulepack.schema.json"

    /// A pack with this rule alone.
    public func pack(named name: String, summary: String) -> String {
        """
        \(RuleScaffold.schemaLine)
        # The format is told in docs/rule-packs.md of ccmem; `ccmem rules lint` looks at this file.
        pack: \(name)
        format: 1
        version: 1.0.0
        summary: \(RuleScaffold.quoted(summary))

        rules:

        """ + entry(indentation: 2)
    }

    /// The rule as an entry of `rules:`.
    public func entry(indentation: Int) -> String {
        let margin = String(repeating: " ", count: indentation)
        var lines = [
            "- id: \(id)", "  category: \(category.rawValue)",
            "  status: stable", "  summary: \(RuleScaffold.quoted("Sentences like: " + sentence))",
            "  roles: [\(roles.map(\.rawValue).joined(separator: ", "))]",
            "  # A sentence is looked at only when one of these stands in it; add other ways to say it.",
            "  keywords: [\(keywords.map(RuleScaffold.quoted).joined(separator: ", "))]", "  pattern: |-",
        ]
        lines += pattern.map { "    \($0)" }
        lines += [
            "  statement: '{sentence}'", "  importance: {base: \(category.defaultImportance.level)}", "  exceptions:",
            "    - why: an open question settles nothing", "      context: '[?？]\\W*$'",
            "    - why: a hypothetical, not a fact",
            "      context: '(?i)^\\W*(?:what if|if (?:we|you|they)|suppose|imagine|maybe|perhaps)\\b'", "  examples:",
            "    match:", "      - text: \(RuleScaffold.quoted(sentence))", "    reject:",
        ]
        for reject in rejects {
            lines.append("      - text: \(RuleScaffold.quoted(reject.text))")
            lines.append("        why: \(RuleScaffold.quoted(reject.why))")
        }
        return lines.map { margin + $0 + "\n" }.joined()
    }

    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
}
