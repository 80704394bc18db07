import Foundation
import TestSupport
import Testing

/// What `doctor` finds, and what it does about it when asked.
@Suite struct DoctorTests {
    private let workspace: Workspace
    private var settings: URL { workspace.home.appendingPathComponent(".claude/settings.json") }

    init() throws {
        workspace = try Workspace()
        try workspace.run("add", "constraint", "Never force-push to main")
    }

    private func write(_ text: String, to file: URL) throws {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    private func findings(_ run: Workspace.Run, _ subject: String) -> [String] {
        (run.json["findings"] as? [[String: Any]] ?? []).filter { $0["subject"] as? String == subject }
            .map { "\($0["state"] ?? "") \($0["words"] ?? "")" }
    }

    @Test func missingHooksAreNamedAndAdded() throws {
        let sick = try workspace.run("doctor")
        #expect(sick.status == 1)
        #expect(sick.output.contains("Claude Code does not call ccmem"))
        #expect(sick.errors.contains("ccmem doctor --fix"))
        let fixed = try workspace.run("doctor", "--fix")
        #expect(fixed.output.contains("done  Put the hooks of"))
        #expect(fixed.output.contains("ok    hooks"))
        #expect(try workspace.run("doctor").status == 0)
    }

    @Test func hooksThatAreSwitchedOffAreNoticed() throws {
        try workspace.run("install", "--user")
        #expect(try workspace.run("doctor").status == 0)
        let whole = try String(contentsOf: settings, encoding: .utf8)
        let brace = try #require(whole.firstIndex(of: "{"))
        let off = "{\"disableAllHooks\": true," + whole[whole.index(after: brace)...]
        try write(off, to: settings)
        let run = try workspace.run("doctor", "--json")
        #expect(run.status == 1)
        #expect(findings(run, "hooks").contains { $0.hasPrefix("bad ") && $0.contains("switches all hooks off") })
    }

    @Test func aPathThatIsGoneBecomesTheOneOfToday() throws {
        try workspace.run("install", "--user")
        let whole = try String(contentsOf: settings, encoding: .utf8)
        try write(whole.replacing(Workspace.tool("ccmem-hook").path, with: "/nowhere/ccmem-hook"), to: settings)
        #expect(try findings(workspace.run("doctor", "--json"), "hooks").first?.contains("/nowhere") == true)
        _ = try workspace.run("doctor", "--fix")
        #expect(!(try String(contentsOf: settings, encoding: .utf8)).contains("/nowhere"))
        #expect(try workspace.run("doctor").status == 0)
        // As an older version has left it.
        let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
        let first = try #require(lines.firstIndex { $0.contains(#""PreCompact": ["#) })
        try write((lines[..<first] + lines[(first + 3)...]).joined(separator: "\n"), to: settings)
        #expect(try findings(workspace.run("doctor", "--json"), "hooks").first?.contains("for every event") == true)
        _ = try workspace.run("doctor", "--fix")
        #expect(try String(contentsOf: settings, encoding: .utf8).contains("PreCompact"))
    }

    @Test func whatThePluginDoesTooIsTakenOut() throws {
        try write(#"{"enabledPlugins": {"ccmem@ccmem": true}}"#, to: settings)
        try workspace.run("install", "--user")
        try workspace.run("install", "--project")
        let twice = try findings(workspace.run("doctor", "--json"), "hooks")
        #expect(twice.count == 1 && twice[0].hasPrefix("note registered more than once"), "\(twice)")
        let fixed = try workspace.run("doctor", "--fix")
        #expect(fixed.output.contains("done  Took the hooks out of \(settings.path)"))
        #expect(try String(contentsOf: settings, encoding: .utf8).contains("ccmem-hook") == false)
        #expect(try workspace.read(".claude/settings.local.json").contains("ccmem-hook") == false)
        #expect(
            try findings(workspace.run("doctor", "--json"), "hooks") == [
                "ok the plugin, switched on in \(settings.path)"
            ])
    }

    @Test func brokenSettingsAreLeftToTheirAuthor() throws {
        try write("{\n  // mine\n}", to: settings)
        #expect(
            try findings(workspace.run("doctor", "--fix", "--json"), "hooks").first?.contains("settings.json:2:3")
                == true)
        #expect(try String(contentsOf: settings, encoding: .utf8) == "{\n  // mine\n}")
    }

    @Test func filesIndexesAndCleanUpAreMended() throws {
        try workspace.run("install", "--user")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: workspace.database)
        try workspace.shell("INSERT INTO memory_fts (memory_fts) VALUES ('delete-all')")
        try workspace.shell("INSERT INTO meta VALUES ('cleanup_pending', '1')")
        let found = try findings(workspace.run("doctor", "--json"), "store").joined(separator: "\n")
        #expect(found.contains("bad the text index memory_fts"), "\(found)")
        #expect(found.contains("note what was forgotten waits"))
        #expect(found.contains("bad others may look into \(workspace.database)"))
        let fixed = try workspace.run("doctor", "--fix")
        #expect(fixed.status == 0, "\(fixed.output)")
        #expect(fixed.output.contains("done  Rebuilt memory_fts") && fixed.output.contains("done  Kept to yourself"))
        #expect(fixed.output.contains("done  Ended the clean-up"))
        let mode = try FileManager.default.attributesOfItem(atPath: workspace.database)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try workspace.run("search", "force-push").status == 0)
    }

    @Test func whetherWhatWasToldArrivedIsReadInTheTranscript() throws {
        try workspace.writeTranscript([("user", "Hello."), ("assistant", "Hello.")])
        let start = workspace.payload("SessionStart", ["source": "startup"])
        let context = Workspace.context(try workspace.hook("SessionStart", start))
        try workspace.run("ingest", "--wait")
        #expect(try findings(workspace.run("doctor", "--json"), "delivery").first?.hasPrefix("bad 0 of 1") == true)
        let attachment: [String: Any] = [
            "type": "attachment", "uuid": "x", "timestamp": "2026-01-01T00:00:00.000Z",
            "attachment": ["type": "hook_additional_context", "content": [context]],
        ]
        let line = try JSONSerialization.data(withJSONObject: attachment) + Data("\n".utf8)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: workspace.transcriptPath()))
        try file.seekToEnd()
        try file.write(contentsOf: line)
        try file.close()
        #expect(try findings(workspace.run("doctor", "--json"), "delivery").first?.hasPrefix("ok 1 of 1") == true)
    }
}
