import Memories

/// Reads the top level of a pack.
struct PackReader {
    var root: YAMLMapping
    var strictness: Strictness
    var layer: RuleLayer
    var problems: Problems

    /// Nil, or not to be used, when there are problems.
    func pack() -> RulePack? {
        guard isOurFormat() else { return nil }
        checkKeys()
        let name = identifier()
        let version = version()
        let summary = problems.collect { () throws(RulePackError) in try root.required("summary").someText() }
        let language = language()
        // The weights of words were fitted on English: a rule for another language has to stand by itself.
        let layer = layer == .builtIn && language != nil ? RuleLayer.domain : layer
        let fragments = fragments()
        let identity = PackIdentity(name: name?.text ?? "", version: version ?? "")
        var rules = RuleReader(
            pack: identity, layer: layer, fragments: fragments, packExceptions: [], strictness: strictness,
            problems: problems)
        if let list = root["exceptions"] {
            rules.packExceptions = rules.exceptions(list, keywords: nil)
        }
        let drafts = readRules(rules)
        let changes = OverrideReader(problems: problems)
        let overrides = root["overrides"].map(changes.overrides) ?? []
        let pins = root["pin"].map(changes.pins) ?? []
        guard let name, version != nil, let summary else { return nil }
        var pack = RulePack(
            identity: identity, summary: summary, language: language, layer: layer, drafts: drafts,
            fragments: fragments, exceptions: rules.packExceptions, location: name.location)
        pack.overrides = overrides
        pack.pins = pins
        return pack
    }

    /// A newer format is told alone: whatever else looks wrong may be right there.
    private func isOurFormat() -> Bool {
        let format = problems.collect { () throws(RulePackError) -> Int in
            let node = try root.required("format")
            let format = try node.integer()
            guard format >= 1 else {
                throw RulePackError(
                    .outOfRange(key: "format", text: try node.text(), 1...PackFormat.newest), at: node.location)
            }
            guard format <= PackFormat.newest else {
                throw RulePackError(.newerFormat(found: format, supported: PackFormat.newest), at: node.location)
            }
            return format
        }
        if case .newerFormat? = problems.all.last?.code, format == nil { return false }
        return true
    }

    private func checkKeys() {
        for error in root.unknownKeys(known: PackFormat.packKeys) {
            if case .unknownKey("groups", _, _) = error.code {
                problems.add(.groupsAreOverrides, at: error.location)
            } else {
                problems.add(error.code, at: error.location)
            }
        }
    }

    private func identifier() -> (text: String, location: SourceLocation)? {
        problems.collect { () throws(RulePackError) in
            let node = try root.required("pack")
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

    private func language() -> String? {
        guard let node = root["language"] else { return nil }
        return problems.collect { () throws(RulePackError) in
            let text = try node.someText()
            guard ValueSyntax.isLanguage(text) else {
                throw RulePackError(.badValue(text, of: .language), at: node.location)
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

    private func readRules(_ reader: RuleReader) -> [RuleDraft] {
        var drafts: [RuleDraft] = []
        var places: [String: SourceLocation] = [:]
        // A pack that only changes others needs no empty list.
        if root["rules"] == nil, root["overrides"] != nil { return [] }
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
            switch reader.rule(mapping) {
            case .inForce(var rule):
                if strictness != .proven { rule.origins = RuleDraft.origins(mapping, layer: layer) }
                drafts.append(RuleDraft(id: rule.id, mapping: mapping, outcome: .inForce(rule)))
            case .switchedOff(let rule):
                drafts.append(RuleDraft(id: rule.id, mapping: mapping, outcome: .switchedOff(rule)))
            case nil: break
            }
        }
        return drafts
    }
}
