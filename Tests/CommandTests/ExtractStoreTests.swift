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
        let writer = Process()
        let (feed, answers) = (Pipe(), Pipe())
        writer.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        writer.arguments = ["sqlite3", workspace.database]
        writer.standardInput = feed
        writer.standardOutput = answers
        try writer.run()
        feed.fileHandleForWriting.write(
            Data("BEGIN EXCLUSIVE; UPDATE memory SET importance = 5; SELECT 'locked';\n".utf8))
        #expect(String(decoding: answers.fileHandleForReading.availableData, as: UTF8.self) == "locked\n")
        let start = ContinuousClock.now
        #expect(try outcomes().values.allSatisfy { $0.0 == "merged" })
        #expect(ContinuousClock.now - start < .seconds(8), "a store waits ten seconds for a lock")
        // The writer is still in its transaction.
        #expect(writer.isRunning)
        try feed.fileHandleForWriting.close()
        writer.waitUntilExit()
    }
}
