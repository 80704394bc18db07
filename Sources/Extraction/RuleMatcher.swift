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
    private var compiled: [CompiledRule?]
    private var exceptions: [[CompiledException]?]
    private var patterns: [String: PreparedPattern] = [:]
    /// By the number of a pattern: what a context exception said of the segment with that number.
    private var verdicts: [(segment: Int, applies: Bool)] = []
    private var segment = 0
    private var grams = TextGrams()
    /// Whether the segment is known to be ASCII.
    private var isASCII = false
    private var hits: [Int]
    /// Matches that a limit has stopped so far, of all rules.
    private(set) var stops = 0
    private let isDeprecated: [Bool]
    /// Set before the first match.
    package var clock: RuleClock?

    public init(rules: [Rule], limits: MatchLimits = .standard) {
        self.rules = rules
        workspace = MatchWorkspace(limits: limits)
        compiled = Array(repeating: nil, count: rules.count)
        exceptions = Array(repeating: nil, count: rules.count)
        hits = Array(repeating: 0, count: rules.count)
        isDeprecated = rules.map { $0.status == .deprecated }
    }

    /// Forgets the limit hits of the transcript before.
    public func beginTranscript() {
        for index in hits.indices { hits[index] = 0 }
    }

    /// The rules that were stopped since `beginTranscript`, in their order.
    public var limitReports: [LimitReport] {
        rules.indices.filter { hits[$0] > 0 }.map {
            LimitReport(rule: rules[$0].id, hits: hits[$0], isOff: hits[$0] >= RuleMatcher.hitsBeforeOff)
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
        guard !isDeprecated[index], hits[index] < RuleMatcher.hitsBeforeOff, let compiled = compiled(index) else {
            return nil
        }
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
            hits[rule] += 1
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
            hits[rule] += 1
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

    /// A rule was checked when its pack was read; one that does not compile here is off.
    private func compiled(_ index: Int) -> CompiledRule? {
        if let ready = compiled[index] { return ready }
        guard let own = prepared(rules[index].pattern, keywords: rules[index].keywords) else {
            hits[index] = RuleMatcher.hitsBeforeOff
            return nil
        }
        if let clock, let pattern = pattern(own) { clock.register(pattern, as: rules[index].id, isException: false) }
        let fresh = CompiledRule(own: own, under: rules[index].under.flatMap { prepared($0) })
        compiled[index] = fresh
        return fresh
    }

    /// The same text is compiled once; exceptions of a pack are shared by all of its rules.
    private func prepared(_ composed: ComposedPattern, keywords: [String] = []) -> PreparedPattern? {
        if let known = patterns[composed.source] { return known }
        let fresh = PreparedPattern(number: verdicts.count, composed.source, keywords: keywords)
        guard pattern(fresh) != nil else { return nil }
        verdicts.append((segment: -1, applies: false))
        patterns[composed.source] = fresh
        return fresh
    }

    /// Compiled when the rule's own pattern has matched for the first time.
    private func exceptions(of index: Int) -> [CompiledException] {
        if let ready = exceptions[index] { return ready }
        let fresh = rules[index].exceptions.compactMap { exception in
            prepared(exception.pattern).map {
                if let clock, let pattern = pattern($0) {
                    clock.register(pattern, as: "\(exception.why) (\(rules[index].id))", isException: true)
                }
                return CompiledException(why: exception.why, scope: exception.scope, prepared: $0)
            }
        }
        exceptions[index] = fresh
        return fresh
    }
}
