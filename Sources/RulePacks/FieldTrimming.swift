import LiteralSearch

extension FieldKind {
    /// What a field of this kind keeps of the captured text.
    ///
    /// The same on every machine: no locale, no dictionary. Never longer than `text`, and trimming twice changes nothing.
    /// May be empty, which counts as absent.
    public func trimmed(_ text: String) -> String {
        var text = Trimming.singleSpaced(text)
        // A step may uncover work for another (`"the cache".`), so they repeat until nothing changes.
        while true {
            let next = once(text)
            if next == text { return text }
            text = next
        }
    }

    private func once(_ text: String) -> String {
        switch self {
        case .text: text
        case .phrase: Trimming.withoutLeadingWords(Trimming.outer(text) { !Trimming.isWordLike($0) || $0 == "_" })
        case .clause: Trimming.withoutFinalPeriod(Trimming.withoutMarkup(text))
        case .quantity: Trimming.quantity(text)
        case .identifier: Trimming.outer(text) { !Trimming.isWordLike($0) && !"_-./:$@#".unicodeScalars.contains($0) }
        case .path: Trimming.path(text)
        case .command: Trimming.command(text)
        }
    }
}

/// The steps of trimming, on Unicode scalars.
private enum Trimming {
    typealias Scalar = Unicode.Scalar

    static func singleSpaced(_ text: String) -> String {
        if isSingleSpaced(text) { return text }
        return text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace).map { String($0) }
            .joined(separator: " ")
    }

    /// Whether it is ASCII without control characters and has no space that must go: most texts are so.
    private static func isSingleSpaced(_ text: String) -> Bool {
        var before: UInt8 = 0x20
        for byte in text.utf8 {
            guard byte >= 0x20, byte < 0x7F, byte != 0x20 || before != 0x20 else { return false }
            before = byte
        }
        return before != 0x20
    }

    /// Letters, digits and marks of any script, and symbols that are no punctuation of a sentence.
    static func isWordLike(_ scalar: Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .spaceSeparator, .modifierSymbol, .mathSymbol, .control, .format:
            // A sign, a percentage and the like carry meaning at the end of a phrase: `C#`, `C++`, `100%`.
            "#+%".unicodeScalars.contains(scalar)
        default: true
        }
    }

    static func outer(_ text: String, _ isDropped: (Scalar) -> Bool) -> String {
        trim(text, leading: isDropped, trailing: isDropped)
    }

    static func trim(_ text: String, leading: (Scalar) -> Bool, trailing: (Scalar) -> Bool) -> String {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, first == " " || leading(first) { scalars.removeFirst() }
        while let last = scalars.last, last == " " || trailing(last) { scalars.removeLast() }
        return String(scalars)
    }

    private static let leadingWords: Set<String> = [
        "a", "an", "the", "and", "or", "but", "so", "that", "this", "these", "those", "our", "your", "its",
    ]

    /// Articles and conjunctions in front, as long as something is left behind them.
    static func withoutLeadingWords(_ text: String) -> String {
        var rest = Substring(text)
        while let space = rest.unicodeScalars.firstIndex(of: " ") {
            let word = String(decoding: KeywordFolding.folded(rest[..<space].utf8), as: UTF8.self)
            guard leadingWords.contains(word) else { break }
            rest = rest[rest.unicodeScalars.index(after: space)...]
        }
        return String(rest)
    }

    /// Emphasis, code and quotation marks at both ends; a mark inside, or at one end only, stays when its partner does.
    static func withoutMarkup(_ text: String) -> String {
        for (open, close) in markup where text.utf8.count >= open.utf8.count + close.utf8.count {
            guard text.hasPrefix(open), text.hasSuffix(close) else { continue }
            let inner = text.dropFirst(open.count).dropLast(close.count)
            if !inner.contains(open) { return singleSpaced(String(inner)) }
        }
        for (open, _) in markup.prefix(4) {
            // Half of a pair that the capture cut through.
            if text.hasPrefix(open), !text.dropFirst(open.count).contains(open) {
                return singleSpaced(String(text.dropFirst(open.count)))
            }
            if text.hasSuffix(open), !text.dropLast(open.count).contains(open) {
                return singleSpaced(String(text.dropLast(open.count)))
            }
        }
        return text
    }

    private static let markup = [
        ("**", "**"), ("__", "__"), ("`", "`"), ("*", "*"), ("\"", "\""), ("'", "'"), ("“", "”"), ("‘", "’"),
        ("«", "»"),
    ]

    /// One period; an ellipsis stays. A space before it goes too.
    static func withoutFinalPeriod(_ text: String) -> String {
        if text.hasSuffix("。") { return singleSpaced(String(text.dropLast())) }
        guard text.hasSuffix("."), !text.hasSuffix("..") else { return text }
        return singleSpaced(String(text.dropLast()))
    }

    /// Sign, percent, degree and currency belong to the number.
    static func quantity(_ text: String) -> String {
        func isPart(_ scalar: Scalar) -> Bool {
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
                .letterNumber, .otherNumber, .currencySymbol, .nonspacingMark, .spacingMark:
                true
            default: "%‰°′″".unicodeScalars.contains(scalar)
            }
        }
        return trim(
            text, leading: { !isPart($0) && !"+-−~≈<>≤≥±.".unicodeScalars.contains($0) },
            trailing: { !isPart($0) && $0 != "+" })
    }

    static func path(_ text: String) -> String {
        trim(
            text, leading: { !isWordLike($0) && !"_-./:$@#~\\".unicodeScalars.contains($0) },
            trailing: { !isWordLike($0) && !"_-/$@#~\\*)]}".unicodeScalars.contains($0) })
    }

    static func command(_ text: String) -> String {
        let bare = outer(text) { $0 == "`" }
        return bare.hasPrefix("$ ") ? String(bare.dropFirst(2)) : bare
    }
}
