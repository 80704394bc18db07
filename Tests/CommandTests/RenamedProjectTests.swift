import Foundation
import Testing

/// `ccmem projects move`: what was stored before a folder was renamed.
@Suite struct RenamedProjectTests {
    let workspace: Workspace

    /// A project `before` with two memories and a session, renamed to `after`.
    init() throws {
        workspace = try Workspace(hasStore: false)
        let before = try folder("before")
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        let transcript = workspace.project.appendingPathComponent("session.jsonl").path
        #expect(try workspace.run(["ingest", transcript], directory: before).status == 0)
        try workspace.run(["add", "constraint", "Never push on a Friday", "--tag", "habit"], directory: before)
        try FileManager.default.moveItem(at: before, to: workspace.folder.appendingPathComponent("after"))
    }

    private func folder(_ name: String) throws -> URL {
        let url = workspace.folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    private var old: String { workspace.folder.appendingPathComponent("before").path }
    private var new: URL { workspace.folder.appendingPathComponent("after") }

    private func contents() throws -> [String] {
        try workspace.run(["list", "--json"], directory: new).memories.compactMap { $0["content"] as? String }
    }

    @Test func theRenamedFolderIsToldAndGetsItsMemories() throws {
        let missing = try workspace.run(["list"], directory: new)
        #expect(missing.status == 1)
        #expect(missing.errors.contains("If this folder was \(old) before, `ccmem projects move` brings"))
        let run = try workspace.run(["projects", "move", old], directory: new)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.hasPrefix("\(new.path) has the memories of \(old) now: "))
        #expect(try contents().contains("Never push on a Friday"))
        #expect(try workspace.run(["search", "friday", "--json"], directory: new).memories.count == 1)
        // The archive came along, and the list of projects knows the new name only.
        #expect(try workspace.run(["sessions", "--json"], directory: new).status == 0)
        let projects = try workspace.run("projects").output
        #expect(projects.contains(new.path) && !projects.contains(old))
        #expect(try workspace.run(["audit"], directory: new).status == 0)
    }

    @Test func whatTheNewPlaceHasIsTakenAlong() throws {
        try workspace.run(["add", "decision", "The new name is final", "--tag", "name"], directory: new)
        let before = try contents()
        let run = try workspace.run(["projects", "move", old, new.path, "--json"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.json["taken_along"] as? Int == before.count)
        let aside = try #require(run.json["set_aside"] as? String)
        #expect(FileManager.default.fileExists(atPath: aside))
        let after = try contents()
        #expect(after.contains("Never push on a Friday") && after.contains("The new name is final"))
        #expect(try workspace.run(["list", "--tag", "name", "--json"], directory: new).memories.count == 1)
        // What is forgotten here may stand in the copy, which is named and can go, too.
        let forgotten = try workspace.run(["forget", "--match", "name is final"], directory: new)
        #expect((forgotten.output + forgotten.errors).contains(aside))
        #expect(try workspace.run(["forget", "--damaged-copies"], directory: new).status == 0)
        #expect(!FileManager.default.fileExists(atPath: aside))
    }

    @Test func turnsThatStandNowhereElseAreTakenAlong() throws {
        try workspace.write(
            Workspace.transcript(session: "after", [("user", "NEVER restart the zeppelin service by hand.")]),
            to: "after.jsonl")
        let file = workspace.project.appendingPathComponent("after.jsonl")
        #expect(try workspace.run(["ingest", file.path], directory: new).status == 0)
        try FileManager.default.removeItem(at: file)
        #expect(try workspace.run(["projects", "move", old, new.path]).status == 0)
        #expect(try workspace.run(["search", "zeppelin", "--scope", "turns"], directory: new).status == 0)
        #expect(try workspace.run(["session", "after"], directory: new).status == 0)
        #expect(try workspace.run(["audit"], directory: new).status == 0)
    }

    @Test func whatWasForgottenInTheNewPlaceStandsInTheWay() throws {
        try workspace.run(["add", "note", "A word to forget", "--tag", "x"], directory: new)
        try workspace.run(["forget", "--match", "word to forget"], directory: new)
        let run = try workspace.run(["projects", "move", old, new.path])
        #expect(run.status == 3)
        #expect(run.errors.contains("Something was forgotten in \(new.path)"))
        #expect(run.errors.contains("ccmem export --all --project OLD"))
        #expect(try workspace.run(["projects"]).output.contains(old))
    }

    @Test func aPauseGoesAlong() throws {
        _ = try folder("before")
        try workspace.run(["pause"], directory: workspace.folder.appendingPathComponent("before"))
        try FileManager.default.removeItem(at: workspace.folder.appendingPathComponent("before"))
        #expect(try workspace.run(["projects", "move", old, new.path]).status == 0)
        let run = try workspace.run(["add", "note", "Not now"], directory: new)
        #expect(run.status == 3)
        #expect(run.errors.contains("paused"))
    }

    @Test func anOwnFolderGoesAlongByItselfAndItsOldNameCanGo() throws {
        let mine = try folder("mine")
        try workspace.run(["init"], directory: mine)
        try workspace.run(["add", "note", "Mine"], directory: mine)
        let yours = workspace.folder.appendingPathComponent("yours")
        try FileManager.default.moveItem(at: mine, to: yours)
        #expect(try workspace.run(["trust", "--yes"], directory: yours).status == 0)
        let run = try workspace.run(["projects", "move", mine.path], directory: yours)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output == "\(yours.path) has its memories in .ccmem; \(mine.path) is off the list.\n")
        #expect(try !workspace.run(["projects"]).output.contains(mine.path))
    }

    @Test func nothingIsMovedWithoutReason() throws {
        let unknown = try workspace.run(["projects", "move", old + "-other", new.path])
        #expect(unknown.status == 1)
        #expect(unknown.errors.contains("There are no memories of \(old)-other."))
        #expect(unknown.errors.contains("Gone are: \(old)."))
        _ = try folder("before")
        let there = try workspace.run(["projects", "move", old, new.path])
        #expect(there.status == 3)
        #expect(there.errors.contains("is still there"))
        #expect(try workspace.run(["list"], directory: URL(fileURLWithPath: old)).status == 0)
    }
}
