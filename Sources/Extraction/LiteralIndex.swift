import LiteralSearch
import Memories
import RulePacks

/// The literals that a text is searched for in one pass: keywords of rules, and phrases of cues.
final class LiteralIndex: Sendable {
    private let search: LiteralScan
    /// By literal: the cues that it is a phrase of, anywhere in a segment.
    private let cues: [FeatureSet]
    /// By literal: the same, at the beginning of the segment only.
    private let openings: [FeatureSet]
    /// By literal: the rules that it wakes; a row of `RuleNumbers.width` words each.
    private let rules: [UInt64]
    private let width: Int
    /// Keywords with a lower number are ASCII.
    private let firstOther: Int

    /// The keywords of some of the rules, and the phrases of cues.
    ///
    /// A rule that must call `(?&KEYWORD)` finds its keywords as whole words only, so nothing less needs to wake it.
    init(of rules: [Rule], where isWanted: (Int) -> Bool, cues: [ScoringTable.Cue] = []) {
        var gathering = Gathering(width: RuleNumbers.width(for: rules.count))
        let readers = rules.enumerated().filter { isWanted($0.offset) }
            .map { (number: $0, keywords: $1.keywords, isWholeWord: $1.findsKeywordsAsWords) }
        var firstOther = 0
        for isASCII in [true, false] {
            for rule in readers {
                for keyword in rule.keywords where keyword.utf8.allSatisfy({ $0 < 0x80 }) == isASCII {
                    gathering.add(keyword, rule.isWholeWord, rule: rule.number)
                }
            }
            if isASCII { firstOther = gathering.literals.count }
        }
        for (index, cue) in cues.enumerated() where cue.place == .anywhere || cue.place == .opening {
            let feature = FeatureVocabulary.number(ofCue: index)
            for phrase in cue.phrases.flatMap(LiteralIndex.spellings) {
                gathering.add(phrase, cue: feature, opens: cue.place == .opening)
            }
        }
        search = LiteralScan(gathering.literals)
        self.cues = gathering.cues
        openings = gathering.openings
        self.rules = gathering.rules
        width = gathering.width
        self.firstOther = firstOther
    }

    /// Looks for cues and keywords in a segment: cues become features, keywords wake rules.
    ///
    /// - Parameters:
    ///   - text: The message; the segment is its `range`.
    ///   - opening: Where the words of the segment begin.
    ///   - woken: Gets the rules.
    func find(
        in range: Range<Int>, of text: UnsafeBufferPointer<UInt8>, opening: Int, _ features: inout FeatureSet,
        _ woken: inout RuleNumbers
    ) {
        var found = features
        let width = width
        // As pointers: they are looked into for nearly every word.
        rules.withUnsafeBufferPointer { rules in
            cues.withUnsafeBufferPointer { cues in
                woken.withMutableWords { woken in
                    search.forEachMatch(in: range, of: text) { literal, range in
                        found.formUnion(cues[literal])
                        if range.lowerBound == opening { found.formUnion(openings[literal]) }
                        for word in 0..<width { woken[word] |= rules[literal * width + word] }
                    }
                }
            }
        }
        features = found
    }

    /// The keywords in a text, those in ASCII first, each by its end.
    func matches(in text: UnsafeBufferPointer<UInt8>) -> [(literal: Int, range: Range<Int>)] {
        var found: [(literal: Int, range: Range<Int>)] = []
        search.forEachMatch(in: 0..<text.count, of: text) { found.append(($0, $1)) }
        guard found.count > 1 else { return found }
        found.sort {
            ($0.literal < firstOther ? 0 : 1, $0.range.upperBound, $0.literal)
                < ($1.literal < firstOther ? 0 : 1, $1.range.upperBound, $1.literal)
        }
        return found
    }

    func isASCII(_ literal: Int) -> Bool { literal < firstOther }

    /// Adds the rules that a literal wakes.
    func wake(_ woken: inout RuleNumbers, by literal: Int) { woken.formUnion(rules, at: literal * width) }

    /// `don't` is also written with a typographic apostrophe.
    static func spellings(of phrase: String) -> [String] {
        guard phrase.utf8.contains(UInt8(ascii: "'")) else { return [phrase] }
        return [phrase, String(phrase.map { $0 == "'" ? "\u{2019}" : $0 })]
    }
}

/// The phrases that headings and bold lines are searched for, with the features that they give to what stands under them.
final class SurroundingsIndex: Sendable {
    private let search: LiteralScan
    private let headings: [FeatureSet]
    private let labels: [FeatureSet]

    init(cues: [ScoringTable.Cue]) {
        // As headings open a section, their features take the place of openings.
        var gathering = Gathering(width: 0)
        for (index, cue) in cues.enumerated() where cue.place == .heading || cue.place == .label {
            for phrase in cue.phrases.flatMap(LiteralIndex.spellings) {
                gathering.add(phrase, cue: FeatureVocabulary.number(ofCue: index), opens: cue.place == .heading)
            }
        }
        search = LiteralScan(gathering.literals)
        headings = gathering.openings
        labels = gathering.cues
    }

    func features(of text: UnsafeBufferPointer<UInt8>, as place: ScoringTable.Cue.Place) -> FeatureSet {
        var found = FeatureSet()
        search.forEachMatch(in: 0..<text.count, of: text) { literal, _ in
            found.formUnion(place == .heading ? headings[literal] : labels[literal])
        }
        return found
    }
}

/// Literals without repetition, each with all that it is good for.
private struct Gathering {
    /// By bytes: a `String` is hashed by its normal form.
    private struct Identity: Hashable {
        var text: [UInt8]
        var isWholeWord: Bool
    }

    let width: Int
    private(set) var literals: [(text: String, isWholeWord: Bool)] = []
    private(set) var cues: [FeatureSet] = []
    private(set) var openings: [FeatureSet] = []
    private(set) var rules: [UInt64] = []
    private var positions: [Identity: Int] = [:]

    init(width: Int) {
        self.width = width
    }

    mutating func add(_ keyword: String, _ isWholeWord: Bool, rule: Int) {
        let place = place(of: keyword, isWholeWord)
        rules[place * width + rule >> 6] |= 1 << UInt64(rule & 63)
    }

    mutating func add(_ phrase: String, cue: Int, opens: Bool) {
        let place = place(of: phrase, true)
        if opens { openings[place].insert(cue) } else { cues[place].insert(cue) }
    }

    private mutating func place(of text: String, _ isWholeWord: Bool) -> Int {
        let folded = KeywordFolding.folded(keyword: text)
        let identity = Identity(text: Array(folded.utf8), isWholeWord: isWholeWord)
        if let known = positions[identity] { return known }
        positions[identity] = literals.count
        literals.append((folded, isWholeWord))
        cues.append(FeatureSet())
        openings.append(FeatureSet())
        rules.append(contentsOf: repeatElement(0, count: width))
        return literals.count - 1
    }
}
