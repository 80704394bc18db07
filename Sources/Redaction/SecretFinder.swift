import Neutralization
import LiteralSearch
import RulePacks

/// Where a secret stands, and of which kind it is. Never the secret itself.
public struct SecretFind: Sendable, Equatable {
    /// The kind of the rule; `unreadable` for lines that no pattern could judge within its limits.
    public var kind: String
    /// The id of the rule.
    public var rule: String
    /// In UTF-8 bytes of the text.
    public var range: Range<Int>
}

/// The keywords of all rules in one automaton: which rules may find something, and where.
struct KeywordIndex: Sendable {
    private let automaton: AhoCorasick
    /// By literal: the rules that it wakes.
    private let wakes: [[Int]]

    init(_ rules: [SecretRule]) {
        var literals: [String] = []
        var positions: [String: Int] = [:]
        var wakes: [[Int]] = []
        for (index, rule) in rules.enumerated() {
            for keyword in rule.keywords {
                let position = positions[keyword] ?? literals.count
                if position == literals.count {
                    positions[keyword] = position
                    literals.append(keyword)
                    wakes.append([])
                }
                wakes[position].append(index)
            }
        }
        automaton = AhoCorasick(literals)
        self.wakes = wakes
    }

    /// For each rule that is awake: the windows in which its pattern is tried, in order.
    func windows(
        in bytes: UnsafeBufferPointer<UInt8>, of rules: [SecretRule]
    ) -> [(rule: Int, windows: [Range<Int>])] {
        var hits: [(literal: Int, end: Int)] = []
        automaton.forEachMatch(in: bytes) { literal, end in hits.append((literal, end)) }
        guard !hits.isEmpty else { return [] }
        var windows: [Int: WindowList] = [:]
        for hit in hits {
            let start = automaton.start(of: hit.literal, endingAt: hit.end, in: bytes)
            for rule in wakes[hit.literal] {
                windows[rule, default: WindowList(rules[rule].reach)].add(start..<hit.end, in: bytes)
            }
        }
        return windows.keys.sorted().map { ($0, windows[$0]?.ranges ?? []) }
    }
}

/// The parts of a text that one pattern looks at: around the keywords, so that the work is linear in the text.
private struct WindowList {
    /// What is read before and behind a keyword in a line that is longer than this.
    private static let before = 512
    private static let after = 768
    /// A word at the edge is read to its end, if that is not farther away than this: a token has no space in it.
    private static let word = 4096
    /// Behind the keyword of a block.
    private static let block = 20_000
    /// The longest window that grows by joining others.
    private static let longest = 8192

    let reach: SecretRule.Reach
    private(set) var ranges: [Range<Int>] = []
    /// Keywords that end before this have been covered.
    private var covered = 0

    init(_ reach: SecretRule.Reach) {
        self.reach = reach
    }

    mutating func add(_ hit: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) {
        guard hit.upperBound > covered else { return }
        let start = Self.start(before: hit.lowerBound, in: bytes)
        let end: Int
        switch reach {
        case .line:
            let reached = min(bytes.count, hit.upperBound + Self.after)
            let lineEnd = bytes.firstOffset(of: 0x0A, from: hit.upperBound, to: reached)
            end = lineEnd ?? Self.edge(after: reached, in: bytes)
            // Behind a cut another window has to begin, well before what was cut off.
            covered = lineEnd ?? (end == bytes.count ? end : end - Self.after / 2)
        case .block:
            end = Self.edge(after: min(bytes.count, hit.upperBound + Self.block), in: bytes)
            covered = hit.upperBound + Self.block / 2
        }
        if let last = ranges.last, start <= last.upperBound, end - last.lowerBound <= Self.longest {
            ranges[ranges.count - 1] = last.lowerBound..<max(end, last.upperBound)
        } else {
            ranges.append(start..<end)
        }
    }

    /// The beginning of the line, or of a word not far before the keyword.
    private static func start(before offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let least = max(0, offset - 2 * before)
        var start = offset
        while start > least, bytes[start - 1] != 0x0A, offset - start < before || bytes[start - 1] > 0x20 { start -= 1 }
        while start > 0, start < bytes.count, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }

    /// The end of the word that stands at `offset`.
    private static func edge(after offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let most = min(bytes.count, offset + word)
        var end = offset
        while end < most, bytes[end] > 0x20 { end += 1 }
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return end
    }
}

/// Finds secrets by keyword and pattern. Belongs to one thread.
final class SecretFinder {
    private let index: KeywordIndex
    private let matcher: SecretMatcher

    init(rules: [SecretRule], index: KeywordIndex) {
        self.index = index
        matcher = SecretMatcher(rules: rules)
    }

    /// In order; no two of them overlap. Where rules disagree on what a text is, the first of them names it.
    ///
    /// - Parameter bytes: Valid UTF-8.
    func finds(in bytes: UnsafeBufferPointer<UInt8>) -> [SecretFind] {
        var found: [(range: Range<Int>, rule: Int, isReadable: Bool)] = []
        for (rule, windows) in index.windows(in: bytes, of: matcher.rules) {
            for window in windows {
                let part = bytes.part(window)
                switch matcher.outcome(of: rule, in: part, markers: Marker.ranges(in: part)) {
                case .finds(let ranges):
                    for range in ranges {
                        let place = (window.lowerBound + range.lowerBound)..<(window.lowerBound + range.upperBound)
                        found.append((place, rule, true))
                    }
                case .unreadable:
                    if SecretMatcher.widened(0..<part.count, over: Marker.ranges(in: part), in: part) != nil {
                        found.append((window, rule, false))
                    }
                }
            }
        }
        guard !found.isEmpty else { return [] }
        return merged(found)
    }

    private func merged(_ found: [(range: Range<Int>, rule: Int, isReadable: Bool)]) -> [SecretFind] {
        let sorted = found.sorted {
            ($0.range.lowerBound, $0.rule, $0.range.upperBound) < ($1.range.lowerBound, $1.rule, $1.range.upperBound)
        }
        var merged: [(range: Range<Int>, rule: Int, isReadable: Bool)] = []
        for next in sorted {
            guard let last = merged.last, next.range.lowerBound < last.range.upperBound else {
                merged.append(next)
                continue
            }
            merged[merged.count - 1] = (
                last.range.lowerBound..<max(last.range.upperBound, next.range.upperBound), min(last.rule, next.rule),
                last.isReadable && next.isReadable
            )
        }
        return merged.map { find in
            let rule = matcher.rules[find.rule]
            return SecretFind(
                kind: find.isReadable ? rule.kind : Marker.unreadable, rule: rule.id, range: find.range)
        }
    }
}
