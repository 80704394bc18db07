import ArgumentParser
import Commands
import JSON
import Projects
import Storage

struct RepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Rebuild text indexes, and salvage a damaged store.",
        discussion: """
            A damaged file is kept beside the new one as memory.db.damaged-1 (-2, …); every row that can be read is carried over, \
            also out of single pages of a file that SQLite refuses, and the next `ccmem ingest` reads all transcripts again to \
            fill the gaps.

            EXAMPLES
              ccmem repair
              ccmem repair && ccmem ingest

            EXIT STATUS
              0  the store is sound now
              1  there is no store
              2  the command line is wrong
              3  something could not be repaired, or nothing of a table could be carried over
            """)

    @OptionGroup var project: ProjectOptions

    func run() throws {
        let context = try ProjectContext.find(project)
        guard Files.kind(of: context.database) != nil else { throw StoreWords.error(.missing(path: context.database)) }
        try context.checkNotEmptied()
        var result: (report: RepairReport, kept: String?)
        do {
            result = try repaired(context.database).map { ($0, nil) } ?? salvage(context)
        } catch let error as StoreError {
            guard try isDamage(error, context.database) else { throw StoreWords.error(error) }
            result = try salvage(context)
        }
        print(result.report, keptAt: result.kept)
        if let kept = result.kept, !result.report.lostTables.isEmpty {
            throw CommandError(
                "Nothing could be carried over of: \(result.report.lostTables.joined(separator: ", ")).",
                help: "What stood there, if anything, may stand in \(kept) yet.", .unreadableInput)
        }
    }

    /// Nil when rows or pages are damaged. The store is closed when this returns: what is salvaged next stands still.
    private func repaired(_ path: String) throws -> RepairReport? {
        let store = try MemoryStore(path: path, access: .write)
        let findings = try store.auditStructure()
        guard !findings.contains(where: { $0.check == .integrity || $0.check == .foreignKeys }) else { return nil }
        return try store.repairIndexes(findings)
    }

    /// A file without its first page passes for no database, or for one of somebody else.
    private func isDamage(_ error: StoreError, _ path: String) throws -> Bool {
        switch error {
        case .corrupted: return true
        case .foreign, .other:
            do { return try MemoryStore.isDamagedStore(path) } catch { throw StoreWords.error(error) }
        default: return false
        }
    }

    /// Salvages into a file beside, keeps the damaged one under another name, then renames.
    private func salvage(_ context: ProjectContext) throws -> (report: RepairReport, kept: String?) {
        let path = context.database
        let kept: String
        let copy = path + ".repaired"
        let report: RepairReport
        do {
            for suffix in ["", "-wal", "-shm"] { try Files.removeIfThere(copy + suffix) }
            let fresh = try MemoryStore(path: copy, access: .create)
            report = try fresh.salvage(from: path)
            try fresh.collectGarbage()
        } catch let error as StoreError {
            throw StoreWords.error(error)
        }
        do throws(FileFailure) {
            var number = 1
            while Files.status(of: "\(path).damaged-\(number)") != nil { number += 1 }
            // At each instant a database stands under the name: the damaged one until the whole one takes its place.
            kept = "\(path).damaged-\(number)"
            try Files.copy(path, to: kept)
            for suffix in ["-wal", "-shm"] where Files.status(of: path + suffix) != nil {
                try Files.rename(path + suffix, to: kept + suffix)
            }
            try Files.rename(copy, to: path)
            // The ledger knows the database by its inode.
            if context.location.place == .project {
                let ledger = TrustLedger(context.location)
                try ledger.trust(ledger.review().items.filter { $0.path == "memory.db" })
            }
        } catch {
            throw CommandError(error.message, .unreadableInput)
        }
        return (report, kept)
    }

    private func print(_ report: RepairReport, keptAt kept: String?) {
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.key("rebuilt_indexes")
                    writer.beginArray()
                    for name in report.rebuiltIndexes { writer.string(name) }
                    writer.endArray()
                    writer.key("salvaged")
                    writer.beginObject()
                    for (table, rows) in report.salvaged {
                        writer.key(table)
                        writer.int(rows)
                    }
                    writer.endObject()
                    writer.key("damaged_tables")
                    writer.beginArray()
                    for name in report.damagedTables { writer.string(name) }
                    writer.endArray()
                    writer.key("lost_tables")
                    writer.beginArray()
                    for name in report.lostTables { writer.string(name) }
                    writer.endArray()
                    if let kept {
                        writer.key("damaged_file")
                        writer.string(kept)
                    }
                })
            return
        }
        var words = ""
        if let kept {
            let rows = report.salvaged.reduce(0) { $0 + $1.rows }
            let counts = Dictionary(report.salvaged.map { ($0.table, $0.rows) }) { first, _ in first }
            words +=
                "Carried \(rows) rows over, \(counts["memory"] ?? 0) memories and \(counts["turn"] ?? 0) turns among them; "
            words += "the damaged file was kept as \(kept).\n"
            if !report.damagedTables.isEmpty {
                words += "Rows may be missing in: \(report.damagedTables.joined(separator: ", ")).\n"
            }
            words += "Run `ccmem ingest` to fill gaps from the transcripts.\n"
        }
        if !report.rebuiltIndexes.isEmpty { words += "Rebuilt \(report.rebuiltIndexes.joined(separator: ", ")).\n" }
        StandardStream.output.write(words.isEmpty ? "Nothing was broken.\n" : words)
    }
}
