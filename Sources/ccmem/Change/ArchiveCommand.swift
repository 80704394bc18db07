import ArgumentParser
import Commands
import JSON
import SQLite
import Storage

struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Take memories out of use.",
        discussion: """
            They are kept and can be restored. No transcript brings them back, whether it is read again or says the same in \
            other words.

            EXAMPLES
              ccmem archive 12 15
              ccmem archive 12 --reason 'the service is gone'

            EXIT STATUS
              0  done, also when they were archived already
              1  there is no such memory, or no store; the others were archived
              2  the command line is wrong
              3  the store can't be written
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("Numbers of memories.", valueName: "id"))
    var ids: [MemoryID]

    @Option(help: ArgumentHelp("Why.", valueName: "text"))
    var reason: String?

    func run() throws {
        let change = try StoreChange.open(project)
        let why = reason.map(StoredText.clean)
        let outcomes = try change.run { run throws(SQLiteError) in
            var outcomes: [ArchiveOutcome] = []
            for id in ids { outcomes.append(try change.store.archive(memory: id.number, reason: why, run)) }
            return outcomes
        }
        var report = ChangeReport()
        for (id, outcome) in zip(ids, outcomes) {
            switch outcome {
            case .unknown: report.fail(id, "unknown", id.unknown)
            case .archived: report.add(id, "archived", "#\(id.number) archived")
            case .alreadyArchived: report.add(id, "already_archived", "#\(id.number) is archived already")
            }
        }
        try report.print(asJSON: project.json)
    }
}

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring archived or superseded memories back.",
        discussion: """
            EXAMPLES
              ccmem restore 12

            EXIT STATUS
              0  done, also when they were active already
              1  there is no such memory, or an active one stands in its place; the others were restored
              2  the command line is wrong
              3  the store can't be written
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("Numbers of memories.", valueName: "id"))
    var ids: [MemoryID]

    func run() throws {
        let change = try StoreChange.open(project)
        let outcomes = try change.run { run throws(SQLiteError) in
            var outcomes: [RestoreOutcome] = []
            for id in ids { outcomes.append(try change.store.restore(memory: id.number, run)) }
            return outcomes
        }
        var report = ChangeReport()
        for (id, outcome) in zip(ids, outcomes) {
            switch outcome {
            case .unknown: report.fail(id, "unknown", id.unknown)
            case .restored: report.add(id, "restored", "#\(id.number) restored")
            case .alreadyActive: report.add(id, "already_active", "#\(id.number) is active already")
            case .standing(let other):
                report.fail(
                    id, "refused", other: other,
                    CommandError(
                        "#\(id.number) can't be restored: #\(other) stands in its place.",
                        help: "`ccmem archive \(other)` takes that one out of the way.", .nothingFound))
            }
        }
        try report.print(asJSON: project.json)
    }
}

/// What a command did to each of the memories that it was given.
struct ChangeReport {
    private var items: [(id: Int, outcome: String, other: Int?)] = []
    private var lines: [String] = []
    private var errors: [CommandError] = []

    mutating func add(_ id: MemoryID, _ outcome: String, other: Int? = nil, _ words: String) {
        items.append((id.number, outcome, other))
        lines.append(words)
    }

    mutating func fail(_ id: MemoryID, _ outcome: String, other: Int? = nil, _ error: CommandError) {
        items.append((id.number, outcome, other))
        errors.append(error)
    }

    /// - Throws: The status of the first failure, when there was one.
    func print(asJSON: Bool) throws {
        if asJSON {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.key("memories")
                    writer.beginArray()
                    for item in items {
                        writer.beginObject()
                        writer.key("id")
                        writer.int(item.id)
                        writer.key("outcome")
                        writer.string(item.outcome)
                        writer.field("other_id", item.other)
                        writer.endObject()
                    }
                    writer.endArray()
                })
        } else {
            for line in lines { StandardStream.output.write(line + "\n") }
        }
        for error in errors { StandardStream.error.write(error.text) }
        if let first = errors.first { throw first.status }
    }
}
