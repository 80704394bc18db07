import Memories
public import PCRE2
public import RulePacks

/// What became of one rule on one segment.
public enum RuleOutcome: Sendable, Equatable {
    case match(RuleMatch)
    /// The pattern matched, but an exception says that it is no memory.
    case excepted(rule: Int, why: String)
    /// The pattern matched, but the statement could not be filled: a field was empty.
    case incomplete(rule: Int)
}

/// A memory that a rule read out of a segment.
public struct RuleMatch: Sendable, Equatable {
    /// Index among the rules of the matcher.
    public var rule: Int
    /// The matched bytes of the segment.
    public var range: Range<Int>
    public var statement: String
    /// `category:subject`, folded; nil when the rule has no key.
    public var key: String?
}

/// A pattern that used up its limits in a transcript.
public struct LimitReport: Sendable, Equatable {
    public var rule: String
    /// How often it was stopped.
    public var hits: Int
    /// Whether it was switched off for the rest of the transcript.
    public var isOff: Bool
}

/// Runs rules on segments: pattern, fields, statement, key, exceptions.
///
/// Patterns are compiled when they are first needed. One matcher belongs to one thread.
public final class RuleMatcher {
    public let rules: [Rule]
    /// Stopped matches after which a rule is off for the rest of the transcript.
    public static let hitsBeforeOff = 3
    /// Matches of one rule in one segment that are looked at.
    static let matchesPerSegment = 4

    private let workspace: MatchWorkspace
    private var exceptions: [[CompiledException]?]
    private var patterns: [PatternSource: PreparedPattern] = [:]
    /// By the number of a pattern: what a context exception said of the segment with that number.
    private var verdicts: [(segment: Int, applies: Bool)] = []
    private var segment = 0
    private var grams = TextGrams()
    /// Whether the segment is known to be ASCII.
    private var isASCII = false
    private var states: [RuleState]
    /// Matches that a limit has stopped so far, of all rules.
    private(set) var stops = 0
    /// Set before the first match.
    package var clock: RuleClock?

    public init(rules: [Rule], limits: MatchLimits = .standard) {
        self.rules = rules
        workspace = MatchWorkspace(limits: limits)
        exceptions = Array(repeating: nil, count: rules.count)
        states = rules.map { RuleState(isDeprecated: $0.status == .deprecated) }
    }

    /// Forgets the limit hits of the transcript before.
    public func beginTranscript() {
        for index in states.indices { states[index].hits = 0 }
    }

    /// The rules that were stopped since `beginTranscript`, in their order.
    public var limitReports: [LimitReport] {
        rules.indices.filter { states[$0].hits > 0 }.map {
            LimitReport(rule: rules[$0].id, hits: states[$0].hits, isOff: states[$0].isOff)
        }
    }

    /// Begins a segment: what exceptions said of the last one is forgotten.
    public func beginSegment() {
        segment += 1
        grams.forget()
        isASCII = false
    }

    /// The same; patterns that need what the segment does not have are not run until the next one begins.
    func beginSegment(_ text: UnsafeBufferPointer<UInt8>) {
        segment += 1
        grams.read(text)
        isASCII = grams.isASCII
    }

    /// Whether a rule has a match on the segment that no exception takes back. The caller has seen a keyword and called
    /// `beginSegment`.
    public func fires(_ index: Int, on text: UnsafeBufferPointer<UInt8>, under surroundings: [String]) -> Bool {
        guard let compiled = ready(index, under: surroundings), grams.mayMeet(compiled.own.need) else { return false }
        var start = 0
        for _ in 0..<RuleMatcher.matchesPerSegment {
            guard start <= text.count, let range = found(compiled.own, text, from: start, index) else {
                return false
            }
            if exception(of: index, on: text, match: range) == nil { return true }
            start = RangeOutcome.nextStart(after: range, in: text)
        }
        return false
    }

    /// All outcomes of one rule on a segment, in order of their place.
    ///
    /// - Parameters:
    ///   - text: The segment, valid UTF-8.
    ///   - surroundings: The bold line and the heading above it, nearest first.
    public func outcomes(
        of index: Int, on text: UnsafeBufferPointer<UInt8>, under surroundings: [String]
    ) -> [RuleOutcome] {
        guard let compiled = ready(index, under: surroundings) else { return [] }
        var outcomes: [RuleOutcome] = []
        var start = 0
        while outcomes.count < RuleMatcher.matchesPerSegment, start <= text.count,
            let (pattern, captures) = captures(compiled.own, text, from: start, index)
        {
            if let why = exception(of: index, on: text, match: captures.range) {
                outcomes.append(.excepted(rule: index, why: why))
            } else {
                outcomes.append(outcome(of: index, pattern, captures, text))
            }
            start = captures.nextStart(in: text)
        }
        return outcomes
    }

    private func ready(_ index: Int, under surroundings: [String]) -> CompiledRule? {
        let state = states[index]
        guard !state.isDeprecated, !state.isOff else { return nil }
        let compiled = state.compiled ?? compile(index)
        if let under = compiled.under {
            guard surroundings.contains(where: { !$0.isEmpty && found(under, $0, index) }) else { return nil }
        }
        return compiled
    }

    private func outcome(
        of index: Int, _ pattern: Pattern, _ captures: Captures, _ text: UnsafeBufferPointer<UInt8>
    ) -> RuleOutcome {
        let value: (String) -> String? = { name in
            if name == "sentence" { return Statement.clean(text) }
            guard let field = self.rules[index].fields.first(where: { $0.name == name }),
                let range = pattern.range(of: name, in: captures)
            else { return nil }
            let trimmed = field.kind.trimmed(String(decoding: text[range], as: UTF8.self))
            return trimmed.isEmpty ? nil : trimmed
        }
        guard let statement = rules[index].statement.render(value).map(Statement.clean), !statement.isEmpty else {
            return .incomplete(rule: index)
        }
        let key = rules[index].key?.render(value).map { "\(rules[index].category.rawValue):\(Statement.folded($0))" }
        return .match(RuleMatch(rule: index, range: captures.range, statement: statement, key: key))
    }

