import Commands
import JSON
import Neutralization
import Storage

/// A turn of the archive, for reading and as JSON.
enum TurnText {
    /// Characters of a turn that a list shows.
    static let excerptLength = 400

    static func excerpt(_ turn: StoredTurn) -> String {
        let text = Neutralizer.neutralized(turn.text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return text.count <= excerptLength ? text : text.prefix(excerptLength) + "…"
    }

    static func add(_ turn: StoredTurn, to page: inout MemoryPage) {
        page.line(page.style.paint("\(turn.sessionID):\(turn.line)  \(turn.role)  \(turn.saidAt)", .faint))
        for line in TextStyle.wrapped(TextStyle.printable(excerpt(turn)), columns: max(20, page.style.width - 2)) {
            page.line("  " + line)
        }
    }

    static func write(
        _ turn: StoredTurn, to writer: inout JSONWriter, more: (inout JSONWriter) -> Void = { _ in }
    ) {
        writer.beginObject()
        writer.key("session")
        writer.string(turn.sessionID)
        writer.key("line")
        writer.int(turn.line)
        writer.key("role")
        writer.string(turn.role)
        writer.key("said_at")
        writer.string(turn.saidAt)
        writer.key("text")
        writer.string(turn.text)
        more(&writer)
        writer.endObject()
    }
}
