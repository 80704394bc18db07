import Foundation
import TestSupport
import Testing

/// Failures of sessions from before the hooks come out of their transcripts.
@Suite struct PastFailureTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private enum Step {
        case run(String, output: String, fails: Bool)
        case edit(String, String, String)
    }

    /// A session of calls of tools, one a second from an hour of 2026-01-01 on.
    private func write(_ session: String, hour: Int, _ steps: [Step]) throws {
        var lines: [[String: Any]] = []
        func add(_ type: String, _ content: Any) {
            let second = lines.count
            lines.append([
                "type": type, "uuid": "\(session)-\(second)", "sessionId": session, "isSidechain": false,
                "cwd": workspace.project.resolvingSymlinksInPath().path,
                "timestamp": "2026-01-01T0\(hour):00:\(second < 10 ? "0" : "")\(second).000Z",
                "message": ["role": type, "content": content, "id": "msg-\(session)-\(second)"],
            ])
        }
        add("user", "NEVER deploy the \(session) gateway on Friday.")
        for (number, step) in steps.enumerated() {
            let id = "toolu_\(session)\(number)"
            switch step {
            case .run(let command, let output, let fails):
                add(
                    "assistant",
                    [["type": "tool_use", "id": id, "name": "Bash", "input": ["command": command]] as [String: Any]])
                add(
                    "user",
                    [
                        ["type": "tool_result", "tool_use_id": id, "content": output, "is_error": fails]
                            as [String: Any]
                    ])
            case .edit(let file, let before, let after):
                let input = [
                    "old_string": before, "new_string": after, "file_path": workspace.project.path + "/" + file,
                ]
                add(
                    "assistant", [["type": "tool_use", "id": id, "name": "Edit", "input": input] as [String: Any]])
                add(
                    "user",
                    [["type": "tool_result", "tool_use_id": id, "content": "The file was updated."] as [String: Any]])
            }
        }
        add("assistant", [["type": "text", "text": "That is all."]])
        let text = try lines.map {
            String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self) + "\n"
        }.joined()
        let path = URL(fileURLWithPath: workspace.transcriptPath(session))
        try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: path, atomically: true, encoding: .utf8)
    }

    private let boom = "Exit code 1\nsrc/api.js:3: Error: boom"

    private func failures() throws -> [[String: Any]] {
        try workspace.run("failures", "--json").json["failures"] as? [[String: Any]] ?? []
    }

    @Test func aFailureAndWhatMendedItAreReadOnce() throws {
        // Named against their order in time.
        try write("zulu", hour: 1, [.run("npm test", output: boom, fails: true), .edit("src/api.js", "a()", "b()")])
        try write(
            "alpha", hour: 2,
            [
                .run("npm test", output: boom, fails: true), .edit("src/api.js", "b()", "c()"),
                .run("npm test", output: "", fails: false), .run("grep -r x .", output: "Exit code 1", fails: true),
            ])
        try write("quiet", hour: 3, [.run("ls", output: "a", fails: false), .edit("src/api.js", "c()", "d()")])
        #expect(try workspace.run("ingest").status == 0)
        let found = try failures()
        #expect(found.count == 1)
        #expect(found.first?["count"] as? Int == 2)
        #expect(found.first?["program"] as? String == "npm test")
        let listed = try workspace.run("failures").output
        #expect(listed.contains("mended") && listed.contains("`b()` → `c()`"), "\(listed)")
        #expect(try workspace.look("SELECT count(*) FROM tool_call WHERE session = 'quiet'") == "0\n")
        try workspace.run("ingest", "--stale")
        #expect(try failures().first?["count"] as? Int == 2)
    }

    @Test func secretsOfCommandsStayInTheTranscript() throws {
        try write(
            "old", hour: 1,
            [
                .run("mysql -u root -pVx7Kq9ZtLm2w", output: "Exit code 1\nError: 'Vx7Kq9ZtLm2w'", fails: true),
                .run("./notify <private>A Vx7Kq9ZtLm2w", output: boom, fails: true),
                .run("gh --token Vx7Kq9ZtLm2w pr list", output: "", fails: false),
            ])
        #expect(try workspace.run("ingest").status == 0)
        #expect(try failures().count == 2)
        #expect(try workspace.look("SELECT count(*) FROM tool_call WHERE program = 'gh pr list'") == "1\n")
        let rows = try workspace.look(
            "SELECT words || line || signature || ifnull(symbol, '') FROM failure UNION SELECT program FROM tool_call")
        #expect(!rows.contains("Vx7Kq9ZtLm2w"), "\(rows)")
    }

    @Test func whatHooksHaveSeenIsNotCountedTwice() throws {
        try workspace.run("add", "note", "The store is there")
        let call = workspace.payload(
            "PostToolUseFailure", session: "live",
            ["tool_use_id": "toolu_live0", "tool_name": "Bash", "tool_input": ["command": "npm test"], "error": boom])
        _ = try workspace.hook("PostToolUseFailure", call)
        for _ in 0..<200 where try workspace.look("SELECT count(*) FROM tool_call") != "1\n" { usleep(50_000) }
        try write("live", hour: 1, [.run("npm test", output: boom, fails: true)])
        // An old session says nothing of what is known to be so today.
        try write("old", hour: 1, [.run("npm test", output: boom, fails: true)])
        #expect(try workspace.run("ingest").status == 0)
        #expect(try failures().first?["count"] as? Int == 1)
    }
}
