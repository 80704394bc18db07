import BuiltInRules
import PCRE2
import RulePacks
import TestSupport
import Testing

@testable import Extraction

/// What makes the packs of the product fast must not change what they find.
@Suite struct ShortcutTests {
    @Test("A pack that is read as proven has the same rules", arguments: BuiltInRules.packs.indices)
    func proven(index: Int) throws {
        let pack = BuiltInRules.packs[index]
        var checked = try RulePack(parsing: pack.bytes, file: pack.file, strictness: .builtIn).rules
        let proven = try RulePack(parsing: pack.bytes, file: pack.file, strictness: .proven).rules
        for index in checked.indices {
            checked[index].matchExamples = []
            checked[index].rejectExamples = []
            checked[index].origins = []
        }
        #expect(checked == proven)
    }

    private static let rules: [Rule] = BuiltInRules.packs.flatMap { pack in
        (try? RulePack(parsing: pack.bytes, file: pack.file, strictness: .builtIn))?.rules ?? []
    }

    /// The examples, and texts made of their words, in which a pattern finds a part of what it needs.
    private static let texts: [String] = {
        var random = SplitMix(seed: 3)
        let examples = rules.flatMap { $0.matchExamples.map(\.text) + $0.rejectExamples.map(\.text) }
        let words = examples.flatMap { $0.split(separator: " ") }
        let mixed = (0..<600).map { _ in
            (0..<(3 + random.below(20))).map { _ in String(words[random.below(words.count)]) }.joined(separator: " ")
        }
        let strange = examples.prefix(60).flatMap { text in
            [text.uppercased(), text.replacing("s", with: "ſ"), text.replacing("k", with: "\u{212A}")]
        }
        return examples + mixed + strange
    }()

    @Test func aTextWithoutWhatAPatternNeedsIsNoMatch() throws {
        let workspace = MatchWorkspace()
        var grams = TextGrams()
        var patterns: [(source: String, need: TextGrams.Need, pattern: Pattern)] = []
        for rule in Self.rules {
            let sources = [(rule.pattern.source, rule.keywords)] + rule.exceptions.map { ($0.pattern.source, []) }
            for (source, keywords) in sources where !patterns.contains(where: { $0.source == source }) {
                let need = TextGrams.Need(NecessaryTexts(of: source, keywords: keywords))
                patterns.append((source, need, try Pattern(source)))
            }
        }
        var spared = 0
        var matches = 0
        for text in Self.texts {
            Array(text.utf8).withUnsafeBufferPointer { bytes in
                grams.read(bytes)
                for (source, need, pattern) in patterns {
                    let mayMeet = grams.mayMeet(need)
                    if !mayMeet { spared += 1 }
                    guard case .match = pattern.firstRange(bytes, in: workspace) else { continue }
                    matches += 1
                    #expect(mayMeet, "\(source)\n\(text)")
                }
            }
        }
        #expect(matches > 2_000)
        #expect(spared > Self.texts.count * patterns.count / 2, "it is worth asking")
    }

    @Test func nothingIsSpareForATextThatWasNotRead() {
        var grams = TextGrams()
        let need = TextGrams.Need(NecessaryTexts(of: "maybe"))
        Array("never".utf8).withUnsafeBufferPointer { grams.read($0) }
        #expect(!grams.mayMeet(need))
        grams.forget()
        #expect(grams.mayMeet(need))
    }
}
