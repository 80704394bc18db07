public import Memories

/// A group of memories that are about one thing.
public struct Topic: Sendable, Equatable {
    /// What the memories of a group share.
    public enum Kind: String, Sendable, CaseIterable {
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
    public var ids: [Int]
    /// How many of each category.
    public var categories: [MemoryCategory: Int]
    /// What the first one says.
    public var first: String
}

/// Memories grouped by the subject of their key, else by tag, else by the name that most of them share. Pure: the same labels
/// in any order give the same groups.
struct TopicGrouping {
    struct Group: Equatable {
        var kind: Topic.Kind
        var name: String
        /// Places in the order of the memories.
        var members: [Int]
    }

    /// What the groups can be named after.
    let labels: [TopicLabel]
    /// Numbers of the labels of each memory.
    let labelsOf: [[Int]]

    /// The largest group first; what stands alone comes last, in a group of its own.
    func groups() -> [Group] {
        var isTaken = [Bool](repeating: false, count: labelsOf.count)
        var groups: [Group] = []
        for kind in [Topic.Kind.subject, .tag, .name] { groups += take(kind, &isTaken) }
        groups.sort { a, b in
            a.members.count != b.members.count
                ? a.members.count > b.members.count
                : a.name != b.name
                    ? a.name.utf8.lexicographicallyPrecedes(b.name.utf8) : a.kind.rawValue < b.kind.rawValue
        }
        let rest = isTaken.indices.filter { !isTaken[$0] }
        return rest.isEmpty ? groups : groups + [Group(kind: .other, name: "", members: rest)]
    }

    /// Takes the largest group out again and again; each memory goes into one.
    private func take(_ kind: Topic.Kind, _ isTaken: inout [Bool]) -> [Group] {
        var members: [[Int]] = Array(repeating: [], count: labels.count)
        for (memory, own) in labelsOf.enumerated() where !isTaken[memory] {
            for label in own where labels[label].kind == kind { members[label].append(memory) }
        }
        var sizes = members.map(\.count)
        var groups: [Group] = []
        // The largest last. Groups only get smaller: what has become so since it was put here, is put in again.
        var queue = sizes.indices.filter { sizes[$0] > 1 }.map { Waiting(label: $0, size: sizes[$0]) }
        queue.sort(by: isSmaller)
        while var largest = queue.popLast() {
            let size = sizes[largest.label]
            guard size > 1 else { continue }
            guard size == largest.size else {
                largest.size = size
                queue.insert(largest, at: place(of: largest, in: queue))
                continue
            }
            let taken = members[largest.label].filter { !isTaken[$0] }
            groups.append(Group(kind: kind, name: labels[largest.label].name, members: taken))
            for memory in taken {
                isTaken[memory] = true
                for label in labelsOf[memory] where labels[label].kind == kind { sizes[label] -= 1 }
            }
        }
        return groups
    }

    private struct Waiting {
        var label: Int
        var size: Int
    }

    /// Of two as large the one whose name comes later.
    private func isSmaller(_ a: Waiting, _ b: Waiting) -> Bool {
        a.size != b.size
            ? a.size < b.size : labels[b.label].name.utf8.lexicographicallyPrecedes(labels[a.label].name.utf8)
    }

    private func place(of group: Waiting, in queue: [Waiting]) -> Int {
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
