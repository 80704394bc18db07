import Foundation
import Testing

@Suite struct ProjectVerbTests {
    @Test func aStoreIsMadeWithTheFirstMemoryOnly() throws {
        let workspace = try Workspace(hasStore: false)
        try workspace.write(Workspace.transcript([("user", "hi"), ("assistant", "Hello.")]), to: "empty.jsonl")
        #expect(try workspace.run("ingest", "empty.jsonl").status == 0)
        #expect(try workspace.run("list").status == 1)
        let data = workspace.home.appendingPathComponent(".local/share/ccmem/projects").path
        #expect(!FileManager.default.fileExists(atPath: data))
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        #expect(try workspace.run("ingest", "session.jsonl").status == 0)
        #expect(FileManager.default.fileExists(atPath: data))
        #expect(!FileManager.default.fileExists(atPath: workspace.database))
    }

    @Test func initMovesTheStoreIntoTheProject() throws {
        let workspace = try Workspace(hasStore: false)
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        let list = try workspace.run("list", "--json").output
        #expect(try workspace.run("init").status == 0)
        #expect(FileManager.default.fileExists(atPath: workspace.database))
        #expect(try workspace.run("list", "--json").output == list)
    }

    @Test func aClonesDatabaseIsNotOpenedBeforeItIsTrusted() throws {
        let author = try Workspace()
        try author.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try author.run("ingest", "session.jsonl")
        let clone = try Workspace(hasStore: false)
        try FileManager.default.copyItem(
            at: author.project.appendingPathComponent(".ccmem"), to: clone.project.appendingPathComponent(".ccmem"))
        for verb in ["list", "search", "ingest", "show"] {
            let run = try clone.run([verb] + (verb == "search" ? ["x"] : verb == "show" ? ["1"] : []))
            #expect(run.status == 3, "\(verb)")
            #expect(run.errors.contains("ccmem trust"), "\(verb)")
        }
        #expect(try clone.run("trust").status == 1)
        #expect(try clone.run("trust", "--yes").status == 0)
        #expect(try clone.run("list").status == 0)
    }

    @Test func pausedMemoryCanBeReadAndNotFilled() throws {
        let workspace = try Workspace()
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        #expect(try workspace.run("pause").status == 0)
        try workspace.write(
            Workspace.transcript(session: "other", [("user", "NEVER use tabs in Makefile recipes of docs.")]),
            to: "other.jsonl")
        let run = try workspace.run("ingest", "other.jsonl")
        #expect(run.status == 0)
        #expect(run.errors.contains("ccmem resume"))
        #expect(try workspace.run("list").output.contains("tabs") == false)
        #expect(try workspace.run("resume").status == 0)
        #expect(try workspace.run("ingest", "other.jsonl").status == 0)
        #expect(try workspace.run("list").output.contains("tabs"))
    }

    @Test func onlyTheProjectsOwnTranscriptsAreFound() throws {
        let workspace = try Workspace()
        // Another project whose folder of transcripts has the same name, because Claude Code's names are lossy.
        let other = workspace.folder.appendingPathComponent("project/a")
        try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
        let name = String(workspace.project.path.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        let transcripts = workspace.home.appendingPathComponent(".claude/projects/\(name)")
        try FileManager.default.createDirectory(at: transcripts, withIntermediateDirectories: true)
        try Workspace.transcript(session: "own", cwd: workspace.project.path, IngestTests.talk)
            .write(to: transcripts.appendingPathComponent("own.jsonl"), atomically: true, encoding: .utf8)
        try Workspace.transcript(
            session: "foreign", cwd: "/somewhere/else", [("user", "NEVER touch the foreign database.")]
        ).write(to: transcripts.appendingPathComponent("foreign.jsonl"), atomically: true, encoding: .utf8)
        let run = try workspace.run("ingest")
        #expect(run.status == 0)
        #expect(run.errors.contains("foreign.jsonl"))
        #expect(try workspace.run("list").output.contains("linter"))
        #expect(try workspace.run("list").output.contains("foreign") == false)
        // Named, it is taken as it is.
        try workspace.run("ingest", transcripts.appendingPathComponent("foreign.jsonl").path)
        #expect(try workspace.run("list").output.contains("foreign"))
    }

    @Test func aTypoInASettingNamesTheNearestOne() throws {
        let workspace = try Workspace()
        let run = try workspace.run("config", "get", "archive.max-megabyte")
        #expect(run.status == 2)
        #expect(run.errors.contains("archive.max-megabytes"))
        #expect(try workspace.run("config", "set", "archive.max-megabytes", "10").status == 0)
        #expect(try workspace.run("config", "get", "archive.max-megabytes").output == "10\n")
        #expect(
            try workspace.run(
                ["config", "get", "archive.max-megabytes"], environment: ["CCMEM_ARCHIVE_MAX_MEGABYTES": "11"]
            ).output == "11\n")
    }
}

