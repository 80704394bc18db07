import Foundation
import TestSupport
import Testing

/// What hooks make of calls of tools: failures are kept, and told before the same is done again.
@Suite struct ToolHookTests {
    private let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.run("add", "note", "The store is there")
    }

    private func call(_ event: String, _ id: String, _ fields: [String: Any], session: String = Workspace.session)
        throws -> Workspace.Run
    {
        let base: [String: Any] = ["tool_use_id": id, "tool_name": "Bash"]
        return try workspace.hook(event, workspace.payload(event, session: session, base.merging(fields) { $1 }))
    }

    private func fails(_ command: String, _ error: String, _ id: String) throws {
        let run = try call("PostToolUseFailure", id, ["tool_input": ["command": command], "error": error])
        #expect(run.output == "" && run.errors == "" && run.status == 0)
    }

    /// Waits until so many calls are in the store, at most ten seconds.
    private func waitsForCalls(_ count: Int) throws -> Bool {
        for _ in 0..<200 {
            let rows = try workspace.look("SELECT count(*) FROM tool_call")
            if Int(rows.trimmingCharacters(in: .whitespacesAndNewlines)) == count { return true }
            usleep(50_000)
        }
        return false
    }

    @Test func aFailureIsToldOnceASessionBeforeTheSameCommandRuns() throws {
        try fails("cd web && npm test", "Exit code 1\nError: boom in src/api.js", "toolu_1")
        #expect(try waitsForCalls(1))
        let before: [String: Any] = ["tool_input": ["command": "npm test 2>&1 | tee log"]]
        let first = Workspace.context(try call("PreToolUse", "toolu_2", before))
        #expect(first.contains("`npm test` failed once"))
        #expect(first.contains("Error: boom in src/api.js"))
        #expect(try call("PreToolUse", "toolu_3", before).output == "")
        #expect(try call("PreToolUse", "toolu_4", before, session: "other").output != "")
        #expect(try call("PreToolUse", "toolu_5", ["tool_input": ["command": "npm run lint"]]).output == "")
    }

    @Test func whatMendedItIsToldBeforeTheFileIsEditedAgain() throws {
        let file = workspace.project.path + "/src/api.js"
        try fails("npm test", "Exit code 1\n\(file):3: Error: boom", "toolu_1")
        #expect(try waitsForCalls(1))
        _ = try call(
            "PostToolUse", "toolu_2",
            ["tool_name": "Edit", "tool_input": ["file_path": file, "old_string": "a()", "new_string": "b()"]])
        #expect(try waitsForCalls(2))
        _ = try call(
            "PostToolUse", "toolu_3",
            ["tool_input": ["command": "npm test"], "tool_response": ["stdout": "12 passed", "stderr": ""]])
        #expect(try waitsForCalls(3))
        let listed = try workspace.run("failures", "src/api.js")
        #expect(listed.output.contains("mended"))
        let warned = try call(
            "PreToolUse", "toolu_4", ["tool_name": "Edit", "tool_input": ["file_path": file]], session: "other")
        #expect(Workspace.context(warned).contains("by a change in src/api.js: `a()` → `b()`"))
    }

    @Test func aLargeWriteIsWarnedOfWhereverItsPathStands() throws {
        let file = workspace.project.path + "/src/api.js"
        try fails("npm test", "Exit code 1\n\(file):3: Error: boom", "toolu_1")
        #expect(try waitsForCalls(1))
        let content = String(repeating: "let x = 1;\n", count: 40_000)
        let input = workspace.payload("PreToolUse", ["tool_name": "Write", "tool_use_id": "toolu_2"])
            .trimmingCharacters(in: .whitespacesAndNewlines).dropLast()
        let text = try #require(String(data: JSONEncoder().encode(content), encoding: .utf8))
        let path = try #require(String(data: JSONEncoder().encode(file), encoding: .utf8))
        let warned = try workspace.hook(
            "PreToolUse", input + #","tool_input":{"content":\#(text),"file_path":\#(path)}}"#)
        #expect(Workspace.context(warned).contains("Error: boom"))
    }

    @Test func secretsOfAFailureAreNotStored() throws {
        let key = "AKIA" + "QYLPMN5HHHFPZAM2"
        try fails("deploy.sh", "Exit code 1\nerror: AWS_ACCESS_KEY_ID=\(key) was refused", "toolu_1")
        #expect(try waitsForCalls(1))
        #expect(try !workspace.look("SELECT line || signature || words FROM failure").contains(key))
        #expect(try workspace.run("audit").status == 0)
    }

    @Test(
        "What a command hands to a program in secret is stored nowhere",
        arguments: [
            "mysql -u root -pVx7Kq9ZtLm2w app", "sshpass -p 'Vx7Kq9ZtLm2w' ssh host", "docker login -p Vx7Kq9ZtLm2w",
            "deploy.sh --password Vx7Kq9ZtLm2w", "redis-cli -a Vx7Kq9ZtLm2w", "gh --token Vx7Kq9ZtLm2w pr list",
            #"curl -d '{"password": "Vx7Kq9ZtLm2w"}' a.b"#, "curl -u admin:Vx7Kq9ZtLm2w a.b",
            "./notify <private>Vx7Kq9ZtLm2w Bx</private> now", "./notify <private>\nA Vx7Kq9ZtLm2w\nBx",
        ])
    func secretArguments(_ command: String) throws {
        try fails(command, "Exit code 1\nError: the login 'Vx7Kq9ZtLm2w' was refused", "toolu_1")
        #expect(try waitsForCalls(1))
        let columns = try workspace.look(
            "SELECT words || program || ifnull(file, '') FROM failure UNION SELECT program FROM tool_call")
        #expect(!columns.contains("Vx7Kq9ZtLm2w") && !columns.contains("Bx"), "\(columns)")
        if !command.contains("private") {
            let said = try workspace.look("SELECT line || signature || ifnull(symbol, '') FROM failure")
            #expect(!said.contains("Vx7Kq9ZtLm2w"), "\(said)")
        }
    }

    @Test func nothingIsStoredWhereAPatternCoversTheDirectory() throws {
        let hidden = workspace.project.appendingPathComponent("secretdir")
        try FileManager.default.createDirectory(at: hidden, withIntermediateDirectories: true)
        let covered = ["CCMEM_EXCLUDE_PATHS": "**/secretdir"]
        let fields: [String: Any] = [
            "cwd": hidden.path, "tool_use_id": "toolu_1", "tool_name": "Bash", "tool_input": ["command": "npm test"],
            "error": "Exit code 1\nError: boom",
        ]
        let payload = workspace.payload("PostToolUseFailure", fields)
        #expect(try workspace.hook("PostToolUseFailure", payload, environment: covered).status == 0)
        let prompt = workspace.payload(
            "UserPromptSubmit", ["cwd": hidden.path, "prompt": "remember: the zorblat gateway is old"])
        let run = try workspace.hook("UserPromptSubmit", prompt, environment: covered)
        #expect(run.output.contains("nothing was stored"))
        usleep(700_000)
        #expect(try workspace.look("SELECT count(*) FROM tool_call") == "0\n")
        #expect(try workspace.look("SELECT count(*) FROM memory WHERE content LIKE '%zorblat%'") == "0\n")
    }

    @Test func filesAreNamedBelowARootInAnyScript() throws {
        let root = workspace.folder.appendingPathComponent("café-検索")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        #expect(try workspace.run("init", "--project", root.path).status == 0)
        #expect(try workspace.run("add", "note", "The store is there", "--project", root.path).status == 0)
        let payload = workspace.payload(
            "PostToolUseFailure",
            [
                "cwd": root.path, "tool_use_id": "toolu_1", "tool_name": "Bash", "tool_input": ["command": "npm test"],
                "error": "\(root.resolvingSymlinksInPath().path)/src/api.js:3: Error: boom",
            ])
        let run = try workspace.hook("PostToolUseFailure", payload, environment: ["CLAUDE_PROJECT_DIR": root.path])
        #expect(run.status == 0)
        var listed = ""
        for _ in 0..<200 where !listed.contains("boom") {
            usleep(50_000)
            listed = try workspace.run("failures", "--json", "--project", root.path).output
        }
        #expect(listed.contains(#""file":"src/api.js""#), "\(listed)")
    }

    @Test func withoutAStoreNoneIsMade() throws {
        let empty = try Workspace(hasStore: false)
        let payload = empty.payload(
            "PostToolUseFailure",
            ["tool_use_id": "t", "tool_name": "Bash", "tool_input": ["command": "npm test"], "error": "Error: boom"])
        _ = try empty.hook("PostToolUseFailure", payload)
        usleep(700_000)
        #expect(!FileManager.default.fileExists(atPath: empty.database))
    }
}
