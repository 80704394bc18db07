import SQLite

extension MemoryStore {
    /// Copies all rows that can be read from a damaged file into this new one, and has every transcript read again.
    ///
    /// - Parameter damaged: Path of the damaged file; it is only read.
    public func salvage(from damaged: String) throws(StoreError) -> RepairReport {
        var report = RepairReport()
        do throws(SQLiteError) {
            let salvage = try Salvage(from: damaged, to: connection)
            try connection.execute("PRAGMA foreign_keys = OFF")
            // Until its own budget comes over, the archive may not throw out what has no index yet.
            try setArchiveBudget(bytes: .max)
            try connection.transaction { () throws(SQLiteError) in
                for table in MemoryStore.salvagedTables {
                    let carried = try salvage.carry(table)
                    report.salvaged.append((table, carried.rows))
                    if !carried.isWhole { report.damagedTables.append(table) }
                    if carried.isLost { report.lostTables.append(table) }
                }
                try salvage.carryNumbers()
                for (table, evidence) in MemoryStore.evidence
                where report.damagedTables.contains(table) && !report.lostTables.contains(table) {
                    guard try connection.row("SELECT 1 FROM \(table) LIMIT 1", read: { _ in true }) == nil,
                        try connection.row(evidence, read: { _ in true }) != nil
                    else { continue }
                    report.lostTables.append(table)
                }
                try standIn()
                try connection.execute(MemoryStore.looseEnds)
                if report.damagedTables.contains("memory_near") {
                    try nominateAgain()
                    report.lostTables.removeAll { $0 == "memory_near" }
                }
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

    /// Whether a file that SQLite takes for no database holds pages of a store.
    public static func isDamagedStore(_ path: String) throws(StoreError) -> Bool {
        let empty = try MemoryStore(path: ":memory:", access: .create)
        do throws(SQLiteError) {
            return DamagedRows(path: path, shapes: try RecordShapes(empty.connection))?.isStore ?? false
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Parents first; what can be derived is not copied.
    static let salvagedTables = [
        "meta", "project", "session", "transcript", "ingest", "turn", "memory", "memory_near", "memory_source",
        "memory_event", "memory_link", "memory_tag", "tombstone", "archive_budget", "injection_budget", "injection_cap",
        "injection", "memory_withheld", "answer", "handoff_item", "failure", "tool_call",
        "attempt", "failure_warning", "llm_budget", "llm_call", "llm_sent", "refinement", "refinement_original",
        "tidy_proposal", "tidy_subject",
    ]

    /// Rows that show that another table had some.
    private static let evidence = [
        ("memory", "SELECT 1 FROM memory_source UNION ALL SELECT 1 FROM memory_tag LIMIT 1"),
        ("session", "SELECT 1 FROM turn LIMIT 1"),
    ]

    /// What rows can't do without: turns and events, which are never changed, their session and the run that wrote them, and
    /// memories an event that they were inserted by. A session has the name of its transcript.
    private func standIn() throws(SQLiteError) {
        let lost = try connection.rows(
            """
            SELECT session_id, path FROM transcript
            WHERE session_id IS NOT NULL AND session_id NOT IN (SELECT id FROM session) ORDER BY path
            """
        ) { (id: $0.int(0), path: $0.text(1)) }
        for (id, path) in lost {
            let name = path.split(separator: "/").last?.split(separator: ".").first ?? ""
            guard name.utf8.count == 36, name.split(separator: "-").count == 5 else { continue }
            try connection.run(
                "INSERT OR IGNORE INTO session (id, uid) VALUES (?, ?)", .integer(id), .text(String(name)))
        }
        try connection.execute(
            """
            INSERT INTO session (id, uid) SELECT DISTINCT session_id, 'lost-' || session_id FROM turn
                WHERE session_id NOT IN (SELECT id FROM session);
            INSERT INTO ingest (id, kind, started_at) SELECT ingest_id, 'import', min(at) FROM memory_event
                WHERE ingest_id IS NOT NULL AND ingest_id NOT IN (SELECT id FROM ingest) GROUP BY ingest_id;
            INSERT INTO memory_event (memory_id, at, kind) SELECT id, created_at, 'inserted' FROM memory
                WHERE id NOT IN (SELECT memory_id FROM memory_event) ORDER BY id;
            """)
    }

    /// Which memories may say the same is told by their words.
    private func nominateAgain() throws(SQLiteError) {
        for (id, content) in try connection.rows("SELECT id, content FROM memory", read: { ($0.int(0), $0.text(1)) }) {
            for hash in Wording(content).nearHashes {
                try connection.run("INSERT OR IGNORE INTO memory_near VALUES (?, ?)", .integer(hash), .integer(id))
            }
        }
    }

    /// Takes out what refers to nothing any more.
    private static let looseEnds = """
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
        UPDATE refinement SET transcript_id = NULL WHERE transcript_id NOT IN (SELECT id FROM transcript);
        UPDATE refinement SET call_id = NULL WHERE call_id NOT IN (SELECT id FROM llm_call);
        UPDATE refinement SET ingest_id = NULL WHERE ingest_id NOT IN (SELECT id FROM ingest);
        DELETE FROM refinement_original WHERE memory_id NOT IN (SELECT memory_id FROM refinement)
            OR original_id NOT IN (SELECT id FROM memory);
        DELETE FROM llm_sent WHERE call_id NOT IN (SELECT id FROM llm_call);
        UPDATE tidy_proposal SET call_id = NULL WHERE call_id NOT IN (SELECT id FROM llm_call);
        DELETE FROM tidy_subject WHERE proposal_id NOT IN (SELECT id FROM tidy_proposal)
            OR memory_id NOT IN (SELECT id FROM memory);
        UPDATE tool_call SET failure_id = NULL WHERE failure_id NOT IN (SELECT id FROM failure);
        UPDATE transcript SET session_id = NULL WHERE session_id NOT IN (SELECT id FROM session);
        UPDATE turn SET transcript_id = NULL WHERE transcript_id NOT IN (SELECT id FROM transcript);
        UPDATE memory_source SET turn_id = NULL WHERE turn_id NOT IN (SELECT id FROM turn);
        UPDATE memory_source SET session_id = NULL WHERE session_id NOT IN (SELECT id FROM session);
        UPDATE memory_source SET transcript_id = NULL WHERE transcript_id NOT IN (SELECT id FROM transcript);
        UPDATE memory_source SET ingest_id = NULL WHERE ingest_id NOT IN (SELECT id FROM ingest);
        UPDATE transcript SET tail_hash = '', offset = 0, next_line = 1;
        DELETE FROM meta WHERE name = 'counted_until';
        """
}
