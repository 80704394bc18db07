import ArgumentParser
import Commands
import JSON
import SQLite
import Storage

struct UndoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Take back the last run that stored or changed memories.",
        discussion: """
            What it stored is archived, what it replaced or archived is active again unless something else stands there by \
            now, and the places that it added to known memories are taken back. Each further undo goes one run back. The archive of conversations is left as it is, and reading the same \
            transcripts again does not bring back what was undone; `ccmem restore` does.

            EXAMPLES
              ccmem undo --dry-run
              ccmem undo

            EXIT STATUS
              0  done
              1  there is nothing to undo, or no store
              2  the command line is wrong
              3  the store can't be written
            """)

    @OptionGroup var project: ProjectOptions

    @Flag(help: "Say what would be taken back, and leave it.")
    var dryRun = false

    func run() throws {
        let change = try StoreChange.open(project)
        // What people wrote into a page and this very command takes over is not what they want to take back.
        let newest = try StoreWords.inWords { () throws(StoreError) in
            try change.store.reading { () throws(SQLiteError) in try change.store.newestRun() }
        }
        let undone =
            dryRun
            ? try StoreWords.inWords { () throws(StoreError) in try change.store.previewUndo() }
            : try change.runWithoutRun { () throws(SQLiteError) in try change.store.undoLastRun(upTo: newest) }
        guard let undone else {
            throw CommandError("There is nothing to undo.", .nothingFound)
        }
        if project.json {
            StandardStream.output.print(MemoryJSON.document { write(undone, to: &$0) })
        } else {
            StandardStream.output.write(words(undone))
        }
    }

    private func words(_ run: UndoneRun) -> String {
        let name = run.kind == "command" ? "command" : run.kind
        var text = "Run \(run.id) (\(name), \(run.startedAt)) \(dryRun ? "would be taken back" : "is taken back").\n"
        for (word, ids) in [
            ("archived", run.archived), ("active again", run.restored), ("as before", run.changed),
        ] where !ids.isEmpty {
            text += "  \(word): \(ids.map { "#\($0)" }.joined(separator: " "))\n"
        }
        if run.sightings > 0 { text += "  places not counted any more: \(run.sightings)\n" }
        for blocked in run.blocked {
            text += "  #\(blocked.memory) stays as it is: #\(blocked.by) stands in its place\n"
        }
        return text
    }

    private func write(_ run: UndoneRun, to writer: inout JSONWriter) {
        writer.key("run")
        writer.int(run.id)
        writer.key("kind")
        writer.string(run.kind)
        writer.key("started_at")
        writer.string(run.startedAt)
        writer.key("dry_run")
        writer.bool(dryRun)
        writer.field("sightings", run.sightings)
        for (name, ids) in [
            ("archived", run.archived), ("restored", run.restored), ("changed", run.changed),
            ("blocked", run.blocked.map(\.memory)),
        ] {
            writer.key(name)
            writer.beginArray()
            for id in ids { writer.int(id) }
            writer.endArray()
        }
    }
}
