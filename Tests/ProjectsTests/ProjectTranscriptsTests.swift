import Foundation
import Testing

@testable import Projects

@Suite struct ProjectTranscriptsTests {
    let space: Workspace

    init() throws {
        space = try Workspace()
        try space.repository("w/app")
    }

    /// Writes a transcript that began in a directory, in the folder that Claude Code would take for it.
    @discardableResult
    func transcript(_ name: String, of directory: String, lines: String? = nil, folder: String? = nil) throws -> String
    {
        let folder = folder ?? ClaudeTranscripts.folderName(for: space.at(directory))
        let entry = "{\"type\":\"user\",\"cwd\":\"\(space.at(directory))\"}\n"
        return try space.write(
            lines ?? "{\"type\":\"summary\"}\n" + entry, to: "home/.claude/projects/\(folder)/\(name)")
    }

    func search(_ root: String = "w/app", others: [String] = [], excluded: [String] = []) throws -> ProjectTranscripts {
        let environment = space.environment()
        return ClaudeTranscripts.transcripts(
            of: try space.root(root), locator: ProjectLocator(environment), environment,
            otherRoots: others.map(space.at),
            excluded: PathPatterns(try excluded.map { try PathPattern($0, home: nil) }))
    }

    /// The names of the files that were accepted.
    func accepted(_ found: ProjectTranscripts) -> [String] {
        found.accepted.map { $0.path.split(separator: "/").last.map(String.init) ?? "" }.sorted()
    }

    @Test func rootWorkTreesAndSubdirectoriesAreOneProject() throws {
        try space.workTree("elsewhere/feature", of: "w/app/.git")
        try space.folders("w/app/src", "elsewhere/feature/src")
        try transcript("a.jsonl", of: "w/app")
        try transcript("b.jsonl", of: "w/app/src")
        try transcript("c.jsonl", of: "elsewhere/feature")
        try transcript("d.jsonl", of: "elsewhere/feature/src")
        let found = try search()
        #expect(accepted(found) == ["a.jsonl", "b.jsonl", "c.jsonl", "d.jsonl"])
        #expect(found.refused.isEmpty)
        #expect(found.accepted.map(\.workingDirectory).contains(space.at("elsewhere/feature/src")))
        #expect(try search("elsewhere/feature") == found)
    }

    @Test func namesThatCollideAreToldApart() throws {
        try space.repository("w/a/b-c")
        try space.repository("w/a/b/c")
        try transcript("mine.jsonl", of: "w/a/b/c")
        let theirs = try transcript("theirs.jsonl", of: "w/a/b-c")
        #expect(ClaudeTranscripts.folderName(for: "/w/a/b-c") == ClaudeTranscripts.folderName(for: "/w/a/b/c"))
        let found = try search("w/a/b/c")
        #expect(accepted(found) == ["mine.jsonl"])
        #expect(found.refused.map(\.path) == [theirs])
        #expect(found.refused.map(\.reason) == [.otherProject(space.at("w/a/b-c"))])
    }

