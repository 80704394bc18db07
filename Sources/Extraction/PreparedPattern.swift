import PCRE2
import RulePacks

/// A pattern with what it needs, compiled when it is first run: for texts that are ASCII, and for all others. Belongs to one
/// thread.
final class PreparedPattern {
    private enum Compiled {
        case untried, none
        case ready(Pattern)
    }

    /// Its place among the verdicts on a segment.
    let number: Int
    let need: TextGrams.Need
    private let source: String
    private let guarded: String
    private var ascii = Compiled.untried
    private var any = Compiled.untried

    /// What it said of the last texts that were no segments.
    private var verdicts: (latest: Verdict, before: Verdict) = (Verdict(), Verdict())

    private struct Verdict {
        var signature: UInt64 = 0
        /// Nil while there is none.
        var isFound: Bool?
    }

    init(number: Int, _ source: String, keywords: [String]) {
        self.number = number
        self.source = source
        let texts = NecessaryTexts(of: source, keywords: keywords)
        guarded = texts.guarded
        need = TextGrams.Need(texts)
    }

    /// Whether it has been found in a text, when that is one of the last two.
    func verdict(on signature: UInt64) -> Bool? {
        if verdicts.latest.signature == signature { return verdicts.latest.isFound }
        return verdicts.before.signature == signature ? verdicts.before.isFound : nil
    }

    func remember(_ isFound: Bool, on signature: UInt64) {
        verdicts = (Verdict(signature: signature, isFound: isFound), verdicts.latest)
    }

    /// Nil when the pattern does not compile; it was checked when its pack was read.
    func pattern(forASCII isASCII: Bool) -> Pattern? {
        if isASCII {
            switch ascii {
            case .ready(let pattern): return pattern
            case .none: break
            case .untried:
                if let pattern = Pattern(forASCII: guarded) {
                    ascii = .ready(pattern)
                    return pattern
                }
                ascii = .none
            }
        }
        switch any {
        case .ready(let pattern): return pattern
        case .none: return nil
        case .untried:
            guard let pattern = (try? Pattern(guarded)) ?? (try? Pattern(source)) else {
                any = .none
                return nil
            }
            any = .ready(pattern)
            return pattern
        }
    }
}

/// The patterns of a rule.
final class CompiledRule {
    let own: PreparedPattern
    let under: PreparedPattern?

    init(own: PreparedPattern, under: PreparedPattern?) {
        self.own = own
        self.under = under
    }
}

/// An exception of a rule with its pattern.
final class CompiledException {
    let why: String
    let scope: Rule.Exception.Scope
    let prepared: PreparedPattern

    init(why: String, scope: Rule.Exception.Scope, prepared: PreparedPattern) {
        self.why = why
        self.scope = scope
        self.prepared = prepared
    }
}
