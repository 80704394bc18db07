public import Memories
public import RulePacks
import PCRE2

/// Stage by stage, what one rule makes of a sentence.
public struct RuleTrace: Sendable, Equatable {
    /// Whether the rule reads words of this role.
    public var readsRole: Bool
    /// Keywords that stand in the sentence, as they are written there.
    public var keywords: [String]
    /// Whether a keyword wakes the rule, or it has none.
    public var isWoken: Bool
    /// Whether heading or bold line above match; nil when the rule does not ask.
    public var isUnder: Bool?
    /// Each match of the pattern.
    public var attempts: [Attempt]
    /// How far the pattern gets when it does not match; nil when not even its first element does.
    public var reach: Reach?
    /// Whether the match limit stopped the pattern.
    public var isStopped: Bool

    /// One match of the pattern with what became of it.
    public struct Attempt: Sendable, Equatable {
        public var text: String
        public var captures: [Capture]
        /// Reasons of all exceptions that take it back, in their order.
        public var exceptions: [String]
        /// Nil when a field is empty.
        public var statement: String?
        public var key: String?
    }

    public struct Capture: Sendable, Equatable {
        public var name: String
        public var kind: FieldKind
        public var raw: String
        public var trimmed: String
    }

    /// The longest beginning of the pattern that matches.
    public struct Reach: Sendable, Equatable {
        /// What that beginning matches.
        public var text: String
        /// The element behind it, which does not.
        public var element: String
        /// Of that element, in bytes of the user's own text of the pattern.
        public var offset: Int
    }
}

/// Traces one rule. Belongs to one thread.
public final class RuleTracer {
    private let rule: Rule
    private let workspace = MatchWorkspace()
    private let pattern: Pattern?
    private let own: String

    public init(rule: Rule) {
        self.rule = rule
        pattern = try? Pattern(rule.pattern.source)
        own = String(decoding: rule.pattern.source.utf8.dropFirst(rule.pattern.prefixLength), as: UTF8.self)
    }

    /// - Parameters:
    ///   - role: Whose words they are.
    ///   - surroundings: The bold line and the heading above, nearest first.
    public func trace(_ text: String, role: Role, under surroundings: [String] = []) -> RuleTrace {
        let literals = LiteralIndex(of: [rule], where: { _ in true })
        let bytes = Array(text.utf8)
        var keywords: [String] = []
        bytes.withUnsafeBufferPointer { buffer in
            for (_, range) in literals.matches(in: buffer) {
                let word = String(decoding: buffer[range], as: UTF8.self)
                if !keywords.contains(word) { keywords.append(word) }
            }
        }
        var trace = RuleTrace(
            readsRole: rule.roles.contains(role), keywords: keywords,
            isWoken: rule.keywords.isEmpty || !keywords.isEmpty, isUnder: nil, attempts: [], reach: nil,
            isStopped: false)
        if let under = rule.under {
            trace.isUnder = surroundings.contains { above in
                guard !above.isEmpty, let pattern = try? Pattern(under.source) else { return false }
                return range(of: pattern, in: above) != nil
            }
        }
        addAttempts(bytes, to: &trace)
        if trace.attempts.isEmpty { trace.reach = reach(text) }
        return trace
    }

    private func range(of pattern: Pattern, in text: String) -> Range<Int>? {
        guard case .match(let captures) = pattern.match(text, in: workspace) else { return nil }
        return captures.range
    }

    private func addAttempts(_ text: [UInt8], to trace: inout RuleTrace) {
        guard let pattern else { return }
        text.withUnsafeBufferPointer { buffer in
            var start = 0
            for _ in 0..<RuleMatcher.matchesPerSegment {
                guard start <= buffer.count else { return }
                switch pattern.match(buffer, from: start, in: workspace) {
                case .match(let captures):
                    trace.attempts.append(attempt(pattern, captures, text))
                    start = captures.nextStart(in: buffer)
                case .noMatch, .tooLong: return
                case .limitExceeded, .failed:
                    trace.isStopped = true
                    return
                }
            }
        }
    }

    private func attempt(_ pattern: Pattern, _ captures: Captures, _ text: [UInt8]) -> RuleTrace.Attempt {
        func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
        let fields = rule.fields.compactMap { field -> RuleTrace.Capture? in
            guard let range = pattern.range(of: field.name, in: captures) else { return nil }
            let raw = string(range)
            return RuleTrace.Capture(name: field.name, kind: field.kind, raw: raw, trimmed: field.kind.trimmed(raw))
        }
        func value(_ name: String) -> String? {
            if name == "sentence" { return Statement.clean(string(text.indices)) }
            return fields.first { $0.name == name }?.trimmed
        }
        let exceptions = rule.exceptions.filter { exception in
            guard let pattern = try? Pattern(exception.pattern.source) else { return false }
            return range(of: pattern, in: string(exception.scope == .context ? text.indices : captures.range)) != nil
        }
        return RuleTrace.Attempt(
            text: string(captures.range), captures: fields, exceptions: exceptions.map(\.why),
            statement: rule.statement.render(value).map(Statement.clean).flatMap { $0.isEmpty ? nil : $0 },
            key: rule.key?.render(value).map { "\(rule.category.rawValue):\(Statement.folded($0))" })
    }

    /// Tries ever longer beginnings of each alternative of the pattern.
    private func reach(_ text: String) -> RuleTrace.Reach? {
        let prefix = String(decoding: rule.pattern.source.utf8.prefix(rule.pattern.prefixLength), as: UTF8.self)
        let bytes = Array(own.utf8)
        // Options stand in front of the first alternative and hold for all.
        let options = PatternTree(own).options(in: own)
        var best: (reach: RuleTrace.Reach, count: Int)?
        for (number, elements) in PatternTree(own).alternatives.enumerated() {
            let alternative = RuleTracer.units(elements)
            guard let start = alternative.first?.range.lowerBound else { continue }
            for (index, element) in alternative.enumerated().dropLast() {
                let part = String(decoding: bytes[start..<element.range.upperBound], as: UTF8.self)
                let next = alternative[index + 1]
                guard let pattern = try? Pattern(prefix + (number == 0 ? "" : options) + part),
                    let range = range(of: pattern, in: text)
                else { continue }
                guard takesRoom(element),
                    index + 1 >= best?.count ?? 0 || range.count > best?.reach.text.utf8.count ?? 0
                else { continue }
                let found = RuleTrace.Reach(
                    text: String(decoding: Array(text.utf8)[range], as: UTF8.self),
                    element: String(decoding: bytes[next.range], as: UTF8.self), offset: next.range.lowerBound)
                best = (found, index + 1)
            }
        }
        return best?.reach
    }

    /// Letters of one word are one element.
    private static func units(_ elements: [PatternTree.Element]) -> [PatternTree.Element] {
        var units: [PatternTree.Element] = []
        for element in elements {
            if element.isWordCharacter, let last = units.last, last.isWordCharacter,
                last.range.upperBound == element.range.lowerBound
            {
                units[units.count - 1].range = last.range.lowerBound..<element.range.upperBound
            } else {
                units.append(element)
            }
        }
        return units
    }

    private func takesRoom(_ element: PatternTree.Element) -> Bool {
        switch element.node {
        case .set, .group, .call: true
        case .anchor, .look, .other: false
        }
    }
}
