import Testing

@testable import SQLite

@Suite struct SQLiteTests {}
