import LiteralSearch
public import Memories

extension ScoringTable {
    /// The newest format of the file that this version reads.
    public static let format = 1

    /// Reads `scoring.yaml`.
    ///
    /// - Parameters:
    ///   - bytes: The file, as UTF-8. Any bytes are safe.
    ///   - file: The name used in locations; nothing is read from it.
    ///   - features: The names of the features that are not cues; every other name must be a cue of the file.
    /// - Throws: `RulePackErrors` with what is wrong.
    ///   - base: What holds where the file says nothing; nil when it must say everything.
    public init(
        parsing bytes: [UInt8], file: String, features: [String], over base: ScoringTable? = nil
    ) throws(RulePackErrors) {
        do {
            let root = try YAMLNode(parsing: bytes, file: file).mapping()
            self = try ScoringTableReader(root: root, features: features, base: base).table()
        } catch {
            throw RulePackErrors([error])
        }
    }
}

/// Decodes the mapping of `scoring.yaml`.
private struct ScoringTableReader {
    static let keys = [
        "format", "version", "threshold", "step", "floor", "limit", "overlap", "join", "bias", "cues", "weights",
        "categories",
        "importance",
    ]

    let root: YAMLMapping
    let features: [String]
    let base: ScoringTable?

    func table() throws(RulePackError) -> ScoringTable {
        try root.check(known: ScoringTableReader.keys)
        let format = try root.required("format")
        let number = try format.integer()
        guard number <= ScoringTable.format else {
            throw RulePackError(.newerFormat(found: number, supported: ScoringTable.format), at: format.location)
        }
        let cues = try cues()
        if let limit = try value("limit"), try !(1...1000).contains(limit.integer()) {
            throw RulePackError(.outOfRange(key: "limit", text: try limit.text(), 1...1000), at: limit.location)
        }
        let known = features + cues.map(\.featureName)
        guard known.count <= FeatureSet.capacity else {
            let room = 0...(FeatureSet.capacity - features.count)
            throw RulePackError(
                .outOfRange(key: "cues", text: "\(cues.count) families", room),
                at: root["cues"]?.location ?? root.location)
        }
        var table =
            base
            ?? ScoringTable(
                version: "", bias: ScoringTable.Weight(shared: 0), threshold: 0, maximumPerTranscript: 1, cues: [],
                weights: [:], categories: [:], importance: [:])
        table.cues = cues
        if let node = try value("version") { table.version = try node.someText() }
        if let node = try value("bias") { table.bias = try weight(node) }
        if let node = try value("threshold") { table.threshold = try thousandths(node) }
        if let node = root["step"] { table.thresholdStep = try thousandths(node) }
        if let node = root["floor"] { table.floor = try thousandths(node) }
        if let node = try value("limit") { table.maximumPerTranscript = try node.integer() }
        if let overlap = try overlap() { table.overlap = overlap }
        if let joining = try joining() { table.joining = joining }
        for entry in try value("weights")?.checked(known: known) ?? [] {
            table.weights[entry.key] = try weight(entry.value)
        }
        for entry in try value("categories")?.checked(known: MemoryCategory.allCases.map(\.rawValue)) ?? [] {
            guard let category = MemoryCategory(rawValue: entry.key) else { continue }
            var row = table.categories[category] ?? [:]
            for term in try entry.value.checked(known: known + ["bias"]) { row[term.key] = try thousandths(term.value) }
            table.categories[category] = row
        }
        for entry in try value("importance")?.checked(known: known + ["bias"]) ?? [] {
            table.importance[entry.key] = try thousandths(entry.value)
        }
        return table
    }

    /// Of a key that must be there unless something lies below.
    private func value(_ key: String) throws(RulePackError) -> YAMLNode? {
        if base != nil { return root[key] }
        return try root.required(key)
    }

    private func overlap() throws(RulePackError) -> ScoringTable.Overlap? {
        guard let node = root["overlap"] else { return nil }
        let mapping = try node.mapping()
        try mapping.check(known: ["free", "weight"])
        return ScoringTable.Overlap(
            free: try thousandths(mapping.required("free")), weight: try thousandths(mapping.required("weight")))
    }

    private func joining() throws(RulePackError) -> ScoringTable.Joining? {
        guard let node = root["join"] else { return nil }
        let mapping = try node.mapping()
        try mapping.check(known: ["threshold", "words"])
        let words = try mapping.required("words")
        guard try (1...1000).contains(words.integer()) else {
            throw RulePackError(.outOfRange(key: "words", text: try words.text(), 1...1000), at: words.location)
        }
        return ScoringTable.Joining(
            threshold: try thousandths(mapping.required("threshold")), words: try words.integer())
    }

    /// A family that is known below has other phrases then.
    private func cues() throws(RulePackError) -> [ScoringTable.Cue] {
        var cues = base?.cues ?? []
        let places = try value("cues")?.checked(known: ScoringTable.Cue.Place.allCases.map(\.rawValue)) ?? []
        for place in places {
            guard let cuePlace = ScoringTable.Cue.Place(rawValue: place.key) else { continue }
            for entry in try place.value.mapping().entries {
                var phrases: [String] = []
                for phrase in try entry.value.list() {
                    phrases.append(KeywordFolding.folded(keyword: try phrase.someText()))
                }
                let cue = ScoringTable.Cue(place: cuePlace, name: entry.key, phrases: phrases)
                if let known = cues.firstIndex(where: { $0.featureName == cue.featureName }) {
                    cues[known] = cue
                } else {
                    cues.append(cue)
                }
            }
        }
        return cues
    }

    /// A number for all roles, or a mapping `{all: …, user: …}`.
    private func weight(_ node: YAMLNode) throws(RulePackError) -> ScoringTable.Weight {
        guard node.shape == .mapping else { return ScoringTable.Weight(shared: try thousandths(node)) }
        var weight = ScoringTable.Weight(shared: 0)
        for entry in try node.checked(known: ["all"] + Role.allCases.map(\.rawValue)) {
            if let role = Role(rawValue: entry.key) {
                weight.extra[role] = try thousandths(entry.value)
            } else {
                weight.shared = try thousandths(entry.value)
            }
        }
        return weight
    }

    private func thousandths(_ node: YAMLNode) throws(RulePackError) -> Int {
        let value = (try node.number() * 1000).rounded()
        guard value.magnitude <= 1_000_000 else {
            throw RulePackError(.outOfRange(key: node.name, text: try node.text(), -1000...1000), at: node.location)
        }
        return Int(value)
    }
}

extension YAMLNode {
    /// The entries of a mapping whose keys are all known.
    fileprivate func checked(known: [String]) throws(RulePackError) -> [YAMLEntry] {
        let mapping = try mapping()
        try mapping.check(known: known)
        return mapping.entries
    }
}
