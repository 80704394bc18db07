import Memories
public import SQLite

extension MemoryStore {
    /// What active memories are about, as groups; the largest first.
    ///
    /// The labels of memories are read as they were counted, and for what has changed since from the rows; no text is read but
    /// the first of each group.
    ///
    /// - Returns: At most `limit` groups.
    public func topics(limit: Int = .max) throws(SQLiteError) -> [Topic] {
        // The index that sessions are told from holds all of this.
        let members = try connection.rows(
            "SELECT id, category FROM memory WHERE state = 'active' ORDER BY importance DESC, said_at DESC, id DESC"
        ) { (id: $0.int(0), category: MemoryCategory(rawValue: $0.text(1)) ?? .note) }
        var topics: [Topic] = []
        for group in try grouping(of: members.map(\.id)).groups().prefix(limit) {
            let ids = group.members.map { members[$0].id }
            let first = try connection.row("SELECT content FROM memory WHERE id = ?", .integer(ids[0])) { $0.text(0) }
            topics.append(
                Topic(
                    kind: group.kind, name: group.name, ids: ids,
                    categories: Dictionary(group.members.map { (members[$0].category, 1) }, uniquingKeysWith: +),
                    first: first ?? ""))
        }
        return topics
    }

    private func grouping(of ids: [Int]) throws(SQLiteError) -> TopicGrouping {
        let places = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
        var labels: [TopicLabel] = []
        var labelsOf = [[Int]](repeating: [], count: ids.count)
        let uncounted = try uncounted()
        var numbers: [TopicLabel: Int] = [:]
        for id in uncounted {
            guard let place = places[id], let count = try countable(id)?.count else { continue }
            for label in count.labels.sorted(by: TopicLabel.precedes) {
                let number = numbers[label] ?? labels.count
                if number == labels.count {
                    numbers[label] = number
                    labels.append(label)
                }
                labelsOf[place].append(number)
            }
        }
        // What one memory alone has makes no group, unless something new has it too.
        let topics = try connection.rows("SELECT id, kind, name, memories FROM topic WHERE memories > 1") {
            (id: $0.int(0), label: TopicLabel(kind: Topic.Kind(rawValue: $0.text(1)) ?? .other, name: $0.text(2)))
        }
        var single: [(id: Int, label: TopicLabel)] = []
        for label in labels {
            let row = try connection.row(
                "SELECT id FROM topic WHERE kind = ? AND name = ? AND memories = 1", .text(label.kind.rawValue),
                .text(label.name)
            ) { $0.int(0) }
            if let row { single.append((row, label)) }
        }
        let isNews = Set(uncounted)
        for (id, label) in topics + single {
            let number = numbers[label] ?? labels.count
            if number == labels.count { labels.append(label) }
            let held = try connection.rows("SELECT memory_id FROM memory_topic WHERE topic_id = ?", .integer(id)) {
                $0.int(0)
            }
            for memory in held where !isNews.contains(memory) {
                if let place = places[memory] { labelsOf[place].append(number) }
            }
        }
        return TopicGrouping(labels: labels, labelsOf: labelsOf)
    }
}
