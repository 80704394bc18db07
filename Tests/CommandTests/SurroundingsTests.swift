import Foundation
import TestSupport
import Testing

/// What surrounds the command does not change what it stores: shells, clocks, bytes, other processes.
@Suite struct SurroundingsTests {
    let workspace: Workspace
    init() throws { workspace = try Workspace() }

    @Test(
        "The locale and the time zone of the shell change nothing",
        arguments: [
            ["LC_ALL": "C"], ["LC_ALL": "zh_CN.GBK", "LANG": "zh_CN.GBK"], ["LC_ALL": "tr_TR.UTF-8"],
            ["TZ": "Asia/Kathmandu"], ["TZ": ":/nowhere"],
        ])
    func locale(_ environment: [String: String]) throws {
        let talk =
            IngestTests.talk + [("user", "决定使用SQLite存储数据，不要使用其他数据库。"), ("user", "NEVER rename TITLE to İstanbul.")]
        func all(_ workspace: Workspace, _ environment: [String: String]) throws -> String {
            try workspace.write(Workspace.transcript(talk), to: "session.jsonl")
            try workspace.run(["ingest", "session.jsonl"], environment: environment)
            let list = try workspace.run(["list"], environment: environment).output
            let found = try workspace.run(["search", "存储", "title"], environment: environment).output
            let rows = try workspace.shell(
                """
                SELECT content, importance, said_at FROM memory; SELECT said_at, text FROM turn;
                SELECT max(abs(julianday(created_at) - julianday('now'))) < 0.01 FROM memory
                """)
            return list + found + rows.output
        }
        let plain = try Workspace()
        let expected = try all(plain, ["LC_ALL": "C.UTF-8", "TZ": "UTC"])
        #expect(expected.contains("SQLite存储") && expected.hasSuffix("1\n"))
        #expect(try all(workspace, environment) == expected)
    }

    @Test func timesAreThoseOfTheTranscriptWheneverItIsRead() throws {
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        let times = try workspace.run("list", "--json").memories.compactMap { $0["said_at"] as? String }
        #expect(!times.isEmpty)
        #expect(times.allSatisfy { $0.hasPrefix("2026-01-01T00:00:0") })
    }

    @Test func aWrongClockOfOneMessageDoesNotStandAboveAllOthers() throws {
        let odd = Workspace.transcript(session: "odd", [("user", "NEVER push to main without a review.")])
            .replacing("2026-01-01T00:00:00.000Z", with: "zzzz")
        try workspace.write(odd, to: "odd.jsonl")
        try workspace.write(Workspace.transcript(session: "even", [IngestTests.talk[2]]), to: "even.jsonl")
        #expect(try workspace.run("ingest", "odd.jsonl", "even.jsonl").status == 0)
        #expect(try workspace.run("list", "--json").memories.count == 2)
        #expect(try workspace.shell("SELECT count(*) FROM turn WHERE said_at > '2100'").output == "0\n")
        #expect(try !workspace.shell("SELECT said_at FROM memory").output.contains("zzzz"))
    }

