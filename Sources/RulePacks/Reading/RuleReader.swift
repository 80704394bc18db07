import LiteralSearch
import Memories

/// Reads one entry of `rules:`.
struct RuleReader {
    enum Outcome {
        case inForce(Rule)
        case switchedOff(RulePack.SwitchedOff)
    }

    var pack: PackIdentity
    var layer: RuleLayer
    var fragments: FragmentLibrary
    var packExceptions: [Rule.Exception]
    var strictness: Strictness
    var problems: Problems
    /// What patterns may call that stand in files which change the rule, by the name of the file.
    var libraries: [String: FragmentLibrary] = [:]

    /// Nil when the rule cannot be made; the problems have been told.
    func rule(_ mapping: YAMLMapping) -> Outcome? {
        for error in mapping.unknownKeys(known: PackFormat.ruleKeys) { problems.add(error.code, at: error.location) }
        let id = id(mapping)
        let isOn = isSwitchedOn(mapping)
        let category = problems.collect { () throws(RulePackError) in
            try name(mapping.required("category"), of: .category, as: MemoryCategory.self)
        }
        let (status, replacedBy) = status(mapping)
        let summary = text("summary", mapping)
        let (roles, tools) = readers(mapping)
        let keywords = keywords(mapping)
        let pattern = required("pattern", mapping).flatMap { composer($0, keywords).compose($0) }
        let under = mapping["under"].flatMap { composer($0, keywords).compose($0) }
        let fields = fields(mapping, captures: pattern?.captures)
        let templates = TemplateReader(fields: fields.map(\.name), problems: problems)
        let statement = required("statement", mapping).flatMap { templates.template($0) }
        let key = mapping["key"].flatMap { templates.template($0) }
        let importance = importance(mapping)
        let exceptions = mapping["exceptions"].map { self.exceptions($0, keywords: keywords) } ?? []
        let examples = ExampleReader(strictness: status == .deprecated ? .user : strictness, problems: problems)
            .examples(mapping)

        guard let id else { return nil }
        var rule: Rule?
        if let category, let summary, let pattern, let statement {
            rule = Rule(
                id: id, pack: pack, layer: layer, category: category, status: status, replacedBy: replacedBy,
                summary: summary,
                roles: roles, tools: tools, keywords: keywords, pattern: pattern.pattern, under: under?.pattern,
                fields: fields, statement: statement, key: key,
                importance: importance ?? category.defaultImportance, exceptions: exceptions + packExceptions,
                matchExamples: examples.match, rejectExamples: examples.reject, location: mapping.location)
        }
        if case .off(let why) = isOn {
            let place = mapping["enabled"]?.location ?? mapping.location
            return .switchedOff(.init(id: id, why: why, location: place, rule: rule))
        }
        return rule.map { .inForce($0) }
    }

    /// Of a pattern: it calls the fragments of the file that it stands in.
    private func composer(_ node: YAMLNode, _ keywords: [String]?) -> PatternComposer {
        PatternComposer(
            fragments: libraries[node.location.file] ?? fragments, keywords: keywords, problems: problems,
            isProven: strictness == .proven)
    }

    private enum Switch { case on, off(why: String) }

