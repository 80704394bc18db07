import Foundation
import Testing

@testable import SQLite

@Suite struct SQLiteTests {
    let connection: Connection

    init() throws { connection = try Connection(path: ":memory:", mode: .create) }

    @Test func valuesComeBackAsTheyWere() throws {
        let values: [Value] = [.null, 42, "", "naïve\0text", .real(1.5), .blob([0, 255])]
        let found = try connection.row(
            "SELECT ?, ?, ?, ?, ?, ?", values[0], values[1], values[2], values[3], values[4], values[5]
        ) { row in
            (0..<6).map { row.value($0) }
        }
        #expect(found == values)
    }

    @Test func aTransactionThatThrowsLeavesNothing() throws {
        try connection.execute("CREATE TABLE t (x INTEGER NOT NULL CONSTRAINT x_is_positive CHECK (x > 0)) STRICT")
        let error = #expect(throws: SQLiteError.self) {
            try connection.transaction { () throws(SQLiteError) in
                try connection.run("INSERT INTO t VALUES (?)", 1)
                try connection.run("INSERT INTO t VALUES (?)", -1)
            }
        }
        #expect(error?.message.contains("x_is_positive") == true)
        #expect(error?.primaryCode == 19)
        #expect(try connection.row("SELECT count(*) FROM t") { $0.int(0) } == 0)
    }

    @Test func anErrorHidesTheValuesThatWereBound() throws {
        try connection.execute("CREATE TABLE t (x TEXT UNIQUE) STRICT")
        try connection.run("INSERT INTO t VALUES (?)", "hunter2")
        let error = #expect(throws: SQLiteError.self) { try connection.run("INSERT INTO t VALUES (?)", "hunter2") }
        #expect(error.map { String(describing: $0) }?.contains("hunter2") == false)
    }

    @Test("Only one statement is taken", arguments: ["SELECT 1; SELECT 2", "SELECT 1; garbage", "", "-- nothing"])
    func oneStatement(_ sql: String) {
        #expect(throws: SQLiteError.self) { try connection.rows(sql) { $0.int(0) } }
    }

    @Test(
        "What follows a statement may be blank", arguments: ["SELECT 1;", "SELECT 1; -- end", "SELECT 1 ; \n /* x */ "])
    func trailingBlanks(_ sql: String) throws {
        #expect(try connection.row(sql) { $0.int(0) } == 1)
    }

    @Test(
        "The authorizer refuses what does not read",
        arguments: [
            "CREATE TABLE u (x)", "INSERT INTO t VALUES (1)", "DELETE FROM t", "PRAGMA user_version = 3",
            "ATTACH ':memory:' AS other", "UPDATE t SET x = 2", "VACUUM", "SELECT load_extension('x')",
        ])
    func readingOnly(_ sql: String) throws {
        try connection.execute("CREATE TABLE t (x)")
        connection.allowReadingOnly()
        #expect(throws: SQLiteError.self) { try connection.rows(sql) { $0.int(0) } }
        #expect(
            try connection.row(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT sum(i) FROM n"
            ) { $0.int(0) } == 6)
    }
}

@Suite struct MigratorTests {
    let connection: Connection
    init() throws { connection = try Connection(path: ":memory:", mode: .create) }

    @Test func eachStepRunsOnce() throws {
        let first = Migrator(applicationID: 7, steps: ["CREATE TABLE a (x)"])
        #expect(try first.migrate(connection) == .current)
        let second = Migrator(applicationID: 7, steps: ["CREATE TABLE a (x)", "CREATE TABLE b (x)"])
        #expect(try second.finding(connection) == .older(1))
        #expect(try second.migrate(connection) == .current)
        #expect(try second.migrate(connection) == .current)
        #expect(try first.migrate(connection) == .newer(2))
    }

    @Test func anotherProgramsDatabaseIsLeftAlone() throws {
        try connection.execute("CREATE TABLE theirs (x)")
        #expect(try Migrator(applicationID: 7, steps: ["CREATE TABLE a (x)"]).migrate(connection) == .foreign)
    }

    @Test func aStepThatFailsLeavesTheSchemaAsItWas() throws {
        let broken = Migrator(applicationID: 7, steps: ["CREATE TABLE a (x)", "CREATE TABLE a (y)"])
        #expect(throws: SQLiteError.self) { try broken.migrate(connection) }
        #expect(try broken.finding(connection) == .older(0))
    }
}
