import Memories

/// Something by which memories can be grouped.
struct TopicLabel: Hashable {
    var kind: Topic.Kind
    var name: String

    /// Of a memory, each once: the subject of its key, its tags, the names in code and paths that it says, and the folders of
    /// these.
    static func labels(content: String, key: String?, tags: [String]) -> [TopicLabel] {
        var labels: [TopicLabel] = []
        if let subject = subject(key) { labels.append(TopicLabel(kind: .subject, name: subject)) }
        labels += tags.map { TopicLabel(kind: .tag, name: $0) }
        return labels + names(content).map { TopicLabel(kind: .name, name: $0) }
    }

    /// `config:api port` → `api`.
    private static func subject(_ key: String?) -> String? {
        guard let key, let colon = key.firstIndex(of: ":") else { return nil }
        return key[key.index(after: colon)...].split(whereSeparator: { " _./:-".contains($0) }).first.map(String.init)
    }

    private static func names(_ content: String) -> [String] {
        var names: [String] = []
        for name in SearchText.identifiers(content).split(separator: " ").map(String.init) {
            // Numbers with a measure and dates are no subjects.
            guard name.first?.isNumber != true else { continue }
            names.append(name)
            guard let slash = name.lastIndex(of: "/"), slash > name.startIndex, !name.holds("://") else { continue }
            names.append(String(name[..<slash]) + "/")
        }
        return Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

extension TopicLabel {
    /// By kind, then in the order of the bytes.
    static func precedes(_ a: TopicLabel, _ b: TopicLabel) -> Bool {
        a.kind != b.kind ? a.kind.rawValue < b.kind.rawValue : a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
    }
}
