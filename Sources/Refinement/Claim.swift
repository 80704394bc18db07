import Storage

/// A statement cut into what has to stand in its evidence.
struct Claim {
    enum Kind: Equatable { case number, name, sign, negation, condition, word }

    struct Term: Equatable {
        var kind: Kind
        /// As it stands in the statement, without punctuation around it.
        var text: String
        /// Of its words, regular endings removed.
        var hashes: [UInt64]
    }

    /// In their order; words without meaning of their own left out.
    private(set) var terms: [Term] = []

    init(_ statement: String) {
        for (index, piece) in statement.split(whereSeparator: \.isWhitespace).enumerated() {
            let facts = FactTerms(String(piece), isBeginning: index == 0)
            let text = Claim.bare(piece)
            // `NEVER` is no name.
            let denied = FactTerms(piece.lowercased())
            if Claim.conditions.contains(text.lowercased()) {
                terms.append(Term(kind: .condition, text: text.lowercased(), hashes: []))
            } else if !denied.negations.isEmpty, denied.marks.isEmpty {
                terms.append(Term(kind: .negation, text: text, hashes: []))
                if !denied.words.isEmpty { terms.append(Term(kind: .word, text: text, hashes: denied.words)) }
            } else if !facts.marks.isEmpty {
                let kind: Kind =
                    text.isEmpty ? .sign : text.utf8.contains { (0x30...0x39).contains($0) } ? .number : .name
                terms.append(Term(kind: kind, text: text.isEmpty ? String(piece) : text, hashes: facts.words))
            } else if !facts.words.isEmpty {
                terms.append(Term(kind: .word, text: text, hashes: facts.words))
            }
        }
    }

    func count(_ kind: Kind) -> Int { terms.count { $0.kind == kind } }

    /// Numbers, names and signs.
    var marks: [Term] { terms.filter { [.number, .name, .sign].contains($0.kind) } }
    var words: [Term] { terms.filter { $0.kind == .word } }
    var conditions: [String] { terms.filter { $0.kind == .condition }.map(\.text).sorted() }

    /// Without what only stands around a word.
    static func bare(_ piece: Substring) -> String {
        func isPart(_ character: Character) -> Bool {
            character.isLetter || character.isNumber || "_/#@$%&+-~".contains(character)
        }
        guard let first = piece.firstIndex(where: isPart), let last = piece.lastIndex(where: isPart) else { return "" }
        return String(piece[first...last])
    }

    /// Words that make a statement hold only sometimes.
    private static let conditions: Set = ["if", "unless", "only", "except", "until", "when", "whenever"]
}

/// Text that a claim may rest on.
struct EvidenceText {
    /// Folded, in lower case.
    private let text: [Character]
    private let words: Set<UInt64>
    private let pieces: Set<String>

    init(_ texts: [String]) {
        let folded = texts.map(Folding.folded).joined(separator: " ¶ ")
        text = Array(folded.lowercased())
        var words: Set<UInt64> = []
        var pieces: Set<String> = []
        for piece in folded.split(separator: " ") {
            pieces.insert(String(piece))
            for isBeginning in [true, false] {
                words.formUnion(FactTerms(String(piece), isBeginning: isBeginning).words)
            }
            // `parser.swift` also speaks of a parser.
            for part in piece.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) where part.count < piece.count {
                words.formUnion(FactTerms(String(part)).words)
            }
        }
        self.words = words
        self.pieces = pieces
    }

    func holds(_ term: Claim.Term) -> Bool {
        switch term.kind {
        case .number, .name: !places(of: term.text).isEmpty
        case .sign: pieces.contains(term.text)
        case .word: term.hashes.allSatisfy(words.contains)
        case .negation, .condition: true
        }
    }

    /// Where a number, a name or a path stands as a whole: `80` does not stand in `8080`, nor `1.2` in `1.2.3`.
    func places(of mark: String) -> [Int] {
        let wanted = Array(mark.lowercased())
        guard let first = wanted.first, let last = wanted.last, wanted.count <= text.count else { return [] }
        var found: [Int] = []
        for start in 0...(text.count - wanted.count) where text[start] == first {
            let end = start + wanted.count
            guard text[start..<end].elementsEqual(wanted) else { continue }
            if isCutBefore(start, first), isCutBehind(end, last) { found.append(start) }
        }
        return found
    }

    private func isCutBefore(_ start: Int, _ first: Character) -> Bool {
        guard start > 0 else { return true }
        let before = text[start - 1]
        if before == "_" || before.isLetter || before.isNumber { return !isPart(first) }
        guard first.isNumber else { return true }
        let earlier: Character = start > 1 ? text[start - 2] : " "
        switch before {
        case ".", ",", ":": return !earlier.isNumber
        case "-", "+": return false
        default: return true
        }
    }

    private func isCutBehind(_ end: Int, _ last: Character) -> Bool {
        guard end < text.count else { return true }
        let after = text[end]
        if after == "_" || after.isLetter || after.isNumber { return !isPart(last) }
        let later: Character = end + 1 < text.count ? text[end + 1] : " "
        switch after {
        case ".": return !(later.isLetter || later.isNumber)
        case ",", ":": return !(last.isNumber && later.isNumber)
        case "-": return !(later.isLetter || later.isNumber)
        case "%": return !last.isNumber
        default: return true
        }
    }

    private func isPart(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }
}

/// Whether what is said keeps to an order.
enum TermOrder {
    /// Whether the terms stand in that order in a text; those that it lacks are passed over.
    ///
    /// - Returns: How many of them were found, and whether they follow each other.
    static func follows(_ terms: [Claim.Term], in other: [Claim.Term]) -> (found: Int, isInOrder: Bool) {
        var position = 0
        var found = 0
        var isInOrder = true
        for term in terms {
            guard let anywhere = other.indices.first(where: { same(term, other[$0]) }) else { continue }
            found += 1
            if let next = other.indices[position...].first(where: { same(term, other[$0]) }) {
                position = next + 1
            } else {
                isInOrder = false
                position = anywhere + 1
            }
        }
        return (found, isInOrder)
    }

    static func same(_ a: Claim.Term, _ b: Claim.Term) -> Bool {
        if !a.hashes.isEmpty, a.hashes == b.hashes { return true }
        return a.text.lowercased() == b.text.lowercased()
    }
}
