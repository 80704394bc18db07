import Foundation
import Memories
import TestSupport
import Testing

/// What the plugin costs in the context of each session: the front matter of its commands and skills.
@Suite struct PluginTextTests {
    @Test func theFrontMatterOfAllCommandsAndSkillsIsShort() throws {
        let files = FileManager.default
        let root = Fixture.projectRoot
        let commands = try files.contentsOfDirectory(atPath: root.appendingPathComponent("commands").path).map {
            "commands/\($0)"
        }
        let skills = try files.contentsOfDirectory(atPath: root.appendingPathComponent("skills").path).map {
            "skills/\($0)/SKILL.md"
        }
        #expect(commands.count == 9 && skills.count == 1)
        var tokens = 0
        for path in commands + skills {
            let text = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
            let parts = text.components(separatedBy: "---\n")
            #expect(parts.count >= 3 && parts[0].isEmpty, "\(path) has no front matter")
            #expect(parts[1].contains("description: "), "\(path)")
            tokens += TokenCount.estimate(of: parts[1]).value
        }
        print("Front matter of \(commands.count) commands and \(skills.count) skill: \(tokens) tokens of 600")
        #expect(tokens <= 600)
    }
}
