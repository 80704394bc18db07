import Failures
import Memories
import SQLite
import Testing

@testable import Storage

/// A store, and calls of tools in it, numbered.
private final class Calls {
    let store: MemoryStore
    private var count = 0

    init() throws { store = try MemoryStore(path: ":memory:", access: .create, clock: .fixed(1_767_225_600_000)) }

    @discardableResult
    func record(_ event: ToolEvent?, session: String = "s1", identity: String? = nil) throws -> Bool {
        count += 1
        let at = "2026-01-01T00:00:\(count < 10 ? "0" : "")\(count)Z"
        let call = ToolCall(
            identity: identity ?? "toolu_\(count)", session: session, at: at, event: try #require(event))
        return try store.writing { () throws(SQLiteError) in try store.record(call) }
    }

    func fails(_ command: String, _ error: String, session: String = "s1") throws {
        try record(ToolOutcome.failure(of: command, error: error, isInterrupted: false), session: session)
    }

    func passes(_ command: String, _ output: String = "", session: String = "s1") throws {
        try record(ToolOutcome.success(of: command, output: output), session: session)
    }

    func changes(_ file: String, _ before: String, _ after: String, session: String = "s1") throws {
        try record(.changed(file: file, change: .init(before: before, after: after)), session: session)
    }

    func failures() throws -> [KnownFailure] { try store.failures() }
}

@Suite struct FailureLogTests {
    private let boom = "Exit code 1\nsrc/api.js:3: Error: boom"

    @Test func aChangeBetweenAFailureAndAPassIsWhatMendedIt() throws {
        let calls = try Calls()
        try calls.fails("npm test", boom)
        try calls.changes("src/api.js", "a()", "b()")
        try calls.passes("cd web && npm test")
        let failure = try #require(try calls.failures().first)
        #expect(!failure.isOpen)
        #expect(failure.count == 1)
        #expect(failure.mending?.changes == [FailureChange(file: "src/api.js", before: "a()", after: "b()")])
    }

    @Test func anAttemptThatDidNotHelpIsKeptAsOne() throws {
        let calls = try Calls()
        try calls.fails("npm test", boom)
        try calls.changes("src/api.js", "a()", "b()")
        try calls.fails("npm test", boom)
        try calls.changes("src/api.js", "b()", "c()")
        try calls.passes("npm test")
        let failure = try #require(try calls.failures().first)
        #expect(failure.count == 2)
        #expect(failure.attempts.map(\.outcome) == [.failed, .mended])
        #expect(failure.mending?.changes.map(\.after) == ["c()"])
    }

    @Test func onlyARunOfTheSameProgramResolves() throws {
        let calls = try Calls()
        try calls.fails("npm test", boom)
        try calls.passes("npm run lint")
        try calls.passes("git status")
        #expect(try calls.failures().map(\.isOpen) == [true])
    }

    @Test func aRunOfFewerTestsResolvesNothing() throws {
        let calls = try Calls()
        try calls.fails("npm test", boom)
        try calls.passes("npm test -- other.test.js")
        #expect(try calls.failures().map(\.isOpen) == [true])
        try calls.passes("npm test")
        #expect(try calls.failures().map(\.isOpen) == [false])
    }

    @Test func showingALogResolvesNothing() throws {
        let calls = try Calls()
        try calls.fails("npm test", boom)
        #expect(ToolOutcome.success(of: "cat build.log", output: "12 passed") == nil)
        #expect(try calls.failures().map(\.isOpen) == [true])
    }

    @Test func aFailureThatComesBackIsOpenAgainAndSaysSo() throws {
        let calls = try Calls()
        try calls.fails("npm test", boom)
        try calls.passes("npm test")
        try calls.fails("npm test", "Exit code 1\n/elsewhere/src/api.js:90: Error: boom", session: "s2")
        let failure = try #require(try calls.failures().first)
        #expect(failure.isOpen)
        #expect(failure.count == 2)
        #expect(failure.reopened == 1)
    }

    @Test func changesOfAnotherSessionMendNothing() throws {
        let calls = try Calls()
        try calls.fails("npm test", boom)
        try calls.changes("src/other.js", "x", "y", session: "s2")
        try calls.passes("npm test")
        #expect(try calls.failures().first?.mending?.changes.isEmpty == true)
    }

