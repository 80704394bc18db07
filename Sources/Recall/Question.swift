import Memories

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
    /// Names of files at the end of paths: they name the same file where the folders are left out.
    var files: [String] = []
    /// `#42`
    var ids: [Int] = []
    /// As it was asked.
    let text: String
    public let intent: QuestionIntent

    /// What a word weighs that stands for a word of the question.
    static let synonymWeight = 0.35
    /// More words than anybody asks with.
    static let mostTerms = 48
    /// Keys and tags are looked for by so many words.
    private static let mostSubjects = 8

    public init(_ text: String) {
        self.text = text
        intent = QuestionIntent(text)
        var asked: [String] = []
        for piece in QuestionWords.removed(from: text).split(whereSeparator: \.isWhitespace) { read(piece, &asked) }
        readQuotations(text)
        for index in asked.indices.dropFirst() where asked[index - 1].utf8.allSatisfy({ $0 < 0x80 }) {
            joints.append(asked[index - 1] + asked[index])
        }
    }

    /// What a prompt names, as a question for it.
    ///
    /// - Parameter prompt: The prompt itself, of which the form is read.
    init(_ anchors: PromptAnchors, of prompt: String) {
        text = prompt
        intent = QuestionIntent(prompt)
        ids = anchors.ids
        for name in anchors.names {
            guard let whole = name.first else { continue }
            phrases.append(whole.lowercased())
            addFile(of: whole)
        }
        phrases += anchors.phrases.map { $0.lowercased() }
        for word in anchors.words { addAsked(word.text, word.text) }
        for phrase in phrases { Words.forEach(in: phrase) { addAsked($0, $0) } }
    }

    private mutating func addAsked(_ text: String, _ word: String) {
        let stem = Words.stem(word)
        add(Term(text: text, stem: stem, weight: 1, isAsked: true, base: stem))
    }

    /// Adds words that may stand in the place of the asked ones.
    mutating func addSynonyms() {
        for term in terms where term.isAsked {
            for word in Synonyms.words(for: term.stem) where terms.count < Question.mostTerms {
                add(
                    Term(
                        text: word.text, stem: word.stem, weight: Question.synonymWeight, isAsked: false,
                        base: term.stem))
            }
        }
    }

    /// What keys and tags may be called: each word, and each two next to each other.
    var subjects: [String] {
        let words = terms.filter(\.isAsked).prefix(Question.mostSubjects).map { $0.text.lowercased() }
        return words + words.indices.dropFirst().map { "\(words[$0 - 1]) \(words[$0])" }
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
            addFile(of: String(end))
        }
    }

    private mutating func addFile(of path: String) {
        guard let slash = path.lastIndex(of: "/") else { return }
        let file = path[path.index(after: slash)...]
        if file.utf8.count >= 5, file.contains(".") { files.append(file.lowercased()) }
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
        return words.reduce(text) { $0.replacingEach($1, with: " ") }
    }
}