    @Test func aPageWithABrokenByteIsKeptBesideAndWrittenAgain() throws {
        try workspace.run("add", "note", "The first words")
        let page = workspace.project.appendingPathComponent(".ccmem/MEMORY.md")
        let broken = try Data(contentsOf: page) + Data([0xBE, 0xF6, 0x0A])
        try broken.write(to: page)
        #expect(try workspace.run("add", "note", "The second words").status == 0)
        let text = try workspace.read(".ccmem/MEMORY.md")
        #expect(text.contains("The first words") && text.contains("The second words"))
        #expect(
            try Data(contentsOf: workspace.project.appendingPathComponent(".ccmem/MEMORY.edited.md")) == broken)
    }

    @Test func twoSessionsThatBeginAlikeHaveTwoPages() throws {
        for session in ["aaaaaaaa-1", "aaaaaaaa-2"] {
            try workspace.write(
                Workspace.transcript(session: session, [("user", "NEVER rename the table of \(session).")]),
                to: "\(session).jsonl")
        }
        try workspace.run("ingest", "aaaaaaaa-1.jsonl", "aaaaaaaa-2.jsonl")
        let folder = workspace.project.appendingPathComponent(".ccmem/sessions/2026/01").path
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(pages.count == 2)
        for session in ["aaaaaaaa-1", "aaaaaaaa-2"] {
            #expect(
                try pages.contains {
                    try workspace.read(".ccmem/sessions/2026/01/\($0)").contains("table of \(session)")
                })
        }
    }

    @Test func fieldsOfAnyLengthBreakNothing() throws {
        let long = String(repeating: "long ", count: 20_000)
        #expect(
            try workspace.run(
                ["add", "config", "-", "--key", String(long.prefix(10_000)), "--tag", String(long.prefix(10_000))],
                input: "NEVER " + long
            ).status == 0)
        try workspace.run("add", "config", "port = 8080", "--key", "port")
        for arguments in [
            ["list"], ["topics"], ["keywords"], ["export"], ["why", "1"], ["show", "1"], ["search", "long"], ["audit"],
        ] {
            #expect(try workspace.run(arguments).status == 0, "\(arguments)")
        }
        // What does not fit into a session keeps nothing else out of it.
        #expect(try workspace.run(["add", "constraint", "-"], input: "ALWAYS " + long).status == 0)
        try workspace.run("add", "constraint", "NEVER push to main")
        _ = try workspace.hook("SessionStart", workspace.payload("SessionStart", ["source": "startup"]))
        #expect(try workspace.shell("SELECT memory_id FROM injection").output == "4\n")
    }

    /// As `/home` is on some systems, and `/var` on others.
    @Test("A home behind a link is one as any other", arguments: ["HOME", "XDG_DATA_HOME"])
    func linkedHome(_ variable: String) throws {
        let real = workspace.folder.appendingPathComponent("real")
        let linked = workspace.folder.appendingPathComponent("linked")
        try FileManager.default.createDirectory(
            at: real.appendingPathComponent("below"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(at: linked, withDestinationURL: real)
        let project = workspace.folder.appendingPathComponent("elsewhere")
        try FileManager.default.createDirectory(at: project, withIntermediateDirectories: true)
        let environment = [variable: linked.appendingPathComponent("below").path]
        let stored = try workspace.run(
            ["add", "constraint", "Never push on a Friday"], environment: environment, directory: project)
        #expect(stored.status == 0, "\(stored.errors)")
        for verb in ["list", "audit", "stats"] {
            let run = try workspace.run([verb], environment: environment, directory: project)
            #expect(run.status == 0, "\(verb): \(run.errors)")
        }
        let start = try workspace.run(
            tool: Workspace.tool("ccmem-hook").path, ["SessionStart"],
            input: workspace.payload("SessionStart", ["source": "startup", "cwd": project.path]),
            environment: environment, directory: project)
        #expect(start.output.contains("Never push on a Friday"), "\(start.output) \(start.errors)")
    }

    @Test func whatThisProgramPrintedIsNoEvidence() throws {
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        let before = try workspace.shell(
            "SELECT count(*), sum(importance) FROM memory; SELECT count(*) FROM memory_source")
        var lines: [String] = []
        for (index, arguments) in [["list"], ["search", "linter", "crash"], ["why", "1"], ["export"]].enumerated() {
            let printed = try workspace.run(arguments).output
            let call: [String: Any] = [
                "type": "tool_use", "id": "t\(index)", "name": "Bash",
                "input": ["command": "ccmem " + arguments.joined(separator: " ")],
            ]
            let result: [String: Any] = ["type": "tool_result", "tool_use_id": "t\(index)", "content": printed]
            for (role, content) in [("assistant", call), ("user", result)] {
                let entry: [String: Any] = [
                    "type": role, "sessionId": "other", "cwd": "/work",
                    "timestamp": "2026-02-01T00:00:0\(lines.count).000Z",
                    "message": ["role": role, "content": [content]],
                ]
                lines.append(String(decoding: try JSONSerialization.data(withJSONObject: entry), as: UTF8.self))
            }
        }
        try workspace.write(lines.joined(separator: "\n") + "\n", to: "other.jsonl")
        #expect(try workspace.run("ingest", "other.jsonl").status == 0)
        let after = try workspace.shell(
            "SELECT count(*), sum(importance) FROM memory; SELECT count(*) FROM memory_source")
        #expect(after.output == before.output)
    }

    @Test func parallelIngestsLoseAndDoubleNothing() throws {
        let names = (1...8).map { "s\($0)" }
        let sequential = try Workspace()
        for place in [workspace, sequential] {
            for name in names {
                let talk = IngestTests.talk + [("user", "NEVER change the table of \(name) without a migration.")]
                try place.write(Workspace.transcript(session: name, talk), to: "\(name).jsonl")
            }
        }
        let programs = try (names + names).map { name in
            try workspace.start(["ingest", "\(name).jsonl"])
        }
        #expect(programs.allSatisfy { $0.wait() == 0 })
        for name in names { try sequential.run("ingest", "\(name).jsonl") }
        for sql in [
            "SELECT content FROM memory WHERE state = 'active' ORDER BY content",
            "SELECT role, said_at, text FROM turn ORDER BY said_at, text",
            "SELECT m.content, s.role, s.said_at, s.quote FROM memory_source AS s JOIN memory AS m ON m.id = s.memory_id ORDER BY 1, 2, 3, 4",
        ] {
            #expect(try workspace.shell(sql).output == sequential.shell(sql).output)
        }
        #expect(try workspace.run("audit").status == 0)
    }
}
