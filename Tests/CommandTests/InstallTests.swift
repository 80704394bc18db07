import Foundation
import TestSupport
import Testing

/// Hooks come into the settings and go again.
@Suite struct InstallTests {
    @Test func itAddsAndRemovesAndKeepsTheFileBefore() throws {
        let workspace = try Workspace(hasStore: false)
        let folder = workspace.home.appendingPathComponent(".claude")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("settings.json")
        let before = "{\n  \"model\": \"opus\"\n}\n"
        try before.write(to: file, atomically: true, encoding: .utf8)
        let dry = try workspace.run("install", "--user", "--dry-run")
        #expect(dry.output.contains(#""args": ["PreCompact"]"#))
        #expect(try String(contentsOf: file, encoding: .utf8) == before)
        #expect(try workspace.run("install", "--user").status == 0)
        #expect(try String(contentsOf: file, encoding: .utf8) == dry.output)
        #expect(dry.output.contains(Workspace.tool("ccmem-hook").path))
        #expect(try workspace.run("install", "--user").output.contains("as it should be"))
        #expect(try String(contentsOfFile: file.path + ".before-ccmem", encoding: .utf8) == before)
        #expect(try workspace.run("uninstall", "--user").status == 0)
        #expect(try String(contentsOf: file, encoding: .utf8) == before)
    }

    @Test func theCopyStaysTheUsersOwnAndComesBackByteByByte() throws {
        let workspace = try Workspace(hasStore: false)
        let folder = workspace.home.appendingPathComponent(".claude")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("settings.json")
        let copy = file.path + ".before-ccmem"
        let before = #"{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"say done"}]}]},   "model":"opus"}"#
        try before.write(to: file, atomically: true, encoding: .utf8)
        #expect(try workspace.run("install").status == 0)
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(try workspace.run("uninstall").status == 0)
        #expect(try String(contentsOf: file, encoding: .utf8) == before)
        #expect(try String(contentsOfFile: copy, encoding: .utf8) == before)
        // What was changed since stays changed, and the copy stays what it was.
        let changed = text.replacingOccurrences(of: "opus", with: "sonnet")
        try changed.write(to: file, atomically: true, encoding: .utf8)
        #expect(try workspace.run("uninstall").status == 0)
        let left = try String(contentsOf: file, encoding: .utf8)
        #expect(left.contains("sonnet") && left.contains("say done") && !left.contains("ccmem"))
        #expect(try String(contentsOfFile: copy, encoding: .utf8) == before)
    }

    /// What means nothing to Claude Code is its user's all the same.
    @Test func aListThatWasEmptyBeforeIsThereAfterwards() throws {
        let workspace = try Workspace(hasStore: false)
        let folder = workspace.home.appendingPathComponent(".claude")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("settings.json")
        try #"{"hooks":{"Stop":[],"Notification":[]},"model":"opus"}"#.write(
            to: file, atomically: true, encoding: .utf8)
        #expect(try workspace.run("install").status == 0)
        #expect(try workspace.run("install").output.contains("as it should be"))
        for _ in 1...2 {
            #expect(try workspace.run("uninstall").status == 0)
            let text = try String(contentsOf: file, encoding: .utf8)
            let settings = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            let hooks = settings?["hooks"] as? [String: [Any]]
            #expect(hooks?.keys.sorted() == ["Notification", "Stop"])
            #expect(hooks?.values.allSatisfy(\.isEmpty) == true)
        }
    }

    @Test func aFileWithMistakesIsLeftAlone() throws {
        let workspace = try Workspace(hasStore: false)
        let folder = workspace.home.appendingPathComponent(".claude")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("settings.json")
        try "{\n  // mine\n}".write(to: file, atomically: true, encoding: .utf8)
        let run = try workspace.run("install")
        #expect(run.status == 3)
        #expect(run.errors.contains("settings.json:2:3: JSON has no comments"))
        #expect(try String(contentsOf: file, encoding: .utf8) == "{\n  // mine\n}")
    }

    @Test func aProjectHasItsOwn() throws {
        let workspace = try Workspace(hasStore: false)
        try workspace.run("install", "--project")
        #expect(try workspace.read(".claude/settings.local.json").contains("ccmem-hook"))
        #expect(workspace.files.contains("home/.claude/settings.json") == false)
    }

    @Test func thePluginsCommandsComeAndGoAndAPersonsStay() throws {
        let workspace = try Workspace(hasStore: false)
        let folder = workspace.home.appendingPathComponent(".claude/commands")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let mine = folder.appendingPathComponent("why.md")
        try "Mine.\n".write(to: mine, atomically: true, encoding: .utf8)
        #expect(try workspace.run("install", "--commands", "--dry-run").output.contains("Would add /forget"))
        let run = try workspace.run("install", "--commands")
        #expect(run.output.contains("Added /forget /handoff"))
        #expect(run.errors == "left out: \(mine.path) is not from here.\n")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(
            names == [
                "forget.md", "handoff.md", "mark-constraint.md", "mark-decision.md", "mark-task.md", "memory-status.md",
                "search.md", "watch.md", "why.md",
            ])
        let text = try String(contentsOf: folder.appendingPathComponent("search.md"), encoding: .utf8)
        let original = try String(
            contentsOf: Fixture.projectRoot.appendingPathComponent("commands/search.md"), encoding: .utf8)
        #expect(text.hasPrefix(original))
        #expect(try !workspace.run("install", "--commands").output.contains("Added"), "twice changes nothing")
        // Who takes the mark out keeps the file.
        try original.write(to: folder.appendingPathComponent("forget.md"), atomically: true, encoding: .utf8)
        #expect(try workspace.run("uninstall").output.contains("Removed /handoff"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["forget.md", "why.md"])
        #expect(try workspace.run("install", "--commands", "--project").status == 2)
    }
}
