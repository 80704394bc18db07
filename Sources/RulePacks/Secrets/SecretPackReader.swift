import Memories

/// Reads the top level of a file of secret rules.
struct SecretPackReader {
    var root: YAMLMapping
    var strictness: Strictness
    var problems: Problems

    /// Nil, or not to be used, when there are problems.
    func pack() -> SecretPack? {
        guard isOurFormat() else { return nil }
        for error in root.unknownKeys(known: SecretPackFormat.packKeys) { problems.add(error.code, at: error.location) }
        let name = name()
        let version = version()
        let summary = problems.collect { () throws(RulePackError) in try root.required("summary").someText() }
        let fragments = fragments()
        var reader = SecretRuleReader(
            pack: PackIdentity(name: name?.text ?? "", version: version ?? ""), fragments: fragments,
            packAllowances: [], strictness: strictness, problems: problems)
        if let node = root["allow"] {
            reader.packAllowances = reader.allowances(
                node,
                composer: PatternComposer(
                    fragments: fragments, keywords: nil, problems: problems, isProven: strictness == .proven))
        }
        let rules = rules(reader)
        guard let name, let version, let summary else { return nil }
        return SecretPack(
            identity: PackIdentity(name: name.text, version: version), summary: summary, rules: rules,
            location: name.location)
    }

    /// A newer format is told alone: whatever else looks wrong may be right there.
    private func isOurFormat() -> Bool {
        let newest = SecretPackFormat.newest
        _ = problems.collect { () throws(RulePackError) in
            let node = try root.required("format")
            let format = try node.integer()
            guard format >= 1 else {
                throw RulePackError(.outOfRange(key: "format", text: try node.text(), 1...newest), at: node.location)
            }
            guard format <= newest else {
                throw RulePackError(.newerFormat(found: format, supported: newest), at: node.location)
            }
        }
        if case .newerFormat? = problems.all.last?.code { return false }
        return true
    }

    private func name() -> (text: String, location: SourceLocation)? {
        problems.collect { () throws(RulePackError) in
            let node = try root.required("secrets")
            let text = try node.someText()
            guard ValueSyntax.isIdentifier(text) else {
                throw RulePackError(.badValue(text, of: .identifier), at: node.location)
            }
            return (text, node.location)
        }
    }

    private func version() -> String? {
        problems.collect { () throws(RulePackError) in
            let node = try root.required("version")
            let text = try node.someText()
            guard ValueSyntax.isVersion(text) else {
                throw RulePackError(.badValue(text, of: .version), at: node.location)
            }
            return text
        }
    }

    private func fragments() -> FragmentLibrary {
        guard let node = root["fragments"],
            let mapping = problems.collect({ () throws(RulePackError) in try node.mapping() })
        else { return FragmentLibrary() }
        return FragmentLibrary(mapping, problems: problems, isProven: strictness == .proven)
    }

    private func rules(_ reader: SecretRuleReader) -> [SecretRule] {
        var rules: [SecretRule] = []
        var places: [String: SourceLocation] = [:]
        let list = problems.collect { () throws(RulePackError) in try root.required("rules").list() }
        for node in list ?? [] {
            guard let mapping = problems.collect({ () throws(RulePackError) in try node.mapping() }) else { continue }
            if let id = mapping["id"], let text = try? id.text() {
                if let first = places[text] {
                    problems.add(.duplicateName(text, of: .rule, firstDefinedAt: first), at: id.location)
                } else {
                    places[text] = id.location
                }
            }
            if let rule = reader.rule(mapping) { rules.append(rule) }
        }
        return rules
    }
}
