import Memories
public import SQLite

/// Something that is not as it should be.
public struct AuditFinding: Sendable, Equatable {
    public enum Check: String, CaseIterable, Sendable {
        /// Pages, records and constraints, by SQLite's own check.
        case integrity
        case foreignKeys = "foreign-keys"
        /// The text indexes say what the rows say.
        case index
        /// What ledgers and the archive hold is within the budgets.
        case budgets
        /// No row holds a secret.
        case secrets
        /// No row holds private text or words that pass for the harness's.
        case privacy
        /// Nobody else can read the files.
        case permissions
        /// Nothing forgotten waits to be overwritten.
        case cleanup
        /// Nothing forgotten is left in files beside the store.
        case forgotten
    }

    public var check: Check
    /// Where; never the text itself.
    public var place: String
    public var problem: String

    public init(check: Check, place: String, problem: String) {
        self.check = check
        self.place = place
        self.problem = problem
    }
}

extension MemoryStore {
    /// Proves that rows, references, text indexes and budgets agree. Needs write access, for FTS5 checks by an INSERT.
    public func auditStructure() throws(StoreError) -> [AuditFinding] {
        var findings: [AuditFinding] = []
        do throws(SQLiteError) {
            findings += try connection.rows("PRAGMA integrity_check (20)") { $0.text(0) }.filter { $0 != "ok" }
                .map { AuditFinding(check: .integrity, place: "database", problem: $0) }
            findings += try connection.rows("PRAGMA foreign_key_check") {
                AuditFinding(
                    check: .foreignKeys, place: "\($0.text(0)) \($0.int(1))", problem: "names no row of \($0.text(2))")
            }
        } catch {
            // A page that can't be read at all ends the check itself.
            findings.append(AuditFinding(check: .integrity, place: "database", problem: error.message))
        }
        for index in ["memory_fts", "memory_trigram", "turn_fts"] {
            do throws(SQLiteError) {
                // `rank` 1 compares with the rows (https://sqlite.org/fts5.html#the_integrity_check_command).
                try connection.run("INSERT INTO \(index) (\(index), rank) VALUES ('integrity-check', 1)")
            } catch {
                guard [11, 267 & 0xFF].contains(error.primaryCode) else { throw StoreError(error, path: path) }
                findings.append(
                    AuditFinding(
                        check: .index, place: index,
                        problem: "does not say what the rows say; `ccmem repair` rebuilds it"))
            }
        }
        do throws(SQLiteError) {
            findings += try auditCounts()
            findings += try auditBudgets()
            if try isCleanupPending {
                findings.append(
                    AuditFinding(
                        check: .cleanup, place: "log",
                        problem: "bytes of something forgotten may still be in it; `ccmem gc` removes them"))
            }
        } catch {
            // A damaged page ends this too; SQLite's own check has named it.
            guard error.primaryCode == 11, !findings.isEmpty else { throw StoreError(error, path: path) }
        }
        return findings
    }

    private func auditBudgets() throws(SQLiteError) -> [AuditFinding] {
        var findings: [AuditFinding] = []
        let used = try connection.row(
            "SELECT bytes, (SELECT coalesce(sum(length(CAST (text AS BLOB))), 0) FROM turn) FROM archive_usage"
        ) { ($0.int(0), $0.int(1)) }
        if let (counted, real) = used, counted != real {
            findings.append(
                AuditFinding(
                    check: .budgets, place: "archive_usage", problem: "counts \(counted) bytes where \(real) are"))
        }
        findings += try connection.rows(
            """
            SELECT i.batch FROM injection AS i JOIN injection_budget AS b ON b.event = i.event GROUP BY i.batch, i.event
            HAVING sum(i.tokens) > b.max_tokens OR count(*) > b.max_items
            """
        ) { AuditFinding(check: .budgets, place: "injection batch \($0.int(0))", problem: "is over its budget") }
        findings += try connection.rows(
            """
            SELECT substr(at, 1, 10) FROM llm_call GROUP BY 1
            HAVING sum(tokens_in + tokens_out + tokens_cached + tokens_written) > (SELECT max_tokens FROM llm_budget WHERE scope = 'day')
            """
        ) { AuditFinding(check: .budgets, place: "llm_call \($0.text(0))", problem: "the day is over its budget") }
        return findings
    }

    /// Hands out every stored text with its place: `memory 42 content`.
    public func forEachText(_ visit: (_ place: String, _ text: String) -> Void) throws(SQLiteError) {
        let texts = [
            ("memory", "id", "content"), ("memory", "id", "key"), ("memory", "id", "identifiers"),
            ("memory", "id", "reason"), ("memory_source", "id", "quote"), ("memory_event", "id", "detail"),
            ("memory_tag", "memory_id", "tag"), ("turn", "id", "text"), ("session", "id", "uid"),
            ("session", "id", "cwd"), ("session", "id", "branch"), ("transcript", "id", "path"),
            ("project", "id", "root"),
            ("meta", "name", "value"), ("handoff_item", "session_id", "text"),
            ("failure", "id", "line"), ("failure", "id", "words"), ("attempt", "id", "changes"),
            ("tool_call", "id", "before"), ("tool_call", "id", "after"), ("llm_call", "id", "detail"),
            ("refinement", "memory_id", "quote"), ("tidy_proposal", "id", "reason"),
            ("tidy_proposal", "id", "statement"), ("keyword", "id", "word"), ("topic", "id", "name"),
        ]
        for (table, id, column) in texts {
            let statement = try connection.statement(
                "SELECT \(id), \(column) FROM \(table) WHERE \(column) IS NOT NULL AND \(column) <> '' ORDER BY 1")
            while try statement.step() { visit("\(table) \(statement.text(0)) \(column)", statement.text(1)) }
            statement.reset()
        }
    }
}
