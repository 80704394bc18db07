/// A word of the memories, and how many of them hold it.
public struct VocabularyWord: Sendable, Equatable {
    public var word: String
    public var count: Int
    /// Sessions in which such a memory was said: once for each, however often it was said there.
    public var sessions: Int

    public init(word: String, count: Int, sessions: Int = 0) {
        self.word = word
        self.count = count
        self.sessions = sessions
    }
}

/// The words that memories are about. Pure.
public enum Vocabulary {
    /// The content words of one text in their order. Names in code, paths and options stay whole and as they are written;
    /// runs of ideographs are cut into overlapping pairs; numbers are left out.
    static func words(in text: String) -> [String] { pieces(of: text).flatMap(words(inPiece:)) }

    /// What stands between blanks, brackets, commas and quotation marks.
    static func pieces(of text: String) -> [Substring] {
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
            return text.split { $0.isWhitespace || "`,;\"“”()[]{}<>|→=".contains($0) }
        }
        // Without a look at what each character is to Unicode.
        return text.utf8.split(whereSeparator: isSeparator).map { Substring($0) }
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09...0x0D, 0x20, UInt8(ascii: "`"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\""),
            UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
            UInt8(ascii: "}"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "|"), UInt8(ascii: "="):
            true
        default: false
        }
    }

    static func words(inPiece piece: Substring) -> [String] {
        let name = trimmed(piece)
        if SearchText.isIdentifier(name), !isOrdinary(name) { return [String(name)] }
        let pairs = SearchText.pairs(String(piece))
        if !pairs.isEmpty { return pairs.split(separator: " ").map { $0.lowercased() }.filter(isContent) }
        var found: [String] = []
        for part in piece.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber && !"'’".contains($0) }) {
            let word = part.split(whereSeparator: { "'’".contains($0) }).first.map(String.init) ?? ""
            if isContent(word) { found.append(word) }
        }
        return found
    }

    /// Without the marks that end a sentence or quote a word.
    private static func trimmed(_ piece: Substring) -> Substring {
        var name = piece.drop { "'‘’*.:!?…".contains($0) && !($0 == "." && piece.dropFirst().first?.isLetter == true) }
        while let last = name.last, "'‘’*.:!?…".contains(last) { name.removeLast() }
        return name
    }

    /// Words joined by hyphens only, as in `read-only`, and a word with its measure, as in `30s`, are no names.
    private static func isOrdinary(_ word: Substring) -> Bool {
        if word.allSatisfy({ $0.isLetter || $0 == "-" }), !word.hasPrefix("-"), !word.contains(where: \.isUppercase) {
            return true
        }
        return word.first?.isNumber == true && !word.contains { "_/@#".contains($0) }
    }

    private static func isContent(_ word: String) -> Bool {
        word.contains(where: \.isLetter) && word.first?.isNumber != true
            && (word.count > 1 || word.unicodeScalars.first.map(SearchText.isIdeograph) == true)
            && !stopWords.contains(word)
    }

    private static let stopWords = Set(
        """
        a about above after again all also always am an and any are aren as at be because been before being below between \
        both but by can cannot could couldn did didn do does doesn doing don done down during each either else ever every few \
        for from further had has hasn have haven having he her here hers him his how however i if in instead into is isn it \
        its itself just let like made make many may me might more most much must my never no nor not now of off on once one \
        only onto or other our out over own per rather really s same she should shouldn since so some still such t than that \
        the their them then there these they this those though through thus to too two under until up upon us use used uses \
        using very via was wasn we were weren what when where whether which while who whom whose why will with within without \
        won would wouldn yes yet you your
        """.split(separator: " ").map(String.init))
}
