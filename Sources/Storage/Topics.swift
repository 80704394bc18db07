import Memories

/// What memories are about, as groups. Pure: the same memories in any order give the same groups.
public struct Topic: Sendable, Equatable {
    /// What the memories of a group share.
    public enum Kind: String, Sendable {
        /// The first word of their keys' subjects.
        case subject
        case tag
        /// A name in code or a path.
        case name
        /// Nothing: all that is left.
        case other
    }

    public var kind: Kind
    /// The shared subject, tag or name; empty for `other`.
    public var name: String
    /// The most important first, then the newest.
    public var memories: [StoredMemory]

    /// Groups memories by the subject of their key, else by tag, else by the name that most of them share. What stands alone
    /// goes to `other`, which comes last; else the largest group comes first.
    public static func topics(of memories: [StoredMemory]) -> [Topic] {
        var remaining = memories.sorted(by: order)
        var topics: [Topic] = []
        for (kind, labels) in [(Kind.subject, subject), (.tag, tags), (.name, names)]
            as [(Kind, (StoredMemory) -> [String])]
        {
            topics += group(&remaining, kind, labels)
        }
        topics.sort { a, b in
            a.memories.count != b.memories.count
                ? a.memories.count > b.memories.count
                : (a.name, a.kind.rawValue) < (b.name, b.kind.rawValue)
        }
        if !remaining.isEmpty { topics.append(Topic(kind: .other, name: "", memories: remaining)) }
        return topics
    }

    /// Takes the largest group out again and again; each memory goes into one.
    private static func group(
        _ remaining: inout [StoredMemory], _ kind: Kind, _ labels: (StoredMemory) -> [String]
    ) -> [Topic] {
        var members: [String: Set<Int>] = [:]
        let labelsOf = remaining.map(labels)
        for (index, labels) in labelsOf.enumerated() {
            for label in labels { members[label, default: []].insert(index) }
        }
        members = members.filter { $0.value.count > 1 }
        var taken: Set<Int> = []
        var topics: [Topic] = []
        // The largest last. Groups only get smaller: what has become so since it was put here, is put in again.
        var queue = members.map { Group(label: $0.key, count: $0.value.count) }.sorted(by: Group.isSmaller)
        while var largest = queue.popLast() {
            guard let indices = members[largest.label] else { continue }
            guard indices.count == largest.count else {
                largest.count = indices.count
                queue.insert(largest, at: Group.place(of: largest, in: queue))
                continue
            }
            topics.append(
                Topic(kind: kind, name: largest.label, memories: indices.sorted().map { remaining[$0] }))
            taken.formUnion(indices)
            // Only groups that share a member with this one get smaller.
            for label in Set(indices.flatMap { labelsOf[$0] }) {
                guard let left = members[label]?.subtracting(indices) else { continue }
                members[label] = left.count > 1 ? left : nil
            }
        }
        remaining = remaining.indices.filter { !taken.contains($0) }.map { remaining[$0] }
        return topics
    }

    private struct Group {
        var label: String
        var count: Int

        /// Of two as large the one whose label comes later.
        static func isSmaller(_ a: Group, _ b: Group) -> Bool {
            a.count != b.count ? a.count < b.count : b.label.utf8.lexicographicallyPrecedes(a.label.utf8)
        }

        static func place(of group: Group, in queue: [Group]) -> Int {
            var range = queue.startIndex..<queue.endIndex
            while !range.isEmpty {
                let middle = range.lowerBound + range.count / 2
                if isSmaller(queue[middle], group) {
                    range = middle + 1..<range.upperBound
                } else {
                    range = range.lowerBound..<middle
                }
            }
            return range.lowerBound
        }
    }

    private static func order(_ a: StoredMemory, _ b: StoredMemory) -> Bool {
        (b.importance, b.saidAt, b.id) < (a.importance, a.saidAt, a.id)
    }

    /// `config:api port` → `api`.
    private static func subject(_ memory: StoredMemory) -> [String] {
        guard let key = memory.key, let colon = key.firstIndex(of: ":") else { return [] }
        let subject = key[key.index(after: colon)...]
        let word = subject.split(whereSeparator: { " _./:-".contains($0) }).first
        return word.map { [String($0)] } ?? []
    }

    private static func tags(_ memory: StoredMemory) -> [String] { memory.tags }

    /// Names in code and paths, and the folders of these.
    private static func names(_ memory: StoredMemory) -> [String] {
        var names: [String] = []
        for name in SearchText.identifiers(memory.content).split(separator: " ").map(String.init) {
            // Numbers with a measure and dates are no subjects.
            guard name.first?.isNumber != true else { continue }
            names.append(name)
            guard let slash = name.lastIndex(of: "/"), slash > name.startIndex, !name.holds("://") else { continue }
            names.append(String(name[..<slash]) + "/")
        }
        return Array(Set(names)).sorted()
    }
}
