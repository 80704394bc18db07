import Commands
import JSON
import Memories
import Storage

/// What happened to a memory, in words and as JSON.
enum EventText {
    static func words(_ event: StoredEvent) -> String {
        let details = event.details
        func value(_ name: String) -> String? { details.first { $0.name == name }?.value }
        let rest = details.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        switch event.kind {
        case "inserted": return "stored" + (rest.isEmpty ? "" : ": \(rest)")
        case "merged": return "merged" + (value("as").map { ", said as “\($0)”" } ?? "")
        case "superseded": return "superseded" + (value("by").map { " by \($0)" } ?? "")
        case "archived", "restored": return event.kind + (value("reason").map { ": \($0)" } ?? "")
        default: return event.kind + (rest.isEmpty ? "" : ": \(rest)")
        }
    }

    /// `2026-01-01 10:00  merged, said as “…”  (run 3)`
    static func line(_ event: StoredEvent) -> String {
        let run = event.ingest.map { " (run \($0))" } ?? ""
        return TextStyle.printable("\(TimeText.minute(event.at))\u{A0}\u{A0}\(words(event))\(run)")
    }

    static func write(_ event: StoredEvent, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", event.id)
            writer.field("at", event.at)
            writer.field("kind", event.kind)
            writer.object("detail") { writer in
                for (name, value) in event.details { writer.field(name, value) }
            }
            writer.field("ingest", event.ingest)
        }
    }

    static func write(_ link: StoredLink, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("from", link.from)
            writer.field("kind", link.kind.rawValue)
            writer.field("to", link.to)
        }
    }
}

/// Times of the store, as people read them.
enum TimeText {
    /// `2026-01-01 10:00`; words for an unknown time.
    static func minute(_ time: String) -> String {
        time.isEmpty ? "at an unknown time" : day(time) + (time.count > 10 ? " " + clock(time, digits: 5) : "")
    }

    static func day(_ time: String) -> String { time.isEmpty ? "at an unknown time" : String(time.prefix(10)) }

    /// `10:00` with 5 digits, `10:00:00` with 8.
    static func clock(_ time: String, digits: Int) -> String { String(time.dropFirst(11).prefix(digits)) }
}

extension MemoryPage {
    /// Wrapped lines at an indentation; what stands behind the first line's start is indented further by `hanging`. A space
    /// that must not be folded or broken is given as U+00A0.
    mutating func paragraph(_ words: String, indent: Int, hanging: Int = 0, faint: Bool = false) {
        let margin = String(repeating: " ", count: indent)
        let room = max(20, style.width - indent - hanging)
        for (index, wrapped) in TextStyle.wrapped(TextStyle.printable(words), columns: room).enumerated() {
            let words = wrapped.replacing("\u{A0}", with: " ")
            line(
                margin + (index == 0 ? "" : String(repeating: " ", count: hanging))
                    + (faint ? style.paint(words, .faint) : words))
        }
    }
}
