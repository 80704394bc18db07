import Neutralization
import PCRE2
import RulePacks

/// Runs the patterns of secret rules, each compiled when it is first needed. Belongs to one thread.
final class SecretMatcher {
    enum Outcome {
        case finds([Range<Int>])
        /// The pattern was stopped before it could say what is a secret.
        case unreadable
    }

    private struct Compiled {
        var pattern: Pattern
        /// Nil where an allowance has words instead.
        var allowances: [Pattern?]
    }

    let rules: [SecretRule]
    private var compiled: [Compiled?]
    /// Allowances by their source: those of a pack belong to most of its rules.
    private var shared: [String: Pattern] = [:]
    private let workspace = MatchWorkspace()

    init(rules: [SecretRule]) {
        self.rules = rules
        compiled = Array(repeating: nil, count: rules.count)
    }

    /// The secrets that one rule finds in a window, in offsets of the window.
    func outcome(of index: Int, in window: UnsafeBufferPointer<UInt8>, markers: [Range<Int>]) -> Outcome {
        // The loader compiled it before; a pattern that does not compile now hides nothing.
        guard let compiled = compiledRule(index) else { return .unreadable }
        var finds: [Range<Int>] = []
        var start = 0
        while start <= window.count {
            let captures: Captures
            switch compiled.pattern.match(window, from: start, in: workspace) {
            case .noMatch: return .finds(finds)
            case .limitExceeded, .tooLong, .failed: return .unreadable
            case .match(let found): captures = found
            }
            let secret = compiled.pattern.range(of: "secret", in: captures) ?? captures.range
            if let marker = markers.first(where: { $0.contains(captures.range.lowerBound) }) {
                start = marker.upperBound
            } else if let shown = Self.widened(secret, over: markers, in: window),
                isSecret(secret, of: index, compiled, in: window)
            {
                finds.append(shown)
                start = max(captures.nextStart(in: window), shown.upperBound)
            } else {
                // What is no secret may hold one.
                let next = RangeOutcome.nextStart(
                    after: captures.range.lowerBound..<captures.range.lowerBound, in: window)
                start = max(secret.lowerBound, next)
            }
        }
        return .finds(finds)
    }

    private func compiledRule(_ index: Int) -> Compiled? {
        if let known = compiled[index] { return known }
        let rule = rules[index]
        guard let pattern = try? Pattern(rule.pattern.source) else { return nil }
        let allowances = rule.allowances.map { allowance -> Pattern? in
            switch allowance.test {
            case .words: nil
            case .value(let pattern), .context(let pattern): sharedPattern(pattern.source)
            }
        }
        compiled[index] = Compiled(pattern: pattern, allowances: allowances)
        return compiled[index]
    }

    private func sharedPattern(_ source: String) -> Pattern? {
        if let known = shared[source] { return known }
        let pattern = try? Pattern(source)
        shared[source] = pattern
        return pattern
    }

    /// Covers the markers that it touches; nil when nothing but markers and punctuation would go.
    static func widened(
        _ secret: Range<Int>, over markers: [Range<Int>], in window: UnsafeBufferPointer<UInt8>
    ) -> Range<Int>? {
        guard !secret.isEmpty else { return nil }
        let touched = markers.filter { $0.overlaps(secret) }
        guard let first = touched.first, let last = touched.last else { return secret }
        let isRest = secret.contains { place in
            window[place] > 0x7F || Bytes.isAlphanumeric(window[place]) && !touched.contains { $0.contains(place) }
        }
        guard isRest else { return nil }
        return min(first.lowerBound, secret.lowerBound)..<max(last.upperBound, secret.upperBound)
    }

    private func isSecret(
        _ range: Range<Int>, of index: Int, _ compiled: Compiled, in window: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let rule = rules[index]
        let secret = window.part(range)
        if rule.entropy > 0, Entropy.thousandths(secret) < rule.entropy { return false }
        return !zip(rule.allowances, compiled.allowances).contains { allowance, pattern in
            switch allowance.test {
            case .words(let words): words.contains { Self.holds(secret, word: $0) }
            case .value: pattern.map { matches($0, secret) } ?? false
            case .context: pattern.map { matches($0, window.part(Self.line(of: range, in: window))) } ?? false
            }
        }
    }

    /// An allowance that cannot be judged allows nothing.
    private func matches(_ pattern: Pattern, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        if case .match = pattern.firstRange(text, in: workspace) { true } else { false }
    }

    private static func line(of range: Range<Int>, in window: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        var start = range.lowerBound
        while start > 0, window[start - 1] != 0x0A { start -= 1 }
        return start..<(window.firstOffset(of: 0x0A, from: range.upperBound) ?? window.count)
    }

    private static func holds(_ secret: UnsafeBufferPointer<UInt8>, word: String) -> Bool {
        let word = Array(word.utf8)
        guard word.count <= secret.count, secret.count <= 4096 else { return false }
        return (0...(secret.count - word.count)).contains { start in
            word.indices.allSatisfy { Bytes.lowered(secret[start + $0]) == word[$0] }
        }
    }
}
