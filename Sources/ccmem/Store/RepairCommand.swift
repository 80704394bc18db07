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
            and the next `ccmem ingest` reads all transcripts again to fill the gaps.

            EXAMPLES
              ccmem repair
              ccmem repair && ccmem ingest

            EXIT STATUS
              0  the store is sound now
              1  there is no store
              2  the command line is wrong
              3  something could not be repaired
            """)

    @OptionGroup var project: ProjectOptions

    func run() throws {
        let context = try ProjectContext.find(project)
        guard Files.kind(of: context.database) != nil else { throw StoreWords.error(.missing(path: context.database)) }
        try context.checkNotEmptied()
        let report: RepairReport
        do {
            let store = try MemoryStore(path: context.database, access: .write)
            let findings = try store.auditStructure()
            let isDamaged = findings.contains { $0.check == .integrity || $0.check == .foreignKeys }
            report = try isDamaged ? salvage(context, store) : store.repairIndexes(findings)
        } catch let error as StoreError {
            guard case .corrupted = error else { throw StoreWords.error(error) }
            report = try salvage(context, nil)
        }
        print(report)
    }

    /// Salvages into a file beside, keeps the damaged one under another name, then renames.
    private func salvage(_ context: ProjectContext, _ damaged: MemoryStore?) throws -> RepairReport {
        let path = context.database
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
            try Files.copy(path, to: "\(path).damaged-\(number)")
            for suffix in ["-wal", "-shm"] where Files.status(of: path + suffix) != nil {
                try Files.rename(path + suffix, to: "\(path).damaged-\(number)\(suffix)")
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
        return report
    }

    private func print(_ report: RepairReport) {
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
                })
            return
        }
        var words = ""
        if !report.salvaged.isEmpty {
            let rows = report.salvaged.reduce(0) { $0 + $1.rows }
            words += "Carried \(rows) rows over; the damaged file was kept beside the new one.\n"
            if !report.damagedTables.isEmpty {
                words += "Some rows could not be read in: \(report.damagedTables.joined(separator: ", ")).\n"
            }
            words += "Run `ccmem ingest` to fill gaps from the transcripts.\n"
        }
        if !report.rebuiltIndexes.isEmpty { words += "Rebuilt \(report.rebuiltIndexes.joined(separator: ", ")).\n" }
        StandardStream.output.write(words.isEmpty ? "Nothing was broken.\n" : words)
    }
}
