import Foundation
import Memories
import SQLite
import TestSupport
import Testing

@testable import Storage

/// The schema itself refuses what breaks a promise: asked through the plain `sqlite3` shell, which knows nothing of ccmem and
/// leaves foreign keys off.
@Suite struct BudgetTests {
    let folder: FolderFixture

    init() throws {
        folder = try FolderFixture()
        for index in 0..<40 {
            try folder.fixture.record(
                "Fact number \(index): keep value\(index) as it is in the gateway", importance: 1 + index % 5)
        }
    }

    /// - Returns: What the shell said on its error stream; empty when it did as asked.
    private func shell(_ sql: String) throws -> String {
        try Program.run("sqlite3", [folder.path, sql]).errors
    }

    private static func injection(
        _ id: Int, batch: Int = 1, event: String = "'SessionStart'", memory: Int = 1, tokens: Int = 100,
        and more: String = ""
    ) -> String {
        "INSERT INTO injection VALUES (\(id), \(batch), \(event), 's', \(memory), \(tokens), '2026-01-01'); \(more)"
    }

    private static func turn(_ id: Int, _ identity: Int, _ conflict: String = "") -> String {
        "INSERT \(conflict) INTO turn (id, identity, session_id, line, role, text) VALUES (\(id), \(identity), 1, 1, 'user', 'x'); "
    }

    private static func call(_ id: Int, _ outcome: String) -> String {
        """
        INSERT INTO llm_call (id, at, session, model, tokens_in, tokens_out, outcome)
        VALUES (\(id), '2026-01-01T00:00', 's', 'm', 10, 10, \(outcome))
        """
    }

    private static func refinement(_ verb: String) -> String {
        "\(verb) INTO refinement (memory_id, kind, model, prompt, quote, made_at) VALUES (1, 'new', 'm', 'p', 'q', ''); "
    }

