import Foundation
import Testing

/// `--all-projects`: three projects of one user.
@Suite struct AllProjectsTests {
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try add("constraint", "Never push to main", in: "project")
        try add("note", "Pushes are counted nightly", in: "second")
        try add("note", "The third project has other words", in: "third")
    }

    private func folder(_ name: String) throws -> URL {
        let url = workspace.folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    private func add(_ category: String, _ text: String, in name: String) throws {
        let run = try workspace.run(["add", category, text], directory: folder(name))
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test(
        "Results say which project they are from",
        arguments: [(["search", "push"], ["second", "project"]), (["list"], ["third", "second", "project"])])
    func results(_ arguments: [String], _ projects: [String]) throws {
        let run = try workspace.run(arguments + ["--all-projects", "--json"])
        #expect(run.status == 0)
        let found = run.memories.compactMap { $0["project"] as? String }
        #expect(Set(found) == Set(projects.map { workspace.folder.appendingPathComponent($0).path }))
        let text = try workspace.run(arguments + ["--all-projects"]).output
        #expect(found.allSatisfy { text.contains($0 + "\n") })
        // Alone, a project's results name none.
        #expect(try workspace.run(arguments + ["--json"]).memories.allSatisfy { $0["project"] == nil })
    }

    @Test func aLimitHoldsForAllTogether() throws {
        #expect(try workspace.run("search", "push", "--all-projects", "--limit", "1", "--json").memories.count == 1)
        let list = try workspace.run("list", "--all-projects", "--limit", "1", "--json").memories
        #expect(list.compactMap { $0["content"] as? String } == ["Never push to main"])
    }

    @Test func whatIsOptedOutOrBrokenIsPassedOver() throws {
        let second = try folder("second").path
        let hidden = try workspace.run(
            ["list", "--all-projects", "--json"], environment: ["CCMEM_EXCLUDE_PROJECTS": second])
        #expect(hidden.memories.count == 2)
        #expect(hidden.errors == "")
        let store = try workspace.run(["projects", "--json"]).json["projects"] as? [[String: Any]] ?? []
        let path = try #require(store.first { $0["root"] as? String == second }?["store"] as? String)
        try "no database".write(toFile: path, atomically: true, encoding: .utf8)
        let broken = try workspace.run("list", "--all-projects", "--json")
        #expect(broken.status == 0)
        #expect(broken.memories.count == 2)
        #expect(broken.errors.hasPrefix("warning: \(second): "))
        #expect(try workspace.run("list", "--all-projects", "--project", ".").status == 2)
    }

    @Test func theListOfProjectsIsChangedAsJSON() throws {
        let second = try folder("second").path
        #expect(try workspace.run("projects", "remove", second, "--json").json["removed"] as? [String] == [second])
        #expect(try workspace.run("projects", "reorder", second).status == 1)
        #expect(try workspace.run("projects", "add", second, "--json").json["added"] as? [String] == [second])
        #expect(try workspace.run("projects", "reorder", second, "--json").json["order"] as? [String] == [second])
        let first = try workspace.run(["projects", "--json"]).json["projects"] as? [[String: Any]]
        #expect(first?.first?["root"] as? String == second)
        let scanned = try workspace.run(["projects", "scan", workspace.folder.path, "--json"]).json["added"]
        #expect(scanned as? [String] == [workspace.project.path])
        #expect(try workspace.run("projects", "scan", "/nowhere/at/all").status == 3)
    }
}
