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
    }

    @Test func theDoctorNamesMissingHooksAndAddsThem() throws {
        let sick = try workspace.run("doctor")
        #expect(sick.status == 1)
        #expect(sick.output.contains("Claude Code does not call ccmem"))
        #expect(try workspace.run("doctor", "--fix").output.contains("ok    hooks"))
        #expect(try workspace.run("doctor").status == 0)
    }
}
