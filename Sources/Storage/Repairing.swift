import Memories
import SQLite

/// What repairing did.
public struct RepairReport: Sendable, Equatable {
    /// Text indexes that were made again from the rows.
    public var rebuiltIndexes: [String] = []
    /// Rows that were carried over from a damaged file, by table; empty when the file was sound.
    public var salvaged: [(table: String, rows: Int)] = []
    /// Tables in which something could not be read.
    public var damagedTables: [String] = []
    /// Tables of those of which nothing at all came over, though they had rows, or may have had.
    public var lostTables: [String] = []

    public static func == (a: RepairReport, b: RepairReport) -> Bool {
        a.rebuiltIndexes == b.rebuiltIndexes && a.damagedTables == b.damagedTables && a.lostTables == b.lostTables
            && a.salvaged.elementsEqual(b.salvaged, by: ==)
    }
}

extension MemoryStore {
    /// Makes what can be derived again from what is stored: text indexes and the count of the archive.
    public func repairIndexes(_ findings: [AuditFinding]) throws(StoreError) -> RepairReport {
        var report = RepairReport()
        do throws(SQLiteError) {
            for finding in findings where finding.check == .index {
                if finding.place == MemoryStore.countsPlace {
                    try connection.transaction { () throws(SQLiteError) in try clearCounts() }
                } else {
                    try connection.run("INSERT INTO \(finding.place) (\(finding.place)) VALUES ('rebuild')")
                }
                report.rebuiltIndexes.append(finding.place)
            }
            try connection.run(
                "UPDATE archive_usage SET bytes = (SELECT coalesce(sum(length(CAST (text AS BLOB))), 0) FROM turn)")
        } catch {
            throw StoreError(error, path: path)
        }
        if report.rebuiltIndexes.contains(MemoryStore.countsPlace) { try countVocabulary() }
        return report
    }

    /// Counts what is not counted yet, brings log and file into one, gives free pages back, lets SQLite look at its statistics.
    @discardableResult
    public func collectGarbage() throws(StoreError) -> (isClean: Bool, freedBytes: Int) {
        try countVocabulary()
        let isClean = try cleanUp()
        do throws(SQLiteError) {
            let pageSize = try connection.row("PRAGMA page_size") { $0.int(0) } ?? 0
            let pages = try connection.row("PRAGMA page_count") { $0.int(0) } ?? 0
            let free = try connection.row("PRAGMA freelist_count") { $0.int(0) } ?? 0
            try connection.execute("PRAGMA optimize")
            // A quarter of the file or nothing: VACUUM writes all of it.
            guard free * 4 > pages, free > 256 else { return (isClean, 0) }
            try connection.execute("VACUUM")
            _ = try connection.row("PRAGMA wal_checkpoint (TRUNCATE)") { $0.int(0) }
            return (isClean, free * pageSize)
        } catch {
            throw StoreError(error, path: path)
        }
    }
}
