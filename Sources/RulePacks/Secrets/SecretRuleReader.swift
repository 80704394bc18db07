import LiteralSearch
import Memories

/// Reads one entry of `rules:` in a file of secret rules.
struct SecretRuleReader {
    var pack: PackIdentity
    var fragments: FragmentLibrary
    var packAllowances: [SecretRule.Allowance]
    var strictness: Strictness
    var problems: Problems

    /// Nil when the rule cannot be made; the problems have been told.
    func rule(_ mapping: YAMLMapping) -> SecretRule? {
        tellUnknownKeys(mapping, SecretPackFormat.ruleKeys)
        let id = id(mapping)
        let kind = kind(mapping)
        let summary = problems.collect { () throws(RulePackError) in try mapping.required("summary").someText() }
        let keywords = keywords(mapping)
        let composer = PatternComposer(
            fragments: fragments, keywords: keywords, problems: problems, isProven: strictness == .proven)
        let pattern = problems.collect { () throws(RulePackError) in try mapping.required("pattern") }
            .flatMap { composer.compose($0) }
        let reach = reach(mapping)
        let entropy = entropy(mapping)
        let own = mapping["allow"].map { allowances($0, composer: composer) } ?? []
        let takesThoseOfThePack =
            mapping["pack_allow"].flatMap { node in
                problems.collect { () throws(RulePackError) in try node.boolean() }
            } ?? true
        let examples = examples(mapping)
        guard let id, let kind, let summary, let pattern else { return nil }
        return SecretRule(
            id: id, pack: pack, kind: kind, summary: summary, keywords: keywords, reach: reach,
            pattern: pattern.pattern, entropy: entropy, allowances: own + (takesThoseOfThePack ? packAllowances : []),
            matchExamples: examples.match, rejectExamples: examples.reject, location: mapping.location)
    }

    /// The list `allow:` of a rule or of its pack.
    func allowances(_ node: YAMLNode, composer: PatternComposer) -> [SecretRule.Allowance] {
        items(node).compactMap { item in
            guard let mapping = problems.collect({ () throws(RulePackError) in try item.mapping() }) else { return nil }
            let unknown = mapping.unknownKeys(known: SecretPackFormat.allowanceKeys)
            for error in unknown { problems.add(error.code, at: error.location) }
            let why = problems.collect { () throws(RulePackError) in try mapping.required("why").someText() }
            let tests = mapping.entries.filter { $0.key != "why" && SecretPackFormat.allowanceKeys.contains($0.key) }
            guard tests.count == 1, let entry = tests.first else {
                // A key that is spelled wrong may be the one that is missing.
                if unknown.isEmpty { problems.add(.allowanceTests(found: tests.count), at: mapping.location) }
                return nil
            }
            guard let test = test(entry, composer: composer), let why else { return nil }
            return SecretRule.Allowance(why: why, test: test, location: mapping.location)
        }
    }

    private func test(_ entry: YAMLEntry, composer: PatternComposer) -> SecretRule.Allowance.Test? {
        switch entry.key {
        case "words": return .words(literals(entry.value))
        case "value": return composer.compose(entry.value).map { .value($0.pattern) }
        case "context": return composer.compose(entry.value).map { .context($0.pattern) }
        default: return nil
        }
    }

    private func id(_ mapping: YAMLMapping) -> String? {
        problems.collect { () throws(RulePackError) in
            let node = try mapping.required("id")
            let text = try node.someText()
            guard ValueSyntax.isIdentifier(text) else {
                throw RulePackError(.badValue(text, of: .identifier), at: node.location)
            }
            return text
        }
    }

    private func kind(_ mapping: YAMLMapping) -> String? {
        problems.collect { () throws(RulePackError) in
            let node = try mapping.required("kind")
            let text = try node.someText()
            guard SecretPackFormat.isKind(text) else {
                throw RulePackError(.badValue(text, of: .secretKind), at: node.location)
            }
            return text
        }
    }

