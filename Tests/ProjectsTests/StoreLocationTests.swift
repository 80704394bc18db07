import Digests
import Foundation
import Testing

@testable import Projects

@Suite struct StoreLocationTests {
    let space: Workspace

    init() throws { space = try Workspace() }

    @Test func withoutInitTheStoreIsBelowTheDataFolder() throws {
        try space.repository("w/app")
        let store = try space.store("w/app")
        let hash = SHA256.hex(space.at("w/app")).prefix(12)
        #expect(store.place == .user)
        #expect(store.folder == "\(space.data)/projects/app-\(hash)")
        #expect(store.database == store.folder + "/memory.db")
        #expect(store.views == nil)
    }

    @Test func withoutXDGTheUsualPlaceIsTaken() throws {
        try space.folders("w/app")
        for value in [nil, "", "relative/data"] {
            space.variables["XDG_DATA_HOME"] = value
            #if os(macOS)
                let usual = "Library/Application Support/ccmem"
            #else
                let usual = ".local/share/ccmem"
            #endif
            #expect(try space.store("w/app").folder.hasPrefix(space.at("home/\(usual)/projects/app-")))
        }
        space.variables["HOME"] = nil
        #expect(throws: ProjectRefusal.noDataFolder) { try space.store("w/app") }
    }

    @Test(
        "The name of a store",
        arguments: [
            ("/w/my-app_2.x", "my-app_2.x"), ("/w/My App", "My-App"), ("/w/größe", "größe"), ("/w/.hidden", "hidden"),
            ("/w/-x", "x"), ("/w/🚀", "project"), ("/w/a\nb", "a-b"), ("/w/項目", "項目"),
            ("/w/" + String(repeating: "項", count: 60), String(repeating: "項", count: 16)),
        ])
    func name(_ root: String, _ name: String) {
        #expect(StoreLocation.name(of: root) == name)
    }

    @Test func directoriesOfOneNameHaveTwoStores() throws {
        try space.folders("a/app", "b/app")
        #expect(try space.store("a/app").folder != space.store("b/app").folder)
    }

    @Test func aProjectsFolderHoldsItsStore() throws {
        try space.folders("w/.ccmem")
        let store = try space.store("w")
        #expect(store.place == .project)
        #expect(store.database == space.at("w/.ccmem/memory.db"))
        #expect(store.views == space.at("w/.ccmem"))
    }

    @Test func aFolderThatArrivesDoesNotHideMemoryThatIsThere() throws {
        try space.repository("w/app")
        let before = try space.store("w/app")
        try before.prepareFolder()
        try space.folders("w/app/.ccmem/rules")
        let after = try space.store("w/app")
        #expect(after.root.reason == .ownFolder)
        #expect(after.folder == before.folder)
        #expect(after.views == nil)
    }

    @Test func preparingMakesThePrivateFolder() throws {
        try space.repository("w/app")
        let store = try space.store("w/app")
        try store.prepareFolder()
        #expect(space.mode(store.folder) == 0o700)
        #expect(space.mode(space.data) == 0o700)
        #expect(space.mode(store.database) == 0o600)
        try space.write("kept", to: store.database)
        try store.prepareFolder()
        #expect(space.text(store.database) == "kept")
        #expect(!space.exists("w/app/.ccmem"))
    }

    @Test func preparingAFolderInAProjectHidesItFromGitFirst() throws {
        try space.folders("w/.ccmem/rules")
        let store = try space.store("w")
        try store.prepareFolder()
        #expect(space.text("w/.ccmem/.gitignore")?.contains("memory.db*\n") == true)
        #expect(space.mode("w/.ccmem/memory.db") == 0o600)
        #expect(throws: Never.self) { try space.ledger("w").checkStore() }
    }

    @Test("A log without its database is not played into a new one", arguments: StoreLocation.companionFiles)
    func strayLog(_ name: String) throws {
        let log = try space.write("frames", to: "w/.ccmem/" + name)
        #expect(throws: FileFailure(log, code: EEXIST)) { try space.store("w").prepareFolder() }
        #expect(!space.exists("w/.ccmem/memory.db"))
    }

    @Test func aPlaceThatCannotBeMadeIsNamed() throws {
        try space.repository("w/app")
        try space.write("", to: "data")
        let store = try space.store("w/app")
        let failure = #expect(throws: FileFailure.self) { try store.prepareFolder() }
        #expect(failure?.code == ENOTDIR)
        #expect(failure?.message.hasPrefix(space.path + "/data") == true)
    }

    @Test func oneHolderOfALockAtATime() throws {
        try space.repository("w/app")
        let store = try space.store("w/app")
        func isFree() throws -> Bool {
            let lock = try store.tryLocking(.ingest)
            return lock != nil
        }
        do {
            let held = try store.tryLocking(.ingest)
            #expect(try !isFree())
            held?.keep()
        }
        #expect(try isFree())
    }