    @Test func aCallIsCountedOnce() throws {
        let calls = try Calls()
        let event = ToolOutcome.failure(of: "npm test", error: boom, isInterrupted: false)
        #expect(try calls.record(event, identity: "toolu_x"))
        #expect(try !calls.record(event, identity: "toolu_x"))
        #expect(try calls.failures().map(\.count) == [1])
    }

    @Test func failuresOfAFileAreFoundByAnySpellingOfItsPath() throws {
        let calls = try Calls()
        try calls.fails("npm test", boom)
        for path in ["src/api.js", "./src/api.js", "/srv/web/src/api.js", "api.js"] {
            #expect(try calls.store.failures(in: path).count == 1, "\(path)")
        }
        for path in ["lib/api.js", "src/papi.js", "/api.js"] {
            #expect(try calls.store.failures(in: path).isEmpty, "\(path)")
        }
    }

    @Test func aSessionIsWarnedOnceUntilItFailsAgain() throws {
        let calls = try Calls()
        try calls.fails("npm test", boom)
        func warned(_ session: String) throws -> Int {
            let fresh = try calls.store.unwarned(try calls.failures(), session: session)
            return try calls.store.writing { () throws(SQLiteError) in
                var count = 0
                for failure in fresh
                where try calls.store.noteWarning(of: failure, session: session, tokens: 20, at: "2026-01-01") {
                    count += 1
                }
                return count
            }
        }
        #expect(try warned("s1") == 1)
        #expect(try warned("s1") == 0)
        #expect(try warned("s2") == 1)
        try calls.fails("npm test", boom)
        #expect(try warned("s1") == 1)
    }

    @Test func aWarningAboveTheBudgetIsRefusedByTheSchema() throws {
        let calls = try Calls()
        try calls.fails("npm test", boom)
        let failure = try #require(try calls.failures().first)
        #expect(throws: StoreError.self) {
            try calls.store.writing { () throws(SQLiteError) in
                _ = try calls.store.noteWarning(of: failure, session: "s", tokens: 121, at: "2026-01-01")
            }
        }
        #expect(throws: SQLiteError.self) {
            try calls.store.connection.execute("INSERT INTO failure_warning VALUES (1, 's', 1, 100000, '')")
        }
    }

    @Test func programsAndTheirWordsAreForgottenToo() throws {
        let calls = try Calls()
        try calls.fails("./quuxcorp.sh now", "Error: boom")
        try calls.fails("deploy to quuxcorp", "Error: unused")
        try calls.fails("npm run lint", "Error: 'name' is unused")
        let report = try calls.store.forget(.matching { $0.contains("quuxcorp") || $0 == "npm run lint run lint" })
        #expect(report.traces > 2 && !report.isEmpty)
        #expect(try calls.failures().isEmpty)
        let left = try calls.store.connection.rows("SELECT program FROM tool_call ORDER BY id") { $0.text(0) }
        #expect(left == ["forgotten", "deploy", "npm run lint"])
        #expect(try calls.store.forget(.matching { $0.contains("quuxcorp") }).isEmpty)
    }

    @Test func whatIsForgottenLeavesTheFailuresToo() throws {
        let calls = try Calls()
        try calls.fails("npm test", "Error: cannot reach Quuxcorp")
        try calls.changes("src/a.js", "quuxcorp()", "other()")
        try calls.passes("npm test")
        try calls.fails("npm run lint", "Error: unused")
        _ = try calls.store.forget(.matching { $0.lowercased().contains("quuxcorp") })
        #expect(try calls.failures().map(\.program) == ["npm run lint"])
        let left = try calls.store.connection.rows("SELECT coalesce(before, '') || coalesce(after, '') FROM tool_call")
        {
            $0.text(0)
        }
        #expect(!left.contains { $0.contains("quux") })
        _ = try calls.store.forget(.session("s1"))
        #expect(try calls.store.connection.row("SELECT count(*) FROM tool_call") { $0.int(0) } == 0)
    }
}
