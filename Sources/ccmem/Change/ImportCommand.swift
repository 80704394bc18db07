import ArgumentParser
import Commands
import JSON
import SQLite
import Storage

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Store memories from a file.",
        discussion: """
            One JSON object a line with `category` and `content`, and if wanted `importance`, `key`, `tags`, `origin`, \
            `said_at`, `state`, `uid`, `sightings`, `links`; lines of `ccmem export` and of `ccmem extract --format jsonl` are such. Importing the \
            same file again stores nothing twice. A line that is wrong is named, the others are stored.

            EXAMPLES
              ccmem import memories.jsonl
              ccmem export --format jsonl --project ~/old | ccmem import -

            EXIT STATUS
              0  every line was good
              2  the command line is wrong
              3  a line is wrong, the file can't be read, or the store can't be written
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("A file, or - for standard input.", valueName: "file"))
    var file: String

    /// Problems that are shown; the rest is counted.
    private static let shownProblems = 20

    func run() throws {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try WholeFile.read(file == "-" ? "/dev/stdin" : file, limit: 1 << 30)
        } catch {
            throw CommandError("\(file): \(error.reason).", .unreadableInput)
        }
        let (lines, problems) = read(bytes)
        var counts = IngestCounts()
        var (links, restored) = (0, 0)
        if !lines.isEmpty {
            let change = try StoreChange.openOrMake(project)
            (counts, links, restored) = try change.run(.import) { run throws(SQLiteError) in
                let (links, restored) = try change.store.importMemories(lines, run)
                return (run.counts, links, restored)
            }
            // What can't be counted now is counted by whoever asks.
            _ = try? change.store.countVocabulary()
        }
        report(counts, links: links, restored: restored, read: lines.count, problems)
        if !problems.isEmpty { throw ExitStatus.unreadableInput }
    }

    private func read(_ bytes: [UInt8]) -> (lines: [ImportedMemory], problems: [String]) {
        var lines: [ImportedMemory] = []
        var problems: [String] = []
        // A mark of the byte order, as some editors put it in front, is no part of the first line.
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        bytes.withUnsafeBufferPointer { whole in
            let buffer = UnsafeBufferPointer(rebasing: whole[start...])
            for (index, part) in buffer.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
            where part.contains(where: { $0 > 0x20 }) {
                do throws(ImportLine.Problem) {
                    if let line = try ImportLine.read(UnsafeBufferPointer(rebasing: part)) { lines.append(line) }
                } catch {
                    problems.append("\(file):\(index + 1): \(error.words)")
                }
            }
        }
        return (lines, problems)
    }

    private func report(
        _ counts: IngestCounts, links: Int, restored: Int, read: Int, _ problems: [String]
    ) {
        let known = read - counts.inserted - counts.refused - restored
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    for (name, value) in [
                        ("read", read), ("inserted", counts.inserted), ("superseded", counts.superseded),
                        ("known", known), ("restored", restored), ("refused", counts.refused), ("links", links),
                        ("bad_lines", problems.count),
                    ] {
                        writer.key(name)
                        writer.int(value)
                    }
                })
        } else {
            var parts = ["\(counts.inserted) stored", "\(known) already known"]
            if restored > 0 { parts.append("\(restored) back in use") }
            if counts.superseded > 0 { parts.append("\(counts.superseded) superseded") }
            if counts.refused > 0 {
                parts.append("\(counts.refused) refused (a person forgot, archived or contradicted it here)")
            }
            if links > 0 { parts.append("\(links) linked") }
            if !problems.isEmpty { parts.append("\(problems.count) wrong") }
            StandardStream.output.write(
                "\(read + problems.count) \(read + problems.count == 1 ? "line" : "lines"): \(parts.joined(separator: ", ")).\n"
            )
        }
        for problem in problems.prefix(ImportCommand.shownProblems) {
            StandardStream.error.write("error: \(problem)\n")
        }
        if problems.count > ImportCommand.shownProblems {
            StandardStream.error.write("error: \(problems.count - ImportCommand.shownProblems) more lines are wrong.\n")
        }
    }
}
