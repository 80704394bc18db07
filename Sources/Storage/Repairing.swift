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

    public static func == (a: RepairReport, b: RepairReport) -> Bool {
        a.rebuiltIndexes == b.rebuiltIndexes && a.damagedTables == b.damagedTables
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

    /// Copies all rows that can be read from a damaged file into this new one, and has every transcript read again.
    ///
    /// - Parameter damaged: Path of the damaged file; it is only read.
    public func salvage(from damaged: String) throws(StoreError) -> RepairReport {
        var report = RepairReport()
        do throws(SQLiteError) {
            let source = try Connection(path: damaged, mode: .readOnly)
            try connection.execute("PRAGMA foreign_keys = OFF")
            // Until its own budget comes over, the archive may not throw out what has no index yet.
            try setArchiveBudget(bytes: .max)
            try connection.transaction { () throws(SQLiteError) in
                for table in MemoryStore.salvagedTables {
                    let (rows, isWhole) = try copy(table, from: source)
                    report.salvaged.append((table, rows))
                    if !isWhole { report.damagedTables.append(table) }
                }
                try connection.execute(
                    """
                    DELETE FROM memory_source WHERE memory_id NOT IN (SELECT id FROM memory);
                    DELETE FROM memory_link WHERE from_id NOT IN (SELECT id FROM memory)
                        OR to_id NOT IN (SELECT id FROM memory);
                    DELETE FROM memory_tag WHERE memory_id NOT IN (SELECT id FROM memory);
                    DELETE FROM memory_near WHERE memory_id NOT IN (SELECT id FROM memory);
                    DELETE FROM memory_withheld WHERE memory_id NOT IN (SELECT id FROM memory);
                    DELETE FROM handoff_item WHERE session_id NOT IN (SELECT id FROM session);
                    DELETE FROM attempt WHERE failure_id NOT IN (SELECT id FROM failure);
                    DELETE FROM failure_warning WHERE failure_id NOT IN (SELECT id FROM failure);
                    DELETE FROM refinement WHERE memory_id NOT IN (SELECT id FROM memory);
                    DELETE FROM refinement_original WHERE memory_id NOT IN (SELECT memory_id FROM refinement)
                        OR original_id NOT IN (SELECT id FROM memory);
                    DELETE FROM tidy_subject WHERE proposal_id NOT IN (SELECT id FROM tidy_proposal)
                        OR memory_id NOT IN (SELECT id FROM memory);
                    UPDATE tool_call SET failure_id = NULL WHERE failure_id NOT IN (SELECT id FROM failure);
                    UPDATE memory_source SET turn_id = NULL WHERE turn_id NOT IN (SELECT id FROM turn);
                    UPDATE memory_source SET session_id = NULL WHERE session_id NOT IN (SELECT id FROM session);
                    UPDATE memory_source SET transcript_id = NULL WHERE transcript_id NOT IN (SELECT id FROM transcript);
                    UPDATE memory_source SET ingest_id = NULL WHERE ingest_id NOT IN (SELECT id FROM ingest);
                    UPDATE transcript SET tail_hash = '', offset = 0, next_line = 1;
                    DELETE FROM meta WHERE name = 'counted_until';
                    """)
            }
            for index in ["memory_fts", "memory_trigram", "turn_fts"] {
                try connection.run("INSERT INTO \(index) (\(index)) VALUES ('rebuild')")
                report.rebuiltIndexes.append(index)
            }
            try connection.run(
                "UPDATE archive_usage SET bytes = (SELECT coalesce(sum(length(CAST (text AS BLOB))), 0) FROM turn)")
            try connection.execute("PRAGMA foreign_keys = ON")
        } catch {
            throw StoreError(error, path: path)
        }
        return report
    }

    /// Parents first; what can be derived is not copied.
    private static let salvagedTables = [
        "meta", "project", "session", "transcript", "ingest", "turn", "memory", "memory_near", "memory_source",
        "memory_event", "memory_link", "memory_tag", "tombstone", "archive_budget", "injection_budget", "injection_cap",
        "injection", "memory_withheld", "answer", "handoff_item", "failure", "tool_call",
        "attempt", "failure_warning", "llm_budget", "llm_call", "llm_sent", "refinement", "refinement_original",
        "tidy_proposal", "tidy_subject",
    ]

    /// - Returns: How many rows came over, and whether no read failed.
    private func copy(_ table: String, from source: Connection) throws(SQLiteError) -> (rows: Int, isWhole: Bool) {
        let columns = try connection.rows("SELECT name FROM pragma_table_info(?)", .text(table)) { $0.text(0) }
        let names = columns.joined(separator: ", ")
        let insert = """
            INSERT OR REPLACE INTO \(table) (\(names)) VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
            """
        var rows = 0
        // From the front to the first broken page, then from the back: what lies between two broken pages is lost.
        let orders = ["ASC", "DESC"]
        let hasRowID =
            try connection.row(
                "SELECT 1 FROM sqlite_schema WHERE name = ? AND sql LIKE '%WITHOUT ROWID%'", .text(table)
            ) { _ in true } == nil
        var seen: Set<Int> = []
        for order in orders {
            do throws(SQLiteError) {
                let read = try source.statement(
                    hasRowID
                        ? "SELECT rowid, \(names) FROM \(table) ORDER BY rowid \(order)"
                        : "SELECT 0, \(names) FROM \(table)")
                defer { read.reset() }
                while try read.step() {
                    if hasRowID, !seen.insert(read.int(0)).inserted { continue }
                    do throws(SQLiteError) {
                        let write = try connection.statement(insert)
                        write.bind((1...columns.count).map { read.value($0) })
                        _ = try write.step()
                        write.reset()
                        rows += 1
                    } catch {
                        // A row that breaks a constraint was damaged too.
                        guard error.primaryCode == 19 else { throw error }
                    }
                }
                return (rows, order == "ASC")
            } catch {
                guard [1, 11, 26, 10].contains(error.primaryCode) else { throw error }
                if !hasRowID { return (rows, false) }
            }
        }
        return (rows, false)
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