    static let refusals: [(String, String)] = [
        (
            "INSERT INTO memory (uid, category, content, importance) SELECT 'copy', category, upper(content) || '.', 3 FROM memory WHERE id = 1",
            "memory_active_fact_is_unique"
        ),
        (
            "INSERT INTO memory (uid, category, content, importance) VALUES ('x', 'idea', 'y', 3)",
            "memory_category_is_known"
        ),
        (
            "INSERT INTO memory (uid, category, content, importance) VALUES ('x', 'note', '  ', 3)",
            "memory_has_content"
        ),
        (
            "INSERT INTO memory (uid, category, content, importance) VALUES ('x', 'note', 'y', 9)",
            "memory_importance_is_1_to_5"
        ),
        (
            """
            INSERT INTO memory (uid, category, content, importance, key) VALUES ('x', 'config', 'a = 1', 3, 'config:a');
            INSERT INTO memory (uid, category, content, importance, key) VALUES ('y', 'config', 'a = 2', 3, 'config:a')
            """, "memory_active_key_is_unique"
        ),
        (
            "INSERT INTO memory (uid, category, content, importance, state) VALUES ('x', 'note', 'y', 3, 'gone')",
            "memory_state_is_known"
        ),
        (
            "INSERT INTO memory (uid, category, content, importance, origin) VALUES ('x', 'note', 'y', 3, 'heard')",
            "memory_origin_is_known"
        ),
        (
            "INSERT INTO memory (uid, category, content, importance, origin) VALUES ('x', 'note', 'y', 3, 'rule,llm')",
            "memory_origin_is_known"
        ),
        (
            """
            INSERT INTO memory_event (memory_id, at, kind) SELECT 1, '', kind FROM memory_event;
            INSERT INTO memory_event (memory_id, at, kind) VALUES (1, '', 'Inserted')
            """, "CHECK constraint failed: kind"
        ),
        ("UPDATE memory SET content = 'another' WHERE id = 1", "memory_is_never_overwritten"),
        ("DELETE FROM memory WHERE id = 1", "memory_is_never_deleted"),
        ("UPDATE OR REPLACE memory SET id = 2 WHERE id = 1", "memory_keeps_its_number"),
        (
            """
            INSERT INTO memory (uid, category, content, importance, state)
                SELECT 'copy', category, content, 3, 'archived' FROM memory WHERE id = 1;
            UPDATE OR REPLACE memory SET state = 'active' WHERE uid = 'copy'
            """, "memory_active_fact_is_unique"
        ),
        (
            """
            UPDATE memory SET category = 'config', key = 'config:a' WHERE id = 1;
            UPDATE OR REPLACE memory SET category = 'config', key = 'config:a' WHERE id = 2
            """, "memory_active_key_is_unique"
        ),
        (turn(1, 9) + turn(1, 10, "OR REPLACE"), "turn_is_stored_once"),
        (turn(1, 9) + turn(2, 9, "OR REPLACE"), "turn_is_stored_once"),
        (turn(1, 9) + turn(2, 10) + "UPDATE OR REPLACE turn SET id = 1 WHERE id = 2", "turn_keeps_its_number"),
        ("UPDATE OR REPLACE memory SET rowid = 2 WHERE id = 1", "memory_keeps_its_number"),
        ("UPDATE OR REPLACE memory SET _rowid_ = 2 WHERE id = 1", "memory_keeps_its_number"),
        (turn(1, 9) + turn(2, 10) + "UPDATE OR REPLACE turn SET oid = 1 WHERE id = 2", "turn_keeps_its_number"),
        ("DELETE FROM memory_event", "event_is_never_deleted"),
        (
            "INSERT OR REPLACE INTO memory_event (id, memory_id, at, kind) VALUES (1, 2, '', 'archived')",
            "event_is_never_changed"
        ),
        (
            "INSERT OR REPLACE INTO memory_event SELECT id, memory_id, 'never', kind, detail, ingest_id FROM memory_event",
            "event_is_never_changed"
        ),
        (injection(1, tokens: 2_001), "injection_is_within_budget"),
        (injection(1, tokens: 1_500, and: injection(2, memory: 2, tokens: 501)), "injection_is_within_budget"),
        (injection(1, and: "UPDATE injection SET tokens = 2001"), "injection_is_within_budget"),
        (injection(1, event: "'UserPromptSubmit'", tokens: 601), "injection_is_within_budget"),
        (
            injection(
                1, tokens: 1_500,
                and: injection(2, batch: 2, memory: 2, tokens: 900, and: "UPDATE injection SET batch = 1 WHERE id = 2")),
            "injection_is_within_budget"
        ),
        (injection(1, event: "'Unknown'"), "injection_event_is_known"),
        (injection(1, event: "NULL"), "injection_event_is_known"),
        (injection(1, and: "UPDATE injection SET event = NULL"), "injection_event_is_known"),
        (injection(1, and: "UPDATE injection SET event = 'Unknown'"), "injection_event_is_known"),
        (injection(1, tokens: 1), "injection_counts_its_tokens"),
        (
            """
            INSERT INTO memory (uid, category, content, importance)
                VALUES ('long', 'note', replace(hex(zeroblob(800)), '0', 'word '), 3);
            """ + injection(1, memory: 41, tokens: 1), "injection_counts_its_tokens"
        ),
        ("UPDATE memory SET tokens = 1; " + injection(1, tokens: 4), "injection_counts_its_tokens"),
        ("DELETE FROM archive_budget", "archive_budget_is_never_deleted"),
        ("DELETE FROM archive_usage", "archive_usage_is_never_deleted"),
        (injection(1, memory: 999), "injection_is_of_a_memory"),
        (injection(1, and: injection(2)), "UNIQUE"),
        (
            "INSERT INTO llm_call (at, session, model, tokens_in, tokens_out, outcome) VALUES ('2026-01-01T00:00', 's', 'm', 50000, 1, 'ok')",
            "llm_call_is_within_budget"
        ),
        (
            """
            INSERT INTO llm_call (at, session, model, tokens_in, tokens_out, outcome) VALUES ('2026-01-01T00:00', 'a', 'm', 9000, 1000, 'reserved');
            UPDATE llm_call SET tokens_in = 49001
            """, "llm_call_is_within_budget"
        ),
        (
            """
            INSERT INTO llm_call (at, session, model, tokens_in, tokens_out, tokens_cached, tokens_written, outcome)
                VALUES ('2026-01-01T00:00', 's', 'm', 5000, 5000, 5000, 5001, 'ok')
            """, "llm_call_is_within_budget"
        ),
        (
            call(1, "'reserved'")
                + "; UPDATE llm_call SET tokens_in = 1, outcome = 'done'; UPDATE llm_call SET tokens_in = 0",
            "llm_call_is_settled_once"
        ),
        (call(1, "'reserved'") + "; UPDATE llm_call SET at = '2025-01-01T00:00'", "llm_call_is_settled_once"),
        (call(1, "'done'") + "; DELETE FROM llm_call", "llm_call_is_never_deleted"),
        (
            call(1, "'done'")
                + "; INSERT OR REPLACE INTO llm_call (id, at, session, model, tokens_in, tokens_out, outcome) VALUES (1, '2026-01-01T00:00', 's', 'm', 0, 0, 'done')",
            "llm_call_is_entered_once"
        ),
        (
            call(1, "'done'") + "; INSERT INTO llm_sent VALUES (1, 's', 1, 5); " + call(2, "'reserved'")
                + "; INSERT INTO llm_sent VALUES (2, 's', 5, 9)", "turn_is_sent_once"
        ),
        (
            call(1, "'done'") + "; INSERT INTO llm_sent VALUES (1, 's', 1, 5); DELETE FROM llm_sent",
            "sent_is_never_deleted"
        ),
        (
            call(1, "'done'") + "; INSERT INTO llm_sent VALUES (1, 's', 1, 5); "
                + "INSERT OR REPLACE INTO llm_sent VALUES (1, 's', 6, 6)", "sent_is_never_changed"
        ),
        (refinement("INSERT") + refinement("REPLACE"), "refinement_is_never_changed"),
        (
            """
            INSERT INTO tidy_proposal (kind, reason, identity, made_at) VALUES ('duplicate', 'twice', 'out #2 #1', '');
            INSERT INTO tidy_subject VALUES (1, 2, 'goes');
            INSERT OR REPLACE INTO tidy_subject VALUES (1, 2, 'stays')
            """, "tidy_subject_is_never_changed"
        ),
        (
            "INSERT INTO llm_call (at, session, model, tokens_in, tokens_out, outcome) VALUES ('today', 's', 'm', 1, 1, 'ok')",
            "llm_call_has_a_day"
        ),
    ]

