import Foundation
import Testing

/// Packs for a trade are off, and on where a project, a user, the shell or the command line says so.
@Suite struct DomainPackTests {
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.write(
            Workspace.transcript([
                ("user", "have a look at the segmentation run"),
                ("assistant", "The run is done."),
                ("user", "report the average of five seeds, one run says nothing"),
                ("assistant", "I read the log of it."),
                ("user", "ok, and what else is new in the lab today"),
            ]), to: "session.jsonl")
    }

    private func rules(_ arguments: [String] = [], environment: [String: String] = [:]) throws -> [String] {
        let run = try workspace.run(
            ["extract", "--dry-run", "--format", "jsonl", "session.jsonl"] + arguments, environment: environment)
        return run.output.split(separator: "\n").compactMap {
            (try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["rule"] as? String
        }.filter { $0.contains(".ml-") }
    }

    @Test func aPackIsOffUntilItIsSwitchedOn() throws {
        #expect(try rules() == [])
        #expect(try rules(["--pack", "ml"]) == ["constraint.ml-seeds"])
        #expect(try rules(["--pack", "web", "--pack", "ml"]) == ["constraint.ml-seeds"])
        #expect(try rules(["--pack", "web"]) == [])
        #expect(try rules(environment: ["CCMEM_PACKS": "web,ml"]) == ["constraint.ml-seeds"])
    }

    @Test func theUsersSettingSwitchesItOnEverywhere() throws {
        #expect(try workspace.run("config", "set", "packs", "ml,web").status == 0)
        #expect(try workspace.run("config", "get", "packs").output == #"["ml","web"]"# + "\n")
        #expect(try rules() == ["constraint.ml-seeds"])
        try workspace.run("ingest", "session.jsonl")
        let stored = try workspace.run("list", "--json").memories.compactMap { $0["rule"] as? String }
        #expect(stored.contains("constraint.ml-seeds"))
    }

    @Test func aProjectSwitchesItOnOnceItIsTrusted() throws {
        #expect(try workspace.run("config", "set", "packs", "ml", "--local").status == 0)
        #expect(try rules() == ["constraint.ml-seeds"])
        try workspace.write(#"{"packs": ["ml", "data"]}"#, to: ".ccmem/config.json")
        #expect(try rules() == [])
        try workspace.run("trust", "--yes")
        #expect(try rules() == ["constraint.ml-seeds"])
    }

    @Test(arguments: [["config", "set", "packs", "ml,embeded"], ["extract", "--dry-run", "--pack", "embeded"]])
    func anUnknownNameIsAnErrorWithTheNearest(_ arguments: [String]) throws {
        let run = try workspace.run(arguments)
        #expect(run.status == 2)
        #expect(run.errors.contains("There is no `embeded`; did you mean `embedded`?"), "\(run.errors)")
    }
}
