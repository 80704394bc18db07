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

    /// The fixtures are made by hand and never again: an empty one of a new version fails above, this says how.
    @Test func everyVersionHasAFixture() {
        for version in Self.versions {
            let path = Fixture.url("stores/v\(version).sqlite").path
            #expect(FileManager.default.fileExists(atPath: path), "make it with scripts/store-fixture.sh")
        }
    }
}
