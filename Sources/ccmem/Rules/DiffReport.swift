import Commands
import JSON
import Memories
import Pipeline

/// Memories gained, lost and changed, with their lines.
struct DiffReport {
    /// What the rules are compared with.
    let baseline: String
    private var transcripts: [(path: String, changes: [MemoryChange])] = []
    private var same = 0
    private var count = 0
    var failures: [String] = []

    init(baseline: String) { self.baseline = baseline }

    var isEmpty: Bool { transcripts.isEmpty }

    mutating func add(_ path: String, _ found: (changes: [MemoryChange], same: Int)) {
        count += 1
        same += found.same
        if !found.changes.isEmpty { transcripts.append((path, found.changes)) }
    }

    private func count(_ isCounted: (MemoryChange) -> Bool) -> Int {
        transcripts.reduce(0) { $0 + $1.changes.count(where: isCounted) }
    }

    private var counts: (gained: Int, lost: Int, changed: Int) {
        (
            count { if case .gained = $0 { true } else { false } },
            count { if case .lost = $0 { true } else { false } },
            count { if case .changed = $0 { true } else { false } }
        )
    }

    var page: MemoryPage {
        var page = MemoryPage.forOutput()
        page.paragraph("Compared with \(baseline).", indent: 0)
        for (path, changes) in transcripts {
            page.line()
            page.heading(TextStyle.printable(path))
            for change in changes { add(change, path, to: &page) }
        }
        let (gained, lost, changed) = counts
        page.line()
        page.line(
            "\(gained) gained, \(lost) lost, \(changed) changed, \(same) as before, in \(count) \(ReaderWords.plural("transcript", count))."
        )
        return page
    }

    private func add(_ change: MemoryChange, _ path: String, to page: inout MemoryPage) {
        switch change {
        case .gained(let memory): entry("+", memory, .green, to: &page)
        case .lost(let memory): entry("-", memory, .red, to: &page)
        case .changed(let old, let new):
            entry("-", old, .red, to: &page)
            entry("+", new, .green, to: &page, isSecond: true)
        }
    }

    private func entry(
        _ sign: String, _ memory: Memory, _ ink: TextStyle.Ink, to page: inout MemoryPage, isSecond: Bool = false
    ) {
        let place = isSecond ? "" : "\(memory.sightings[0].line)"
        let room = max(20, page.style.width - 10)
        for (index, line) in TextStyle.wrapped(TextStyle.printable(memory.content), columns: room).enumerated() {
            let head = index == 0 ? place.leftPadded(to: 6) + " \(sign) " : String(repeating: " ", count: 9)
            page.line(page.style.paint(head + line, ink))
        }
        let rule = memory.rule?.id ?? RuleWords.salience
        page.line(
            page.style.paint(
                String(repeating: " ", count: 9)
                    + "\(memory.category.rawValue), importance \(memory.importance.level), \(rule)", .faint))
    }

    var document: [UInt8] {
        MemoryJSON.document { writer in
            let (gained, lost, changed) = counts
            writer.field("against", baseline)
            writer.field("gained", gained)
            writer.field("lost", lost)
            writer.field("changed", changed)
            writer.field("same", same)
            writer.field("transcripts", count)
            writer.key("changes")
            writer.beginArray()
            for (path, changes) in transcripts {
                for change in changes { DiffReport.write(change, path, to: &writer) }
            }
            writer.endArray()
        }
    }

    private static func write(_ change: MemoryChange, _ path: String, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("file", path)
            writer.field("line", change.line)
            switch change {
            case .gained(let memory):
                writer.field("change", "gained")
                write("new", memory, to: &writer)
            case .lost(let memory):
                writer.field("change", "lost")
                write("old", memory, to: &writer)
            case .changed(let old, let new):
                writer.field("change", "changed")
                write("old", old, to: &writer)
                write("new", new, to: &writer)
            }
        }
    }

    private static func write(_ key: String, _ memory: Memory, to writer: inout JSONWriter) {
        writer.object(key) { writer in
            writer.field("content", memory.content)
            writer.field("category", memory.category.rawValue)
            writer.field("importance", memory.importance.level)
            writer.field("rule", memory.rule?.id)
            writer.field("key", memory.key)
            writer.field("score", thousandths: memory.score)
        }
    }
}
