import Foundation
import Memories
import SQLite
import TestSupport
import Testing

@testable import Storage

/// Stores as each shipped schema left them, in `Fixtures/stores`: all of them open, keep their rows, and become what a new one is.
@Suite struct ShippedSchemaTests {
    static let versions = 1...StoreSchema.migrator.count

    /// A copy of a fixture in a folder of its own.
    private final class Copy {
        let folder = NSTemporaryDirectory() + "ccmem-\(UUID().uuidString)"
        var path: String { folder + "/memory.db" }

        init(_ version: Int) throws {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                at: Fixture.url("stores/v\(version).sqlite"), to: URL(fileURLWithPath: path))
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// Tables that hold rows of their own; those that a text index keeps for itself hang on them.
    private static func tables(_ connection: Connection) throws -> [String] {
        try connection.rows(
            """
            SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1
            """
        ) { $0.text(0) }
    }

    /// - Parameter shape: The columns that are asked for: those that the table has there.
    private static func rows(_ table: String, _ connection: Connection, as shape: Connection? = nil) throws -> [String]
    {
        let names = try (shape ?? connection).rows("SELECT name FROM pragma_table_info(?)", .text(table)) { $0.text(0) }
        let columns = names.map { "quote(\"\($0)\")" }.joined(separator: " || ',' || ")
        return try connection.rows("SELECT \(columns) FROM \"\(table)\" ORDER BY 1") { $0.text(0) }
    }

    @Test("It opens, keeps its rows, and is sound", arguments: versions)
    func opens(_ version: Int) throws {
        let copy = try Copy(version)
        let old = try Connection(path: Fixture.url("stores/v\(version).sqlite").path, mode: .immutable)
        let store = try MemoryStore(path: copy.path, access: .write)
        for table in try Self.tables(old) {
            let before = try Self.rows(table, old)
            #expect(!before.isEmpty, "the fixture has nothing in \(table)")
            #expect(try Self.rows(table, store.connection, as: old) == before, "\(table)")
        }
        #expect(try store.auditStructure() == [])
        #expect(try store.search("gateway").isEmpty == false)
        #expect(try store.search("超时").isEmpty == false)
        #expect(try store.searchTurns("gateway", limit: 1).isEmpty == false)
    }

    @Test("What is migrated equals what is made anew", arguments: versions)
    func equals(_ version: Int) throws {
        func schema(_ store: MemoryStore) throws -> [String] {
            try store.connection.rows(
                "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1"
            ) {
                $0.text(0)
            }
        }
        let copy = try Copy(version)
        let migrated = try MemoryStore(path: copy.path, access: .write)
        #expect(try schema(migrated) == schema(MemoryStore(path: ":memory:", access: .create)))
    }

    @Test("A number that was given once is not given again", arguments: versions)
    func numbers(_ version: Int) throws {
        let copy = try Copy(version)
        try Connection(path: copy.path, mode: .readWrite).execute(
            "UPDATE sqlite_sequence SET seq = 70 WHERE name = 'memory'; UPDATE sqlite_sequence SET seq = 90 WHERE name = 'memory_event'"
        )
        let store = try MemoryStore(path: copy.path, access: .write)
        let memory = NewMemory(
            category: .note, content: "The gateway answers", importance: Importance(clamping: 3), origin: .manual)
        let outcome = try store.writing { () throws(SQLiteError) in try store.record(memory, ingest: nil) }
        #expect(outcome == .inserted(id: 71))
        #expect(try store.connection.row("SELECT max(id) FROM memory_event") { $0.int(0) } == 91)
    }

    /// A step fails that has changed tables already: the sixth, the seventh or the eighth.
    @Test("What can't be brought up to date stays as it was", arguments: versions.dropLast())
    func staysWhole(_ version: Int) throws {
        func state(_ path: String) throws -> [String] {
            let connection = try Connection(path: path, mode: .readWrite)
            let schema = try connection.rows("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY 1") { $0.text(0) }
            return try schema + Self.rows("memory", connection) + Self.rows("memory_event", connection)
                + connection.rows("PRAGMA user_version") { $0.text(0) }
        }
        let copy = try Copy(version)
        try Connection(path: copy.path, mode: .readWrite).execute(
            """
            CREATE TABLE memory_event_before (x);
            CREATE TABLE IF NOT EXISTS counted_memory (x);
            CREATE TRIGGER event_is_never_replaced BEFORE DELETE ON project BEGIN SELECT 1; END
            """)
        let before = try state(copy.path)
        #expect(throws: StoreError.self) { try MemoryStore(path: copy.path, access: .write) }
        #expect(try state(copy.path) == before)
    }

