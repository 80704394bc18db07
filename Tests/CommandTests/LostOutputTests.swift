import Foundation
import TestSupport
import Testing

/// What a command prints and nobody can read is no success: a full disk and a closed output are said, with 3.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
struct LostOutputTests {
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.write(Workspace.transcript(session: "talk", IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
    }

    /// What prints, each by a way of its own.
    static let lines: [String] = [
        "list", "list --json", "show 1", "search linter", "search linter --json", "search linter --explain",
        "sql 'SELECT content FROM memory'", "schema", "recall linter", "recall linter --json", "stats", "stats --json",
        "why 1", "history 1", "timeline", "sessions", "session talk", "keywords", "topics", "audit", "audit --json",
        "rules list", "rules docs", "rules schema", "trust", "config list", "config get ingest.min-importance",
        "export", "export --format markdown", "extract --dry-run session.jsonl",
        "extract --dry-run session.jsonl --json",
        "watch --once --since-id 0", "add note 'Words of a person'", "ingest session.jsonl", "handoff", "gc", "doctor",
        "cost", "auth status", "--help", "help search", "--version", "", "--generate-completion-script bash",
    ]

    @Test("A full disk is said", arguments: lines)
    func fullDisk(_ line: String) throws {
        let run = try shell("\"$0\" \(line) > /dev/full")
        #expect(run.status == 3, "\(run.errors)")
        #expect(run.errors.contains("error: Standard output can't be written: No space left on device."))
        #expect(run.errors.components(separatedBy: "can't be written").count == 2, "\(run.errors)")
    }

    @Test("A closed output is said", arguments: ["list", "export", "search linter --json", "schema", "--help"])
    func closed(_ line: String) throws {
        let run = try shell("\"$0\" \(line) >&-")
        #expect(run.status == 3)
        #expect(run.errors.contains("error: Standard output can't be written: Bad file descriptor."))
    }

    @Test("What is printed goes into no file that the command opens")
    func nothingElseIsWrittenTo() throws {
        _ = try shell("\"$0\" add note 'Words of a person' <&- >&- 2>&-")
        let list = try workspace.run("list", "--json")
        #expect(list.memories.contains { $0["content"] as? String == "Words of a person" })
        let files = try shell("grep -rl --exclude='memory.db*' '^#[0-9]* stored' .ccmem || true")
        #expect(files.output == "")
    }

    @Test("A reader that has seen enough is no error")
    func closedPipe() throws {
        let run = try shell(
            "{ \"$0\" sql 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 50000) SELECT i FROM n' "
                + "--limit 50000; echo $? >&2; } | true")
        #expect(run.errors == "0\n")
    }

    private func shell(_ script: String) throws -> Workspace.Run {
        try workspace.run(tool: "/bin/sh", ["-c", script, Workspace.tool("ccmem").path])
    }
}
