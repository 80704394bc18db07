import ArgumentParser
import Commands
import JSON
import Memories
import Neutralization
import SQLite
import Storage

struct ExportCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case jsonl, markdown }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write all memories out, for another store or for reading.",
        discussion: """
            JSONL holds one memory a line, the oldest first, with all that `ccmem import` needs. The same store always gives \
            the same bytes.

            EXAMPLES
              ccmem export > memories.jsonl
              ccmem export --all --output memories.jsonl
              ccmem export --format markdown

            EXIT STATUS
              0  done
              1  there is nothing to export, or no store
              2  the command line is wrong
              3  the store can't be read, or the file can't be written
            """)

    @OptionGroup var project: ProjectOptions

    @Option(help: "How to write: jsonl or markdown.")
    var format: Format = .jsonl

    @Option(help: ArgumentHelp("Write to this file, whole or not at all.", valueName: "file"))
    var output: String?

    @Flag(help: "Also what was superseded or archived.")
    var all = false

    func run() throws {
        let store = try ProjectContext.find(project).openToRead()
        let items = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in try store.exported(all: all) }
        }
        let bytes: [UInt8]
        switch format {
        case .jsonl: bytes = ExportText.lines(items)
        case .markdown: bytes = Array(Neutralizer.withoutForgery(ExportText.markdown(items.map(\.memory))).utf8)
        }
        do throws(FileError) {
            if let output {
                try WholeFile.write(bytes, to: output)
                StandardStream.error.write(
                    "\(items.count) \(ReaderWords.memories(items.count)) written to \(output).\n")
            } else {
                StandardStream.output.print(bytes)
            }
        } catch  where error.isClosedPipe {
            // Who reads has seen enough.
        } catch {
            throw CommandError("\(error.path) can't be written: \(error.reason).", .unreadableInput)
        }
        if items.isEmpty { throw ExitStatus.nothingFound }
    }
}

/// Memories for another store, and for reading.
enum ExportText {
    /// One object a line; documented in docs/store-json.md.
    static func lines(_ items: [ExportedMemory]) -> [UInt8] {
        var writer = MemoryJSON.writer()
        for item in items {
            write(item, to: &writer)
            writer.newline()
        }
        return writer.bytes
    }

    private static func write(_ item: ExportedMemory, to writer: inout JSONWriter) {
        let memory = item.memory
        writer.object { writer in
            writer.field("uid", memory.uid)
            writer.field("category", memory.category.rawValue)
            writer.field("content", memory.content)
            writer.field("importance", memory.importance.level)
            writer.field("key", memory.key)
            writer.array("tags", memory.tags) { $1.string($0) }
            writer.field("origin", memory.origin.rawValue)
            writer.field("state", memory.state.rawValue)
            writer.field("reason", memory.reason)
            writer.field("said_at", memory.saidAt)
            writer.field("created_at", memory.createdAt)
            writer.field("rule", memory.rule?.id)
            writer.field("pack", memory.rule?.pack)
            writer.field("pack_version", memory.rule?.packVersion)
            writer.field("score", thousandths: memory.score)
            writer.array("terms", memory.terms) { term, writer in
                writer.object { writer in
                    writer.field("name", term.name)
                    writer.field("value", thousandths: term.value)
                }
            }
            writer.array("sightings", item.sightings) { sighting, writer in
                writer.object { writer in
                    writer.field("session", sighting.sessionID)
                    writer.field("file", sighting.path)
                    writer.field("line", sighting.line)
                    writer.field("end_line", sighting.endLine)
                    writer.field("byte_start", sighting.bytes?.lowerBound)
                    writer.field("byte_end", sighting.bytes?.upperBound)
                    writer.field("role", sighting.role)
                    writer.field("said_at", sighting.saidAt)
                    writer.field("quote", sighting.quote)
                    writer.field("rule", sighting.rule?.id)
                    writer.field("pack", sighting.rule?.pack)
                    writer.field("pack_version", sighting.rule?.packVersion)
                }
            }
            writer.array("links", item.links) { link, writer in
                writer.object { writer in
                    writer.field("kind", link.kind.rawValue)
                    writer.field("to", link.uid)
                }
            }
        }
    }

    static func markdown(_ memories: [StoredMemory]) -> String {
        var out = "# Memories\n"
        for category in RuleWords.categoryOrder {
            let group = memories.filter { $0.category == category }.sorted {
                ($1.importance, $1.saidAt, $1.uid) < ($0.importance, $0.saidAt, $0.uid)
            }
            guard !group.isEmpty else { continue }
            out += "\n## \(RuleWords.title(of: category))\n\n"
            for memory in group {
                out += "- **[\(memory.importance.level)]** \(MarkdownReport.escaped(memory.content)) "
                var notes = [TimeText.day(memory.saidAt)]
                if memory.state != .active { notes.append(memory.state.rawValue) }
                if memory.sightingCount > 1 { notes.append("said \(memory.sightingCount) times") }
                notes += memory.tags.map { "+" + MarkdownReport.escaped($0) }
                out += "_(\(notes.joined(separator: ", ")))_\n"
            }
        }
        return out
    }
}
