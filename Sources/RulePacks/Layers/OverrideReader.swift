import Memories

/// Reads `overrides:` and `pin:` of a pack. Whether the values suit is told when they are applied, where the rules are known.
struct OverrideReader {
    var problems: Problems

    func overrides(_ node: YAMLNode) -> [RuleOverride] {
        let list = problems.collect { () throws(RulePackError) in try node.list() }
        var places: [RuleOverride.Target: SourceLocation] = [:]
        return (list ?? []).compactMap { item in
            guard let mapping = problems.collect({ () throws(RulePackError) in try item.mapping() }),
                let read = override(mapping)
            else { return nil }
            if let first = places[read.target], case .rule(let id) = read.target {
                problems.add(.duplicateName(id, of: .override, firstDefinedAt: first), at: read.targetLocation)
                return nil
            }
            places[read.target] = read.targetLocation
            return read
        }
    }

    /// Only what switches rules off, of a pack that nobody has confirmed; the rest is passed over in silence.
    static func switches(_ root: YAMLMapping) -> [RuleOverride] {
        let reader = OverrideReader(problems: Problems())
        let list = (try? root["overrides"]?.list()) ?? []
        return list.compactMap { item in
            guard let mapping = try? item.mapping(), let read = reader.override(mapping), read.switchesOff else {
                return nil
            }
            var override = read
            override.changes.removeAll { !["enabled", "why"].contains($0.key) }
            override.keys = override.changes.map(\.key)
            return override
        }
    }

    func pins(_ node: YAMLNode) -> [PackPin] {
        let entries = problems.collect { () throws(RulePackError) in try node.mapping().entries }
        return (entries ?? []).compactMap { entry in
            problems.collect { () throws(RulePackError) in
                let version = try entry.value.someText()
                guard ValueSyntax.isVersion(version) else {
                    throw RulePackError(.badValue(version, of: .version), at: entry.value.location)
                }
                return PackPin(pack: entry.key, version: version, location: entry.keyLocation)
            }
        }
    }

    // MARK: -

    /// Nil when it can't be applied; the problems have been told.
    private func override(_ mapping: YAMLMapping) -> RuleOverride? {
        let before = problems.all.count
        guard let (target, location) = target(mapping) else { return nil }
        let changes = mapping.entries.filter { !["id", "pack"].contains($0.key) }
        let known = PackFormat.overrideKeys
        for error in mapping.unknownKeys(known: known) { problems.add(error.code, at: error.location) }
        for entry in changes where known.contains(entry.key) {
            if case .rule = target {
            } else if !PackFormat.groupKeys.contains(entry.key) {
                problems.add(.notForGroups(key: entry.key), at: entry.keyLocation)
            }
            if entry.key == "examples" {
                checkExamples(entry.value)
            } else if entry.key == "without" {
                checkRemovals(entry.value, besides: changes)
            } else if PackFormat.listKeys.contains(entry.key) {
                checkList(entry.value)
            }
        }
        let isOn = mapping["enabled"].flatMap { node in
            problems.collect { () throws(RulePackError) in try node.boolean() }
        }
        let why = mapping["why"].flatMap { node in
            problems.collect { () throws(RulePackError) in try node.someText() }
        }
        if isOn == false, mapping["why"] == nil, let node = mapping["enabled"] {
            problems.add(.switchedOffWithoutWhy, at: node.location)
        }
        if !changes.contains(where: { $0.key != "why" }) { problems.add(.overrideChangesNothing, at: mapping.location) }
        guard problems.all.count == before else { return nil }
        return RuleOverride(
            target: target, keys: changes.map(\.key), switchesOff: isOn == false, why: why,
            location: mapping.location, changes: changes, targetLocation: location)
    }

    private func target(_ mapping: YAMLMapping) -> (RuleOverride.Target, SourceLocation)? {
        problems.collect { () throws(RulePackError) in
            if let node = mapping["pack"] {
                if let id = mapping["id"] { throw RulePackError(.overrideTargets, at: id.location) }
                return (.pack(try node.someText()), node.location)
            }
            let node = try mapping.required("id")
            let text = try node.someText()
            return (text.utf8.contains(UInt8(ascii: "*")) ? .group(text) : .rule(text), node.location)
        }
    }

    /// A list of keys; none of them is set by the same override.
    private func checkRemovals(_ node: YAMLNode, besides changes: [YAMLEntry]) {
        guard let items = problems.collect({ () throws(RulePackError) in try node.list() }) else { return }
        if items.isEmpty { problems.add(.emptyValue(key: node.name), at: node.location) }
        for item in items {
            guard let name = problems.collect({ () throws(RulePackError) in try item.someText() }) else { continue }
            let known = PackFormat.removableKeys
            if !known.contains(name) {
                let nearest = nearestName(to: name, in: known)
                problems.add(.unknownName(name, of: .removableKey, allowed: known, nearest: nearest), at: item.location)
            } else if let set = changes.first(where: { $0.key == name }) {
                problems.add(.setAndRemoved(key: name), at: set.keyLocation)
            }
        }
    }

    private func checkExamples(_ node: YAMLNode) {
        guard let mapping = problems.collect({ () throws(RulePackError) in try node.mapping() }) else { return }
        for error in mapping.unknownKeys(known: PackFormat.examplesKeys) {
            problems.add(error.code, at: error.location)
        }
        for entry in mapping.entries where PackFormat.examplesKeys.contains(entry.key) { checkList(entry.value) }
    }

    /// A list is changed by `add` and `remove`, each a list; what is removed is named by its text.
    private func checkList(_ node: YAMLNode) {
        guard node.shape == .mapping else {
            return problems.add(.listWithoutAddAndRemove(key: node.name), at: node.location)
        }
        guard let mapping = problems.collect({ () throws(RulePackError) in try node.mapping() }) else { return }
        for error in mapping.unknownKeys(known: PackFormat.listChangeKeys) {
            problems.add(error.code, at: error.location)
        }
        var count = 0
        for key in PackFormat.listChangeKeys {
            guard let value = mapping[key],
                let items = problems.collect({ () throws(RulePackError) in try value.list() })
            else { continue }
            count += items.count
            guard key == "remove" else { continue }
            for item in items { _ = problems.collect { () throws(RulePackError) in try item.someText() } }
        }
        if mapping.entries.isEmpty || (count == 0 && mapping.unknownKeys(known: PackFormat.listChangeKeys).isEmpty) {
            problems.add(.emptyValue(key: node.name), at: node.location)
        }
    }
}