    @Test func wordIsLeftForTheHolderOnce() throws {
        try space.repository("w/app")
        let store = try space.store("w/app")
        #expect(!store.takeRequest(.ingest))
        try store.askForMore(.ingest)
        try store.askForMore(.ingest)
        #expect(store.takeRequest(.ingest))
        #expect(!store.takeRequest(.ingest))
    }
}

@Suite struct ProjectSetupTests {
    let space: Workspace

    init() throws {
        space = try Workspace()
        try space.repository("w/app")
    }

    func initialise() throws -> SetupReport { try ProjectSetup.initialise(space.root("w/app"), space.environment()) }

    @Test func aNewFolder() throws {
        let report = try initialise()
        #expect(report.isNew)
        #expect(report.store == .none)
        #expect(report.review.needsAttention == false)
        #expect(space.mode("w/app/.ccmem") == 0o700)
        #expect(space.mode("w/app/.ccmem/rules") == 0o700)
        #expect(space.mode("w/app/.ccmem/config.json") == 0o600)
        #expect(space.text("w/app/.ccmem/config.json") == "{}\n")
        let ignored = try #require(space.text("w/app/.ccmem/.gitignore")).split(separator: "\n").dropFirst()
        #expect(
            ignored == ["memory.db*", ".origin", "MEMORY.md", "MEMORY.edited.md", "HANDOFF.md", "sessions/", "*.tmp"])
        #expect(try space.root("w/app").reason == .ownFolder)
    }

    @Test func againItChangesNothing() throws {
        _ = try initialise()
        try space.write("{\"enabled\": false}", to: "w/app/.ccmem/config.json")
        let names = FileManager.default.subpaths(atPath: space.path)?.sorted()
        let report = try initialise()
        #expect(!report.isNew)
        #expect(space.text("w/app/.ccmem/config.json") == "{\"enabled\": false}")
        #expect(FileManager.default.subpaths(atPath: space.path)?.sorted() == names)
    }

    @Test func theStoreMovesWithItsLog() throws {
        let old = try space.store("w/app")
        try old.prepareFolder()
        try space.write("rows", to: old.database)
        try space.write("frames", to: old.database + "-wal")
        let report = try initialise()
        #expect(report.store == .moved(from: old.folder))
        #expect(space.text("w/app/.ccmem/memory.db") == "rows")
        #expect(space.text("w/app/.ccmem/memory.db-wal") == "frames")
        #expect(!space.exists(old.folder))
        #expect(try space.store("w/app").database == space.at("w/app/.ccmem/memory.db"))
        #expect(throws: Never.self) { try space.ledger("w/app").checkStore() }
    }

    @Test func whatElseStandsInTheOldFolderStays() throws {
        let old = try space.store("w/app")
        try old.prepareFolder()
        try space.write("mine", to: old.folder + "/notes.txt")
        _ = try initialise()
        #expect(space.text(old.folder + "/notes.txt") == "mine")
    }

    @Test func aMoveThatWasStoppedIsFinished() throws {
        let old = try space.store("w/app")
        try old.prepareFolder()
        try space.write("rows", to: old.database)
        _ = try initialise()
        // As if the process had been killed before the old names went.
        try space.folders(old.folder)
        try FileManager.default.linkItem(atPath: space.at("w/app/.ccmem/memory.db"), toPath: old.database)
        #expect(try initialise().store == .moved(from: old.folder))
        #expect(!space.exists(old.database))
        #expect(space.text("w/app/.ccmem/memory.db") == "rows")
    }

    @Test func beforeTheLastStepTheOldStoreIsTheOneInUse() throws {
        let old = try space.store("w/app")
        try old.prepareFolder()
        // As if the process had been killed before the database got its new name.
        let folder = OwnFolder(root: space.at("w/app"), space.data)
        #expect(try folder.make())
        try folder.writeIgnoreFile()
        try folder.mark(isMade: true)
        try space.write("frames", to: "w/app/.ccmem/memory.db-wal")
        #expect(try space.store("w/app").database == old.database)
        #expect(try initialise().store == .moved(from: old.folder))
        #expect(!space.exists("w/app/.ccmem/memory.db-wal"), "a log of an unfinished move is not that of the store")
    }

    @Test func twoDatabasesBothStay() throws {
        _ = try initialise()
        try space.store("w/app").prepareFolder()
        let old = StoreLocation.userFolder(of: space.at("w/app"), space.data)
        try space.write("other rows", to: old + "/memory.db")
        #expect(try initialise().store == .leftBehind(old))
        #expect(space.text(old + "/memory.db") == "other rows")
        #expect(space.exists("w/app/.ccmem/memory.db"))
    }

    @Test func aCopyIsWholeAndPrivate() throws {
        let bytes = String(repeating: "0123456789abcdef", count: 200_000)
        let source = try space.write(bytes, to: "source", mode: 0o644)
        try Files.copy(source, to: space.at("copy"))
        #expect(space.text("copy") == bytes)
        #expect(space.mode("copy") == 0o600)
        #expect(throws: FileFailure(space.at("copy"), code: EEXIST)) { try Files.copy(source, to: space.at("copy")) }
    }

    @Test func anIgnoreFileOfAnothersKeepsItsLines() throws {
        try space.write("*.bak\n!memory.db\nmemory.db*\n!memory.db", to: "w/app/.ccmem/.gitignore")
        try space.setMode(0o755, "w/app/.ccmem")
        _ = try initialise()
        let lines = try #require(space.text("w/app/.ccmem/.gitignore")).split(separator: "\n")
        #expect(lines.prefix(4) == ["*.bak", "!memory.db", "memory.db*", "!memory.db"])
        #expect(lines.dropFirst(4).first == "memory.db*", "what takes a pattern back is taken back itself")
        let before = space.text("w/app/.ccmem/.gitignore")
        _ = try initialise()
        #expect(space.text("w/app/.ccmem/.gitignore") == before)
    }

    @Test func whileAnotherIsAtWorkNothingMoves() throws {
        let held = try space.store("w/app").tryLocking(.ingest)
        #expect(throws: SetupFailure.isBusy(space.at("w/app"))) { try initialise() }
        #expect(!space.exists("w/app/.ccmem"))
        held?.keep()
    }

    @Test func aLinkIsNotSetUp() throws {
        try space.folders("elsewhere")
        let root = try space.root("w/app")
        try space.link("w/app/.ccmem", to: "elsewhere")
        #expect(throws: SetupFailure.refused(.symbolicLink(space.at("w/app/.ccmem")))) {
            try ProjectSetup.initialise(root, space.environment())
        }
        #expect(FileManager.default.subpaths(atPath: space.at("elsewhere")) == [])
    }
}

