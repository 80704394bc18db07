import Foundation
import TestSupport
import Testing

/// Each boundary of a session is stored, once.
@Suite struct CaptureTests {
    @Test func aTurnIsStoredOnceByWhateverBoundaries() throws {
        let workspace = try Workspace()
        try workspace.writeTranscript([("user", "NEVER deploy the gateway on Friday.")])
        for event in ["Stop", "SessionEnd", "Stop", "SessionEnd"] {
            let run = try workspace.hook(event, workspace.payload(event, ["reason": "other"]))
            #expect(run.output == "" && run.errors == "" && run.status == 0)
        }
        #expect(try workspace.waits(for: "Friday"))
        try workspace.run("ingest")
        #expect(try workspace.shell("SELECT count(*) FROM memory_source").output == "1\n")
        #expect(try workspace.shell("SELECT count(*) FROM turn").output == "1\n")
    }

    @Test func theAnswerThatComesLateIsWaitedFor() throws {
        let workspace = try Workspace()
        try workspace.writeTranscript([("user", "NEVER deploy the gateway on Friday.")])
        let answer = "The root cause of the crash was a missing null check in `parseHeader` of the gateway."
        _ = try workspace.hook("Stop", workspace.payload("Stop", ["last_assistant_message": answer]))
        usleep(300_000)
        #expect(try workspace.look("SELECT count(*) FROM turn") != "2\n")
        try workspace.writeTranscript([("user", "NEVER deploy the gateway on Friday."), ("assistant", answer)])
        #expect(try workspace.waits(for: "parseHeader"))
    }

    @Test func aSubagentIsCapturedAndTheCompactorIsNot() throws {
        let workspace = try Workspace()
        try workspace.writeTranscript([("user", "NEVER deploy the gateway on Friday.")])
        let agent = URL(fileURLWithPath: String(workspace.transcriptPath().dropLast(6)) + "/subagents/agent-a1.jsonl")
        try FileManager.default.createDirectory(
            at: agent.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Workspace.transcript(
            cwd: workspace.project.resolvingSymlinksInPath().path,
            [
                ("assistant", "The root cause of the crash was a missing null check in `parseHeader` of the gateway.")
            ]
        ).write(to: agent, atomically: true, encoding: .utf8)
        _ = try workspace.hook("SubagentStop", workspace.payload("SubagentStop", ["agent_type": "", "agent_id": "x"]))
        usleep(500_000)
        #expect(try workspace.look("SELECT count(*) FROM memory") != "2\n")
        _ = try workspace.hook(
            "SubagentStop",
            workspace.payload("SubagentStop", ["agent_type": "Explore", "agent_transcript_path": agent.path]))
        #expect(try workspace.waits(for: "parseHeader"))
    }

    @Test func aStartStoresWhatAKilledSessionLeft() throws {
        let workspace = try Workspace()
        try workspace.writeTranscript([("user", "NEVER deploy the gateway on Friday.")])
        _ = try workspace.hook(
            "SessionStart", workspace.payload("SessionStart", session: "next", ["source": "startup"]))
        #expect(try workspace.waits(for: "Friday"))
    }

    @Test func aFailureIsToldAtTheNextStart() throws {
        let workspace = try Workspace()
        try workspace.run("add", "constraint", "Never force-push to main")
        let other = workspace.folder.appendingPathComponent("other")
        try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
        try workspace.run(["init"], directory: other)
        let config = workspace.home.appendingPathComponent(".config/ccmem")
        try FileManager.default.createDirectory(at: config, withIntermediateDirectories: true)
        try #"{"secrets.file": "/nowhere/secrets.yaml"}"#.write(
            to: config.appendingPathComponent("config.json"), atomically: true, encoding: .utf8)
        try workspace.writeTranscript([("user", "NEVER deploy the gateway on Friday.")])
        _ = try workspace.hook("PreCompact", workspace.payload("PreCompact"))
        // Another project of the same person has nothing to do with it.
        #expect(try !workspace.run(["doctor"], directory: other).output.contains("could not be stored"))
        let elsewhere = try workspace.hook(
            "SessionStart", workspace.payload("SessionStart", session: "o", ["source": "startup", "cwd": other.path]),
            environment: ["CLAUDE_PROJECT_DIR": other.path], directory: other)
        #expect((elsewhere.json["systemMessage"] as? String)?.contains("could not be stored") != true)
        #expect(try workspace.run("doctor").output.contains("could not be stored"))
        let run = try workspace.hook(
            "SessionStart", workspace.payload("SessionStart", session: "n", ["source": "startup"]))
        #expect((run.json["systemMessage"] as? String)?.contains("could not be stored") == true)
    }

    @Test func aLongSessionIsRemindedOnceWhenAsked() throws {
        let workspace = try Workspace()
        try workspace.run("add", "note", "The store is there")
        try workspace.writeTranscript([
            ("user", "Port the parser."), ("assistant", "Done."), ("user", "And its tests."), ("assistant", "Done."),
        ])
        try workspace.run("ingest")
        func stop(_ turns: String?, _ fields: [String: Any] = [:]) throws -> Workspace.Run {
            let run = try workspace.hook(
                "Stop", workspace.payload("Stop", fields),
                environment: turns.map { ["CCMEM_REMINDER_TURNS": $0] } ?? [:])
            #expect(run.status == 0 && run.errors == "")
            return run
        }
        #expect(try stop(nil).output == "", "off by default")
        #expect(try stop("3").output == "", "it is not long yet")
        #expect(try stop("2", ["stop_hook_active": true]).output == "")
        var output = ""
        // Behind an earlier call somebody may be writing.
        for _ in 0..<50 where output.isEmpty {
            output = try Workspace.context(stop("2"))
            usleep(50_000)
        }
        #expect(output.contains("save-memories"))
        #expect(try stop("2").output == "", "once")
    }
}
