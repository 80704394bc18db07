import LiteralSearch
import Memories

/// What a sentence offers to a pattern: a phrase that names it, and the kinds of things that stand in it.
struct SentenceShape {
    /// Something in a sentence that another sentence of its kind would have in another form.
    enum Part: String, Sendable {
        case code, number, path, identifier

        /// Under `x`.
        var pattern: String {
            switch self {
            case .code: "`[^`\\n]{1,120}`"
            case .number: "\\d"
            case .path: "(?:[\\w.~-]+/[\\w./-]*|/[\\w./-]+)"
            case .identifier: "(?-i:\\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\\b|\\b[a-z]+_[a-z0-9_]+\\b|\\b[a-z]+[A-Z]\\w*)"
            }
        }

        var words: String {
            switch self {
            case .code: "code"
            case .number: "a number"
            case .path: "a path"
            case .identifier: "a name in code"
            }
        }
    }

    struct Word {
        var text: String
        var range: Range<String.Index>
        var part: Part?
        var weight: Int
    }

    let sentence: String
    private(set) var words: [Word] = []
    /// The words of the phrase; empty when nothing in the sentence stands out.
    private(set) var phrase: Range<Int> = 0..<0

    init(_ sentence: String) {
        self.sentence = sentence
        words = SentenceShape.words(of: sentence)
        phrase = bestPhrase
    }

    /// The phrase as a keyword, folded.
    var keyword: String {
        guard !phrase.isEmpty else { return SentenceShape.ideographs(sentence) }
        let text = words[phrase].map { SentenceShape.trimmed($0.text) }.joined(separator: " ")
        return KeywordFolding.folded(keyword: text)
    }

    /// At most two parts before and behind the phrase, nearest to it, in their order.
    var parts: (before: [Part], behind: [Part]) {
        guard !phrase.isEmpty else { return ([], []) }
        return (
            Array(words[..<phrase.lowerBound].compactMap(\.part).suffix(2)),
            Array(words[phrase.upperBound...].compactMap(\.part).prefix(2))
        )
    }

    // MARK: -

    /// Words that make a sentence worth remembering.
    private static let cues: Set<String> = [
        "always", "never", "must", "only", "instead", "because", "decided", "chose", "chosen", "prefer", "avoid",
        "don't",
        "don’t", "cannot", "can't", "can’t", "requires", "require", "default", "defaults", "should", "fails", "failed",
        "caused", "causes", "deprecated", "replaced", "use", "uses", "need", "needs", "limit", "capped", "at", "until",
        "before", "after", "unless", "through", "forbidden", "allowed", "owns", "lives", "broke", "breaks", "fixed",
        "deploy", "deploys", "release", "releases", "ship", "runs", "run",
    ]
    private static let weak: Set<String> = [
        "a", "an", "the", "is", "are", "was", "were", "be", "been", "of", "to", "and", "or", "in", "on", "it", "its",
        "we",
        "i", "you", "they", "he", "she", "for", "that", "this", "these", "those", "as", "with", "not", "have", "has",
        "had",
        "will", "can", "so", "but", "if", "then", "our", "your", "their", "us", "do", "does", "did", "by", "from",
        "all",
        "at", "just", "also", "there", "here", "what", "which", "who", "when", "where", "how", "why", "no", "yes",
    ]

    private static func words(of sentence: String) -> [Word] {
        var words: [Word] = []
        var start = sentence.startIndex
        while start < sentence.endIndex {
            guard !sentence[start].isWhitespace else {
                start = sentence.index(after: start)
                continue
            }
            var end = start
            if sentence[start] == "`",
                let close = sentence[sentence.index(after: start)...].firstIndex(of: "`")
            {
                end = sentence.index(after: close)
            }
            while end < sentence.endIndex, !sentence[end].isWhitespace { end = sentence.index(after: end) }
            let text = String(sentence[start..<end])
            let part = part(of: text)
            words.append(
                Word(
                    text: text, range: start..<end, part: part,
                    weight: part == nil ? weight(text, isFirst: words.isEmpty) : 0))
            start = end
        }
        return words
    }

    private static func part(of text: String) -> Part? {
        let bare = trimmed(text)
        if bare.contains("`") || text.hasPrefix("`") { return .code }
        guard let first = bare.unicodeScalars.first(where: { $0 != "~" && $0 != "$" && $0 != "<" && $0 != ">" }) else {
            return nil
        }
        if first.properties.numericType != nil { return .number }
        if bare.contains("/") { return .path }
        // Underscores around a word emphasise it.
        let isIdentifier =
            withoutEmphasis(bare).contains("_")
            || bare.dropFirst().contains(where: \.isUppercase) && bare.first?.isLowercase == true
        return isIdentifier ? .identifier : nil
    }

    private static func withoutEmphasis(_ word: String) -> Substring {
        var word = word[...]
        while word.first == "_", word.last == "_", word.count > 2 { word = word.dropFirst().dropLast() }
        return word
    }

    /// Without punctuation at its ends.
    static func trimmed(_ word: String) -> String {
        let scalars = word.unicodeScalars
        func isOuter(_ scalar: Unicode.Scalar) -> Bool { ".,;:!?()[]{}\"“”*…".unicodeScalars.contains(scalar) }
        guard let first = scalars.firstIndex(where: { !isOuter($0) }),
            let last = scalars.lastIndex(where: { !isOuter($0) })
        else { return "" }
        return String(scalars[first...last])
    }

    private static func weight(_ text: String, isFirst: Bool) -> Int {
        let word = KeywordFolding.folded(keyword: trimmed(text))
        let isPlain = word.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || "'’-".unicodeScalars.contains($0) }
        guard !word.isEmpty, isPlain else { return 0 }
        // A name stands for this case only.
        if !isFirst, trimmed(text).first?.isUppercase == true { return 0 }
        if cues.contains(word) { return 5 }
        if weak.contains(word) { return 1 }
        return word.utf8.count > 3 ? 3 : 2
    }

    /// Two or three plain words in a row, without punctuation between them; of equals the first. One word, when there is no more.
    private var bestPhrase: Range<Int> {
        var best: (range: Range<Int>, score: Int)?
        for length in [2, 3, 1] {
            if length == 1, best != nil { break }
            guard words.count >= length else { continue }
            for start in 0...(words.count - length) {
                let part = words[start..<(start + length)]
                guard part.allSatisfy({ $0.weight > 0 }), !part.dropLast().contains(where: endsClause),
                    part.dropFirst().allSatisfy({ $0.text.hasPrefix(SentenceShape.trimmed($0.text)) }),
                    part.contains(where: { $0.weight > 1 }),
                    length == 1 || part.last?.weight ?? 0 > 1 || part.first?.weight ?? 0 > 1
                else { continue }
                let score = part.reduce(0) { $0 + $1.weight } * 6 / (length + 1)
                if score > best?.score ?? 0 { best = (start..<(start + length), score) }
            }
        }
        return best?.range ?? 0..<0
    }

    private func endsClause(_ word: Word) -> Bool { word.text != SentenceShape.trimmed(word.text) }

    /// Where words are not set apart: up to four characters from the middle of the longest run.
    private static func ideographs(_ sentence: String) -> String {
        let runs = sentence.split { !($0.isLetter && ($0.unicodeScalars.first?.value ?? 0) > 0x2E80) }
        guard let longest = runs.max(by: { $0.count < $1.count }) else { return "" }
        return String(longest.dropFirst(max(0, (longest.count - 4) / 2)).prefix(4))
    }
}
