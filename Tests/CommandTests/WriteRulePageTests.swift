import Foundation
import TestSupport
import Testing

/// docs/write-a-rule.md is run command by command.
///
/// `CCMEM_WRITE_PAGES=1 swift test --filter WriteRulePageTests` writes the output anew; that run fails, so that it is never
/// green by accident.
@Suite struct WriteRulePageTests {
    @Test func thePageShowsWhatTheCommandsPrint() throws {
        let page = Fixture.projectRoot.appendingPathComponent("docs/write-a-rule.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let workspace = try Workspace(hasStore: false)
        try workspace.write(Fixture.text("write-a-rule/session.jsonl"), to: "session.jsonl")
        let edited = workspace.folder.appendingPathComponent("edited.yaml")
        try Fixture.text("write-a-rule/team.yaml").write(to: edited, atomically: true, encoding: .utf8)
        var isBlock = false
        var hasCommand = false
        var lines: [String] = []
        var commands = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line == "```", !isBlock || hasCommand {
                isBlock.toggle()
                hasCommand = isBlock
                lines.append(line)
            } else if isBlock, line.hasPrefix("$ ") {
                commands += 1
                lines.append(line)
                lines += try output(of: String(line.dropFirst(2)), in: workspace, editor: "cp \(edited.path)")
            } else if !isBlock {
                lines.append(line)
            }
        }
        let fresh = lines.joined(separator: "\n")
        #expect(commands >= 9)
        if ProcessInfo.processInfo.environment["CCMEM_WRITE_PAGES"] != nil, fresh != text {
            try fresh.write(to: page, atomically: true, encoding: .utf8)
            Issue.record("written anew: look at the difference and commit it")
        }
        #expect(fresh == text)
    }

    /// As it stands on a page: the project lies where a reader's would.
    private func output(of command: String, in workspace: Workspace, editor: String) throws -> [String] {
        let tools = Workspace.tool("ccmem").deletingLastPathComponent().path
        let run = try workspace.run(
            tool: "/bin/sh", ["-c", "exec 2>&1; \(command)"],
            environment: ["PATH": "\(tools):/usr/local/bin:/usr/bin:/bin", "EDITOR": editor])
        let text = run.output.replacing(workspace.project.path, with: "/home/you/shop")
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
