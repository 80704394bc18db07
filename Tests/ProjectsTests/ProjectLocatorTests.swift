import Foundation
import Testing

@testable import Projects

@Suite struct ProjectLocatorTests {
    let space: Workspace

    init() throws { space = try Workspace() }

    struct Step: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Folders, files that end in `.git/HEAD`, and so on: what is there.
        var repositories: [String] = []
        var workTrees: [(name: String, common: String)] = []
        var folders: [String] = []
        var files: [String: String] = [:]
        var start: String
        var root: String
        var reason: ProjectRoot.Reason
    }

    static let ladder: [Step] = [
        Step(
            testDescription: "a plain directory is itself", folders: ["w/app"], start: "w/app", root: "w/app",
            reason: .directory),
        Step(
            testDescription: "a repository from its top", repositories: ["w/app"], start: "w/app", root: "w/app",
            reason: .repository),
        Step(
            testDescription: "a repository from a subdirectory", repositories: ["w/app"], folders: ["w/app/src/deep"],
            start: "w/app/src/deep", root: "w/app", reason: .repository),
        Step(
            testDescription: "a .git folder without HEAD is no repository", folders: ["w/app/.git", "w/app/src"],
            start: "w/app/src", root: "w/app/src", reason: .directory),
        Step(
            testDescription: "a .ccmem above a plain directory", folders: ["w/.ccmem", "w/app/src"], start: "w/app/src",
            root: "w", reason: .ownFolder),
        Step(
            testDescription: "a .ccmem at the top of a repository", repositories: ["w/app"],
            folders: ["w/app/.ccmem", "w/app/src"], start: "w/app/src", root: "w/app", reason: .ownFolder),
        Step(
            testDescription: "a .ccmem in a package of a repository", repositories: ["w/app"],
            folders: ["w/app/.ccmem", "w/app/pkg/.ccmem", "w/app/pkg/src"], start: "w/app/pkg/src", root: "w/app/pkg",
            reason: .ownFolder),
        Step(
            testDescription: "a .ccmem above a repository", repositories: ["w/app"], folders: ["w/.ccmem"],
            start: "w/app",
            root: "w", reason: .ownFolder),
        Step(
            testDescription: "a file named .ccmem counts for nothing", repositories: ["w/app"],
            files: ["w/app/src/.ccmem": ""], start: "w/app/src", root: "w/app", reason: .repository),
        Step(
            testDescription: "a repository in a repository is its own", repositories: ["w/app", "w/app/vendor/lib"],
            start: "w/app/vendor/lib", root: "w/app/vendor/lib", reason: .repository),
        Step(
            testDescription: "a submodule is its own", repositories: ["w/app"],
            files: ["w/app/sub/.git": "gitdir: ../.git/modules/sub\n", "w/app/.git/modules/sub/HEAD": "x\n"],
            start: "w/app/sub", root: "w/app/sub", reason: .repository),
        Step(
            testDescription: "a .git file that leads nowhere is no repository", repositories: ["w/app"],
            files: ["w/app/sub/.git": "gitdir: ../gone\n"], start: "w/app/sub", root: "w/app", reason: .repository),
        Step(
            testDescription: "a work tree beside the main one", repositories: ["w/app"],
            workTrees: [("w/feature", "w/app/.git")], start: "w/feature", root: "w/app", reason: .repository),
        Step(
            testDescription: "a subdirectory of a work tree", repositories: ["w/app"],
            workTrees: [("w/feature", "w/app/.git")], folders: ["w/feature/only/here"], start: "w/feature/only/here",
            root: "w/app", reason: .repository),
        Step(
            testDescription: "a work tree below the main one", repositories: ["w/app"],
            workTrees: [("w/app/.claude/worktrees/feature", "w/app/.git")], start: "w/app/.claude/worktrees/feature",
            root: "w/app", reason: .repository),
        Step(
            testDescription: "a .ccmem checked out in a work tree is that of the main one", repositories: ["w/app"],
            workTrees: [("w/feature", "w/app/.git")], folders: ["w/app/.ccmem", "w/feature/.ccmem"], start: "w/feature",
            root: "w/app", reason: .ownFolder),
        Step(
            testDescription: "a package's .ccmem from a work tree", repositories: ["w/app"],
            workTrees: [("w/feature", "w/app/.git")], folders: ["w/app/pkg/.ccmem", "w/feature/pkg/src"],
            start: "w/feature/pkg/src", root: "w/app/pkg", reason: .ownFolder),
        Step(
            testDescription: "a .ccmem above a work tree does not part it from the main one", repositories: ["w/app"],
            workTrees: [("other/feature", "w/app/.git")], folders: ["other/.ccmem"], start: "other/feature",
            root: "w/app",
            reason: .repository),
        Step(
            testDescription: "work trees beside a bare repository share their folder",
            workTrees: [("w/app/main", "w/app/.bare")],
            files: ["w/app/.bare/HEAD": "x\n", "w/app/.git": "gitdir: ./.bare\n"], start: "w/app/main", root: "w/app",
            reason: .repository),
        Step(
            testDescription: "a bare repository does not count",
            files: ["w/app.git/HEAD": "x\n", "w/app.git/objects/x": ""],
            start: "w/app.git/objects", root: "w/app.git/objects", reason: .directory),
        Step(
            testDescription: "a work tree that its repository does not name is its own", repositories: ["w/app"],
            files: [
                "w/app/.git/worktrees/x/HEAD": "x\n", "w/app/.git/worktrees/x/commondir": "../..\n",
                "w/app/.git/worktrees/x/gitdir": "../../../../x/.git\n", "w/x/.git": "gitdir: gone\n",
                "loot/.git": "gitdir: ../w/app/.git/worktrees/x\n",
            ], start: "loot", root: "loot", reason: .repository),
        Step(
            testDescription: "a forged repository does not open another's memory", repositories: ["w/app"],
            files: [
                "loot/fake/HEAD": "x\n", "loot/fake/commondir": "../../w/app/.git\n", "loot/fake/gitdir": "../.git\n",
                "loot/.git": "gitdir: fake\n",
            ], start: "loot", root: "loot", reason: .repository),
        Step(
            testDescription: "names with spaces and of other scripts", repositories: ["w/größe 項目 🚀"],
            folders: ["w/größe 項目 🚀/ein Ordner"], start: "w/größe 項目 🚀/ein Ordner", root: "w/größe 項目 🚀",
            reason: .repository),
        Step(
            testDescription: "the home directory ends the search", repositories: ["home", "w"],
            folders: ["home/.ccmem", "home/app"], start: "home/app", root: "home/app", reason: .directory),
        Step(
            testDescription: "a project below the home directory", repositories: ["home", "home/app"],
            folders: ["home/app/src"], start: "home/app/src", root: "home/app", reason: .repository),
        Step(
            testDescription: "a work tree of a repository at home is its own", repositories: ["home"],
            workTrees: [("w/dotfiles", "home/.git")], start: "w/dotfiles", root: "w/dotfiles", reason: .repository),
    ]

    @Test("The root of a directory", arguments: ladder)
    func root(of step: Step) throws {
        for name in step.repositories { try space.repository(name) }
        for (name, common) in step.workTrees { try space.workTree(name, of: common) }
        for name in step.folders { try space.folders(name) }
        for (name, text) in step.files { try space.write(text, to: name) }
        #expect(space.located(step.start) == .success(ProjectRoot(path: space.at(step.root), reason: step.reason)))
    }

    @Test func aSubdirectoryMakesNoSecondStore() throws {
        try space.folders("w/notes/2025/may")
        #expect(try space.root("w/notes/2025").path == space.at("w/notes/2025"))
        try space.store("w/notes").prepareFolder()
        for start in ["w/notes", "w/notes/2025", "w/notes/2025/may"] {
            #expect(try space.root(start) == ProjectRoot(path: space.at("w/notes"), reason: .store))
        }
        #expect(try space.root("w").reason == .directory, "a store below says nothing about what is above")
    }

    @Test func aLinkLeadsToTheRealProject() throws {
        try space.repository("w/app")
        try space.folders("w/app/src")
        try space.link("link", to: "w/app/src")
        #expect(try space.root("link").path == space.at("w/app"))
    }

    @Test func whatIsNoProjectIsRefused() throws {
        try space.folders("tmp/below")
        try space.write("", to: "file")
        space.variables["TMPDIR"] = space.at("tmp") + "/"
        try space.link("house", to: "home")
        #expect(space.located("home") == .failure(.homeDirectory(space.at("home"))))
        #expect(space.located("house") == .failure(.homeDirectory(space.at("home"))))
        #expect(space.located("/") == .failure(.fileSystemRoot))
        #expect(space.located("//") == .failure(.fileSystemRoot))
        #expect(space.located("tmp") == .failure(.temporaryRoot(space.at("tmp"))))
        #expect(space.located("/tmp") == .failure(.temporaryRoot(Files.realPath("/tmp") ?? "/tmp")))
        #expect(space.located("/var/tmp") == .failure(.temporaryRoot(Files.realPath("/var/tmp") ?? "/var/tmp")))
        #expect(space.located("file") == .failure(.notADirectory(space.at("file"))))
        #expect(space.located("gone") == .failure(.unreachable(FileFailure(space.at("gone"), code: ENOENT))))
        #expect(try space.root("tmp/below").path == space.at("tmp/below"))
    }

    @Test func aTemporaryRootEndsTheSearch() throws {
        space.variables["TMPDIR"] = space.at("tmp")
        try space.repository("tmp")
        try space.folders("tmp/.ccmem", "tmp/job/src")
        #expect(try space.root("tmp/job") == ProjectRoot(path: space.at("tmp/job"), reason: .directory))
    }

    @Test func startsOfHooksAndOptions() throws {
        try space.folders("a/src", "b")
        var environment = space.environment("b")
        func root(_ start: ProjectStart) throws -> String { try ProjectLocator(environment).project(from: start).path }
        #expect(try root(.workingDirectory) == space.at("b"))
        #expect(try root(.directory("../a/src")) == space.at("a/src"))
        #expect(try root(.hook(workingDirectory: space.at("a"))) == space.at("a"))
        #expect(try root(.hook(workingDirectory: nil)) == space.at("b"))
        environment.variables["CLAUDE_PROJECT_DIR"] = space.at("a/src")
        #expect(try root(.hook(workingDirectory: space.at("a"))) == space.at("a/src"), "the session's directory stays")
        #expect(try root(.workingDirectory) == space.at("b"), "a command is where it is")
        environment.variables["CLAUDE_PROJECT_DIR"] = space.at("gone")
        #expect(try root(.hook(workingDirectory: space.at("a"))) == space.at("a"))
        environment.workingDirectory = nil
        for start in [ProjectStart.workingDirectory, .directory("a"), .hook(workingDirectory: nil)] {
            #expect(throws: ProjectRefusal.workingDirectoryGone) { try root(start) }
        }
    }

    @Test func anOptedOutDirectoryIsRefusedByAllItsPaths() throws {
        try space.repository("clients/acme")
        try space.folders("clients/acme/src")
        try space.link("shortcut", to: "clients/acme/src")
        let optOuts = PathPatterns([try PathPattern(space.at("clients") + "/*", home: nil)])
        for start in ["clients/acme", "clients/acme/src", "shortcut"] {
            #expect(throws: ProjectRefusal.self) {
                try space.located(.directory(space.at(start)), optOuts: optOuts).get()
            }
        }
        let byLink = PathPatterns([try PathPattern(space.at("shortcut"), home: nil)])
        #expect(throws: ProjectRefusal.self) {
            try space.located(.directory(space.at("clients/acme/src")), optOuts: byLink).get()
        }
        #expect(try space.located(.directory(space.at("clients")), optOuts: optOuts).get().path == space.at("clients"))
    }

    @Test func anAgentThatGoesIntoAnOptedOutProjectTakesItsSessionOut() throws {
        try space.folders("w/app", "clients/acme")
        space.variables["CLAUDE_PROJECT_DIR"] = space.at("w/app")
        let optOuts = PathPatterns([try PathPattern(space.at("clients"), home: nil)])
        func located(_ directory: String) -> Result<ProjectRoot, ProjectRefusal> {
            space.located(.hook(workingDirectory: space.at(directory)), optOuts: optOuts)
        }
        #expect(located("w/app") == .success(ProjectRoot(path: space.at("w/app"), reason: .directory)))
        #expect(located("clients/acme") == .failure(.optedOut(space.at("clients/acme"), pattern: space.at("clients"))))
    }

    @Test("A .ccmem that others may write to is refused", arguments: [0o775, 0o757, 0o777])
    func writable(_ mode: Int) throws {
        try space.folders("w/.ccmem", "w/src")
        try space.setMode(mode, "w/.ccmem")
        #expect(space.located("w/src") == .failure(.writableByOthers(space.at("w/.ccmem"))))
    }

    @Test func linksInPlaceOfTheFolderOrTheDatabaseAreRefused() throws {
        try space.folders("w/.ccmem", "v/src", "elsewhere")
        try space.write("", to: "elsewhere/memory.db")
        try space.link("v/.ccmem", to: "elsewhere")
        try space.link("w/.ccmem/memory.db", to: "elsewhere/memory.db")
        #expect(space.located("v/src") == .failure(.symbolicLink(space.at("v/.ccmem"))))
        #expect(space.located("w") == .failure(.symbolicLink(space.at("w/.ccmem/memory.db"))))
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a folder away"), arguments: [".ccmem", ".ccmem/memory.db"])
    func anothersFolderIsRefused(_ name: String) throws {
        try space.write("", to: "w/.ccmem/memory.db")
        #expect(chown(space.at("w/" + name), 12345, 12345) == 0)
        #expect(space.located("w") == .failure(.foreignOwner(space.at("w/" + name), owner: 12345)))
    }

    @Test func lookingCreatesNothing() throws {
        try space.repository("w/app")
        try space.folders("w/app/.ccmem")
        let before = FileManager.default.subpaths(atPath: space.path)?.sorted()
        _ = try space.store("w/app")
        _ = Activity.state(from: .directory(space.at("w/app")), space.environment())
        _ = try space.ledger("w/app").review()
        #expect(FileManager.default.subpaths(atPath: space.path)?.sorted() == before)
    }
}
