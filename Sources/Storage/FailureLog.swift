public import Failures
public import SQLite

/// One call of a tool, ready to be recorded: nothing secret is in it any more.
public struct ToolCall: Sendable, Equatable {
    /// The client's own id of the call.
    public var identity: String
    public var session: String
    /// ISO 8601 in UTC.
    public var at: String
    public var event: ToolEvent

    public init(identity: String, session: String, at: String, event: ToolEvent) {
        self.identity = identity
        self.session = session
        self.at = at
        self.event = event
    }
}

extension MemoryStore {
    /// Takes note of one call: a failure is counted, what was changed since the last run of its program is an attempt on it,
    /// and a run that passes resolves what it covers. Call it inside `writing`.
    ///
    /// - Returns: False when the call was known already.
    public func record(_ call: ToolCall) throws(SQLiteError) -> Bool {
        let known = try connection.row("SELECT 1 FROM tool_call WHERE identity = ?", .text(call.identity)) { _ in true }
        guard known == nil else { return false }
        switch call.event {
        case .changed(let file, let change):
            try insert(call, "changed", file: file, change: change)
        case .failed(let invocation, let diagnostic):
            let before = try previousRun(of: invocation.name, in: call.session)
            let id = try count(invocation, diagnostic, at: call.at)
            if let before, before.failure == id {
                let changes = try changes(in: call.session, after: before.call)
                if !changes.isEmpty { try attempt(on: id, call, .failed, changes) }
            }
            try insert(call, "failed", program: invocation.name, failure: id)
        case .passed(let invocation):
            let before = try previousRun(of: invocation.name, in: call.session)
            let changes = try before.map { (before) throws(SQLiteError) in
                try self.changes(in: call.session, after: before.call)
            }
            for open in try openFailures(of: invocation.name) where invocation.covers(open.words) {
                try connection.run("UPDATE failure SET state = 'resolved' WHERE id = ?", .integer(open.id))
                // What this session did between two runs tells what mended a failure only if this session saw it.
                try attempt(on: open.id, call, .mended, before?.failure == nil ? [] : changes ?? [])
            }
            try insert(call, "passed", program: invocation.name)
        }
        return true
    }

    /// Takes note of calls that no hook has seen, from transcripts, in the order of their times. Call it inside `writing`.
    ///
    /// What is older than the newest call that is known is left out: how a failure ended is known by then. So are sessions of which a
    /// call is known, since hooks have chosen what matters of them, and sessions that were forgotten.
    ///
    /// - Returns: How many were new.
    public func recordPast(_ calls: [ToolCall]) throws(SQLiteError) -> Int {
        let newest = try connection.row("SELECT max(at) FROM tool_call") { $0.text(0) } ?? ""
        let tombstones = try Tombstones(connection)
        var isTaken: [String: Bool] = [:]
        for session in Set(calls.map(\.session)) {
            let isKnown = try connection.row("SELECT 1 FROM tool_call WHERE session = ?", .text(session)) { _ in true }
            let isForgotten = try tombstones.holds(.session, session)
            isTaken[session] = isKnown == nil && !isForgotten
        }
        let wanted = calls.enumerated().filter { $0.element.at > newest && isTaken[$0.element.session] == true }
        var count = 0
        for (_, call) in wanted.sorted(by: { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }) {
            if try record(call) { count += 1 }
        }
        return count
    }

    // MARK: -

    private func insert(
        _ call: ToolCall, _ kind: String, program: String? = nil, failure: Int? = nil, file: String? = nil,
        change: ToolEvent.Change? = nil
    ) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO tool_call (identity, session, at, kind, program, failure_id, file, before, after)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, .text(call.identity), .text(call.session), .text(call.at), .text(kind), .optional(program),
            .optional(failure), .optional(file), .optional(change?.before), .optional(change?.after))
    }

    /// The failure's row, counted once more; one that had been resolved is open again.
    private func count(_ invocation: Invocation, _ diagnostic: Diagnostic, at: String) throws(SQLiteError) -> Int {
        let name = diagnostic.file.map { String($0.split(separator: "/").last ?? "") }
        try connection.run(
            """
            INSERT INTO failure (program, signature, line, words, file, file_name, symbol, first_at, last_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
            ON CONFLICT (program, signature) DO UPDATE SET
                line = excluded.line, words = excluded.words, file = coalesce(excluded.file, file),
                file_name = coalesce(excluded.file_name, file_name), symbol = coalesce(excluded.symbol, symbol),
                count = count + 1, reopened = reopened + (state = 'resolved'), state = 'open',
                last_at = max(last_at, excluded.last_at)
            """, .text(invocation.name), .text(diagnostic.signature), .text(diagnostic.line),
            .text(FailureJSON.text(invocation.words)), .optional(diagnostic.file), .optional(name),
            .optional(diagnostic.symbol), .text(at))
        let id = try connection.row(
            "SELECT id FROM failure WHERE program = ? AND signature = ?", .text(invocation.name),
            .text(diagnostic.signature)
        ) { $0.int(0) }
        return id ?? 0
    }

    /// The last run of a program in a session, and what it failed with.
    private func previousRun(
        of program: String, in session: String
    ) throws(SQLiteError) -> (call: Int, failure: Int?)? {
        try connection.row(
            "SELECT id, failure_id FROM tool_call WHERE session = ? AND program = ? ORDER BY id DESC LIMIT 1",
            .text(session), .text(program)
        ) { (call: $0.int(0), failure: $0.optionalInt(1)) }
    }

    private func changes(in session: String, after call: Int) throws(SQLiteError) -> [FailureChange] {
        try connection.rows(
            """
            SELECT file, before, after FROM tool_call WHERE session = ? AND id > ? AND kind = 'changed' ORDER BY id DESC
            LIMIT 8
            """, .text(session), .integer(call)
        ) { FailureChange(file: $0.text(0), before: $0.text(1), after: $0.text(2)) }.reversed()
    }

    private func openFailures(of program: String) throws(SQLiteError) -> [(id: Int, words: [String])] {
        let ids = try connection.rows(
            "SELECT id FROM failure WHERE program = ? AND state = 'open' ORDER BY id", .text(program)
        ) { $0.int(0) }
        var found: [(id: Int, words: [String])] = []
        for id in ids {
            let words = try connection.rows(
                "SELECT j.value FROM failure AS f, json_each(f.words) AS j WHERE f.id = ? ORDER BY j.key",
                .integer(id)
            ) { $0.text(0) }
            found.append((id: id, words: words))
        }
        return found
    }

    private func attempt(
        on failure: Int, _ call: ToolCall, _ outcome: FailureAttempt.Outcome, _ changes: [FailureChange]
    ) throws(SQLiteError) {
        try connection.run(
            "INSERT INTO attempt (failure_id, session, at, outcome, changes) VALUES (?, ?, ?, ?, ?)", .integer(failure),
            .text(call.session), .text(call.at), .text(outcome.rawValue), .text(FailureJSON.text(changes)))
    }
}
