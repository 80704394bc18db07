import Foundation
import TestSupport
import Testing

/// A transcript that has become shorter, and says nothing else: what stood in its end was said all the same.
@Suite struct CutOffTests {
    let workspace: Workspace
    init() throws { workspace = try Workspace() }

    private func active() throws -> Set<String> {
        Set(try workspace.run("list", "--json").memories.compactMap { $0["content"] as? String })
    }

    @Test("What was stored of its end is kept, and the file is named", arguments: [true, false])
    func isKept(_ isTornInALine: Bool) throws {
        let text = Workspace.transcript(IngestTests.talk)
        try workspace.write(text, to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        let known = try active()
        #expect(known.count > 2)
        let start = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(2).joined(separator: "\n")
        try workspace.write(isTornInALine ? String(start.dropLast(40)) : start + "\n", to: "session.jsonl")
        let cut = try workspace.run("ingest", "session.jsonl")
        #expect(cut.errors.contains("session.jsonl is shorter than when it was read"))
        #expect(try active() == known)
        // Whole again, then gone, then read by other packs out of the archive.
        try workspace.write(text, to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        #expect(try active() == known)
        try FileManager.default.removeItem(at: workspace.project.appendingPathComponent("session.jsonl"))
        try workspace.run("ingest")
        try workspace.shell("UPDATE transcript SET plan = 'of an older pack'")
        #expect(try workspace.run("ingest", "--stale", "--json").json["transcripts"] as? Int == 1)
        #expect(try active() == known)
    }

    @Test func turnsThatTheirTranscriptHadLostAreItsAgain() throws {
        let text = Workspace.transcript(IngestTests.talk)
        try workspace.write(text, to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        try workspace.shell(
            "UPDATE turn SET transcript_id = NULL WHERE line > 1; UPDATE transcript SET offset = 10, size = 10")
        try workspace.run("ingest", "session.jsonl")
        #expect(try workspace.shell("SELECT count(*) FROM turn WHERE transcript_id IS NULL").output == "0\n")
    }

    /// Other words in its place: that is another text, and what it does not say any more is archived.
    @Test func whatIsWrittenAnewIsNotCutOff() throws {
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        try workspace.write(
            Workspace.transcript([("user", "NEVER use tabs in Makefile recipes.")]), to: "session.jsonl")
        let anew = try workspace.run("ingest", "session.jsonl")
        #expect(!anew.errors.contains("shorter"))
        #expect(try active() == ["NEVER use tabs in Makefile recipes."])
    }
}
