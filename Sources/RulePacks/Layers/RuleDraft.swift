import LiteralSearch
import Memories

/// A rule as its file has it and as the layers above have changed it so far.
struct RuleDraft: Sendable {
    let id: String
    /// Of its id.
    let location: SourceLocation
    /// Which pack it stands in, by the order of packs.
    var pack = 0
    /// What the reader made of it last.
    var outcome: RuleReader.Outcome
    private(set) var mapping: YAMLMapping
    private(set) var origins: [RuleOrigin] = []
    /// What patterns of the files that changed it may call.
    private(set) var libraries: [String: FragmentLibrary] = [:]
    /// The `why` of exceptions of its pack that do not hold for it any more.
    private(set) var withoutPackExceptions: Set<String> = []
    /// The last entry that changed what the rule reads; nil when none did.
    private(set) var changedAt: SourceLocation?

    init(id: String, mapping: YAMLMapping, outcome: RuleReader.Outcome) {
        self.id = id
        self.mapping = mapping
        self.outcome = outcome
        location = mapping["id"]?.location ?? mapping.location
    }

    /// Entries that were to be removed: those that are found are taken off the list.
    typealias Missing = [(entry: YAMLNode, isKey: Bool, nearest: String?)]

    /// - Parameters:
    ///   - base: The pack of the rule.
    ///   - pack: The pack that changes it.
    /// - Returns: What should have been removed and was not there.
    mutating func apply(_ override: RuleOverride, of pack: RulePack, to base: RulePack) -> Missing {
        if origins.isEmpty { origins = RuleDraft.origins(mapping, layer: base.layer) }
        var missing: Missing = []
        for entry in override.changes {
            if entry.key == "status", override.isOfMany, isDeprecated {
                // A group is about rules in force; one that is meant to come back is named.
                continue
            } else if entry.key == "without" {
                missing += remove(entry.value, pack)
            } else if entry.key == "examples" {
                for list in (try? entry.value.mapping().entries) ?? [] {
                    missing += change(list.value, under: ["examples", list.key], base, pack)
                }
            } else if PackFormat.listKeys.contains(entry.key) {
                missing += change(entry.value, under: [entry.key], base, pack)
            } else {
                if entry.key == "status", (try? entry.value.text()) != Rule.Status.deprecated.rawValue {
                    // The successor belongs to the status that is given up.
                    mapping = mapping.setting("replaced_by", to: nil)
                }
                mapping = mapping.setting(entry.key, to: entry.value)
                origins.append(
                    RuleOrigin(key: entry.key, change: .set, layer: pack.layer, location: entry.keyLocation))
            }
        }
        if override.keys.contains(where: { !PackFormat.keysBesideReading.contains($0) }) {
            changedAt = override.location
        }
        libraries[override.location.file] = base.fragments.extended(by: pack.fragments)
        return missing
    }

    // MARK: -

    private var isDeprecated: Bool {
        (try? mapping["status"]?.text()) == Rule.Status.deprecated.rawValue
    }

    /// Takes keys away, and with a key what examples say of it.
    private mutating func remove(_ node: YAMLNode, _ pack: RulePack) -> Missing {
        var missing: Missing = []
        for item in (try? node.list()) ?? [] {
            guard let key = try? item.text() else { continue }
            guard mapping[key] != nil else {
                missing.append((item, true, nil))
                continue
            }
            mapping = mapping.setting(key, to: nil)
            if key == "key", let examples = mapping.node(["examples", "match"]), let items = try? examples.list() {
                let bare = items.map { example in
                    guard let fields = try? example.mapping() else { return example }
                    return YAMLNode(
                        name: example.name, content: .mapping(fields.setting("key", to: nil).entries),
                        location: example.location)
                }
                mapping = mapping.setting(["examples", "match"], toList: bare, at: examples.location)
            }
            origins.append(RuleOrigin(key: key, change: .removed(key), layer: pack.layer, location: item.location))
        }
        return missing
    }

