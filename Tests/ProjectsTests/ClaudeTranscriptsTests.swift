import Foundation
import Testing

@testable import Projects

/// A temporary directory that goes with it.
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
}

@Suite struct ClaudeTranscriptsTests {
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
