import Foundation
import Testing

/// Settings that decide on what is stored, by what is in the store afterwards.
@Suite struct SettingTests {
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.write(Workspace.transcript(cwd: "/clients/acme/api", IngestTests.talk), to: "session.jsonl")
    }

    @Test(
        "A transcript that is named is left alone when its sessions are opted out",
        arguments: [
            ("CCMEM_EXCLUDE_PATHS", "/clients/**"), ("CCMEM_EXCLUDE_PATHS", "**/session.jsonl"),
            ("CCMEM_EXCLUDE_PROJECTS", "/clients/acme"),
        ], ["ingest", "extract", "standard input"])
    func optOut(_ setting: (name: String, value: String), _ verb: String) throws {
        let isPiped = verb == "standard input"
        // What comes through a pipe has no path.
        if isPiped, setting.value.hasSuffix(".jsonl") { return }
        let run = try workspace.run(
            isPiped ? ["ingest", "-"] : [verb, "session.jsonl"],
            input: isPiped ? workspace.read("session.jsonl") : nil, environment: [setting.name: setting.value])
        #expect(run.errors.contains("left out: "), "\(run.errors)")
        #expect(run.errors.contains(setting.value))
        #expect(try workspace.run("list").status == 1)
        #expect(!FileManager.default.fileExists(atPath: workspace.database))
    }

    @Test func extractStoresTheProjectsOwnTranscriptsOnly() throws {
        let name = String(workspace.project.path.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        let transcripts = workspace.home.appendingPathComponent(".claude/projects/\(name)")
        try FileManager.default.createDirectory(at: transcripts, withIntermediateDirectories: true)
        try Workspace.transcript(
            session: "foreign", cwd: "/somewhere/else", [("user", "NEVER touch the foreign database.")]
        ).write(to: transcripts.appendingPathComponent("foreign.jsonl"), atomically: true, encoding: .utf8)
        let run = try workspace.run("extract")
        #expect(run.errors.contains("foreign.jsonl"))
        #expect(try workspace.run("list").status == 1)
    }

    @Test func whatIsLessImportantThanAskedForIsNotStored() throws {
        let environment = ["CCMEM_INGEST_MIN_IMPORTANCE": "5"]
        let outcomes = try workspace.run(
            ["extract", "--dry-run", "--against-store", "session.jsonl", "--format", "jsonl"], environment: environment)
        #expect(outcomes.output.contains("refused_unimportant"))
        let run = try workspace.run(["ingest", "session.jsonl", "--json"], environment: environment)
        #expect(run.json["refused"] as? Int ?? 0 > 0)
        let levels = try workspace.run("list", "--json").memories.compactMap { $0["importance"] as? Int }
        #expect(!levels.isEmpty)
        #expect(levels.allSatisfy { $0 == 5 })
    }

    @Test func whatIsStoredStaysWhenMoreIsAskedFor() throws {
        try workspace.run("ingest", "session.jsonl")
        let before = try workspace.run("list", "--json").memories.count
        try workspace.write(
            Workspace.transcript(
                cwd: "/clients/acme/api", IngestTests.talk + [("user", "Thank you, that will be all for today.")]),
            to: "session.jsonl")
        try workspace.run(["ingest", "session.jsonl"], environment: ["CCMEM_INGEST_MIN_IMPORTANCE": "5"])
        #expect(try workspace.run("list", "--json").memories.count == before)
    }

    @Test func aSmallerArchiveHoldsAtOnce() throws {
        // What no memory cites may go; what is cited stays.
        let talk = (1...30).map { (role: "user", text: String(repeating: "word\($0) thing ", count: 4_000)) }
        try workspace.write(Workspace.transcript(talk), to: "long.jsonl")
        let run = try workspace.run("ingest", "session.jsonl", "long.jsonl")
        #expect(run.status == 0, "\(run.errors)")
        let before = try workspace.shell("SELECT bytes > 1048576 FROM archive_usage")
        #expect(before.output == "1\n", "\(run.output) \(before)")
        #expect(try workspace.run("config", "set", "archive.max-megabytes", "1").status == 0)
        try workspace.run("add", "note", "Anything that writes")
        let after = try workspace.shell("SELECT bytes <= 1048576, bytes > 900000 FROM archive_usage")
        #expect(after.output == "1|1\n", "\(after)")
        #expect(
            try workspace.shell("SELECT count(*) FROM memory_source AS s JOIN turn AS t ON t.id = s.turn_id").output
                != "0\n")
        #expect(try workspace.run("audit").status == 0)
    }

    @Test func withoutAnArchiveNoTurnIsKept() throws {
        try workspace.run(["ingest", "session.jsonl"], environment: ["CCMEM_ARCHIVE_ENABLED": "false"])
        #expect(try workspace.shell("SELECT count(*) FROM turn").output == "0\n")
        #expect(try workspace.run("list").status == 0)
    }

    @Test func withoutViewsNoPageIsWritten() throws {
        try workspace.run(["ingest", "session.jsonl"], environment: ["CCMEM_VIEWS_ENABLED": "false"])
        #expect(throws: (any Error).self) { try workspace.read(".ccmem/MEMORY.md") }
    }

    @Test func budgetsOfTheSchemaFollowTheSettings() throws {
        let environment = [
            "CCMEM_INJECTION_SESSION_START_TOKENS": "20000", "CCMEM_INJECTION_PROMPT_TOKENS": "50",
            "CCMEM_LLM_DAILY_TOKENS": "7",
        ]
        try workspace.run(["add", "note", "Anything that writes"], environment: environment)
        let budgets = try workspace.shell(
            """
            SELECT max_tokens FROM injection_budget WHERE event IN ('SessionStart', 'UserPromptSubmit') ORDER BY event;
            SELECT max_tokens FROM llm_budget WHERE scope = 'day'
            """)
        #expect(budgets.output == "9500\n50\n7\n")
        let refused = try workspace.shell(
            "INSERT INTO injection VALUES (1, 1, 'UserPromptSubmit', 's', 1, 51, '2026-01-01')")
        #expect(refused.errors.contains("injection_is_within_budget"))
    }

    @Test func aWrongValueIsNamedByEveryCommand() throws {
        try workspace.run("ingest", "session.jsonl")
        let run = try workspace.run(["list"], environment: ["CCMEM_INGEST_MIN_IMPORTANCE": "9"])
        #expect(run.status == 0)
        #expect(run.errors.hasPrefix("warning: CCMEM_INGEST_MIN_IMPORTANCE: "))
    }
}
