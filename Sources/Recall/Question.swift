/// A question in a person's words, made ready to look for its answer.
public struct Question: Sendable {
    /// A word that an answer may hold.
    struct Term: Sendable {
        /// As the text indexes are asked for it.
        var text: String
        /// As words are compared.
        var stem: String
        /// 1 for a word of the question, less for one that stands in its place.
        var weight: Double
        var isAsked: Bool
        /// The word of the question for which it stands.
        var base: String
    }

    var terms: [Term] = []
    /// Quotations, and names in code as they stand: found whole, they count once more.
    var phrases: [String] = []
    /// Two words of the question written as one, as in names of code; for the text indexes only.
    var joints: [String] = []
    /// `#42`
    var ids: [Int] = []
    public let intent: QuestionIntent

    /// What a word weighs that stands for a word of the question.
    static let synonymWeight = 0.35
    /// More words than anybody asks with.
    static let mostTerms = 48

    public init(_ text: String) {
        intent = QuestionIntent(text)
        var asked: [String] = []
        for piece in QuestionWords.removed(from: text).split(whereSeparator: \.isWhitespace) { read(piece, &asked) }
        readQuotations(text)
        for (word, next) in zip(asked, asked.dropFirst()) where word.utf8.allSatisfy({ $0 < 0x80 }) {
            joints.append(word + next)
        }
        for term in terms where term.isAsked {
            for word in Synonyms.words(for: term.stem) where terms.count < Question.mostTerms {
                add(
                    Term(
                        text: word.text, stem: word.stem, weight: Question.synonymWeight, isAsked: false,
                        base: term.stem))
            }
        }
    }

    /// Nothing in it can be looked for.
    public var isEmpty: Bool { terms.isEmpty && ids.isEmpty }

    private mutating func read(_ piece: Substring, _ asked: inout [String]) {
        if piece.first == "#", let id = Int(piece.dropFirst().prefix { ("0"..."9").contains($0) }) { ids.append(id) }
        var parts: [String] = []
        for part in Question.parts(of: piece) {
            Words.forEach(in: part) { stem in
                // The index of pairs holds ideographs as pairs; a single one is the beginning of such.
                let isPair = stem.unicodeScalars.first.map(Words.isIdeograph) == true
                add(Term(text: isPair ? stem : part, stem: stem, weight: 1, isAsked: true, base: stem))
                parts.append(part.lowercased())
            }
        }
        asked += parts
        let name = piece.drop { "\"'`([{<".contains($0) }
        var end = name
        while let last = end.last, "\"'`)]}>.,:;!?".contains(last) { end.removeLast() }
        if parts.count > 1, end.utf8.count >= 4 || end.contains("/"),
            !end.allSatisfy({ $0.isLetter || $0 == "-" || $0 == "'" })
        {
            phrases.append(end.lowercased())
        }
    }

    mutating func add(_ term: Term) {
        guard terms.count < Question.mostTerms, !terms.contains(where: { $0.stem == term.stem }) else { return }
        terms.append(term)
    }

    /// Cut at marks and between a small letter and a capital.
    private static func parts(of piece: Substring) -> [String] {
        var parts: [String] = []
        var part = ""
        var wasLower = false
        for character in piece {
            guard character.isLetter || character.isNumber else {
                if !part.isEmpty { parts.append(part) }
                part = ""
                wasLower = false
                continue
            }
            if wasLower, character.isUppercase, !part.isEmpty {
                parts.append(part)
                part = ""
            }
            part.append(character)
            wasLower = character.isLowercase
        }
        if !part.isEmpty { parts.append(part) }
        return parts
    }

    private mutating func readQuotations(_ text: String) {
        for mark in ["`", "\""] as [Character] {
            let parts = text.split(separator: mark, omittingEmptySubsequences: false)
            for (index, part) in parts.enumerated() where index % 2 == 1 && index < parts.count - 1 {
                let phrase = part.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
                if (4...200).contains(phrase.utf8.count), !phrases.contains(phrase) { phrases.append(phrase) }
            }
        }
    }
}

/// Words by which a language without spaces asks; in its other words they would be cut into pairs that tell nothing.
enum QuestionWords {
    private static let words = [
        "为什么", "什么时候", "什么", "怎么样", "怎么", "如何", "多少", "哪一个", "哪个", "哪种", "哪些", "哪里", "为何", "是否", "我们", "应该",
        "吗", "呢", "なぜ", "どう", "どの", "どこ", "ですか", "ますか", "무엇", "어떻게", "왜",
    ]

    static func removed(from text: String) -> String {
        guard text.unicodeScalars.contains(where: Words.isIdeograph) else { return text }
        return words.reduce(text) { $0.replacing($1, with: " ") }
    }
}
