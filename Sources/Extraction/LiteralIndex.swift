import Memories
import RulePacks

/// Everything that is looked for as a literal, in one automaton: the keywords of the rules and the phrases of the cues.
struct LiteralIndex: Sendable {
    /// What a literal is good for.
    enum Use: Sendable {
        /// The rule with this index may match.
        case keyword(rule: Int)
        /// The feature with this number is present; the literal must stand as whole words.
        case cue(feature: Int)
        /// The same, but only at the beginning of the segment.
        case opening(feature: Int)
    }

    private let automaton: AhoCorasick
    private let uses: [[Use]]
    /// For headings and labels: the same phrases with the features that they set there.
    private let surroundings: AhoCorasick
    private let surroundingUses: [[(place: ScoringTable.Cue.Place, feature: Int)]]

    init(rules: [Rule], table: ScoringTable) {
        var literals = Gathering<Use>()
        var around = Gathering<(place: ScoringTable.Cue.Place, feature: Int)>()
        for (index, rule) in rules.enumerated() {
            for keyword in rule.keywords { literals.add(keyword, .keyword(rule: index)) }
        }
        for (index, cue) in table.cues.enumerated() {
            let feature = FeatureVocabulary.number(ofCue: index)
            for phrase in cue.phrases.flatMap(LiteralIndex.spellings) {
                switch cue.place {
                case .anywhere: literals.add(phrase, .cue(feature: feature))
                case .opening: literals.add(phrase, .opening(feature: feature))
                case .heading, .label: around.add(phrase, (cue.place, feature))
                }
            }
        }
        automaton = AhoCorasick(literals.texts)
        uses = literals.uses
        surroundings = AhoCorasick(around.texts)
        surroundingUses = around.uses
    }

    /// `don't` is also written with a typographic apostrophe.
    private static func spellings(of phrase: String) -> [String] {
        guard phrase.contains("'") else { return [phrase] }
        return [phrase, String(phrase.map { $0 == "'" ? "\u{2019}" : $0 })]
    }

    /// Calls `body` for each use of each literal found, in order of its end, with the bytes that it covers.
    func forEachUse(
        in text: UnsafeBufferPointer<UInt8>, _ body: (_ use: Use, _ range: Range<Int>) -> Void
    ) {
        automaton.forEachMatch(in: text) { literal, end in
            let range = automaton.start(of: literal, endingAt: end, in: text)..<end
            for use in uses[literal] { body(use, range) }
        }
    }

    /// The features that a heading or a label gives to what stands under it.
    func features(of text: UnsafeBufferPointer<UInt8>, as place: ScoringTable.Cue.Place) -> [Int] {
        var found: [Int] = []
        surroundings.forEachMatch(in: text) { literal, end in
            let range = surroundings.start(of: literal, endingAt: end, in: text)..<end
            guard AhoCorasick.isWholeWord(range, in: text) else { return }
            for use in surroundingUses[literal] where use.place == place && !found.contains(use.feature) {
                found.append(use.feature)
            }
        }
        return found
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
}
