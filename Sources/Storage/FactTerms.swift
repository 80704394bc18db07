/// What a statement says, cut into what has to agree before two wordings are one fact.
///
/// The words must be the same and stand in the same order: `A instead of B` and `B instead of A` are made of the same words.
/// One wording may say a little more; it may not say something else in a word's place, for that is what tells `staging` from
/// `production` and `enabled` from `disabled`.
package struct FactTerms: Equatable {
    /// Content words and names in their order: folded, without stop words, regular endings removed.
    private(set) var words: [String] = []
    /// Numbers, identifiers, names and quoted words among them, sorted.
    private(set) var marks: [String] = []
    /// Quoted words: nothing that one wording may say more.
    private var quoted: Set<String> = []
    /// How often it denies.
    private(set) var negations = 0

    package init(_ text: String) {
        for piece in text.split(whereSeparator: { $0.isWhitespace }) { add(piece) }
        marks.sort()
    }

    private mutating func add(_ piece: Substring) {
        let isQuoted = piece.contains { "`\"'“”‘’".contains($0) }
        var word = piece.drop { !FactTerms.isPart($0) }
        while let last = word.last, !FactTerms.isPart(last) { word.removeLast() }
        guard !word.isEmpty else { return addSymbol(piece) }
        var folded = word.lowercased()
        if let apostrophe = folded.firstIndex(where: { $0 == "'" || $0 == "’" }) {
            if folded[apostrophe...].dropFirst() == "t" { negations += 1 }
            folded = String(folded[..<apostrophe])
            if FactTerms.auxiliaries.contains(folded) { return }
        }
        if FactTerms.negating.contains(folded) {
            negations += 1
            return
        }
        if FactTerms.isMark(word, isFirst: words.isEmpty) {
            marks.append(folded)
            words.append(folded)
            return
        }
        for part in folded.split(separator: "-") where !FactTerms.stopWords.contains(String(part)) {
            words.append(FactTerms.stem(String(part)))
            if isQuoted { quoted.insert(FactTerms.stem(String(part))) }
        }
    }

    /// Signs between words can be all the difference: `<` and `>`, `→`, `!=`.
    private mutating func addSymbol(_ piece: Substring) {
        guard piece.contains(where: { "<>=!→←≤≥≠+*".contains($0) }), piece.allSatisfy({ !$0.isLetter }) else { return }
        let symbol = piece.filter { $0 != "*" && $0 != "`" }
        guard !symbol.isEmpty else { return }
        marks.append(String(symbol))
        words.append(String(symbol))
    }

    private static func isPart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "_/#@$%&+-~".contains(character)
    }

    /// Holds a digit or a sign, or is written as names are.
    private static func isMark(_ word: Substring, isFirst: Bool) -> Bool {
        var capitals = 0
        for (index, character) in word.enumerated() {
            if character.isNumber || "_/.:=#@$%&+~".contains(character) { return true }
            // No case and no spaces: a run of ideographs is compared whole.
            if let scalar = character.unicodeScalars.first, SearchText.isIdeograph(scalar) { return true }
            if character.isUppercase {
                capitals += 1
                if index > 0 { return true }
            }
        }
        return capitals > 0 && !isFirst
    }

    /// Whether both say the same.
    package static func isOneFact(_ a: FactTerms, _ b: FactTerms) -> Bool {
        guard a.negations == b.negations, a.marks == b.marks, !a.words.isEmpty else { return false }
        if a.words == b.words { return true }
        let (short, long) = a.words.count < b.words.count ? (a.words, b.words) : (b.words, a.words)
        let more = long.count - short.count
        guard more <= 2, more * 4 <= long.count, let added = FactTerms.added(short, long) else { return false }
        return added.allSatisfy { !limiting.contains($0) && !a.quoted.contains($0) && !b.quoted.contains($0) }
    }

    /// The words of the longer one that the shorter one lacks; nil when the rest differs in a word or in order.
    private static func added(_ short: [String], _ long: [String]) -> [String]? {
        var added: [String] = []
        var next = 0
        for word in long {
            if next < short.count, short[next] == word {
                next += 1
            } else {
                added.append(word)
            }
        }
        return next == short.count ? added : nil
    }

    /// Numbers that two wordings of one fact are likely to share: smallest hashes of the words under three mixings, each
    /// bound to the marks (MinHash: A. Broder, 1997, "On the resemblance and containment of documents").
    package var nearHashes: [Int] {
        guard !words.isEmpty else { return [] }
        let bound = StableHash.of(marks.joined(separator: " "), String(negations))
        let hashes = words.map { StableHash.of($0) }
        let seeds: [UInt64] = [0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9]
        return seeds.map { seed in
            let least = hashes.map { FactTerms.mixed($0 ^ seed) }.min() ?? 0
            return Int(Int64(bitPattern: FactTerms.mixed(least ^ bound)))
        }
    }

    /// The finalizer of SplitMix64.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// Regular endings of English: enough to see `test` in `tests`, wrong in the same way for both sides.
    private static func stem(_ word: String) -> String {
        for (ending, least) in [("ies", 3), ("ing", 4), ("ed", 4), ("es", 4), ("s", 3)]
        where word.hasSuffix(ending) && word.count >= ending.count + least && !word.hasSuffix("ss") {
            let stem = word.dropLast(ending.count)
            return ending == "ies" ? stem + "y" : String(stem)
        }
        return word
    }

    private static func set(_ words: String) -> Set<String> { Set(words.split(separator: " ").map(String.init)) }

    private static let negating = set("not never no cannot without neither nor none")
    private static let auxiliaries = set(
        "don doesn didn won can couldn shouldn wouldn isn aren wasn weren haven hasn ain mustn")
    /// Words without which a statement says the same; no word of place, time, order or number is among them.
    private static let stopWords = set(
        """
        a an the this that these those it its is are was were be been being am do does did has have had having i we you they \
        he she our your their my me us them and to also just really very please should shall must will would ever always \
        decided decide agreed going go so then note remember important
        """)
    /// Words that make a statement hold only somewhere, sometimes or partly.
    private static let limiting = set(
        """
        if when unless except only until while in on at for by with from to into after before during under over above below \
        between within outside inside instead than or but some most least half part partly sometime may might could
        """)
}
