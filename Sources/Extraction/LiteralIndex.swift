import LiteralSearch
import Memories
import RulePacks

/// The literals that a text is searched for, in one automaton: keywords of rules, and phrases of cues.
struct LiteralIndex: Sendable {
    /// What a literal is good for.
    struct Use: Sendable {
        enum Kind: Sendable {
            /// The rule with this number may match.
            case keyword
            /// The feature with this number is present.
            case cue
            /// The same, at the beginning of the segment only.
            case opening
        }

        var kind: Kind
        var number: Int
        /// Whether a letter or digit beside it spoils it.
        var isWholeWord: Bool
    }

    private let automaton: AhoCorasick
    /// The uses of literal `i` are `uses[starts[i]..<starts[i + 1]]`.
    private let uses: [Use]
    private let starts: [Int]

    /// Which literals an index holds.
    enum Script: CaseIterable {
        case ascii, other

        func holds(_ literal: String) -> Bool { literal.utf8.allSatisfy { $0 < 0x80 } == (self == .ascii) }
    }

    /// The keywords of the rules that read one of `roles`, and the phrases of cues.
    ///
    /// A rule that must call `(?&KEYWORD)` finds its keywords as whole words only, so nothing less needs to wake it.
    init(_ script: Script, of rules: [Rule], roles: Set<Role>, cues: [ScoringTable.Cue] = []) {
        var gathering = Gathering<Use>()
        for (number, rule) in rules.enumerated() where !rule.roles.isDisjoint(with: roles) {
            let isWholeWord = rule.findsKeywordsAsWords
            for keyword in rule.keywords where script.holds(keyword) {
                gathering.add(keyword, Use(kind: .keyword, number: number, isWholeWord: isWholeWord))
            }
        }
        for (index, cue) in cues.enumerated() where cue.place == .anywhere || cue.place == .opening {
            let kind: Use.Kind = cue.place == .opening ? .opening : .cue
            for phrase in cue.phrases.flatMap(LiteralIndex.spellings) where script.holds(phrase) {
                let use = Use(kind: kind, number: FeatureVocabulary.number(ofCue: index), isWholeWord: true)
                gathering.add(phrase, use)
            }
        }
        automaton = AhoCorasick(gathering.texts)
        uses = Array(gathering.uses.joined())
        starts = gathering.uses.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    }

    /// Calls `body` for each use of each literal found, in order of its end, with the bytes that it covers.
    @inline(__always)
    func forEachUse(in text: UnsafeBufferPointer<UInt8>, _ body: (_ use: Use, _ range: Range<Int>) -> Void) {
        uses.withUnsafeBufferPointer { uses in
            starts.withUnsafeBufferPointer { starts in
                automaton.forEachMatch(in: text) { literal, end in
                    let range = automaton.start(of: literal, endingAt: end, in: text)..<end
                    let isWord = AhoCorasick.isWholeWord(range, in: text)
                    for index in starts[literal]..<starts[literal + 1] where isWord || !uses[index].isWholeWord {
                        body(uses[index], range)
                    }
                }
            }
        }
    }

    /// `don't` is also written with a typographic apostrophe.
    static func spellings(of phrase: String) -> [String] {
        guard phrase.contains("'") else { return [phrase] }
        return [phrase, String(phrase.map { $0 == "'" ? "\u{2019}" : $0 })]
    }
}

/// The phrases that headings and bold lines are searched for, with the features that they give to what stands under them.
struct SurroundingsIndex: Sendable {
    private let automaton: AhoCorasick
    private let uses: [[(place: ScoringTable.Cue.Place, feature: Int)]]

    init(cues: [ScoringTable.Cue]) {
        var gathering = Gathering<(place: ScoringTable.Cue.Place, feature: Int)>()
        for (index, cue) in cues.enumerated() where cue.place == .heading || cue.place == .label {
            for phrase in cue.phrases.flatMap(LiteralIndex.spellings) {
                gathering.add(phrase, (cue.place, FeatureVocabulary.number(ofCue: index)))
            }
        }
        automaton = AhoCorasick(gathering.texts)
        uses = gathering.uses
    }

    func features(of text: UnsafeBufferPointer<UInt8>, as place: ScoringTable.Cue.Place) -> FeatureSet {
        var found = FeatureSet()
        automaton.forEachMatch(in: text) { literal, end in
            let range = automaton.start(of: literal, endingAt: end, in: text)..<end
            guard AhoCorasick.isWholeWord(range, in: text) else { return }
            for use in uses[literal] where use.place == place { found.insert(use.feature) }
        }
        return found
    }
}

/// Texts without repetition, each with all its uses.
private struct Gathering<Element> {
    var texts: [String] = []
    var uses: [[Element]] = []
    private var positions: [String: Int] = [:]

    mutating func add(_ text: String, _ use: Element) {
        let folded = KeywordFolding.folded(keyword: text)
        if let position = positions[folded] {
            uses[position].append(use)
        } else {
            positions[folded] = texts.count
            texts.append(folded)
            uses.append([use])
        }
    }
}