    /// At least one: a rule that is asked on every line would make every text slow.
    private func keywords(_ mapping: YAMLMapping) -> [String] {
        guard let node = problems.collect({ () throws(RulePackError) in try mapping.required("keywords") }) else {
            return []
        }
        let count = problems.all.count
        let keywords = literals(node)
        if keywords.isEmpty, problems.all.count == count {
            problems.add(.emptyValue(key: "keywords"), at: node.location)
        }
        return keywords
    }

    /// Folded, each once, in the order of the file.
    private func literals(_ node: YAMLNode) -> [String] {
        var result: [String] = []
        for item in items(node) {
            guard let text = problems.collect({ () throws(RulePackError) in try item.someText() }) else { continue }
            let literal = KeywordFolding.folded(keyword: text)
            if !result.contains(literal) { result.append(literal) }
        }
        return result
    }

    private func reach(_ mapping: YAMLMapping) -> SecretRule.Reach {
        guard let node = mapping["reach"] else { return .line }
        return problems.collect { () throws(RulePackError) in
            let text = try node.someText()
            if let reach = SecretRule.Reach(rawValue: text) { return reach }
            let allowed = SecretRule.Reach.allCases.map(\.rawValue)
            throw RulePackError(
                .unknownName(text, of: .reach, allowed: allowed, nearest: nearestName(to: text, in: allowed)),
                at: node.location)
        } ?? .line
    }

    private func entropy(_ mapping: YAMLMapping) -> Int {
        guard let node = mapping["entropy"] else { return 0 }
        return problems.collect { () throws(RulePackError) in
            let value = try node.integer()
            guard SecretPackFormat.entropyRange.contains(value) else {
                throw RulePackError(
                    .outOfRange(key: "entropy", text: try node.text(), SecretPackFormat.entropyRange),
                    at: node.location)
            }
            return value
        } ?? 0
    }

    // MARK: - Examples

    private func examples(
        _ rule: YAMLMapping
    ) -> (match: [SecretRule.MatchExample], reject: [SecretRule.RejectExample]) {
        if strictness == .proven { return ([], []) }
        let mapping = rule["examples"].flatMap { node in
            problems.collect { () throws(RulePackError) in try node.mapping() }
        }
        if let mapping { tellUnknownKeys(mapping, SecretPackFormat.examplesKeys) }
        let match = entries("match", mapping, of: rule) { entry throws(RulePackError) in
            try entry.check(known: SecretPackFormat.matchExampleKeys)
            return SecretRule.MatchExample(
                text: try entry.required("text").someText(), redacted: try entry.required("redacted").someText(),
                location: entry.location)
        }
        let reject = entries("reject", mapping, of: rule) { entry throws(RulePackError) in
            try entry.check(known: SecretPackFormat.rejectExampleKeys)
            return SecretRule.RejectExample(
                text: try entry.required("text").someText(), why: try entry.required("why").someText(),
                location: entry.location)
        }
        return (match, reject)
    }

    private func entries<Example>(
        _ key: String, _ examples: YAMLMapping?, of rule: YAMLMapping,
        _ read: (YAMLMapping) throws(RulePackError) -> Example
    ) -> [Example] {
        let list = examples?[key].map(items) ?? []
        if strictness == .builtIn, list.isEmpty {
            problems.add(
                .tooFewExamples(kind: key, found: 0, needed: 1),
                at: examples?[key]?.location ?? examples?.location ?? rule.location)
        }
        return list.compactMap { node in
            problems.collect { () throws(RulePackError) in try read(try node.mapping()) }
        }
    }

    private func items(_ node: YAMLNode) -> [YAMLNode] {
        problems.collect { () throws(RulePackError) in try node.list() } ?? []
    }

    private func tellUnknownKeys(_ mapping: YAMLMapping, _ known: [String]) {
        for error in mapping.unknownKeys(known: known) { problems.add(error.code, at: error.location) }
    }
}
