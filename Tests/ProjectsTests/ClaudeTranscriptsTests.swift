import Foundation
import Testing

@testable import Projects

/// A home with `.claude/projects/`, in a temporary directory that goes with it.
final class Home {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ccmem-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // Claude Code names folders by the path without symbolic links.
        path = try #require(Files.realPath(folder.path))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func directory(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
        return "\(path)/\(name)"
    }

    /// Writes transcripts for a working directory, as Claude Code names them.
    func transcripts(_ names: [String], of directory: String, below claude: String = ".claude") throws {
        let folder = "\(claude)/projects/\(ClaudeTranscripts.folderName(for: directory))"
        for name in names {
            let file = try self.directory(folder) + "/\(name)"
            try FileManager.default.createDirectory(
                atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data("{}\n".utf8).write(to: URL(fileURLWithPath: file))
        }
    }

    func found(from directory: String, _ variables: [String: String] = [:]) -> [String]? {
        let environment = Environment(
            variables: variables.merging(["HOME": path]) { mine, _ in mine }, workingDirectory: directory)
        return ClaudeTranscripts.ofProject(environment).map { found in
            found.files.map { String($0.dropFirst(found.folder.count + 1)) }
        }
    }
}

@Suite struct ClaudeTranscriptsTests {
    let home: Home

    init() throws { home = try Home() }

    @Test(
        "A folder name keeps ASCII letters and digits",
        arguments: [
            ("/home/dev/my-app", "-home-dev-my-app"), ("/Users/dev/My App_2", "-Users-dev-My-App-2"),
            ("/home/dev/.config/x.y", "-home-dev--config-x-y"), ("/home/größe", "-home-gr--e"),
            ("/home/項目", "-home---"), ("/home/🚀", "-home---"), ("/home/a\u{301}", "-home-a-"), ("/", "-"),
        ])
    func folderName(_ directory: String, _ name: String) {
        #expect(ClaudeTranscripts.folderName(for: directory) == name)
    }

    @Test func aProjectsTranscriptsAreFoundWithThoseOfItsSubagents() throws {
        let project = try home.directory("work/app")
        try home.transcripts(["b.jsonl", "a.jsonl", "a/subagents/agent-1.jsonl", "notes.md"], of: project)
        #expect(home.found(from: project) == ["a.jsonl", "a/subagents/agent-1.jsonl", "b.jsonl"].sorted())
    }

    @Test func theNearestAncestorCounts() throws {
        let outer = try home.directory("work")
        let inner = try home.directory("work/app")
        let below = try home.directory("work/app/src/deep")
        try home.transcripts(["outer.jsonl"], of: outer)
        #expect(home.found(from: below) == ["outer.jsonl"])
        try home.transcripts(["inner.jsonl"], of: inner)
        #expect(home.found(from: below) == ["inner.jsonl"])
        #expect(home.found(from: outer) == ["outer.jsonl"])
    }

    @Test func theHomeDirectoryIsNoProject() throws {
        try home.transcripts(["home.jsonl"], of: home.path)
        #expect(home.found(from: home.path) == nil)
        #expect(home.found(from: try home.directory("work")) == nil)
    }

    @Test func withoutTranscriptsThereIsNone() throws {
        #expect(home.found(from: try home.directory("work")) == nil)
        #expect(home.found(from: home.path + "/gone") == nil)
    }

    @Test func claudeMayLiveElsewhere() throws {
        let project = try home.directory("work/app")
        try home.transcripts(["usual.jsonl"], of: project)
        try home.transcripts(["other.jsonl"], of: project, below: "elsewhere")
        #expect(home.found(from: project, ["CLAUDE_CONFIG_DIR": home.path + "/elsewhere"]) == ["other.jsonl"])
        #expect(home.found(from: project, ["CLAUDE_CONFIG_DIR": ""]) == ["usual.jsonl"])
        #expect(Environment(variables: [:], workingDirectory: project).claudeDirectory == nil)
    }

    @Test func aLinkLeadsToTheRealDirectory() throws {
        let project = try home.directory("work/app")
        try home.transcripts(["a.jsonl"], of: project)
        let link = home.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: project)
        #expect(home.found(from: link) == ["a.jsonl"])
    }

    @Test("Names of other scripts", arguments: ["項目", "größe", "🚀 app", "a.b_c"])
    func otherScripts(_ name: String) throws {
        let project = try home.directory(name)
        try home.transcripts(["a.jsonl"], of: project)
        #expect(home.found(from: project) == ["a.jsonl"])
    }

    @Test func aLongNameIsCutAndMustBeTheOnlyOne() throws {
        let project = try home.directory((0..<12).map { "directory-\($0)-with-a-long-name" }.joined(separator: "/"))
        let name = ClaudeTranscripts.folderName(for: project)
        try #require(name.count > ClaudeTranscripts.longestName)
        func add(_ hash: String) throws {
            let folder = try home.directory(".claude/projects/\(name.prefix(ClaudeTranscripts.longestName))-\(hash)")
            try Data().write(to: URL(fileURLWithPath: "\(folder)/\(hash).jsonl"))
        }
        try add("1x2y")
        #expect(home.found(from: project) == ["1x2y.jsonl"])
        try add("3z")
        #expect(home.found(from: project) == nil)
    }
}

@Suite struct FilesTests {
    let home: Home

    init() throws { home = try Home() }

    @Test func kindsOfFiles() throws {
        let folder = try home.directory("folder")
        try Data().write(to: URL(fileURLWithPath: folder + "/file"))
        #expect(Files.kind(of: folder) == .directory)
        #expect(Files.kind(of: folder + "/file") == .file)
        #expect(Files.kind(of: "/dev/null") == .other)
        #expect(Files.kind(of: folder + "/gone") == nil)
    }

    @Test func namesStandInTheOrderOfTheirBytes() throws {
        let folder = try home.directory("folder")
        for name in ["b", "a", "B", "ä", "10", "9", ".x"] {
            try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        #expect(Files.names(in: folder) == [".x", "10", "9", "B", "a", "b", "ä"])
        #expect(Files.names(in: folder + "/gone") == nil)
    }

    @Test func linksToDirectoriesAreNotFollowed() throws {
        let folder = try home.directory("folder")
        try Data().write(to: URL(fileURLWithPath: folder + "/a.jsonl"))
        try FileManager.default.createSymbolicLink(atPath: folder + "/loop", withDestinationPath: folder)
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/b.jsonl", withDestinationPath: folder + "/a.jsonl")
        var unreadable: [String] = []
        let found = Files.files(below: folder, suffix: ".jsonl") { unreadable.append($0) }
        #expect(found == [folder + "/a.jsonl", folder + "/b.jsonl"])
        #expect(unreadable == [])
        #expect(Files.files(below: folder + "/gone", suffix: "") { unreadable.append($0) } == [])
        #expect(unreadable == [folder + "/gone"])
    }
}
