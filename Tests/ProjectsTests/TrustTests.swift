import Digests
import Foundation
import Testing

@testable import Projects

@Suite struct TrustTests {
    let space: Workspace
    let ledger: TrustLedger

    /// A clone that brought a folder, and nothing that this user made.
    init() throws {
        space = try Workspace()
        try space.repository("w/app")
        try space.write("pack: team\n", to: "w/app/.ccmem/rules/team.yaml", mode: 0o644)
        try space.write("# Deploys\n", to: "w/app/.ccmem/topics/deploys.md", mode: 0o644)
        try space.write(#"{"views.enabled": true}"#, to: "w/app/.ccmem/config.json", mode: 0o644)
        try space.write("not a pack", to: "w/app/.ccmem/rules/README", mode: 0o644)
        ledger = TrustLedger(root: space.at("w/app"), dataFolder: space.data)
    }

    func states() -> [String: TrustItem.State] {
        Dictionary(uniqueKeysWithValues: ledger.review().items.map { ($0.path, $0.state) })
    }

    @Test func whatACloneBroughtIsNew() throws {
        try space.write("x", to: "w/app/.ccmem/PLAN.md")
        try space.write("x", to: "w/app/.ccmem/records/a.jsonl")
        try space.write("x", to: "w/app/.ccmem/memory.db")
        #expect(
            ledger.review().items.map(\.path) == [
                "PLAN.md", "config.json", "memory.db", "records/a.jsonl", "rules/team.yaml", "topics/deploys.md",
            ])
        #expect(ledger.review().items.allSatisfy { $0.state == .new })
        #expect(try ledger.trustedContents(of: "rules/team.yaml") == nil)
    }

    @Test func whatWasMadeSinceTheRecordWasReadIsTrusted() throws {
        try space.repository("w/other")
        try space.folders("w/other/.ccmem")
        let ledger = TrustLedger(root: space.at("w/other"), dataFolder: space.data)
        let early = ledger.read()
        try OwnFolder(root: space.at("w/other"), space.data).admitDatabase()
        #expect(throws: Never.self) { try ledger.checkStore(by: early) }
        try space.write("{}", to: "w/other/.ccmem/config.json")
        try ledger.trust(ledger.review().items)
        #expect(try ledger.trustedContents(of: "config.json", ownEdits: false, by: early) != nil)
    }

    @Test func whatWasConfirmedIsTrustedUntilItChanges() throws {
        try ledger.trust(ledger.review().items)
        #expect(states() == ["config.json": .trusted, "rules/team.yaml": .trusted, "topics/deploys.md": .trusted])
        #expect(try ledger.trustedContents(of: "rules/team.yaml") == Array("pack: team\n".utf8))
        try space.write("pack: team # and more\n", to: "w/app/.ccmem/rules/team.yaml")
        #expect(states()["rules/team.yaml"] == .changed)
        #expect(!ledger.isTrusted("rules/team.yaml"))
        #expect(ledger.isTrusted("topics/deploys.md"))
        try ledger.forget("topics/deploys.md")
        #expect(states()["topics/deploys.md"] == .new)
    }

    @Test func whatChangedSinceTheReviewIsNotTrusted() throws {
        let seen = ledger.review().items
        try space.write("pack: other\n", to: "w/app/.ccmem/rules/team.yaml")
        try ledger.trust(seen)
        #expect(states()["rules/team.yaml"] == .changed)
    }

    @Test func contentsThatMovedAreAnotherItem() throws {
        try ledger.trust(ledger.review().items)
        try FileManager.default.moveItem(
            atPath: space.at("w/app/.ccmem/topics/deploys.md"), toPath: space.at("w/app/.ccmem/PLAN.md"))
        #expect(states()["PLAN.md"] == .new)
    }

    @Test func whatThisUsersCommandWroteIsTrusted() throws {
        let bytes = Array("pack: mine\n".utf8)
        try Files.write(bytes, to: space.at("w/app/.ccmem/rules/mine.yaml"))
        try ledger.recordOwnWrite("rules/mine.yaml", bytes)
        #expect(states()["rules/mine.yaml"] == .trusted)
        #expect(states()["rules/team.yaml"] == .new)
        #expect(ledger.review().needsAttention)
    }

