import Storage

/// What a prompt names: only what it names itself calls for a memory, nothing that merely resembles it.
public struct PromptAnchors: Sendable, Equatable {
    /// `#42`
    public var ids: [Int] = []
    /// Paths, identifiers, options, commands: as they stand, the shorter forms of a path behind it.
    public var names: [String] = []
    /// What stands between backquotes or quotation marks: words next to each other.
    public var phrases: [String] = []
    /// Other words that say something.
    public var words: [Word] = []

    public struct Word: Sendable, Equatable {
        /// In lower case.
        public var text: String
        /// Whether it is written as a name: a capital in the middle of a sentence, or all capitals.
        public var isName: Bool
    }

    /// Of longer prompts the beginning is read, in bytes, …
    static let length = 16 << 10
    /// … and so many anchors of each kind are looked for.
    static let most = 32

    public init(_ prompt: String) {
        let text = String(decoding: prompt.utf8.prefix(PromptAnchors.length), as: UTF8.self)
        readQuotations(text)
        var isStart = true
        for piece in text.split(whereSeparator: \.isWhitespace) {
            read(piece, isStart: isStart)
            isStart = piece.last.map { ".!?:".contains($0) } ?? true
        }
    }

    public var isEmpty: Bool { ids.isEmpty && names.isEmpty && phrases.isEmpty && words.isEmpty }

    private mutating func read(_ piece: Substring, isStart: Bool) {
        if let id = PromptAnchors.id(piece) {
            if ids.count < PromptAnchors.most, !ids.contains(id) { ids.append(id) }
            return
        }
        var name = SearchText.identifiers(String(piece))
        // A call is known by its name.
        if let bracket = name.firstIndex(of: "("), bracket > name.startIndex { name = String(name[..<bracket]) }
        if !name.isEmpty, PromptAnchors.isName(name) {
            add(name: name)
            return
        }
        let pairs = SearchText.pairs(String(piece))
        guard pairs.isEmpty else {
            for pair in pairs.split(separator: " ") { add(word: String(pair), isName: false) }
            return
        }
        for part in piece.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            let isCapital = part.first?.isUppercase == true
            let isAllCapitals = part.count > 1 && part.allSatisfy { $0.isUppercase || $0.isNumber }
            let word = part.lowercased()
            guard word.count >= (isAllCapitals ? 2 : 3), word.contains(where: \.isLetter), !CommonWords.contain(word)
            else { continue }
            add(word: word, isName: isAllCapitals || isCapital && !isStart)
        }
    }

    private mutating func add(word: String, isName: Bool) {
        if let known = words.firstIndex(where: { $0.text == word }) {
            words[known].isName = words[known].isName || isName
        } else if words.count < PromptAnchors.most {
            words.append(Word(text: word, isName: isName))
        }
    }

    private mutating func add(name: String) {
        var forms = [name]
        // Without a line number, and the file without its folders.
        if let colon = name.firstIndex(of: ":"),
            name[name.index(after: colon)...].allSatisfy({ $0.isNumber || $0 == ":" })
        {
            forms = [String(name[..<colon])]
        }
        if let whole = forms.first {
            let parts = whole.split(separator: "/")
            if parts.count > 3 { forms.append(parts.suffix(2).joined(separator: "/")) }
            if parts.count > 1, let last = parts.last, last.contains("."), last.count >= 5 {
                forms.append(String(last))
            }
        }
        for form in forms where form.count >= 3 && names.count < PromptAnchors.most && !names.contains(form) {
            names.append(form)
        }
    }

    /// Two words with a hyphen between them are words, not a name.
    private static func isName(_ text: String) -> Bool {
        if text.hasPrefix("-") { return true }
        let marks = text.filter { !$0.isLetter }
        if marks.isEmpty { return true }
        return !marks.allSatisfy { $0 == "-" } && !["e.g", "i.e", "a.m", "p.m"].contains(text.lowercased())
    }

    private static func id(_ piece: Substring) -> Int? {
        let inner = piece.drop { "([{\"'`".contains($0) }
        guard inner.first == "#" else { return nil }
        let digits = inner.dropFirst().prefix { ("0"..."9").contains($0) }
        guard (1...9).contains(digits.count),
            inner.dropFirst(1 + digits.count).allSatisfy({ !$0.isLetter && !$0.isNumber })
        else { return nil }
        return Int(digits)
    }

    /// Between a pair of marks on one line, neither very short nor long.
    private mutating func readQuotations(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            for mark in ["`", "\""] as [Character] {
                let parts = line.split(separator: mark, omittingEmptySubsequences: false)
                // Every second part stands between two marks; the last has no mark behind it.
                for (index, part) in parts.enumerated() where index % 2 == 1 && index < parts.count - 1 {
                    let words = part.split(whereSeparator: { !$0.isLetter && !$0.isNumber })
                    guard (2...12).contains(words.count), part.count <= 200, phrases.count < PromptAnchors.most else {
                        continue
                    }
                    let phrase = words.joined(separator: " ")
                    if !phrases.contains(phrase) { phrases.append(phrase) }
                }
            }
        }
    }
}
