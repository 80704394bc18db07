import Foundation
import Memories
import Testing

@testable import Projects

@Suite struct AddedRulesTests {
    let space: Workspace
    let ledger: TrustLedger

    init() throws {
        space = try Workspace()
        try space.repository("w/app")
        _ = try ProjectSetup.initialise(space.root("w/app"), space.environment())
        ledger = TrustLedger(root: space.at("w/app"), dataFolder: space.data)
    }

    private func found(_ place: String = "w/app", ownEdits: Bool = false) throws -> AddedRules {
        let root = try space.root(place)
        return AddedRules(
            space.environment(), project: (root, TrustLedger(root: root.path, dataFolder: space.data)),
            ownEdits: ownEdits)
    }

    @Test func packsStandInTheOrderOfLayersAndNames() throws {
        try space.write("a", to: "w/app/.ccmem/rules/b.yaml")
        try space.write("b", to: "w/app/.ccmem/rules/a.yml")
        try space.write("c", to: "config/ccmem/rules/z.yaml")
        for name in ["note.txt", ".hidden.yaml", "b.yaml~"] { try space.write("x", to: "w/app/.ccmem/rules/\(name)") }
        let added = try found()
        #expect(added.files.map(\.layer) == [.user, .project, .project])
        #expect(
            added.files.map(\.file)
                == ["config/ccmem/rules/z.yaml", "w/app/.ccmem/rules/a.yml", "w/app/.ccmem/rules/b.yaml"].map(space.at))
        #expect(added.files.map(\.isTrusted) == [true, false, false])
        #expect(added.files.map(\.bytes) == ["c", "b", "a"].map { Array($0.utf8) })
        // Elsewhere only the user's.
        #expect(AddedRules(space.environment(), project: nil).files.map(\.layer) == [.user])
    }

    @Test func withoutFoldersThereIsNothing() throws {
        try space.remove("w/app/.ccmem")
        let added = try found()
        #expect(added.files.isEmpty && added.problems.isEmpty)
        #expect(added.notice == nil && added.noticeOfDryRun == nil)
    }

    @Test func theNoticeNamesWhatDoesNotActAndWhy() throws {
        try space.write("a", to: "w/app/.ccmem/rules/a.yaml")
        #expect(
            try found().notice
                == ".ccmem/rules/a.yaml is not trusted yet; it does nothing but switch rules off until `ccmem trust --yes`, after a look at `ccmem trust`."
        )
        try ledger.trust(ledger.review().items)
        #expect(try found().notice == nil)
        #expect(try found().files.map(\.isTrusted) == [true])
        try space.write("b", to: "w/app/.ccmem/rules/a.yaml")
        #expect(try found().notice?.hasPrefix(".ccmem/rules/a.yaml changed since it was trusted; it does") == true)
        #expect(try found(ownEdits: true).notice == nil)
        for name in ["b", "c", "d", "e"] { try space.write("a", to: "w/app/.ccmem/rules/\(name).yaml") }
        #expect(
            try found().noticeOfDryRun
                == ".ccmem/rules/a.yaml, .ccmem/rules/b.yaml, .ccmem/rules/c.yaml and 2 more are new or have changed; they run only because nothing is stored until `ccmem trust --yes`, after a look at `ccmem trust`."
        )
    }

    @Test func whatCcmemWritesForTheUserIsTrusted() throws {
        try ledger.write(Array("one".utf8), to: "rules/mine.yaml")
        #expect(try found().files.map(\.isTrusted) == [true])
        #expect(space.mode("w/app/.ccmem/rules/mine.yaml") == 0o600)
        try ledger.write(Array("two".utf8), to: "rules/mine.yaml")
        #expect(try found().files.map(\.isTrusted) == [true])
        // What somebody else wrote is not blessed by an addition to it.
        try space.write("theirs", to: "w/app/.ccmem/rules/mine.yaml")
        #expect(throws: TrustFailure.notTrusted(space.at("w/app/.ccmem/rules/mine.yaml"))) {
            try ledger.write(Array("theirs and mine".utf8), to: "rules/mine.yaml")
        }
        #expect(space.text("w/app/.ccmem/rules/mine.yaml") == "theirs")
    }

    @Test func whatCannotBeReadIsTold() throws {
        try space.write("a", to: "elsewhere.yaml")
        try space.link("w/app/.ccmem/rules/link.yaml", to: "elsewhere.yaml")
        try space.folders("config/ccmem/rules/folder.yaml")
        let added = try found()
        #expect(added.files.isEmpty)
        #expect(added.problems.count == 2)
        #expect(added.problems.contains { $0.contains("link.yaml") })
        #expect(added.problems.contains { $0.contains("folder.yaml") })
    }
}