    @Test("What older stores hold is refused, counted and forgotten as in new ones", arguments: versions)
    func bindsAsBefore(_ version: Int) throws {
        let copy = try Copy(version)
        let store = try MemoryStore(path: copy.path, access: .write)
        #expect(try store.connection.row("PRAGMA foreign_keys") { $0.int(0) } == 1)
        for sql in [
            "UPDATE memory SET state = 'gone'", "DELETE FROM memory", "UPDATE memory_event SET kind = 'merged'",
        ] {
            #expect(throws: SQLiteError.self, "\(sql)") { try store.connection.run(sql) }
        }
        _ = try store.forget(.matching { $0.contains("gateway") })
        #expect(try store.search("gateway").isEmpty)
        #expect(try store.auditStructure() == [])
    }

    /// SQLite would build the list anew for each row: four lists took as long as all other work on a memory.
    @Test(
        "No list of constants is built to store a memory",
        arguments: [
            "INSERT INTO memory (uid, category, content, importance) VALUES (?, ?, ?, ?)",
            "INSERT INTO memory_source (memory_id, identity) VALUES (?, ?)",
            "INSERT INTO memory_event (memory_id, at, kind) VALUES (?, ?, ?)",
            "INSERT INTO memory_near VALUES (?, ?)", "UPDATE memory SET state = ?, category = ?, key = ? WHERE id = ?",
        ])
    func buildsNoList(_ sql: String) throws {
        let store = try MemoryStore(path: ":memory:", access: .create)
        let steps = try store.connection.rows("EXPLAIN \(sql)") { $0.text(1) }
        #expect(!steps.isEmpty)
        #expect(!steps.contains("OpenEphemeral") && !steps.contains("OpenAutoindex"))
    }

    /// It would do so where a trigger asks on each row and something could take the statement back: a segment for each memory.
    @Test func theIndexOfWordsIsWrittenOnceATransaction() throws {
        let store = try MemoryStore(path: ":memory:", access: .create)
        try store.writing { () throws(SQLiteError) in
            for index in 0..<12 {
                let memory = NewMemory(
                    category: .note, content: "Service \(index) answers on its port",
                    importance: Importance(clamping: 3), origin: .manual)
                _ = try store.record(memory, ingest: nil)
            }
        }
        let segments = try store.connection.row("SELECT count(DISTINCT segid) FROM memory_fts_idx") { $0.int(0) }
        #expect(segments == 1)
    }

    /// The budget of the archive does build one, for what it throws out; what a turn must be is no part of that.
    @Test func noListSaysWhatATurnMustBe() throws {
        let store = try MemoryStore(path: ":memory:", access: .create)
        let turn = try store.connection.row("SELECT sql FROM sqlite_schema WHERE name = 'turn'") { $0.text(0) }
        #expect(turn?.contains("CHECK (role = 'user' OR role = 'assistant'") == true)
        try store.connection.run("INSERT INTO session (uid) VALUES ('s')")
        for role in ["user", "assistant", "summary", "tool"] {
            try store.connection.run(
                "INSERT INTO turn (identity, session_id, line, role, text) VALUES (abs(random()), 1, 1, ?, 'x')",
                .text(role))
        }
        #expect(throws: SQLiteError.self) {
            try store.connection.run(
                "INSERT INTO turn (identity, session_id, line, role, text) VALUES (1, 1, 1, 'harness', 'x')")
        }
    }

    /// The fixtures are made by hand and never again: an empty one of a new version fails above, this says how.
    @Test func everyVersionHasAFixture() {
        for version in Self.versions {
            let path = Fixture.url("stores/v\(version).sqlite").path
            #expect(FileManager.default.fileExists(atPath: path), "make it with scripts/store-fixture.sh")
        }
    }
}
