import Foundation
import TestSupport
import Testing

/// What stands when rules have changed: `ingest --stale` brings what today's rules say, and nothing that a person took away.
@Suite struct RereadingTests {
    let workspace: Workspace
    static let path = ".ccmem/rules/team.yaml"
    static let talk: [(role: String, text: String)] = [("user", "The blorp is 17 for now.")]

    init() throws {
        workspace = try Workspace()
        try trust(RuleLayerTests.pack())
        try workspace.write(Workspace.transcript(Self.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
    }

    private func trust(_ pack: String) throws {
        try workspace.write(pack, to: Self.path)
        #expect(try workspace.run("trust", "--yes").status == 0)
    }

    private func contents() throws -> [String] {
        try workspace.run("list", "--json").memories.compactMap { $0["content"] as? String }
    }

    private func id(_ content: String) throws -> String {
        let found = try workspace.run("list", "--json").memories.first { $0["content"] as? String == content }
        return "\(try #require(found?["id"] as? Int))"
    }

    // MARK: - What a person took away

    @Test func anArchivedSentenceStaysAwayInOtherWords() throws {
        try workspace.run("archive", id("blorp is 17"))
        try trust(RuleLayerTests.pack(statement: "size of the blorp: {n}"))
        // Also when it is asked beforehand, and when a fork or the next run reads it again.
        #expect(
            try workspace.run("why-not", "session.jsonl:1").output.contains("The store refuses it: it was archived"))
        for _ in 1...2 {
            try workspace.run("ingest", "--stale")
            #expect(try contents() == [])
            try workspace.shell("UPDATE transcript SET plan = 'another'")
        }
        try workspace.write(Workspace.transcript(session: "fork", Self.talk), to: "fork.jsonl")
        try workspace.run("ingest", "fork.jsonl")
        #expect(try contents() == [])
    }

    @Test func aCorrectedSentenceStaysCorrectedInOtherWords() throws {
        try workspace.run("edit", id("blorp is 17"), "--content", "The blorp has no fixed size any more.")
        try trust(RuleLayerTests.pack(statement: "size of the blorp: {n}"))
        try workspace.run("ingest", "--stale")
        #expect(try contents() == ["The blorp has no fixed size any more."])
    }

    @Test func whatAPersonWeighedStaysOneMemoryInOtherWords() throws {
        try workspace.run("edit", id("blorp is 17"), "--importance", "5")
        try trust(RuleLayerTests.pack(statement: "size of the blorp: {n}"))
        try workspace.run("ingest", "--stale")
        #expect(try contents() == ["blorp is 17"])
    }

    // MARK: - What is read again

    @Test func whatWasNamedOnceIsReadAgainWithoutItsName() throws {
        try trust(RuleLayerTests.pack(base: 5))
        #expect(try workspace.run("stats", "--json").json["stale_transcripts"] as? Int == 1)
        let stale = try workspace.run("ingest", "--stale")
        #expect(stale.output.hasPrefix("1 transcript read: 0 stored, 1 changed; "), "\(stale.output)")
        #expect(try workspace.run("stats", "--json").json["stale_transcripts"] as? Int == 0)
        #expect(try workspace.run("ingest", "--stale").output == "There was nothing to store.\n")
    }

    @Test func trustInAChangedPackSaysHowToReadAgain() throws {
        try workspace.write(RuleLayerTests.pack(base: 5), to: Self.path)
        #expect(try workspace.run("trust", "--yes").output.contains("`ccmem ingest --stale` reads it again."))
        #expect(try !workspace.run("trust", "--yes").output.contains("--stale"))
    }

    // MARK: - Packs that do not act

    @Test func whatAPackFoundIsLeftAloneWhileItAwaitsTrust() throws {
        try workspace.write(RuleLayerTests.pack() + "# by a pull\n", to: Self.path)
        let stale = try workspace.run("ingest", "--stale", "--json")
        #expect(stale.json["archived"] as? Int == 0, "\(stale.output)")
        #expect(try contents().contains("blorp is 17"))
        // One that is gone supports nothing.
        try FileManager.default.removeItem(at: workspace.project.appendingPathComponent(Self.path))
        #expect(try workspace.run("ingest", "--stale", "--json").json["archived"] as? Int == 1)
        #expect(try !contents().contains("blorp is 17"))
    }

    @Test func whatABrokenPackFoundIsLeftAloneBehindASession() throws {
        try workspace.writeTranscript(Self.talk)
        try workspace.run("ingest")
        try trust(RuleLayerTests.pack() + "rules: [\n")
        try workspace.writeTranscript(Self.talk + [("assistant", "Noted.")])
        #expect(try workspace.run("ingest", "--boundary", "Stop").status == 0)
        #expect(try contents().contains("blorp is 17"))
    }

    @Test func whyNotTellsWhatNeedsTrust() throws {
        try workspace.write(RuleLayerTests.pack() + "# by a pull\n", to: Self.path)
        let run = try workspace.run("why-not", "The blorp is 18.")
        #expect(run.output.contains("Only once it is trusted"), "\(run.output)")
        #expect(!run.output.contains("would take it"))
        try workspace.run("trust", "--yes")
        #expect(try !workspace.run("why-not", "The blorp is 18.").output.contains("Only once it is trusted"))
    }
}