    /// Why a match is no memory; nil when nothing speaks against it.
    ///
    /// What is said of the whole segment is asked once, however many rules of a pack match.
    private func exception(of index: Int, on text: UnsafeBufferPointer<UInt8>, match: Range<Int>) -> String? {
        let exceptions = exceptions(of: index)
        for place in exceptions.indices {
            let exception = exceptions[place]
            let prepared = exception.prepared
            let applies: Bool
            switch exception.scope {
            case .context:
                if verdicts[prepared.number].segment != segment {
                    let hit = grams.mayMeet(prepared.need) && found(prepared, text, from: 0, index) != nil
                    verdicts[prepared.number] = (segment, hit)
                }
                applies = verdicts[prepared.number].applies
            case .match:
                // A match may begin in the middle of a word: the segment's words tell nothing of its own.
                applies = found(prepared, UnsafeBufferPointer(rebasing: text[match]), from: 0, index) != nil
            }
            if applies { return exception.why }
        }
        return nil
    }

    private func found(
        _ prepared: PreparedPattern, _ text: UnsafeBufferPointer<UInt8>, from start: Int, _ rule: Int
    ) -> Range<Int>? {
        guard let pattern = pattern(prepared) else { return nil }
        let outcome: RangeOutcome
        if let clock {
            outcome = clock.timed(pattern, { pattern.firstRange(text, from: start, in: workspace) }) {
                if case .match = $0 { true } else { false }
            }
        } else {
            outcome = pattern.firstRange(text, from: start, in: workspace)
        }
        switch outcome {
        case .match(let range): return range
        case .noMatch: return nil
        case .stopped:
            states[rule].hits += 1
            stops += 1
            return nil
        }
    }

    /// The groups of the first match, and the pattern that they belong to.
    private func captures(
        _ prepared: PreparedPattern, _ text: UnsafeBufferPointer<UInt8>, from start: Int, _ rule: Int
    ) -> (Pattern, Captures)? {
        guard let pattern = pattern(prepared) else { return nil }
        let outcome: MatchOutcome
        if let clock {
            outcome = clock.timed(pattern, { pattern.match(text, from: start, in: workspace) }) {
                if case .match = $0 { true } else { false }
            }
        } else {
            outcome = pattern.match(text, from: start, in: workspace)
        }
        switch outcome {
        case .match(let captures): return (pattern, captures)
        case .noMatch, .tooLong: return nil
        case .limitExceeded, .failed:
            states[rule].hits += 1
            stops += 1
            return nil
        }
    }

    /// Many segments stand under the same words. These may be beyond ASCII where the segment is not.
    private func found(_ under: PreparedPattern, _ text: String, _ rule: Int) -> Bool {
        let known = isASCII
        defer { isASCII = known }
        isASCII = false
        var text = text
        return text.withUTF8 { bytes in
            let signature = TextHash.exact(bytes, 0)
            if let known = under.verdict(on: signature) { return known }
            let before = stops
            let isFound = found(under, bytes, from: 0, rule) != nil
            if stops == before { under.remember(isFound, on: signature) }
            return isFound
        }
    }

    /// The clock is told of one pattern only.
    private func pattern(_ prepared: PreparedPattern) -> Pattern? {
        prepared.pattern(forASCII: isASCII && clock == nil)
    }

    /// What the patterns of a rule need; a pattern itself is compiled when a segment has that.
    private func compile(_ index: Int) -> CompiledRule {
        let own = prepared(rules[index].pattern, keywords: rules[index].keywords)
        if let clock, let pattern = pattern(own) { clock.register(pattern, as: rules[index].id, isException: false) }
        let fresh = CompiledRule(own: own, under: rules[index].under.map { prepared($0) })
        states[index].compiled = fresh
        return fresh
    }

    /// The same text is compiled once; exceptions of a pack are shared by all of its rules.
    private func prepared(_ composed: ComposedPattern, keywords: [String] = []) -> PreparedPattern {
        let source = PatternSource(text: composed.source)
        if let known = patterns[source] { return known }
        let fresh = PreparedPattern(number: verdicts.count, composed.source, keywords: keywords)
        verdicts.append((segment: -1, applies: false))
        patterns[source] = fresh
        return fresh
    }

    /// Compiled when the rule's own pattern has matched for the first time.
    private func exceptions(of index: Int) -> [CompiledException] {
        if let ready = exceptions[index] { return ready }
        let fresh = rules[index].exceptions.map { exception in
            let prepared = prepared(exception.pattern)
            if let clock, let pattern = pattern(prepared) {
                clock.register(pattern, as: "\(exception.why) (\(rules[index].id))", isException: true)
            }
            return CompiledException(why: exception.why, scope: exception.scope, prepared: prepared)
        }
        exceptions[index] = fresh
        return fresh
    }
}

/// What a matcher knows of one rule.
private struct RuleState {
    let isDeprecated: Bool
    /// How often limits have stopped it in the transcript.
    var hits = 0
    var compiled: CompiledRule?

    init(isDeprecated: Bool) {
        self.isDeprecated = isDeprecated
    }

    var isOff: Bool { hits >= RuleMatcher.hitsBeforeOff }
}

/// A pattern by its bytes: a `String` is hashed by its normal form, and all definitions of a pack stand in each.
private struct PatternSource: Hashable {
    var text: String

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(TextHash.exact($0, 0)) }
    }

    static func == (a: PatternSource, b: PatternSource) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }
}
