import Memories
extension Tool {
    static let decision = Tool(
        name: "mark_decision",
        summary: "Record a decision with its reason.",
        parameters: [
            .text("decision").required, .text("rationale"),
            Parameter(name: "rejected", kind: .texts(most: 10), summary: "alternatives"),
            .text("key", most: 200), .memory("supersedes"),
        ], isReadOnly: false
    ) { arguments, host in
        var text = arguments.text("decision") ?? ""
        if let why = arguments.text("rationale").map(Sentence.reason), !why.isEmpty {
            text = Sentence.joined(text, "because " + why)
        }
        let rejected = arguments.texts("rejected")
        if !rejected.isEmpty { text = Sentence.joined(text, "rejected: " + rejected.joined(separator: ", ")) }
        return try Storing.store(
            text, .decision, key: arguments.text("key"), replacing: arguments.integer("supersedes"), host)
    }
}

/// Parts of a sentence.
enum Sentence {
    /// A reason without the `because` that some begin it with.
    static func reason(_ text: String) -> String {
        var words = text.split(whereSeparator: \.isWhitespace)
        if words.first?.lowercased() == "because" { words.removeFirst() }
        return words.joined(separator: " ")
    }

    /// `a` without its full stop, a semicolon, `b`.
    static func joined(_ a: String, _ b: String) -> String {
        var start = a
        while let last = start.last, last == "." || last.isWhitespace { start.removeLast() }
        return start + "; " + b
    }
}
