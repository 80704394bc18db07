import Foundation
import TestSupport
import Testing

/// A session begins on a store that an older version has left.
@Suite struct OlderStoreTests {
    let workspace: Workspace

    /// - Returns: The store of the last version, under the name and inode that this user's ccmem made.
    init() throws {
        workspace = try Workspace()
        try workspace.run("add", "note", "Makes the store")
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: workspace.database))
        try file.truncate(atOffset: 0)
        try file.write(contentsOf: Data(contentsOf: Fixture.url("stores/v5.sqlite")))
        try file.close()
        for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: workspace.database + end) }
    }

    private var version: String { get throws { try workspace.look("PRAGMA user_version") } }

    private func start(_ session: String) throws -> Workspace.Run {
        try workspace.hook("SessionStart", workspace.payload("SessionStart", session: session, ["source": "startup"]))
    }

    @Test(
        "Who only looks brings it up to date too", arguments: [["list"], ["search", "gateway"], ["stats", "--json"]])
    func whoLooksBringsItUpToDate(_ arguments: [String]) throws {
        let run = try workspace.run(arguments)
        #expect(run.status < 2 && !run.errors.contains("older"), "\(run.errors)")
        #expect(try version != "5\n")
    }

    @Test func aSmallOneIsBroughtUpToDateAtOnce() throws {
        let run = try start("a")
        #expect(!Workspace.context(run).isEmpty)
        #expect(try version != "5\n")
    }

    @Test func aLargeOneIsBroughtUpToDateBehindTheSession() throws {
        try workspace.shell("CREATE TABLE padding (x BLOB); INSERT INTO padding VALUES (zeroblob(4000000))")
        let prompt = try workspace.hook(
            "UserPromptSubmit", workspace.payload("UserPromptSubmit", ["prompt": "what about the gateway?"]))
        #expect(prompt.output == "")
        #expect(try version == "5\n")
        let first = try start("a")
        #expect((first.json["systemMessage"] as? String ?? "").contains("brought up to date in the background"))
        for _ in 0..<400 where try version == "5\n" { usleep(50_000) }
        #expect(try version != "5\n")
        let second = try start("b")
        #expect(!Workspace.context(second).isEmpty)
        #expect(!(second.json["systemMessage"] as? String ?? "").contains("up to date"))
    }
}
