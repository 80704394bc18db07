import Foundation
import TestSupport
import Testing

/// What the verbs on sessions say: where one was left, what memory did, what sessions were told, whether it all works.
@Suite struct SessionVerbTests {
    private let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.writeTranscript([
            (role: "user", text: "NEVER deploy the gateway on Friday."),
            (role: "assistant", text: "The parser is ported."),
        ])
        #expect(try workspace.run("ingest").status == 0)
    }

    @Test func theHandoffTellsWhatWasAskedAndDone() throws {
        let output = try workspace.run("handoff").output
        #expect(output.contains("- **asked:** NEVER deploy the gateway on Friday."))
        #expect(output.contains("- **done:** The parser is ported."))
    }

    @Test func theReceiptCountsAndTheLedgerNamesWhatWasInjected() throws {
        #expect(try workspace.run("receipt").output.contains("stored     1 new"))
        #expect(try workspace.run("injected").status == 1)
        let start = workspace.payload(
            "SessionStart", session: "99999999-2222-3333-4444-555555555555", ["source": "startup"])
        #expect(Workspace.context(try workspace.hook("SessionStart", start)).contains("deploy the gateway"))
        #expect(try workspace.run("injected").output.contains("NEVER deploy the gateway on Friday."))
        // That session is not stored yet.
        for beginning in ["9999", "99999999-2222", "99999999-2222-3333-4444-555555555555"] {
            let run = try workspace.run("injected", "--session", beginning)
            #expect(run.output.contains("NEVER deploy the gateway on Friday."), "\(beginning): \(run.errors)")
        }
        #expect(try workspace.run("injected", "--session", "8888").status == 1)
    }

    @Test func usageTellsWhatSessionsCameBackTo() throws {
        #expect(try workspace.run("usage").status == 1)
        try workspace.run("add", "bug", "The upload in src/net/client.swift hangs", "--importance", "4")
        try workspace.run("add", "constraint", "Run `npm test` before a commit")
        let uid = "99999999-2222-3333-4444-555555555555"
        _ = try workspace.hook("SessionStart", workspace.payload("SessionStart", session: uid, ["source": "startup"]))
        try workspace.writeTranscript(
            [("user", "Look at the upload."), ("assistant", "The cause is in `/w/src/net/client.swift:12`.")],
            session: uid)
        // What the start has begun in the background may still hold the lock: without `--wait` it would be left to that.
        #expect(try workspace.run("ingest", "--wait").status == 0)
        // Transcripts of tests are of an early day; the session went on after it was told.
        try workspace.shell("UPDATE injection SET at = '2025-01-01T00:00:00.000Z'")
        let usage = try workspace.run("usage", "--json").json
        let items = usage["usage"] as? [[String: Any]] ?? []
        #expect(items.first?["content"] as? String == "The upload in src/net/client.swift hangs")
        #expect(items.first?["terms"] as? [String] == ["src/net/client.swift"])
        #expect(items.first?["used"] as? Int == 1 && items.first?["sessions"] as? Int == 1)
        #expect(usage["memories_injected"] as? Int == 3 && usage["memories_used"] as? Int == 1)
        let unused = try workspace.run("usage", "--unused").output
        #expect(!unused.contains("client.swift hangs") && unused.contains("used in 0"))
        #expect(try workspace.run("usage", "--since", "2026-01-01").status == 1)
    }
}