@Suite struct StoreFaultTests {
    let workspace: Workspace
    init() throws {
        workspace = try Workspace()
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
    }

    @Test func aNewerSchemaIsRefusedPolitely() throws {
        try workspace.shell("PRAGMA user_version = 99")
        for arguments in [["list"], ["ingest", "session.jsonl"], ["audit"]] {
            let run = try workspace.run(arguments)
            #expect(run.status == 3)
            #expect(run.errors.contains("newer ccmem"))
        }
    }

    @Test func aDamagedFileIsNamedAndSalvaged() throws {
        try workspace.run("gc")
        let count = try workspace.run("list", "--json").memories.count
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: workspace.database))
        let page = try workspace.shell("SELECT rootpage FROM sqlite_schema WHERE name = 'memory_source'").output
        try file.seek(toOffset: UInt64(((Int(page.dropLast()) ?? 1) - 1) * 4096))
        try file.write(contentsOf: Data(repeating: 0x5A, count: 4096))
        try file.close()
        #expect(try workspace.run("audit").status == 1)
        let repaired = try workspace.run("repair")
        // Nothing of this table is left; all others are whole.
        #expect(repaired.status == 3, "\(repaired.errors)")
        #expect(repaired.errors.contains("Nothing could be carried over of: memory_source."))
        #expect(repaired.errors.contains(workspace.database + ".damaged-1"))
        #expect(try workspace.run("audit").status == 0)
        #expect(try workspace.run("list", "--json").memories.count == count)
        #expect(FileManager.default.fileExists(atPath: workspace.database + ".damaged-1"))
    }

    @Test func aFileWithoutItsFirstPageIsSalvaged() throws {
        try workspace.run("gc")
        let count = try workspace.run("list", "--json").memories.count
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: workspace.database))
        try file.write(contentsOf: Data(repeating: 0x5A, count: 4096))
        try file.close()
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: workspace.database + suffix) }
        #expect(try workspace.run("list").status == 3)
        let repaired = try workspace.run("repair")
        #expect(repaired.status == 0, "\(repaired.errors)")
        #expect(repaired.output.contains("\(count) memories"))
        #expect(try workspace.run("list", "--json").memories.count == count)
        #expect(try workspace.run("audit").status == 0)
    }

    @Test func aFileThatIsNoDatabaseIsLeftAlone() throws {
        let text = String(repeating: "not a database ", count: 100)
        try FileHandle(forUpdating: URL(fileURLWithPath: workspace.database)).write(contentsOf: Data(text.utf8))
        let run = try workspace.run("list")
        #expect(run.status == 3)
        #expect(run.errors.contains("no store of ccmem") && run.errors.contains("help: `ccmem repair`"))
        // Without a page of a store behind it, it is not repaired either.
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: workspace.database + suffix) }
        try Data(text.utf8).write(to: URL(fileURLWithPath: workspace.database))
        #expect(try workspace.run("repair").status == 3)
        #expect(try Data(contentsOf: URL(fileURLWithPath: workspace.database)) == Data(text.utf8))
    }

    @Test func aDeletedLogLosesNothing() throws {
        try? FileManager.default.removeItem(atPath: workspace.database + "-wal")
        try? FileManager.default.removeItem(atPath: workspace.database + "-shm")
        #expect(try workspace.run("audit").status == 0)
        #expect(try workspace.run("ingest", "session.jsonl", "--json").json["unchanged"] as? Int == 1)
    }

    @Test func aReadOnlyStoreCanBeRead() throws {
        let folder = workspace.project.appendingPathComponent(".ccmem").path
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: workspace.database)
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder) }
        #expect(try workspace.run("list").status == 0)
    }

    @Test func forgottenWordsAreNowhereInTheFolder() throws {
        #expect(try workspace.run("forget", "--match", "(?i)postgresql").status == 0)
        let folder = workspace.project.appendingPathComponent(".ccmem")
        let files =
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        for file in files {
            let text = (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self).lowercased() } ?? ""
            #expect(!text.contains("postgresql"), "\(file.lastPathComponent)")
        }
        try workspace.write(Workspace.transcript(IngestTests.talk) + "\n", to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        #expect(try workspace.run("search", "postgresql", "--scope", "all").status == 1)
    }
}