    @Test func anotherProjectWithTheSameBeginningStaysOut() throws {
        try space.repository("w/app-two")
        try space.repository("w/app/vendor/lib")
        try transcript("two.jsonl", of: "w/app-two")
        try transcript("lib.jsonl", of: "w/app/vendor/lib")
        let found = try search()
        #expect(found.accepted.isEmpty)
        #expect(Set(found.refused.map(\.path.utf8.count)).count == 2)
        #expect(
            found.refused.map(\.reason) == [
                .otherProject(space.at("w/app-two")), .otherProject(space.at("w/app/vendor/lib")),
            ])
    }

    @Test func subagentsFollowTheirSession() throws {
        try space.repository("w/app-two")
        let folder = ClaudeTranscripts.folderName(for: space.at("w/app"))
        try transcript("s1.jsonl", of: "w/app")
        // A subagent that worked in another directory still belongs to the session that sent it.
        try transcript("s1/subagents/agent-1.jsonl", of: "w/app-two", folder: folder)
        try transcript("s2.jsonl", of: "w/app-two", folder: folder)
        try transcript("s2/subagents/agent-2.jsonl", of: "w/app", folder: folder)
        try transcript("s3/subagents/agent-3.jsonl", of: "w/app", folder: folder)
        let found = try search()
        #expect(accepted(found) == ["agent-1.jsonl", "agent-3.jsonl", "s1.jsonl"])
        #expect(found.refused.count == 2)
    }

    @Test func aDirectoryThatIsGoneIsJudgedByItsPath() throws {
        try transcript("below.jsonl", of: "w/app/removed/src")
        try transcript("other.jsonl", of: "w/app/removed-project/src")
        try transcript("beside.jsonl", of: "w/app-removed")
        let found = try search(others: ["w/app/removed-project"])
        #expect(accepted(found) == ["below.jsonl"])
        #expect(
            found.refused.map(\.reason) == [
                .otherProject(space.at("w/app/removed-project")), .elsewhere(space.at("w/app-removed")),
            ])
    }

    @Test(
        "Lines before the first working directory are passed over",
        arguments: [
            ("", true), ("null\n[1]\n42\n\"cwd\"\n", true), ("{\"cwd\":null}\n{\"cwd\":3}\n", true),
            ("{broken\n{\"type\":\n", true), ("{\"message\":{\"cwd\":\"/elsewhere\"}}\n", true), ("\n\n\r\n", true),
            ("{\"x\":\"" + String(repeating: "y", count: 100_000) + "\"}\n", true),
            ("{\"x\":\"" + String(repeating: "y", count: 300_000) + "\"}\n", false), ("{\"cwd\":\"relative\"}\n", true),
        ])
    func tolerant(_ before: String, _ isFound: Bool) throws {
        try transcript(
            "a.jsonl", of: "w/app", lines: before + "{\"cwd\":\"\(space.at("w/app"))\"}\n{\"cwd\":\"/elsewhere\"}")
        let found = try search()
        #expect(accepted(found) == (isFound ? ["a.jsonl"] : []))
        if !isFound { #expect(found.refused.map(\.reason) == [.noWorkingDirectory]) }
    }

    @Test func aTornFirstLineThatTellsItIsEnough() throws {
        try transcript("a.jsonl", of: "w/app", lines: "{\"cwd\":\"\(space.at("w/app"))\",\"message\":\"half a li")
        try transcript("b.jsonl", of: "w/app", lines: "{\"cwd\":\"\(space.at("w/ap"))")
        let found = try search()
        #expect(accepted(found) == ["a.jsonl"])
        #expect(found.refused.map(\.reason) == [.noWorkingDirectory])
    }

    @Test func excludedDirectoriesAndTranscriptsStayOut() throws {
        try space.folders("w/app/scratch")
        try transcript("a.jsonl", of: "w/app")
        try transcript("b.jsonl", of: "w/app/scratch")
        #expect(accepted(try search(excluded: [space.at("w/app/scratch")])) == ["a.jsonl"])
        #expect(accepted(try search(excluded: ["**/a.jsonl"])) == ["b.jsonl"])
    }

    @Test func longNamesAreVerifiedByTheirDirectory() throws {
        let long = "w/" + (0..<12).map { "directory-\($0)-with-a-long-name" }.joined(separator: "/")
        try space.repository(long + "/one")
        try space.repository(long + "/two")
        let name = ClaudeTranscripts.folderName(for: space.at(long + "/one"))
        try #require(name.count > ClaudeTranscripts.longestName)
        let cut = String(name.prefix(ClaudeTranscripts.longestName))
        try transcript("one.jsonl", of: long + "/one", folder: cut + "-1a")
        try transcript("two.jsonl", of: long + "/two", folder: cut + "-2b")
        #expect(accepted(try search(long + "/one")) == ["one.jsonl"])
        #expect(accepted(try search(long + "/two")) == ["two.jsonl"])
    }

    @Test("Names of other scripts", arguments: ["項目", "größe", "🚀 app"])
    func otherScripts(_ name: String) throws {
        try space.repository("w/" + name)
        try transcript("a.jsonl", of: "w/" + name)
        #expect(accepted(try search("w/" + name)) == ["a.jsonl"])
    }

    @Test func withoutAFolderThereIsNone() throws {
        #expect(try search() == ProjectTranscripts())
    }
}

