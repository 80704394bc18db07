import Storage

/// What a prompt names: only what it names itself calls for a memory, nothing that merely resembles it.
public struct PromptAnchors: Sendable, Equatable {
    /// `#42`
    public var ids: [Int] = []
    /// Paths, identifiers, options, commands: each as it stands, the shorter forms of a path behind it.
    public var names: [[String]] = []
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
        // Other blanks than these are rare enough to stand within a word.
        for bytes in text.utf8.split(whereSeparator: { $0 <= 0x20 }) {
            read(Substring(bytes), isStart: isStart)
            isStart = bytes.last.map { ".!?:".utf8.contains($0) } ?? true
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
        let isASCII = piece.utf8.allSatisfy { $0 < 0x80 }
        let parts =
            isASCII
            ? piece.utf8.split { !PromptAnchors.isAlphanumeric($0) }.map(Substring.init)
            : piece.split { !$0.isLetter && !$0.isNumber }
        for part in parts {
            let word = isASCII ? PromptAnchors.lowered(part) : part.lowercased()
            let isCapital = part.first.map { isASCII ? ("A"..."Z").contains($0) : $0.isUppercase } ?? false
            let isAllCapitals =
                part.utf8.count > 1 && part.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) }
            guard word.utf8.count >= (isAllCapitals ? 2 : 3), !word.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                !CommonWords.contain(word)
            else { continue }
            add(word: word, isName: isAllCapitals || isCapital && !isStart)
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    private static func lowered(_ text: Substring) -> String {
        String(decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
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
        forms.removeAll { $0.utf8.count < 3 }
        if !forms.isEmpty, names.count < PromptAnchors.most, !names.contains(forms) { names.append(forms) }
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
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "`") || $0 == UInt8(ascii: "\"") }) else { return }
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