    /// Adds and removes entries of one list.
    private mutating func change(
        _ node: YAMLNode, under path: [String], _ base: RulePack, _ pack: RulePack
    ) -> Missing {
        let key = path.joined(separator: ".")
        guard let changes = try? node.mapping() else { return [] }
        var items = (try? mapping.node(path)?.list()) ?? []
        var missing: Missing = []
        for removed in (try? changes["remove"]?.list()) ?? [] {
            guard let text = try? removed.someText() else { continue }
            let name = RuleDraft.folded(text, key)
            let known = items.compactMap { RuleDraft.name(of: $0, key) }
            let isOfPack = key == "exceptions" && base.exceptions.contains { $0.why == text }
            if isOfPack { withoutPackExceptions.insert(text) }
            guard isOfPack || known.contains(name) else {
                let names = known + (key == "exceptions" ? base.exceptions.map(\.why) : [])
                missing.append((removed, false, nearestName(to: name, in: names)))
                continue
            }
            items.removeAll { RuleDraft.name(of: $0, key) == name }
            origins.append(
                RuleOrigin(key: key, change: .removed(text), layer: pack.layer, location: removed.location))
        }
        for added in (try? changes["add"]?.list()) ?? [] {
            // Messages name the list, not the word `add`.
            items.append(YAMLNode(name: path.last ?? key, content: added.content, location: added.location))
            guard let text = RuleDraft.name(of: added, key) else { continue }
            origins.append(RuleOrigin(key: key, change: .added(text), layer: pack.layer, location: added.location))
        }
        mapping = mapping.setting(path, toList: items, at: node.location)
        return missing
    }

    /// What tells an entry of a list from the others; nil when it has no such text, which the reader tells.
    private static func name(of item: YAMLNode, _ key: String) -> String? {
        switch key {
        case "exceptions": try? item.mapping()["why"]?.text()
        case "examples.match", "examples.reject": try? item.mapping()["text"]?.text()
        default: (try? item.text()).map { folded($0, key) }
        }
    }

    private static func folded(_ text: String, _ key: String) -> String {
        key == "keywords" ? KeywordFolding.folded(keyword: text) : text
    }

    /// Of everything that the rule's own file says.
    static func origins(_ mapping: YAMLMapping, layer: RuleLayer) -> [RuleOrigin] {
        mapping.entries.flatMap { entry -> [RuleOrigin] in
            guard entry.key == "examples", let lists = try? entry.value.mapping().entries else {
                return [RuleOrigin(key: entry.key, change: .set, layer: layer, location: entry.keyLocation)]
            }
            return lists.map {
                RuleOrigin(key: "examples.\($0.key)", change: .set, layer: layer, location: $0.keyLocation)
            }
        }
    }
}

extension YAMLMapping {
    fileprivate func node(_ path: [String]) -> YAMLNode? {
        guard let first = path.first, let node = self[first] else { return nil }
        return path.count == 1 ? node : (try? node.mapping())?.node(Array(path.dropFirst()))
    }

    /// The same mapping with another value of a key, or without it.
    fileprivate func setting(_ key: String, to value: YAMLNode?) -> YAMLMapping {
        var entries = entries
        let index = entries.firstIndex { $0.key == key }
        switch (index, value) {
        case (let index?, let value?): entries[index] = YAMLEntry(key: key, keyLocation: value.location, value: value)
        case (let index?, nil): entries.remove(at: index)
        case (nil, let value?): entries.append(YAMLEntry(key: key, keyLocation: value.location, value: value))
        case (nil, nil): break
        }
        return YAMLMapping(name: name, location: location, entries: entries)
    }

    fileprivate func setting(_ path: [String], toList items: [YAMLNode], at location: SourceLocation) -> YAMLMapping {
        guard let key = path.first else { return self }
        let place = self[key]?.location ?? location
        if path.count == 1 {
            return setting(key, to: YAMLNode(name: key, content: .sequence(items), location: place))
        }
        let inner = (try? self[key]?.mapping()) ?? YAMLMapping(name: key, location: place, entries: [])
        let changed = inner.setting(Array(path.dropFirst()), toList: items, at: location)
        return setting(key, to: YAMLNode(name: key, content: .mapping(changed.entries), location: place))
    }
}
