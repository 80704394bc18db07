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
