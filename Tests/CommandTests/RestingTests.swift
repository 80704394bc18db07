import Foundation
import Testing

/// Where somebody has opted out, what was stored before can be looked at and forgotten, and nothing is added.
@Suite struct RestingTests {
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
    }

    static let ways = ["opted out", "switched off", "unreadable settings"]

    private func run(_ arguments: [String], _ way: String) throws -> Workspace.Run {
        var environment: [String: String] = [:]
        switch way {
        case "opted out": environment["CCMEM_EXCLUDE_PROJECTS"] = workspace.project.path
        case "switched off": environment["CCMEM_ENABLED"] = "false"
        default:
            let folder = workspace.home.appendingPathComponent(".config/ccmem")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try "{\"exclude.projects\": [".write(
                to: folder.appendingPathComponent("config.json"), atomically: true, encoding: .utf8)
        }
        return try workspace.run(arguments, environment: environment)
    }

    private var rows: String {
        get throws {
            try workspace.shell(
                """
                SELECT (SELECT count(*) FROM memory), (SELECT count(*) FROM memory_event), (SELECT count(*) FROM turn),
                    (SELECT group_concat(state) FROM memory)
                """
            ).output
        }
    }

    @Test("One may look", arguments: ways)
    func looks(_ way: String) throws {
        for arguments in [
            ["list"], ["show", "1"], ["search", "linter"], ["history", "1"], ["why", "1"], ["timeline"], ["stats"],
            ["audit"],
            ["export"], ["sessions"],
        ] {
            let run = try run(arguments, way)
            #expect(run.status == 0, "\(arguments) \(run.errors)")
            #expect(!run.output.isEmpty)
        }
    }

    @Test("Nothing is stored or changed", arguments: ways)
    func stores(_ way: String) throws {
        try workspace.write(
            Workspace.transcript(session: "b", [("user", "NEVER use tabs in Makefile recipes of the docs.")]),
            to: "b.jsonl")
        try workspace.write("{\"category\":\"note\",\"content\":\"From elsewhere\"}\n", to: "in.jsonl")
        let before = try rows
        for arguments in [
            ["add", "note", "Something new"], ["ingest", "b.jsonl"], ["ingest"], ["extract", "b.jsonl"],
            ["import", "in.jsonl"], ["edit", "1", "--importance", "1"], ["archive", "1"], ["undo"],
            ["link", "1", "2", "--as", "related_to"], ["init"], ["views"],
        ] {
            let run = try run(arguments, way)
            #expect(run.status == 3, "\(arguments) \(run.output)")
            #expect(run.errors.hasPrefix("error: "), "\(arguments)")
        }
        #expect(try rows == before)
    }

    @Test("One may forget", arguments: ways)
    func forgets(_ way: String) throws {
        #expect(try run(["forget", "--match", "(?i)postgresql"], way).status == 0)
        #expect(try run(["search", "postgresql", "--scope", "all"], way).status == 1)
        #expect(try !workspace.read(".ccmem/MEMORY.md").contains("PostgreSQL"))
    }

    @Test(
        "A clone's database is not opened there either",
        arguments: [["CCMEM_EXCLUDE_PROJECTS": "**/project"], ["CCMEM_ENABLED": "false"], [:]])
    func clone(_ environment: [String: String]) throws {
        let clone = try Workspace(hasStore: false)
        try FileManager.default.copyItem(
            at: workspace.project.appendingPathComponent(".ccmem"),
            to: clone.project.appendingPathComponent(".ccmem"))
        if environment.isEmpty { try clone.run("pause", "--everywhere") }
        for arguments in [["list"], ["forget", "1"], ["audit"], ["export"]] {
            let run = try clone.run(arguments, environment: environment)
            #expect(run.status == 3, "\(arguments)")
            #expect(run.errors.contains("ccmem trust"), "\(run.errors)")
            #expect(run.output.isEmpty)
        }
    }
}
