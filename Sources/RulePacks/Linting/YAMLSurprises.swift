/// Places where YAML says something else than what a person wrote.
enum YAMLSurprises {
    /// Keys whose values are texts of the user's own.
    private static let texts: Set<String> = [
        "pattern", "under", "context", "match", "statement", "key", "text", "keywords", "summary", "why", "tools",
    ]

    /// Words that YAML 1.1 takes for booleans or nothing.
    private static let words: Set<String> = ["yes", "no", "on", "off", "true", "false", "null", "~", "y", "n"]

    static func findings(in root: YAMLNode) -> [LintFinding] {
        var findings: [LintFinding] = []
        visit(root, key: "", &findings)
        return findings
    }

    private static func visit(_ node: YAMLNode, key: String, _ findings: inout [LintFinding]) {
        switch node.content {
        case .scalar(let scalar): findings += check(scalar, node, key)
        case .sequence(let items):
            for item in items { visit(item, key: key, &findings) }
        case .mapping(let entries):
            for entry in entries { visit(entry.value, key: entry.key, &findings) }
        }
    }

    private static func check(_ scalar: YAMLScalar, _ node: YAMLNode, _ key: String) -> [LintFinding] {
        guard scalar.style == .plain, texts.contains(key) else { return [] }
        if words.contains(scalar.text.lowercased()) || isNumber(scalar.text) {
            return [
                LintFinding(
                    .yamlWord, at: node.location,
                    "\(DisplayText.quoted(scalar.text)) is a text here, but no text to other readers of YAML",
                    hint: "put it in quotes: '\(scalar.text)'.")
            ]
        }
        guard let comment = scalar.commentBehind else { return [] }
        return [
            LintFinding(
                .yamlComment, at: comment.location,
                "the value ends before \(DisplayText.quoted(comment.text)): what follows a blank and `#` is a comment",
                hint: "put the whole value in single quotes, or two blanks before a comment that is meant.")
        ]
    }

    private static func isNumber(_ text: String) -> Bool {
        text.utf8.contains { (0x30...0x39).contains($0) }
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2D || $0 == 0x2B }
    }
}
