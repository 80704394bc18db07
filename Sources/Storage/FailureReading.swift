public import SQLite

/// What was put in place of what in a file.
public struct FailureChange: Sendable, Equatable {
    public var file: String
    public var before: String
    public var after: String
}

/// What was changed between a failure and the next run of its program.
public struct FailureAttempt: Sendable, Equatable {
    public enum Outcome: String, Sendable { case failed, mended }

    public var session: String
    public var at: String
    public var outcome: Outcome
    /// Empty when the program passed with nothing changed in that session.
    public var changes: [FailureChange]
}

/// A failure of a program as the store knows it.
public struct KnownFailure: Sendable, Equatable {
    public var id: Int
    public var program: String
    /// What it said, the last time.
    public var line: String
    public var file: String?
    public var symbol: String?
    public var isOpen: Bool
    public var count: Int
    public var reopened: Int
    public var firstAt: String
    public var lastAt: String
    /// Oldest first.
    public var attempts: [FailureAttempt]

    /// What ended it, the last time it ended.
    public var mending: FailureAttempt? { attempts.last { $0.outcome == .mended } }
}

extension MemoryStore {
    /// Failures, the latest first.
    ///
    /// - Parameters:
    ///   - program: Only of this program, as `Invocation.name` has it.
    ///   - file: Only those that named this file: the same path, or one that ends with the other.
    ///   - openOnly: Without those that are resolved.
    public func failures(
        of program: String? = nil, in file: String? = nil, openOnly: Bool = false, limit: Int = 50
    ) throws(SQLiteError) -> [KnownFailure] {
        var conditions: [String] = []
        var values: [Value] = []
        if let program {
            conditions.append("program = ?")
            values.append(.text(program))
        }
        if let file {
            conditions.append("file_name = ?")
            values.append(.text(file.split(separator: "/").last.map(String.init) ?? file))
        }
        if openOnly { conditions.append("state = 'open'") }
        var found = try connection.rows(
            """
            SELECT id, program, line, file, symbol, state, count, reopened, first_at, last_at FROM failure
            \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "))
            ORDER BY last_at DESC, id DESC
            """, values: values
        ) {
            KnownFailure(
                id: $0.int(0), program: $0.text(1), line: $0.text(2), file: $0.optionalText(3),
                symbol: $0.optionalText(4), isOpen: $0.text(5) == "open", count: $0.int(6), reopened: $0.int(7),
                firstAt: $0.text(8), lastAt: $0.text(9), attempts: [])
        }
        if let file { found.removeAll { !MemoryStore.isSameFile($0.file ?? "", file) } }
        found = Array(found.prefix(limit))
        for index in found.indices { found[index].attempts = try attempts(on: found[index].id) }
        return found
    }

    private func attempts(on failure: Int) throws(SQLiteError) -> [FailureAttempt] {
        let rows = try connection.rows(
            "SELECT id, session, at, outcome FROM attempt WHERE failure_id = ? ORDER BY id", .integer(failure)
        ) { (id: $0.int(0), session: $0.text(1), at: $0.text(2), outcome: $0.text(3)) }
        var found: [FailureAttempt] = []
        for row in rows {
            let changes = try connection.rows(
                """
                SELECT j.value ->> 'file', j.value ->> 'before', j.value ->> 'after'
                FROM attempt AS a, json_each(a.changes) AS j WHERE a.id = ? ORDER BY j.key
                """, .integer(row.id)
            ) { FailureChange(file: $0.text(0), before: $0.text(1), after: $0.text(2)) }
            found.append(
                FailureAttempt(
                    session: row.session, at: row.at, outcome: .init(rawValue: row.outcome) ?? .failed,
                    changes: changes))
        }
        return found
    }

    /// Two ways to write one path: equal, or one ends with the other at a slash.
    static func isSameFile(_ one: String, _ other: String) -> Bool {
        let (long, short) = one.utf8.count >= other.utf8.count ? (one, other) : (other, one)
        if long == short { return true }
        var suffix = short[...]
        while suffix.hasPrefix("./") { suffix = suffix.dropFirst(2) }
        return !suffix.isEmpty && suffix.utf8.first != UInt8(ascii: "/") && long.hasSuffix("/" + suffix)
            || long == suffix
    }

    /// Whether anything that a program failed with is open; nil asks of all programs.
    public func hasOpenFailure(of program: String?) throws(SQLiteError) -> Bool {
        try connection.row(
            "SELECT 1 FROM failure WHERE state = 'open' AND (?1 IS NULL OR program = ?1) LIMIT 1", .optional(program)
        ) { _ in true } ?? false
    }

    /// Those that a session has not been warned of since they failed last.
    public func unwarned(_ failures: [KnownFailure], session: String) throws(SQLiteError) -> [KnownFailure] {
        var fresh: [KnownFailure] = []
        for failure in failures {
            let count = try connection.row(
                "SELECT count FROM failure_warning WHERE failure_id = ? AND session = ?", .integer(failure.id),
                .text(session)
            ) { $0.int(0) }
            if count ?? 0 < failure.count { fresh.append(failure) }
        }
        return fresh
    }

    /// Notes that a session is warned of a failure. Call it inside `writing`.
    ///
    /// - Parameter tokens: What the warning costs; the schema refuses what is above the budget.
    /// - Returns: False when another call has warned of it already.
    public func noteWarning(
        of failure: KnownFailure, session: String, tokens: Int, at: String
    ) throws(SQLiteError) -> Bool {
        try connection.run(
            """
            INSERT INTO failure_warning (failure_id, session, count, tokens, at) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (failure_id, session) DO UPDATE SET count = ?3, tokens = ?4, at = ?5 WHERE count < ?3
            """, .integer(failure.id), .text(session), .integer(failure.count), .integer(tokens), .text(at))
        return connection.changes > 0
    }
}
