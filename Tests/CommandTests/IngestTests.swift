import Foundation
import TestSupport
import Testing

@Suite struct IngestTests {
    let workspace: Workspace
    init() throws { workspace = try Workspace() }

    static let talk: [(role: String, text: String)] = [
        ("user", "NEVER push to main without a review. Always run the linter before you commit."),
        ("assistant", "Understood. The root cause of the crash was a missing null check in `parseHeader`."),
        ("user", "We decided to use PostgreSQL instead of MySQL because we need JSON indexes."),
        ("assistant", "Done. The p95 latency dropped from 480 ms to 120 ms after the change."),
    ]

    @Test func readingTwiceStoresNothingTwice() throws {
        try workspace.write(Workspace.transcript(Self.talk), to: "session.jsonl")
        let first = try workspace.run("ingest", "session.jsonl", "--json")
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.json["inserted"] as? Int ?? 0 > 0)
        let list = try workspace.run("list", "--json").output
        let second = try workspace.run("ingest", "session.jsonl", "--json")
        #expect(second.status == 0)
        #expect(second.json["unchanged"] as? Int == 1)
        #expect(try workspace.run("list", "--json").output == list)
    }

    @Test func whatIsStoredDoesNotDependOnWhenItWasRead() throws {
        let whole = try Workspace()
        let text = Workspace.transcript(Self.talk)
        try whole.write(text, to: "session.jsonl")
        #expect(try whole.run("ingest", "session.jsonl").status == 0)
        let lines = text.split(separator: "\n")
        for count in 1...lines.count {
            try workspace.write(lines.prefix(count).joined(separator: "\n") + "\n", to: "session.jsonl")
            #expect(try workspace.run("ingest", "session.jsonl").status == 0)
        }
        func active(_ workspace: Workspace) throws -> Set<String> {
            Set(try workspace.run("list", "--json").memories.compactMap { $0["content"] as? String })
        }
        #expect(try active(workspace) == active(whole))
        #expect(
            try workspace.shell("SELECT count(*) FROM turn").output == whole.shell("SELECT count(*) FROM turn").output)
    }

    @Test func aForkDoesNotDouble() throws {
        try workspace.write(Workspace.transcript(session: "aaaa", Self.talk), to: "one.jsonl")
        try workspace.write(Workspace.transcript(session: "bbbb", Self.talk), to: "two.jsonl")
        #expect(try workspace.run("ingest", "one.jsonl").status == 0)
        let turns = try workspace.shell("SELECT count(*), (SELECT count(*) FROM memory_source) FROM turn").output
        #expect(try workspace.run("ingest", "two.jsonl").status == 0)
        #expect(try workspace.shell("SELECT count(*), (SELECT count(*) FROM memory_source) FROM turn").output == turns)
    }

    @Test func aTranscriptThatIsGoneIsReadFromTheArchiveWhenPacksHaveChanged() throws {
        try workspace.write(Workspace.transcript(Self.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        // Written anew with less in it: what it does not say any more is archived, and stays so.
        try workspace.write(
            Workspace.transcript([("user", "NEVER use tabs in Makefile recipes.")]), to: "session.jsonl")
        let rewritten = try workspace.run("ingest", "session.jsonl", "--json").json
        #expect(rewritten["archived"] as? Int ?? 0 > 0)
        try FileManager.default.removeItem(at: workspace.project.appendingPathComponent("session.jsonl"))
        #expect(try workspace.run("ingest", "--stale", "--json").json["transcripts"] as? Int == 0)
        #expect(try workspace.run("list", "--json").memories.count == 1)
        try workspace.shell("UPDATE transcript SET plan = 'of an older pack'")
        let again = try workspace.run("ingest", "--stale", "--json").json
        #expect(again["transcripts"] as? Int == 1)
        #expect(again["inserted"] as? Int == 0)
        // What the newest version did not say any more is not read out of the archive either.
        let left = try workspace.run("list", "--json").memories.compactMap { $0["content"] as? String }
        #expect(left == ["NEVER use tabs in Makefile recipes."])
        #expect(try workspace.run("search", "PostgreSQL", "--scope", "turns").status == 0)
        #expect(try workspace.run("ingest", "--stale", "--json").json["transcripts"] as? Int == 0)
    }

    @Test func whatWasReadBeforeTheStoreWasMadeIsArchivedToo() throws {
        try workspace.write(
            Workspace.transcript(session: "aaaa", [("user", "hello there"), ("assistant", "Good morning.")]),
            to: "a.jsonl")
        try workspace.write(Workspace.transcript(Self.talk), to: "b.jsonl")
        #expect(try workspace.run("ingest", "a.jsonl", "b.jsonl").status == 0)
        #expect(try workspace.shell("SELECT count(*) FROM turn").output == "6\n")
    }

    @Test func theFilesAreTheUsersAlone() throws {
        try workspace.write(Workspace.transcript(Self.talk), to: "session.jsonl")
        #expect(try workspace.run("ingest", "session.jsonl").status == 0)
        let mode = try FileManager.default.attributesOfItem(atPath: workspace.database)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }
}
