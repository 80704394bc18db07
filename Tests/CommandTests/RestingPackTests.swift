import Foundation
import TestSupport
import Testing

/// Packs that do nothing say so where somebody sees it: when a session begins, and in `doctor`.
@Suite struct RestingPackTests {
    let workspace: Workspace
    init() throws { workspace = try Workspace() }

    private func message(_ session: String, source: String = "startup") throws -> String {
        let payload = workspace.payload("SessionStart", session: session, ["source": source])
        return try workspace.hook("SessionStart", payload).json["systemMessage"] as? String ?? ""
    }

    private func rules() throws -> [String] {
        (try workspace.run("doctor", "--json").json["findings"] as? [[String: Any]] ?? [])
            .filter { $0["subject"] as? String == "rules" }.map { "\($0["state"] ?? "") \($0["words"] ?? "")" }
    }

    @Test func aSessionTellsOfAPackThatAwaitsTrust() throws {
        try workspace.write(RuleLayerTests.pack(), to: ".ccmem/rules/team.yaml")
        let new = try message("one")
        #expect(new.contains(".ccmem/rules/team.yaml is not trusted yet") && new.contains("`ccmem trust --yes`"))
        #expect(try message("two", source: "compact") == "")
        #expect(try rules().contains { $0.hasPrefix("note .ccmem/rules/team.yaml is not trusted yet") })
        try workspace.run("trust", "--yes")
        #expect(try message("three") == "")
        #expect(try rules() == ["ok 1 pack beside ccmem's own"])
        try workspace.write(RuleLayerTests.pack(base: 4), to: ".ccmem/rules/team.yaml")
        #expect(try message("four").contains("changed since it was trusted"))
    }

    @Test func theEmptySettingsOfAFreshCloneNeedNoTrust() throws {
        let clone = try Workspace(hasStore: false)
        try clone.write("{}\n", to: ".ccmem/config.json")
        let payload = clone.payload("SessionStart", ["source": "startup"])
        #expect(try clone.hook("SessionStart", payload).output == "")
        #expect(try clone.run("trust").status == 0)
        try clone.write("{\"ingest.min-importance\": 3}\n", to: ".ccmem/config.json")
        #expect(try clone.run("trust").status == 1)
    }

    @Test func aBrokenPackIsToldByTheNextSessionAndByDoctor() throws {
        try workspace.write(RuleLayerTests.pack() + "rules: [\n", to: ".ccmem/rules/team.yaml")
        try workspace.run("trust", "--yes")
        #expect(try rules().contains { $0.hasPrefix("bad a pack does nothing: ") && $0.contains("team.yaml:") })
        #expect(try workspace.run("ingest", "--pending", "--boundary", "SessionEnd").status == 0)
        let told = try message("next")
        #expect(told.contains("A rule pack does nothing") && told.contains("`ccmem rules lint`"), "\(told)")
    }
}
