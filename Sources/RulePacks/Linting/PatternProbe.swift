import Memories
import PCRE2

/// Runs a pattern on texts that were made to be hard for it, and counts how often its limits stop it: a count, no clock, so
/// that every machine says the same.
enum PatternProbe {
    /// Length of a text, in bytes: a very long sentence.
    private static let length = 1_200
    /// The longest run of blanks that a sentence has; lines of a tool are padded with more.
    private static let blanks = 80
    private static let mostTexts = 24

    static func findings(of linted: LintedRule) -> [LintFinding] {
        guard let node = linted.mapping["pattern"], let text = try? node.text(), let scalar = try? node.scalar() else {
            return []
        }
        let rule = linted.rule
        let source = NecessaryTexts(of: rule.pattern.source, keywords: rule.keywords).guarded
        guard let pattern = (try? Pattern(source)) ?? (try? Pattern(rule.pattern.source)) else { return [] }
        let workspace = MatchWorkspace()
        var maker = ProbeTexts(linted)
        maker.add(PatternTree(text).alternatives)
        maker.addExamples()
        var stopped: [(text: String, place: Int)] = []
        for probe in maker.texts.prefix(mostTexts) {
            if isStopped(pattern, probe.text, workspace) { stopped.append(probe) }
            if stopped.count == 3 { break }
        }
        guard let first = stopped.first else { return [] }
        return [
            LintFinding(
                .patternLimit, at: scalar.location(ofByte: first.place), rule: rule.id,
                "the match limit stopped the pattern on a generated text that begins \(DisplayText.quoted(String(first.text.prefix(40))))",
                hint: "bound this repeat, or let what is repeated begin with something that cannot stand inside it.")
        ]
    }

    private static func isStopped(_ pattern: Pattern, _ text: String, _ workspace: MatchWorkspace) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var start = 0
            while start <= bytes.count {
                switch pattern.firstRange(bytes, from: start, in: workspace) {
                case .stopped: return true
                case .noMatch: return false
                case .match(let range): start = RangeOutcome.nextStart(after: range, in: bytes)
                }
            }
            return false
        }
    }

    /// Texts in which one repeat of a pattern has much to read, and what should follow is missing.
    private struct ProbeTexts {
        private let linted: LintedRule
        private(set) var texts: [(text: String, place: Int)] = []
        private var depth = 0

        init(_ linted: LintedRule) { self.linted = linted }

        mutating func add(_ alternatives: [[PatternTree.Element]], behind prefix: String = "", place: Int? = nil) {
            depth += 1
            defer { depth -= 1 }
            guard depth < 6 else { return }
            for alternative in alternatives {
                var before = prefix
                for element in alternative {
                    let here = place ?? element.range.lowerBound
                    if element.repeats { pump(element, behind: before, here) }
                    switch element.node {
                    case .group(let inner, _): add(inner, behind: before, place: here)
                    case .call(let name):
                        if let text = linted.parts.fragments[name] {
                            add(PatternTree(text).alternatives, behind: before, place: here)
                        }
                    case .set, .anchor, .look, .other: break
                    }
                    before += sample(element, times: element.least)
                }
            }
        }

        mutating func addExamples() {
            for example in linted.rule.matchExamples.prefix(3) {
                let words = example.text.split(separator: " ")
                guard let middle = words.dropFirst(words.count / 2).first else { continue }
                put(String(repeating: example.text + " ", count: 1 + length / (example.text.utf8.count + 1)), 0)
                put(
                    words.prefix(words.count / 2).joined(separator: " ") + " "
                        + String(repeating: middle + " ", count: length / (middle.utf8.count + 1)), 0)
            }
        }

        private mutating func pump(_ element: PatternTree.Element, behind prefix: String, _ place: Int) {
            let unit = sample(element, times: 1)
            guard !unit.isEmpty else { return }
            let isBlank = unit.allSatisfy(\.isWhitespace) && !linted.rule.roles.contains(.tool)
            put(
                prefix + String(repeating: unit, count: max(1, (isBlank ? blanks : length) / unit.utf8.count)) + "~!",
                place)
        }

        /// What holds no keyword is never tried.
        private mutating func put(_ text: String, _ place: Int) {
            let keyword = linted.rule.keywords.first
            texts.append((linted.hasKeyword(text) ? text : text + " " + (keyword ?? ""), place))
        }

        /// Something that an element may read.
        private mutating func sample(_ element: PatternTree.Element, times: Int) -> String {
            let one: String
            switch element.node {
            case .set(let set): one = set.sample.map { String(Character($0)) } ?? ""
            case .anchor, .look, .other: one = ""
            case .group(let alternatives, _): one = sample(alternatives)
            case .call("KEYWORD"): one = linted.rule.keywords.first ?? ""
            case .call(let name): one = linted.parts.fragments[name].map { sample(PatternTree($0).alternatives) } ?? ""
            }
            return String(repeating: one, count: min(times, 40))
        }

        private mutating func sample(_ alternatives: [[PatternTree.Element]]) -> String {
            depth += 1
            defer { depth -= 1 }
            guard depth < 12 else { return "" }
            var text = ""
            for element in alternatives.first ?? [] { text += sample(element, times: max(1, element.least)) }
            return text
        }
    }
}