@Suite struct WholeFilesTests {
    let space: Workspace

    init() throws { space = try Workspace() }

    @Test func aFileIsReplacedWhole() throws {
        let path = space.at("file")
        try Files.write(Array("one".utf8), to: path)
        #expect(space.mode("file") == 0o600)
        try space.setMode(0o644, "file")
        try Files.write(Array("two".utf8), to: path)
        #expect(space.text("file") == "two")
        #expect(Files.names(in: space.path) == ["file", "home"])
    }

    @Test func aLinkIsReplacedAndItsTargetKept() throws {
        try space.write("target", to: "target")
        try space.link("link", to: "target")
        try Files.write(Array("new".utf8), to: space.at("link"))
        #expect(Files.status(of: space.at("link"))?.kind == .file)
        #expect(space.text("target") == "target")
    }

    @Test func aFailedWriteLeavesNothing() throws {
        try space.folders("folder/inside")
        #expect(throws: FileFailure(space.at("folder"), code: EISDIR)) { try Files.write([1], to: space.at("folder")) }
        #expect(throws: FileFailure(space.at("gone/file"), code: ENOENT)) {
            try Files.write([1], to: space.at("gone/file"))
        }
        #expect(Files.names(in: space.path) == ["folder", "home"])
    }

    @Test func foldersAreMadePrivateWithTheirAncestors() throws {
        try Files.makeFolder(space.at("a/b/c"))
        #expect(space.mode("a") == 0o700)
        #expect(space.mode("a/b/c") == 0o700)
        try space.setMode(0o755, "a/b/c")
        try Files.makeFolder(space.at("a/b/c"))
        #expect(space.mode("a/b/c") == 0o755)
        try space.write("", to: "file")
        #expect(throws: FileFailure(space.at("file"), code: ENOTDIR)) { try Files.makeFolder(space.at("file")) }
        #expect(throws: FileFailure(space.at("file/x"), code: ENOTDIR)) { try Files.makeFolder(space.at("file/x")) }
        #if os(Linux)
            // No folder can be made here, not even by root.
            #expect(throws: FileFailure.self) { try Files.makeFolder("/proc/ccmem/x") }
        #endif
    }

    @Test func readingHasALimit() throws {
        let path = try space.write("12345", to: "file")
        #expect(try Files.contents(of: path, limit: 5) == Array("12345".utf8))
        #expect(throws: FileFailure(path, code: EFBIG)) { try Files.contents(of: path, limit: 4) }
        #expect(try Files.beginning(of: path, atMost: 3) == Array("123".utf8))
        try space.link("link", to: "file")
        #expect(try Files.contents(of: space.at("link"), limit: 5).count == 5)
        #expect(throws: FileFailure(space.at("link"), code: ELOOP)) {
            try Files.contents(of: space.at("link"), limit: 5, followingLinks: false)
        }
        #expect(throws: FileFailure.self) { try Files.contents(of: "/dev/null", limit: 5) }
        #expect(mkfifo(space.at("pipe"), 0o600) == 0)
        #expect(throws: FileFailure.self) { try Files.contents(of: space.at("pipe"), limit: 5) }
    }

    @Test func failuresHaveTheWordsOfTheSystem() {
        #expect(FileFailure("/x", code: EACCES).message == "/x: Permission denied.")
        #expect(FileFailure("/x", code: ENOENT).isMissing)
    }
}
