import Testing

@testable import Failures

@Suite struct DiagnosticTests {
    @Test(
        "The line that says what went wrong is found",
        arguments: [
            (
                "Exit code 1\n> app@1.0.0 test\n> jest\n\nFAIL src/api.test.ts\n  ● login › rejects\n\n    TypeError: Cannot read properties of undefined (reading 'id')",
                "TypeError: Cannot read properties of undefined (reading 'id')"
            ),
            (
                "Exit code 1\nTraceback (most recent call last):\n  File \"/srv/a.py\", line 12, in <module>\n    run()\nKeyError: 'seed'\n",
                "KeyError: 'seed'"
            ),
            (
                "Building for debugging...\n/srv/app/Sources/A/B.swift:14:9: error: cannot find 'foo' in scope\nerror: fatalError",
                "/srv/app/Sources/A/B.swift:14:9: error: cannot find 'foo' in scope"
            ),
            (
                "error[E0382]: borrow of moved value: `tx`\n  --> src/main.rs:41:5",
                "error[E0382]: borrow of moved value: `tx`"
            ),
            (
                "\u{1B}[31mfatal:\u{1B}[0m The current branch main has no upstream branch.",
                "fatal: The current branch main has no upstream branch."
            ),
            ("Exit code 127\nbash: ccache: command not found", "bash: ccache: command not found"),
            ("oops", "oops"),
            ("0 errors\nwarning: unused\n3 tests failed", "3 tests failed"),
        ])
    func line(_ text: String, _ line: String) {
        #expect(Diagnostic(text)?.line == line)
    }

    @Test(
        "The same failure in another place and at another time has the same signature",
        arguments: [
            (
                "/home/a/app/Sources/B.swift:14:9: error: cannot find 'foo' in scope",
                "/tmp/x/B.swift:90:1: error: cannot find 'foo' in scope"
            ),
            (
                "src/api.ts(12,5): error TS2339: Property 'id' does not exist",
                "src/api.ts(400,17): error TS2339: Property 'id' does not exist"
            ),
            ("timed out after 1.25s waiting for 0x7ffd12", "timed out after 30s waiting for 0x55aa01"),
            (
                "panic: commit 9fceb02d0ae598e95dc970b74767f19372d61af8 not found",
                "panic: commit 1a410efbd13591db07496601ebc7a059dd55cfe9 not found"
            ),
            (
                "Error: ENOENT: no such file or directory, open '/a/b/config.json'",
                "Error: ENOENT: no such file or directory, open '/c/config.json'"
            ),
        ])
    func same(_ one: String, _ other: String) throws {
        #expect(try #require(Diagnostic(one)).signature == #require(Diagnostic(other)).signature)
    }

    @Test(
        "Different failures have different signatures",
        arguments: [
            ("error: cannot find 'foo' in scope", "error: cannot find 'bar' in scope"),
            ("A.swift:1:1: error: expected '}'", "B.swift:1:1: error: expected '}'"),
            ("KeyError: 'seed'", "KeyError: 'rate'"),
            ("error TS2339: Property 'id' does not exist", "error TS2345: Property 'id' does not exist"),
            ("python3.11: command not found", "python3.12: command not found"),
        ])
    func different(_ one: String, _ other: String) throws {
        #expect(try #require(Diagnostic(one)).signature != #require(Diagnostic(other)).signature)
    }

    @Test(
        "File and name are taken from the line, or from those around it",
        arguments: [
            ("/srv/app/Sources/A/B.swift:14:9: error: cannot find 'foo' in scope", "/srv/app/Sources/A/B.swift", "foo"),
            ("error[E0382]: borrow of moved value: `tx`\n  --> src/main.rs:41:5", "src/main.rs", "tx"),
            ("./pkg/server.go:31:2: undefined: newRouter", "./pkg/server.go", "newRouter"),
            (
                "TypeError: x is not a function\n    at load (/srv/web/node_modules/a/b.js:1:1)\n    at run (/srv/web/src/run.js:3:4)",
                "/srv/web/src/run.js", nil
            ),
            ("fatal: no upstream branch", nil, nil),
            ("error: failed after 3.5 s", nil, nil),
        ] as [(String, String?, String?)])
    func place(_ text: String, _ file: String?, _ symbol: String?) throws {
        let diagnostic = try #require(Diagnostic(text))
        #expect(diagnostic.file == file)
        #expect(diagnostic.symbol == symbol)
    }

    @Test func nothingSaidIsNoDiagnostic() {
        #expect(Diagnostic("") == nil)
        #expect(Diagnostic("Exit code 1") == nil)
        #expect(Diagnostic("\n \n\u{1B}[0m\n") == nil)
    }

    @Test func longLinesAreCutBetweenCharacters() throws {
        let diagnostic = try #require(Diagnostic("error: " + String(repeating: "é", count: 5_000)))
        #expect(diagnostic.line.utf8.count <= Diagnostic.longest)
        #expect(diagnostic.line.last == "é")
    }
}

@Suite struct ToolOutcomeTests {
    @Test func aFailingCommandIsAFailureOfItsProgram() throws {
        let event = ToolOutcome.failure(
            of: "cd web && npm test", error: "Exit code 1\nError: boom", isInterrupted: false)
        guard case .failed(let invocation, let diagnostic)? = event else {
            Issue.record("no failure")
            return
        }
        #expect(invocation.name == "npm test")
        #expect(diagnostic.line == "Error: boom")
    }

    @Test(
        "A no, a stop and a search without a hit are no failures",
        arguments: [
            ("npm test", "The user doesn't want to proceed with this tool use.", false),
            ("npm test", "Exit code 1\nError: boom", true),
            ("grep -rn nothing .", "Exit code 1", false),
            ("diff a b", "Exit code 1\n1c1\n< a\n> b", false),
            ("cat missing.txt", "Exit code 1\ncat: missing.txt: No such file or directory", false),
            ("npm test", "PreToolUse:Bash hook error: not allowed", false),
        ])
    func noFailure(_ command: String, _ error: String, _ interrupted: Bool) {
        #expect(ToolOutcome.failure(of: command, error: error, isInterrupted: interrupted) == nil)
    }

    @Test(
        "Where the status is hidden, only clear output counts",
        arguments: [
            ("npm test | tee log", "Tests: 2 failed, 40 passed", false),
            ("npm test | tee log", "Tests: 42 passed", true),
            ("npm test | tee log", "see log", nil),
            ("npm test || true", "1 failing", false),
            ("swift build 2>&1 | tail -5", "Build complete! (3.2s)", true),
            ("swift build 2>&1 | tail -5", "B.swift:1:1: error: no", false),
            ("npm test; npm run deploy", "deployed", nil),
            ("set -o pipefail; npm test | tee log", "anything", true),
            ("npm test", "anything", true),
        ] as [(String, String, Bool?)])
    func hidden(_ command: String, _ output: String, _ passed: Bool?) {
        switch ToolOutcome.success(of: command, output: output) {
        case .passed?: #expect(passed == true)
        case .failed?: #expect(passed == false)
        case .changed?: Issue.record("no file was changed")
        case nil: #expect(passed == nil)
        }
    }

    @Test func logsOfARunAreNoRun() {
        #expect(ToolOutcome.success(of: "cat build.log", output: "12 tests passed") == nil)
        #expect(ToolOutcome.success(of: "tail -20 test.log | grep -c passed", output: "12") == nil)
    }
}
