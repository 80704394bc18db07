import Foundation
import TestSupport
import Testing

@Suite struct ExtractStoreTests {
    let workspace: Workspace
    init() throws {
        workspace = try Workspace()
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
    }

    private static let formats = ["text", "json", "jsonl", "markdown"]

    @Test("A dry run gives the same bytes with and without a store, and makes none", arguments: formats)
    func dry(_ format: String) throws {
        let arguments = ["extract", "--dry-run", "session.jsonl", "--format", format]
        let before = try workspace.run(arguments)
        #expect(before.status == 0)
        #expect(!FileManager.default.fileExists(atPath: workspace.database))
        try workspace.run("ingest", "session.jsonl")
        #expect(try workspace.run(arguments).output == before.output)
    }

    @Test func withoutADryRunWhatIsShownIsStored() throws {
        let report = try workspace.run("extract", "--dry-run", "session.jsonl").output
        let run = try workspace.run("extract", "session.jsonl")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.hasPrefix(report))
        #expect(run.output.hasSuffix("4 turns archived.\n"))
        let other = try Workspace()
        try other.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try other.run("ingest", "session.jsonl")
        func contents(_ workspace: Workspace) throws -> [String] {
            try workspace.run("list", "--json").memories.compactMap { $0["content"] as? String }
        }
        #expect(try contents(workspace) == contents(other))
        let again = try workspace.run("extract", "session.jsonl", "--format", "jsonl")
        #expect(try again.output == workspace.run("extract", "--dry-run", "session.jsonl", "--format", "jsonl").output)
        #expect(try contents(workspace) == contents(other))
    }

    @Test func theNumberOfJobsDoesNotChangeWhatIsStored() throws {
        for number in 1...9 {
            let talk = IngestTests.talk + [("user", "Always use release \(number) of the linter.")]
            try workspace.write(Workspace.transcript(session: "s\(number)", talk), to: "all/\(number).jsonl")
        }
        func rows(_ jobs: Int) throws -> String {
            try? FileManager.default.removeItem(atPath: workspace.database)
            #expect(try workspace.run("extract", "all", "--jobs", "\(jobs)").status == 0)
            return try workspace.shell("SELECT id, uid, content FROM memory").output
        }
        let one = try rows(1)
        #expect(!one.isEmpty)
        #expect(try rows(4) == one)
    }

    @Test func withoutAFileADryRunReadsWhatIngestWouldRead() throws {
        let name = String(workspace.project.path.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        let claude = workspace.folder.appendingPathComponent("claude")
        let transcripts = claude.appendingPathComponent("projects/\(name)")
        try FileManager.default.createDirectory(at: transcripts, withIntermediateDirectories: true)
        for (session, cwd, text) in [
            ("own", workspace.project.path, "NEVER push to main without a review."),
            ("foreign", "/somewhere/else", "NEVER touch the foreign database."),
        ] {
            try Workspace.transcript(session: session, cwd: cwd, [("user", text)]).write(
                to: transcripts.appendingPathComponent("\(session).jsonl"), atomically: true, encoding: .utf8)
        }
        let environment = ["CLAUDE_CONFIG_DIR": claude.path]
        let elsewhere = workspace.folder.appendingPathComponent("elsewhere")
        try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
        let here = try workspace.run(["extract", "--dry-run"], environment: environment)
        let there = try workspace.run(
            ["extract", "--dry-run", "--project", workspace.project.path], environment: environment,
            directory: elsewhere)
        for run in [here, there] {
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.contains("NEVER push to main") && !run.output.contains("foreign"))
            #expect(run.errors.contains("left out: \(transcripts.path)/foreign.jsonl"))
        }
        let none = try workspace.run(["extract", "--dry-run"], environment: environment, directory: elsewhere)
        #expect(none.status == 1)
        #expect(none.errors.contains("no transcripts of the project \(elsewhere.path)"))
        #expect(try workspace.run(["ingest"], environment: environment).status == 0)
        #expect(try workspace.run("list", "--json").memories.count == 1)
        // A look asks neither for trust nor whether memory is at work.
        let paused = try workspace.run(
            ["extract", "--dry-run"], environment: environment.merging(["CCMEM_ENABLED": "false"]) { $1 })
        #expect(paused.output == here.output)
    }

    private func outcomes() throws -> [String: (String, Int?)] {
        let run = try workspace.run("extract", "--dry-run", "--against-store", "session.jsonl", "--format", "jsonl")
        #expect(run.status == 0, "\(run.errors)")
        var found: [String: (String, Int?)] = [:]
        for line in run.output.split(separator: "\n") {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let content = try #require(object["content"] as? String)
            found[content] = (try #require(object["outcome"] as? String), object["outcome_id"] as? Int)
        }
        return found
    }

    @Test func theOutcomeOfEachMemoryIsTold() throws {
        #expect(try outcomes().values.allSatisfy { $0.0 == "inserted" && $0.1 == nil })
        #expect(!FileManager.default.fileExists(atPath: workspace.database))
        try workspace.run("ingest", "session.jsonl")
        try workspace.run("archive", "1")
        let first = try #require(try workspace.run("list", "--all", "--json").memories.first { $0["id"] as? Int == 1 })
        let found = try outcomes()
        #expect(found[try #require(first["content"] as? String)].map { $0 == ("refused_archived", 1) } == true)
        #expect(found.values.filter { $0.0 == "merged" }.count == found.count - 1)
        for (format, words) in [("text", "refused: archived as #1"), ("markdown", "already known as #2")] {
            let run = try workspace.run(
                "extract", "--dry-run", "--against-store", "session.jsonl", "--format", format)
            #expect(run.output.contains(words))
        }
        #expect(try workspace.run("extract", "--against-store", "session.jsonl").status == 2)
    }

    @Test func aWriterDoesNotKeepTheComparisonWaiting() throws {
        try workspace.run("ingest", "session.jsonl")
        let (feed, answers) = (try ProgramPipe(), try ProgramPipe())
        let writer = try Program(
            "sqlite3", [workspace.database], input: .descriptor(feed.out), output: .descriptor(answers.into))
        close(feed.out)
        close(answers.into)
        let statements = Array("BEGIN EXCLUSIVE; UPDATE memory SET importance = 5; SELECT 'locked';\n".utf8)
        #expect(write(feed.into, statements, statements.count) == statements.count)
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = read(answers.out, &buffer, buffer.count)
        #expect(String(decoding: buffer[..<max(0, count)], as: UTF8.self) == "locked\n")
        let start = ContinuousClock.now
        #expect(try outcomes().values.allSatisfy { $0.0 == "merged" })
        #expect(ContinuousClock.now - start < .seconds(8), "a store waits ten seconds for a lock")
        // The writer is still in its transaction.
        #expect(writer.isRunning)
        close(feed.into)
        writer.wait()
        close(answers.out)
    }
}
