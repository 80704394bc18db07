import ArgumentParser
import Commands
import JSON
import Memories
import SQLite
import Storage

struct TimelineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline",
        abstract: "Show what was said around a memory, on a day or last.",
        discussion: """
            Memories and archived turns in the order of time. With a number, what was said around that memory; with a day or \
            a month, what was said then; else what was said last.

            EXAMPLES
              ccmem timeline
              ccmem timeline '#42' --limit 30
              ccmem timeline 2026-03-01

            EXIT STATUS
              0  something was found
              1  nothing was found, or there is no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("A memory's number, a day or a month.", valueName: "id|date"))
    var place: TimelinePlace?

    @Option(help: ArgumentHelp("At most so many entries.", valueName: "n"))
    var limit = 20

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit takes a number from 1.") }
    }

    func run() throws {
        let store = try ProjectContext.find(project).openToList(isJSON: project.json)
        var center: Int?
        var isUnknown = false
        let entries = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) -> [TimelineEntry] in
                switch place {
                case nil: return try store.latestTimeline(limit: limit)
                case .date(let date): return try store.timeline(during: date, limit: limit)
                case .memory(let id):
                    guard let memory = try store.memory(id.number) else {
                        isUnknown = true
                        return []
                    }
                    center = memory.id
                    return try store.timeline(around: memory, before: limit / 2, after: (limit - 1) / 2)
                }
            }
        }
        if isUnknown, case .memory(let id)? = place { throw id.unknown }
        if project.json {
            StandardStream.output.print(TimelineText.document(entries, center: center))
        } else {
            var page = MemoryPage.forOutput()
            TimelineText.add(entries, center: center, to: &page)
            page.print()
        }
        if entries.isEmpty {
            if !project.json { StandardStream.error.write("Nothing was said then.\n") }
            throw ExitStatus.nothingFound
        }
    }
}

/// Where on the line of time one looks.
enum TimelinePlace: ExpressibleByArgument, Sendable {
    case memory(MemoryID)
    /// A day or a month, perhaps with an hour.
    case date(String)

    init?(argument: String) {
        if let id = MemoryID(argument: argument) {
            self = .memory(id)
        } else if argument.contains("-"), let date = WrittenTime(argument) {
            self = .date(date.text)
        } else {
            return nil
        }
    }
}

/// A line of time, for reading and as JSON.
enum TimelineText {
    static func add(_ entries: [TimelineEntry], center: Int?, to page: inout MemoryPage) {
        var day: String?
        for entry in entries {
            let now = TimeText.day(entry.saidAt)
            if now != day {
                if day != nil { page.line() }
                page.heading(now)
                day = now
            }
            let time = TimeText.clock(entry.saidAt, digits: 5).padded(to: 5)
            switch entry {
            case .memory(let memory):
                let mark = memory.id == center ? ">" : " "
                let state = memory.state == .active ? "" : ", \(memory.state.rawValue)"
                page.paragraph(
                    "\(mark) \(time)  #\(memory.id)  \(memory.content)  (\(memory.category.rawValue), \(memory.tokens.value) tokens\(state))"
                        .replacing("  ", with: "\u{A0}\u{A0}"), indent: 0, hanging: 9)
            case .turn(let turn):
                page.paragraph(
                    "\u{A0}\u{A0}\(time)\u{A0}\u{A0}\(turn.role): \(TurnText.excerpt(turn))", indent: 0, hanging: 9,
                    faint: true)
            }
        }
    }

    static func document(_ entries: [TimelineEntry], center: Int?) -> [UInt8] {
        MemoryJSON.document { writer in
            writer.field("around", center)
            writer.array("entries", entries) { entry, writer in
                writer.object { writer in
                    switch entry {
                    case .memory(let memory):
                        writer.field("kind", "memory")
                        writer.field("at", memory.saidAt)
                        writer.key("memory")
                        MemoryJSON.write(memory, to: &writer)
                    case .turn(let turn):
                        writer.field("kind", "turn")
                        writer.field("at", turn.saidAt)
                        writer.key("turn")
                        TurnText.write(turn, to: &writer)
                    }
                }
            }
        }
    }
}