@Suite struct ProjectRegistryTests {
    let space: Workspace
    let registry: ProjectRegistry

    init() throws {
        space = try Workspace()
        registry = ProjectRegistry(dataFolder: space.data)
    }

    func names() -> [String] { registry.projects().map { PathText.lastComponent(of: $0.root) } }

    func use(_ name: String, at time: Int) throws {
        try registry.add(space.at(name))
        let file = "\(space.data)/registry/\(StoreLocation.hash(of: space.at(name))).json"
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: Double(time))], ofItemAtPath: file)
    }

    @Test func theOneUsedLastStandsFirst() throws {
        for (name, time) in [("a", 100), ("b", 300), ("c", 200)] { try use(name, at: time) }
        #expect(names() == ["b", "c", "a"])
        #expect(registry.touch(space.at("a")))
        #expect(names() == ["a", "b", "c"])
        #expect(!registry.touch(space.at("unknown")))
    }

    @Test func anOrderComesBeforeTheTime() throws {
        for (name, time) in [("a", 100), ("b", 300), ("c", 200)] { try use(name, at: time) }
        try registry.reorder([space.at("c"), space.at("gone"), space.at("a")])
        #expect(names() == ["c", "a", "b"])
    }

    @Test func removingKeepsTheMemory() throws {
        try space.folders("w")
        let store = try space.store("w")
        try store.prepareFolder()
        #expect(registry.projects().map(\.location.database) == [store.database])
        #expect(try registry.remove(space.at("w")))
        #expect(try !registry.remove(space.at("w")))
        #expect(registry.projects() == [])
        #expect(space.exists(store.database))
    }

    @Test func damagedEntriesAreNamedAndPassedOver() throws {
        try use("a", at: 1)
        try space.write("{", to: "data/ccmem/registry/000000000000.json")
        try space.write("{\"root\": \"/elsewhere\"}", to: "data/ccmem/registry/111111111111.json")
        var damaged: [String] = []
        #expect(registry.projects { damaged.append(PathText.lastComponent(of: $0)) }.map(\.exists) == [false])
        #expect(damaged == ["000000000000.json", "111111111111.json"])
    }

    @Test func fortyWritersAtATimeLoseNothing() async throws {
        let registry = registry
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask { for _ in 0..<5 { try? registry.add("/projects/p\(number)") } }
            }
        }
        #expect(Set(registry.projects().map(\.root)) == Set((0..<40).map { "/projects/p\($0)" }))
        let left = Files.names(in: space.data + "/registry") ?? []
        #expect(left.count == 40, "no temporary file stays")
    }

    @Test func aScanFindsOwnFolders() throws {
        try space.folders(
            "w/a/.ccmem", "w/b/c/.ccmem", "w/.hidden/d/.ccmem", "w/node_modules/e/.ccmem", "w/f/.ccmem", "x/.ccmem")
        try space.setMode(0o777, "w/f/.ccmem")
        try space.link("w/link", to: "x")
        #expect(ProjectRegistry.scan(space.at("w")) == [space.at("w/a"), space.at("w/b/c")])
        #expect(ProjectRegistry.scan(space.at("w"), depth: 1) == [space.at("w/a")])
        #expect(registry.projects() == [])
    }
}