    private func isSwitchedOn(_ mapping: YAMLMapping) -> Switch {
        guard let node = mapping["enabled"],
            let isOn = problems.collect({ () throws(RulePackError) in try node.boolean() }), !isOn
        else {
            _ = mapping["why"].map { node in problems.collect { () throws(RulePackError) in try node.someText() } }
            return .on
        }
        guard let why = mapping["why"] else {
            problems.add(.switchedOffWithoutWhy, at: node.location)
            return .off(why: "")
        }
        return .off(why: problems.collect { () throws(RulePackError) in try why.someText() } ?? "")
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

    private func status(_ mapping: YAMLMapping) -> (Rule.Status, replacedBy: String?) {
        let node = mapping["status"]
        let status =
            node.flatMap { node in
                problems.collect { () throws(RulePackError) in try name(node, of: .status, as: Rule.Status.self) }
            } ?? .stable
        guard let successor = mapping["replaced_by"] else {
            if status == .deprecated, let node { problems.add(.deprecatedWithoutReplacement, at: node.location) }
            return (status, nil)
        }
        if status != .deprecated { problems.add(.replacedByOfRuleInForce, at: successor.location) }
        return (status, problems.collect { () throws(RulePackError) in try successor.someText() })
    }

    private func readers(_ mapping: YAMLMapping) -> (roles: Set<Role>, tools: Set<String>) {
        var roles: Set<Role> = []
        if let node = required("roles", mapping) {
            for item in items(node, mayBeEmpty: false) {
                let role = problems.collect { () throws(RulePackError) in try name(item, of: .role, as: Role.self) }
                if let role { roles.insert(role) }
            }
        }
        var tools: Set<String> = []
        if let node = mapping["tools"] {
            for item in items(node, mayBeEmpty: true) {
                if let tool = problems.collect({ () throws(RulePackError) in try item.someText() }) {
                    tools.insert(tool)
                }
            }
            if !roles.contains(.tool) { problems.add(.toolsWithoutToolRole, at: node.location) }
        }
        return (roles, tools)
    }

    /// Folded, each once, in the order of the file.
    private func keywords(_ mapping: YAMLMapping) -> [String] {
        var keywords: [String] = []
        for item in mapping["keywords"].map({ items($0, mayBeEmpty: true) }) ?? [] {
            guard let text = problems.collect({ () throws(RulePackError) in try item.someText() }) else { continue }
            let keyword = KeywordFolding.folded(keyword: text)
            if !keywords.contains(keyword) { keywords.append(keyword) }
        }
        return keywords
    }

    /// - Parameter captures: Nil when the pattern is at fault already.
    private func fields(_ mapping: YAMLMapping, captures: [String]?) -> [Rule.Field] {
        var fields: [Rule.Field] = []
        let node = mapping["fields"]
        let entries = node.flatMap { node in
            problems.collect { () throws(RulePackError) in try node.mapping().entries }
        }
        for entry in entries ?? [] {
            if entry.key == "sentence" {
                problems.add(.reservedFieldName(entry.key), at: entry.keyLocation)
            } else if !ValueSyntax.isFieldName(entry.key) {
                problems.add(.badValue(entry.key, of: .fieldName), at: entry.keyLocation)
            } else if let captures, !captures.contains(entry.key) {
                let nearest = nearestName(to: entry.key, in: captures)
                problems.add(.fieldWithoutCapture(entry.key, nearest: nearest), at: entry.keyLocation)
            }
            let kind = problems.collect { () throws(RulePackError) in
                try name(entry.value, of: .fieldKind, as: FieldKind.self)
            }
            fields.append(Rule.Field(name: entry.key, kind: kind ?? .text))
        }
        for capture in captures ?? [] where !fields.contains(where: { $0.name == capture }) {
            problems.add(.captureWithoutField(capture), at: node?.location ?? mapping.location)
        }
        return fields
    }

    private func importance(_ mapping: YAMLMapping) -> Importance? {
        guard let node = mapping["importance"] else { return nil }
        return problems.collect { () throws(RulePackError) in
            let inner = try node.mapping()
            try inner.check(known: PackFormat.importanceKeys)
            let base = try inner.required("base")
            let level = try base.integer()
            guard (1...5).contains(level) else {
                throw RulePackError(.outOfRange(key: "base", text: try base.text(), 1...5), at: base.location)
            }
            return Importance(clamping: level)
        }
    }

    /// The list `exceptions:` of a rule or of its pack.
    ///
    /// - Parameter keywords: Nil where there is no rule.
    func exceptions(_ node: YAMLNode, keywords: [String]?) -> [Rule.Exception] {
        items(node, mayBeEmpty: true).compactMap { item in
            guard let mapping = problems.collect({ () throws(RulePackError) in try item.mapping() }) else { return nil }
            let unknown = mapping.unknownKeys(known: PackFormat.exceptionKeys)
            for error in unknown { problems.add(error.code, at: error.location) }
            let why = text("why", mapping)
            let patterns = Rule.Exception.Scope.allCases.compactMap { scope in
                mapping[scope.rawValue].map { (scope, $0) }
            }
            guard patterns.count == 1 else {
                // A key that is spelled wrong may be the one that is missing.
                if unknown.isEmpty { problems.add(.exceptionScope(found: patterns.count), at: mapping.location) }
                return nil
            }
            guard let pattern = composer(patterns[0].1, keywords).compose(patterns[0].1), let why else { return nil }
            return Rule.Exception(
                why: why, scope: patterns[0].0, pattern: pattern.pattern, location: mapping.location)
        }
    }

    private func required(_ key: String, _ mapping: YAMLMapping) -> YAMLNode? {
        problems.collect { () throws(RulePackError) in try mapping.required(key) }
    }

    private func text(_ key: String, _ mapping: YAMLMapping) -> String? {
        problems.collect { () throws(RulePackError) in try mapping.required(key).someText() }
    }

    private func items(_ node: YAMLNode, mayBeEmpty: Bool) -> [YAMLNode] {
        guard let items = problems.collect({ () throws(RulePackError) in try node.list() }) else { return [] }
        if items.isEmpty, !mayBeEmpty { problems.add(.emptyValue(key: node.name), at: node.location) }
        return items
    }

    private func name<Value: RawRepresentable<String> & CaseIterable>(
        _ node: YAMLNode, of kind: RulePackError.NameKind, as type: Value.Type
    ) throws(RulePackError) -> Value {
        let text = try node.someText()
        if let value = Value(rawValue: text) { return value }
        let allowed = Value.allCases.map(\.rawValue)
        throw RulePackError(
            .unknownName(text, of: kind, allowed: allowed, nearest: nearestName(to: text, in: allowed)),
            at: node.location)
    }
}
