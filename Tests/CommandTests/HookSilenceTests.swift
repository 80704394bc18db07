import Foundation
import TestSupport
import Testing

/// Whatever comes, a hook leaves with 0 and says nothing that it should not.
@Suite struct HookSilenceTests {
    static let fixtures: [String] =
        (try? FileManager.default.contentsOfDirectory(atPath: Fixture.url("hooks").path).sorted()) ?? []

    @Test("Without a store each call is silent and makes nothing", arguments: fixtures)
    func silent(_ name: String) throws {
        let workspace = try Workspace(hasStore: false)
        let before = workspace.files
        let event = String(name.prefix { $0 != "." })
        let run = try workspace.hook(event, Fixture.text("hooks/\(name)"))
        #expect(run.status == 0)
        #expect(run.output == "")
        #expect(run.errors == "")
        usleep(200_000)
        #expect(
            workspace.files.filter {
                !$0.contains("/locks") && !$0.hasSuffix(".local") && !$0.hasSuffix("share") && !$0.hasSuffix("ccmem")
            } == before)
    }

    static let hostileInputs: [(name: String, input: String)] = [
        ("nothing", ""), ("garbage", "\u{1}\u{2} no json"), ("array", "[]"), ("torn", #"{"session_id":"a","prompt":"#),
        ("wrong types", #"{"session_id":[],"prompt":{},"source":3,"cwd":1}"#),
        ("NUL", "{\"session_id\":\"a\0b\",\"prompt\":\"\0\",\"hook_event_name\":\"X\"}"),
        ("missing keys", #"{"hook_event_name":"SessionStart"}"#),
        ("deep", String(repeating: "[", count: 200_000)),
        (
            "nested",
            #"{"session_id":"a","tool_name":"Bash","tool_use_id":"t","tool_input":"#
                + String(repeating: #"{"a":["#, count: 5_000)
        ),
        ("option", #"{"session_id":"--rules","transcript_path":"-","cwd":"--x"}"#),
        ("long", #"{"session_id":"a","prompt":""# + String(repeating: "x y ", count: 1 << 20) + #""}"#),
    ]

    @Test("Hostile input: status 0, nothing on either stream", arguments: hostileInputs.map(\.name))
    func hostile(_ name: String) throws {
        let workspace = try Workspace()
        try workspace.run("add", "constraint", "Never force-push to main")
        let input = try #require(Self.hostileInputs.first { $0.name == name }).input
        for event in [
            "SessionStart", "UserPromptSubmit", "Stop", "SubagentStop", "PreCompact", "SessionEnd", "PreToolUse",
            "PostToolUse", "PostToolUseFailure", "Nonsense", "",
        ] {
            let run = try workspace.hook(event, input)
            #expect(run.status == 0, "\(event)")
            #expect(run.errors == "", "\(event)")
            // What is torn behind a whole session's id is a session all the same.
            if event == "SessionStart", input.contains(#""session_id":""#), !name.hasPrefix("NUL") { continue }
            #expect(run.output == "", "\(event)")
        }
    }

    static let answered = [
        "SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "PostToolUseFailure", "Stop", "SubagentStop",
        "PreCompact", "SessionEnd",
    ]

    /// What becomes of a payload on the way.
    static let damages: [(name: String, of: @Sendable (String) -> String)] = [
        ("none", { $0 }), ("half", { String($0.prefix($0.count / 2)) }), ("end", { String($0.dropLast(5)) }),
        ("NUL", { $0.replacing("e", with: "\0") }), ("escapes", { $0.replacing("/", with: #"\ud800\/"#) }),
        ("numbers", { $0.replacing(/: "[^"]*"/, with: ": 17") }),
        ("lists", { $0.replacing(/: "[^"]*"/, with: ": [[{}]]") }),
        (
            "nesting",
            { $0.replacing(/"tool_input": \{/, with: #""tool_input": {"x": "# + String(repeating: "[", count: 10_000)) }
        ),
        ("long", { $0.replacing(/: "(?=[^"])/, with: ": \"" + String(repeating: "long ", count: 100_000)) }),
        ("twice", { $0 + $0 }),
    ]

    @Test(
        "Each payload, whole and damaged: status 0, nothing on standard error, one object or nothing",
        arguments: fixtures)
    func damaged(_ name: String) throws {
        let workspace = try Workspace()
        try workspace.run("add", "constraint", "Never force-push to main")
        // Beside it a command that does nothing: what is stored is another test's matter.
        let hook = workspace.folder.appendingPathComponent("ccmem-hook")
        try FileManager.default.copyItem(at: Workspace.tool("ccmem-hook"), to: hook)
        try Program.writeScript("exit 0\n", at: workspace.folder.appendingPathComponent("ccmem").path)
        let text = try Fixture.text("hooks/\(name)")
        let event = String(name.prefix { $0 != "." })
        // What no hook is about is passed over unread.
        for damage in Self.damages.prefix(Self.answered.contains(event) ? Self.damages.count : 2) {
            let run = try workspace.run(
                tool: hook.path, [event], input: damage.of(text),
                environment: ["CLAUDE_PROJECT_DIR": workspace.project.path, "CCMEM_HOOK_PATIENCE": "50"])
            #expect(run.status == 0 && run.errors == "", "\(damage.name): \(run.errors)")
            let lines = run.output.split(separator: "\n")
            #expect(lines.isEmpty || lines.count == 1 && !run.json.isEmpty, "\(damage.name): \(run.output)")
        }
    }

    @Test func aHundredMegabytesAreDrained() throws {
        let workspace = try Workspace()
        let script = """
            { printf '{"session_id":"a","tool_response":"'; head -c 104857600 /dev/zero | tr '\\0' x; printf '"}'; } \
                | "$0" PostToolUse; echo "${PIPESTATUS[@]}"
            """
        let run = try workspace.run(tool: "/bin/bash", ["-c", script, Workspace.tool("ccmem-hook").path])
        #expect(run.output == "0 0\n")
        #expect(run.errors == "")
    }

    @Test func aGuardedCallDoesNothing() throws {
        let workspace = try Workspace()
        try workspace.run("add", "constraint", "Never force-push to main")
        let input = workspace.payload("SessionStart", ["source": "startup"])
        #expect(try workspace.hook("SessionStart", input, environment: ["CCMEM_HOOKS": "off"]).output == "")
        #expect(try Workspace.context(workspace.hook("SessionStart", input)).contains("Never force-push"))
    }

    @Test func pausedAndOptedOutAreSilent() throws {
        let workspace = try Workspace()
        try workspace.run("add", "constraint", "Never force-push to main")
        let input = workspace.payload("SessionStart", ["source": "startup"])
        try workspace.run("pause")
        #expect(try workspace.hook("SessionStart", input).output == "")
        try workspace.run("resume")
        for variable in ["CCMEM_ENABLED": "false", "CCMEM_EXCLUDE_PROJECTS": workspace.project.path] {
            #expect(try workspace.hook("SessionStart", input, environment: [variable.key: variable.value]).output == "")
        }
        #expect(
            try workspace.hook("SessionStart", input, environment: ["CCMEM_INJECTION_ENABLED": "false"]).json[
                "hookSpecificOutput"] == nil)
    }

    @Test func aBrokenConfigIsToldOnceAtTheNextStart() throws {
        let workspace = try Workspace()
        try workspace.run("add", "constraint", "Never force-push to main")
        let config = workspace.home.appendingPathComponent(".config/ccmem")
        try FileManager.default.createDirectory(at: config, withIntermediateDirectories: true)
        try "{ broken".write(to: config.appendingPathComponent("config.json"), atomically: true, encoding: .utf8)
        let runs = try (1...3).map { number in
            try workspace.hook(
                "SessionStart", workspace.payload("SessionStart", session: "s\(number)", ["source": "startup"]))
        }
        #expect(runs.map(\.status) == [0, 0, 0])
        #expect(runs[0].output == "")
        #expect((runs[1].json["systemMessage"] as? String)?.contains("config.json:1") == true)
        #expect(runs[1].json["hookSpecificOutput"] == nil)
        #expect(runs[2].output == "")
    }

    @Test func withoutAHomeItIsSilent() throws {
        let workspace = try Workspace()
        for event in ["SessionStart", "UserPromptSubmit", "Stop"] {
            let run = try workspace.hook(
                event, workspace.payload(event, ["prompt": "src/a.swift"]), environment: ["HOME": ""])
            #expect(run.status == 0 && run.output == "" && run.errors == "")
        }
    }
}