    @Test("The shell is refused", arguments: refusals)
    func refused(_ sql: String, _ constraint: String) throws {
        #expect(try shell("BEGIN; \(sql); COMMIT").contains(constraint))
    }

    /// No trigger asks on each insertion of a memory: that would take as long as all the rest of it.
    @Test func whatReplacesAMemoryIsFound() throws {
        #expect(try folder.store.auditStructure() == [])
        let replacing =
            "INSERT OR REPLACE INTO memory (id, uid, category, content, importance) VALUES (1, 'x', 'note', 'another', 3)"
        #expect(try shell(replacing) == "")
        #expect(try folder.store.auditStructure().contains { $0.check == .index && $0.place == "memory_fts" })
        let copying =
            "INSERT OR REPLACE INTO memory (uid, category, content, importance) SELECT 'y', 'note', content, 3 FROM memory WHERE id = 2"
        #expect(try shell(copying) == "")
        let places = try folder.store.auditStructure().filter { $0.check == .foreignKeys }.map(\.place)
        #expect(places.contains("memory_event 2"))
    }

    @Test(
        "What is within the budget is taken",
        arguments: [injection(1, tokens: 1_500, and: injection(2, memory: 2, tokens: 500))])
    func accepted(_ sql: String) throws {
        #expect(try shell(sql).isEmpty)
    }
}

@Suite struct CriticalTests {
    @Test func whatIsCriticalIsInjectedHoweverOldItIs() throws {
        let fixture = try StoreFixture()
        let rule = "NEVER commit the file .env"
        try fixture.record(rule, .constraint, at: "2020-01-01T00:00:00.000Z", importance: 5)
        for index in 0..<500 {
            try fixture.record(
                "Value number \(index) belongs to service\(index)", .constraint,
                at: "2026-01-01T00:00:00.\(index + 100)Z",
                line: index + 2, importance: 4)
        }
        #expect(try fixture.store.standingKnowledge().constraints.first?.content == rule)
        // Importance is what it was, whatever else was stored since.
        #expect(try fixture.memory(1).importance.level == 5)
    }
}

@Suite struct StoreFaultTests {
    @Test func aFullDiskLosesNothing() throws {
        let folder = try FolderFixture()
        try folder.ingest(ForgettingTests.conversation)
        let pages = try folder.fixture.count("PRAGMA page_count")
        try folder.store.connection.execute("PRAGMA max_page_count = \(pages + 2)")
        let error = #expect(throws: StoreError.self) {
            try folder.ingest(
                (0..<400).map { ("Fact \($0) about value\($0) of the gateway", true) }, session: "big",
                path: "/t/big.jsonl")
        }
        #expect(error == .full(path: folder.path))
        #expect(try folder.fixture.active.count == 2)
        #expect(try folder.store.auditStructure().isEmpty)
        try folder.store.connection.execute("PRAGMA max_page_count = 1000000")
        try folder.ingest(
            (0..<400).map { ("Fact \($0) about value\($0) of the gateway", true) }, session: "big", path: "/t/big.jsonl"
        )
        #expect(try folder.fixture.active.count == 402)
    }

    @Test func aLockedStoreIsNamed() throws {
        let folder = try FolderFixture()
        try folder.store.connection.execute("BEGIN IMMEDIATE")
        let other = try MemoryStore(path: folder.path, access: .write, busyTimeout: 50)
        let error = #expect(throws: StoreError.self) {
            try other.writing { () throws(SQLiteError) in try other.beginIngest(.command) }
        }
        #expect(error == .locked(path: folder.path))
        // Reading goes on.
        _ = try MemoryStore(path: folder.path, access: .read).memories(MemoryQuery())
    }

    @Test func aClockThatStepsBackChangesNoOrder() throws {
        let folder = try FolderFixture()
        try folder.fixture.record("port = 8080", .config, key: "config:port", at: "2026-01-01T00:00:00.000Z")
        let late = try MemoryStore(path: folder.path, access: .write, clock: .fixed(0))
        _ = try late.writing { () throws(SQLiteError) in
            try late.record(
                NewMemory(
                    category: .config, content: "port = 8081", importance: Importance(clamping: 3), origin: .rule,
                    key: "config:port",
                    saidAt: "2026-01-02T00:00:00.000Z"), ingest: nil)
        }
        #expect(try folder.fixture.active == ["port = 8081"])
        #expect(try folder.store.events(of: 1).map(\.kind) == ["inserted", "superseded"])
    }

    @Test func aReaderMakesNoFile() throws {
        let path = NSTemporaryDirectory() + "ccmem-none-\(UUID().uuidString).db"
        #expect(throws: StoreError.missing(path: path)) { try MemoryStore(path: path, access: .read) }
        #expect(throws: StoreError.missing(path: path)) { try MemoryStore(path: path, access: .write) }
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