    @Test func settingsThatCcmemChangesStayTrusted() throws {
        let root = try space.root("w/app")
        let file = space.at("w/app/.ccmem/config.json")
        func change(_ key: SettingKey, _ value: SettingValue?) throws {
            try ConfigFile.change(key, to: value, in: root, ledger)
        }
        #expect(throws: SettingsProblem(code: .untrusted, place: .path(file))) {
            try change(.viewsEnabled, .bool(false))
        }
        #expect(space.text(file) == #"{"views.enabled": true}"#)
        try ledger.trust(ledger.review().items)
        try change(.viewsEnabled, .bool(false))
        #expect(states()["config.json"] == .trusted)
        #expect(space.text(file) == #"{"views.enabled": false}"#)
        try change(.viewsEnabled, nil)
        #expect(states()["config.json"] == .trusted)
        #expect(throws: SettingsProblem(code: .userOnly(.llmMode), place: .path(file))) {
            try change(.llmMode, .text("auto"))
        }
    }

    @Test func settingsWithoutAnyNeedNoTrustUnlessOthersStoodThere() throws {
        let file = space.at("w/app/.ccmem/config.json")
        try space.write("{}\n", to: file)
        #expect(states()["config.json"] == .trusted)
        try space.write(#"{"views.enabled": false}"#, to: file)
        try ledger.trust(ledger.review().items)
        try space.write("{}\n", to: file)
        #expect(states()["config.json"] == .changed)
    }

    @Test func linksAreNeverTrusted() throws {
        try space.write("secret", to: "home/secret")
        try space.link("w/app/.ccmem/topics/leak.md", to: "home/secret")
        try ledger.trust(ledger.review().items)
        guard case .unreadable(let failure)? = states()["topics/leak.md"] else {
            Issue.record("a link was read")
            return
        }
        #expect(failure.code == ELOOP)
        #expect(throws: FileFailure.self) { try ledger.trustedContents(of: "topics/leak.md") }
    }

    @Test func oneHashTrustsAllOrNothing() throws {
        let digest = ledger.review().digest
        try space.write("more", to: "w/app/.ccmem/PLAN.md")
        #expect(throws: TrustFailure.otherDigest(expected: digest, actual: ledger.review().digest)) {
            try ledger.trust(digest: digest)
        }
        #expect(states().values.allSatisfy { $0 == .new })
        try ledger.trust(digest: ledger.review().digest.uppercased())
        #expect(!ledger.review().needsAttention)
    }

    @Test func aHashIsTheSameOnEveryMachine() throws {
        let other = try Workspace()
        for path in ["rules/team.yaml", "topics/deploys.md", "config.json"] {
            try other.write(space.text("w/app/.ccmem/" + path) ?? "", to: "elsewhere/.ccmem/" + path)
        }
        let theirs = TrustLedger(root: other.at("elsewhere"), dataFolder: other.data)
        #expect(theirs.review().digest == ledger.review().digest)
        try other.store("elsewhere").prepareFolder()
        #expect(theirs.review().digest == ledger.review().digest, "an own database is not part of it")
    }

    @Test func aDatabaseOfACloneDoesNotAct() throws {
        let database = try space.write("rows", to: "w/app/.ccmem/memory.db")
        #expect(throws: ProjectRefusal.untrustedStore(database)) { try ledger.checkStore() }
        let state = Activity.state(from: .directory(space.at("w/app")), space.environment())
        guard case .unavailable(.untrustedStore(database)) = state else {
            Issue.record("\(state)")
            return
        }
        try ledger.trust(ledger.review().items)
        #expect(throws: Never.self) { try ledger.checkStore() }
        #expect(states()["memory.db"] == .trusted)
    }

    @Test func anotherFileInPlaceOfTheDatabaseDoesNotAct() throws {
        _ = try ProjectSetup.initialise(space.root("w/app"), space.environment())
        try space.store("w/app").prepareFolder()
        let database = space.at("w/app/.ccmem/memory.db")
        #expect(throws: Never.self) { try ledger.checkStore() }
        try space.write("rows", to: "arrived")
        #expect(rename(space.at("arrived"), database) == 0)
        #expect(throws: ProjectRefusal.untrustedStore(database)) { try ledger.checkStore() }
        #expect(states()["memory.db"] == .changed)
    }

    @Test func aLogThatGitBroughtIsNotPlayed() throws {
        try space.store("w/app").prepareFolder()
        let log = try space.write("frames", to: "w/app/.ccmem/memory.db-wal", mode: 0o600)
        #expect(throws: Never.self) { try ledger.checkStore() }
        try space.setMode(0o644, log)
        #expect(throws: ProjectRefusal.untrustedStore(log)) { try ledger.checkStore() }
    }

    @Test func aFolderThatTookThePlaceOfOnesOwnIsNotOnesOwn() throws {
        try space.store("w/app").prepareFolder()
        let mark = try #require(space.text("w/app/.ccmem/.origin"))
        try FileManager.default.moveItem(atPath: space.at("w/app/.ccmem"), toPath: space.at("old"))
        // A copy with the mark in it, and the very inode of the database.
        try space.write(mark, to: "w/app/.ccmem/.origin")
        try FileManager.default.linkItem(atPath: space.at("old/memory.db"), toPath: space.at("w/app/.ccmem/memory.db"))
        #expect(throws: ProjectRefusal.self) { try ledger.checkStore() }
        // The folder itself with another mark: as if it had got the inode of one that was removed.
        try space.remove("w/app/.ccmem")
        try FileManager.default.moveItem(atPath: space.at("old"), toPath: space.at("w/app/.ccmem"))
        #expect(throws: Never.self) { try ledger.checkStore() }
        try space.write(String(repeating: "0", count: 32) + "\n", to: "w/app/.ccmem/.origin")
        #expect(throws: ProjectRefusal.self) { try ledger.checkStore() }
        _ = try ProjectSetup.initialise(space.root("w/app"), space.environment())
        #expect(throws: ProjectRefusal.self, "setting the folder up does not bless its database") {
            try ledger.checkStore()
        }
    }

    @Test func settingUpAFolderThatCameWithACloneTrustsNothingInIt() throws {
        let report = try ProjectSetup.initialise(space.root("w/app"), space.environment())
        #expect(!report.isNew)
        #expect(report.review.items.map(\.state) == [.new, .new, .new])
        #expect(!ledger.isTrusted("rules/team.yaml", ownEdits: true))
    }

    @Test func ownEditsAreTrustedOnRequestInAFolderThatInitMade() throws {
        try space.remove("w/app/.ccmem")
        _ = try ProjectSetup.initialise(space.root("w/app"), space.environment())
        try space.write("pack: edited\n", to: "w/app/.ccmem/rules/mine.yaml")
        #expect(!ledger.isTrusted("rules/mine.yaml"))
        #expect(ledger.isTrusted("rules/mine.yaml", ownEdits: true))
    }

    @Test(
        "A ledger that is damaged or that others may write to says nothing",
        arguments: ["damaged", "writable", "another"])
    func damagedLedger(_ how: String) throws {
        try ledger.trust(ledger.review().items)
        let file = "\(space.data)/trust/\(StoreLocation.hash(of: space.at("w/app"))).json"
        #expect(ledger.isTrusted("rules/team.yaml"))
        #expect(space.mode(file) == 0o600)
        switch how {
        case "damaged": try space.write("{\"root\": ", to: file)
        case "writable": try space.setMode(0o666, file)
        default: try space.write((space.text(file) ?? "").replacingOccurrences(of: "w/app", with: "w/other"), to: file)
        }
        #expect(!ledger.isTrusted("rules/team.yaml"))
    }

    @Test func manyWritersOfOneLedgerLoseNothing() async throws {
        let ledger = ledger
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask { try? ledger.recordOwnWrite("rules/r\(number).yaml", [UInt8(number)]) }
            }
        }
        #expect(ledger.read().files.count == 40)
    }
}
