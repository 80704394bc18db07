import Memories
import PCRE2

/// Makes patterns that stand alone: what they call is defined in front of them, and they compile.
struct PatternComposer {
    var fragments: FragmentLibrary
    /// Of the rule, folded; nil where there is no rule, so that `(?&KEYWORD)` means nothing.
    var keywords: [String]?
    var problems: Problems
    /// Whether the pattern is known to compile and to call only what exists.
    var isProven = false

    struct Result {
        var pattern: ComposedPattern
        /// Named groups of the user's own text, in their order. Names in capitals are helpers and left out.
        var captures: [String]
        /// Groups of the user's own text, named or not.
        var ownGroups: Int
    }

    /// Nil when something is wrong; the problems have been told.
    func compose(_ node: YAMLNode) -> Result? {
        guard
            let text = problems.collect({ () throws(RulePackError) in try node.someText() }),
            let scalar = try? node.scalar()
        else { return nil }
        let scan = PatternScan(text)
        let prefix = prefix(scan)
        if !prefix.isEmpty, let reference = scan.numericReferences.first {
            problems.add(.numericReference(reference.text), at: scalar.location(ofByte: reference.offset))
            return nil
        }
        if isProven {
            var captures: [String] = []
            for name in scan.definitions.map(\.text) where !ValueSyntax.isFragmentName(name) && !captures.contains(name)
            {
                captures.append(name)
            }
            let pattern = ComposedPattern(
                source: prefix + text, prefixLength: prefix.utf8.count, location: scalar.location(ofByte: 0))
            return Result(pattern: pattern, captures: captures, ownGroups: 0)
        }
        let calls = scan.calls.map(\.text) + fragments.needed(by: scan.calls.map(\.text)).flatMap(\.calls)
        guard !calls.contains(where: fragments.broken.contains) else { return nil }
        do {
            let compiled = try Pattern(prefix + text)
            let pattern = ComposedPattern(
                source: prefix + text, prefixLength: prefix.utf8.count, location: scalar.location(ofByte: 0))
            return Result(
                pattern: pattern, captures: try captures(of: compiled, prefix: prefix, scan: scan),
                ownGroups: compiled.captureCount - (try groups(inPrefix: prefix, scan: scan)))
        } catch {
            tell(error, key: node.name, scalar: scalar, scan: scan, prefix: prefix)
            return nil
        }
    }

    /// Fragments take the flags of the rule: its leading options stand before the definitions as well.
    private func prefix(_ scan: PatternScan) -> String {
        let needed = fragments.needed(by: scan.calls.map(\.text))
        var definitions = needed.map { fragment in
            // A comment at the end of the fragment must not swallow the parenthesis.
            let end = scan.isExtended || fragment.isExtended ? "\n)" : ")"
            return "(?<" + fragment.name + ">" + fragment.text + end
        }
        if definesKeywords(scan, needed), let keywords {
            definitions.append(KeywordPattern.definition(keywords))
        }
        guard !definitions.isEmpty else { return "" }
        return scan.leadingOptions + "(?(DEFINE)" + definitions.joined() + ")"
    }

    /// Whether the pattern, or a fragment that it needs, calls the keywords.
    private func definesKeywords(_ scan: PatternScan, _ needed: [FragmentLibrary.Fragment]) -> Bool {
        guard let keywords, !keywords.isEmpty else { return false }
        return scan.calls.contains { $0.text == "KEYWORD" } || needed.contains { $0.calls.contains("KEYWORD") }
    }

    private func captures(of pattern: Pattern, prefix: String, scan: PatternScan) throws(PatternError) -> [String] {
        let before = try groups(inPrefix: prefix, scan: scan)
        var named: [(number: Int, name: String)] = []
        for (name, numbers) in pattern.groups where !ValueSyntax.isFragmentName(name) {
            if let first = numbers.first(where: { $0 > before }) { named.append((first, name)) }
        }
        return named.sorted { $0.number < $1.number }.map(\.name)
    }

    /// Compiling the prefix alone would tell, but costs as much as the pattern; what is known of its parts is added up.
    private func groups(inPrefix prefix: String, scan: PatternScan) throws(PatternError) -> Int {
        guard !prefix.isEmpty else { return 0 }
        let counts = fragments.needed(by: scan.calls.map(\.text)).map { fragments.groups[$0.name] }
        // `(?n)` turns plain groups off, in fragments too.
        if !counts.contains(nil), !scan.leadingOptions.contains("n") {
            let keywordGroups = definesKeywords(scan, fragments.needed(by: scan.calls.map(\.text))) ? 1 : 0
            return counts.reduce(keywordGroups) { $0 + ($1 ?? 0) }
        }
        return try Pattern(prefix).captureCount
    }

    private func tell(_ error: PatternError, key: String, scalar: YAMLScalar, scan: PatternScan, prefix: String) {
        if error.isUnknownGroup, let unknown = unknownCall(scan) {
            let location = scalar.location(ofByte: unknown.offset)
            guard unknown.text != "KEYWORD" else { return problems.add(.noKeywordsToCall, at: location) }
            let nearest = nearestName(to: unknown.text, in: fragments.names + ["KEYWORD"])
            let code = RulePackError.Code.unknownName(
                unknown.text, of: .fragment, allowed: fragments.names, nearest: nearest)
            return problems.add(code, at: location)
        }
        // A fragment that goes wrong under these flags may be noticed only behind the prefix.
        for call in scan.calls {
            guard let reason = failure(of: call.text, options: scan) else { continue }
            return problems.add(
                .fragmentDoesNotCompileHere(call.text, reason: reason), at: scalar.location(ofByte: call.offset))
        }
        problems.add(
            .patternDoesNotCompile(key: key, reason: error.message),
            at: scalar.location(ofByte: max(0, error.offset - prefix.utf8.count)))
    }

    /// Why a fragment that is sound alone does not compile behind these options; nil when it does.
    private func failure(of name: String, options: PatternScan) -> String? {
        guard fragments.fragments[name] != nil else { return nil }
        do {
            _ = try Pattern(prefix(PatternScan("\(options.leadingOptions)(?&\(name))")))
            return nil
        } catch {
            return error.message
        }
    }

    private func unknownCall(_ scan: PatternScan) -> PatternScan.Name? {
        scan.calls.first { call in
            let isKeyword = call.text == "KEYWORD" && !(keywords ?? []).isEmpty
            return !isKeyword && fragments.fragments[call.text] == nil
                && !scan.definitions.contains { $0.text == call.text }
        }
    }
}
