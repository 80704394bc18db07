import Foundation
import Memories
import SQLite
import TestSupport
import Testing

@testable import Storage

/// What is left of a store of which pages are gone.
@Suite struct RepairDamageTests {
    /// A store with memories of a conversation and by hand.
    private struct Damaged {
        let folder = try? FolderFixture()
        let pageCount: Int
        let original: Data

        init() throws {
            let folder = try #require(folder)
            let talk = (0..<9).map { ("Fact number \($0) about the gateway at port 80\($0), é 决定", true) }
            try folder.ingest(talk + [(String(repeating: "A long turn about everything. ", count: 400), false)])
            for index in 0..<30 { try folder.fixture.record("Statement \(index) of the conversation, value\(index)") }
            for index in 0..<20 {
                try folder.fixture.record("Word \(index) of a person about thing\(index)", .decision, origin: .manual)
            }
            try folder.store.collectGarbage()
            _ = try folder.store.connection.row("PRAGMA wal_checkpoint (TRUNCATE)") { $0.int(0) }
            original = try Data(contentsOf: URL(fileURLWithPath: folder.path))
            pageCount = original.count / 4096
        }
    }

    private func overwrite(_ data: Data, pages: [Int], seed: UInt64, at path: String) throws {
        var data = data
        var random = SplitMix(seed: seed)
        for page in pages {
            for place in (page - 1) * 4096..<min(page * 4096, data.count) {
                data[place] = UInt8(truncatingIfNeeded: random.next())
            }
        }
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        try data.write(to: URL(fileURLWithPath: path))
    }

    private struct Rows {
        var memories: [Int: String] = [:]
        var turns: [Int: String] = [:]

        init(_ connection: Connection) throws {
            for (id, row) in try connection.rows(
                "SELECT id, uid || category || content || importance || state || origin || said_at || cjk FROM memory",
                read: { ($0.int(0), $0.text(1)) })
            { memories[id] = row }
            for (id, row) in try connection.rows(
                "SELECT id, identity || role || line || said_at || text FROM turn", read: { ($0.int(0), $0.text(1)) })
            { turns[id] = row }
        }
    }

    /// The rows of one table in one page of the file, by the reader of pages itself; proven against SQLite below.
    private func rowsByPage(_ table: String, _ path: String, _ connection: Connection) throws -> [Int: Set<Int>] {
        let file = try #require(DamagedFile(path: path))
        let shape = try #require(try RecordShapes(connection).shape(of: table))
        var found: [Int: Set<Int>] = [:]
        for number in 1...file.pageCount {
            guard let page = file.treePage(number), page.kind == .rows else { continue }
            let records = file.records(of: page).compactMap(\.self)
            guard !records.isEmpty, records.allSatisfy({ shape.fits($0, in: .rows) }) else { continue }
            found[number] = Set(records.map(\.rowID))
        }
        return found
    }

    @Test func eachPageInTurnTakesNoMoreThanItHeld() throws {
        let damaged = try Damaged()
        let folder = try #require(damaged.folder)
        let whole = try Rows(folder.store.connection)
        let byPage = try rowsByPage("memory", folder.path, folder.store.connection)
        #expect(byPage.values.reduce(0) { $0 + $1.count } == whole.memories.count)
        #expect(byPage.count > 1, "the table has one page only")
        let turnsByPage = try rowsByPage("turn", folder.path, folder.store.connection)
        let path = folder.folder + "/damaged.db"
        var lost = 0
        for page in 1...damaged.pageCount {
            try overwrite(damaged.original, pages: [page], seed: UInt64(page), at: path)
            let rescued = try StoreFixture(folder.folder + "/rescued-\(page).db")
            let report = try rescued.store.salvage(from: path)
            let rows = try Rows(rescued.store.connection)
            for (id, row) in rows.memories { #expect(whole.memories[id] == row, "page \(page): memory \(id)") }
            for (id, row) in rows.turns { #expect(whole.turns[id] == row, "page \(page): turn \(id)") }
            let missing = Set(whole.memories.keys).subtracting(rows.memories.keys)
            #expect(missing.isSubset(of: byPage[page] ?? []), "page \(page) took memories \(missing.sorted())")
            let silent = Set(whole.turns.keys).subtracting(rows.turns.keys)
            // The long turn reaches over pages that have no type.
            #expect(silent.isSubset(of: (turnsByPage[page] ?? []).union([10])), "page \(page) took turns \(silent)")
            if !missing.isEmpty { #expect(report.damagedTables.contains("memory"), "page \(page)") }
            let findings = try rescued.store.auditStructure()
            #expect(findings == [], "page \(page)")
            #expect(try rescued.store.search("gateway").count + missing.count >= 9)
            lost += missing.count
        }
        #expect(lost == whole.memories.count, "each memory stands in one page")
    }

    @Test("Without the list of tables", arguments: 1...UInt64(3))
    func withoutTheListOfTables(seed: UInt64) throws {
        let damaged = try Damaged()
        let folder = try #require(damaged.folder)
        let whole = try Rows(folder.store.connection)
        let file = try #require(DamagedFile(path: folder.path))
        // Every page that names a table, and the first with it.
        let list = (1...file.pageCount).filter { number in
            guard let page = file.treePage(number) else { return number == 1 }
            return file.records(of: page).compactMap(\.self).contains { record in
                record.values.count == 5 && record.values.first == .text("table")
            }
        }
        let path = folder.folder + "/damaged.db"
        try overwrite(damaged.original, pages: [1] + list, seed: seed, at: path)
        #expect(try MemoryStore.isDamagedStore(path))
        let rescued = try StoreFixture(folder.folder + "/rescued.db")
        let report = try rescued.store.salvage(from: path)
        let rows = try Rows(rescued.store.connection)
        #expect(rows.memories == whole.memories)
        #expect(rows.turns == whole.turns)
        #expect(report.lostTables.isEmpty)
        for table in ["meta", "session", "transcript", "memory_source", "memory_event", "memory_tag", "ingest"] {
            let count = "SELECT count(*) FROM \(table) WHERE \(table == "meta" ? "name <> 'counted_until'" : "true")"
            #expect(
                try rescued.count(count) == folder.fixture.count(count), "\(table)")
        }
        #expect(
            try rescued.count("SELECT value FROM meta WHERE name = 'uid'")
                == folder.fixture.count("SELECT value FROM meta WHERE name = 'uid'"))
        let findings = try rescued.store.auditStructure()
        #expect(findings == [])
    }

    @Test func whatStandsInTheLogAloneIsCarriedOver() throws {
        let damaged = try Damaged()
        let folder = try #require(damaged.folder)
        try folder.fixture.record("Said after the last checkpoint about the buoys", origin: .manual)
        let path = folder.folder + "/damaged.db"
        try overwrite(damaged.original, pages: [1], seed: 9, at: path)
        try FileManager.default.copyItem(atPath: folder.path + "-wal", toPath: path + "-wal")
        let file = try #require(DamagedFile(path: path))
        #expect(file.pageSize == 4096)
        let rescued = try StoreFixture(folder.folder + "/rescued.db")
        _ = try rescued.store.salvage(from: path)
        #expect(try Rows(rescued.store.connection).memories == Rows(folder.store.connection).memories)
    }

    @Test("Damage anywhere makes no wrong row", arguments: 0..<UInt64(24))
    func scattered(seed: UInt64) throws {
        let damaged = try Damaged()
        let folder = try #require(damaged.folder)
        let whole = try Rows(folder.store.connection)
        var random = SplitMix(seed: seed)
        let pages = (0..<(1 + random.below(damaged.pageCount / 2))).map { _ in 1 + random.below(damaged.pageCount) }
        let path = folder.folder + "/damaged.db"
        let end = random.below(4) == 0 ? 1 + random.below(damaged.original.count) : damaged.original.count
        try overwrite(damaged.original.prefix(end), pages: pages.filter { $0 * 4096 <= end }, seed: seed, at: path)
        let rescued = try StoreFixture(folder.folder + "/rescued.db")
        _ = try rescued.store.salvage(from: path)
        let rows = try Rows(rescued.store.connection)
        for (id, row) in rows.memories { #expect(whole.memories[id] == row) }
        for (id, row) in rows.turns { #expect(whole.turns[id] == row) }
        let findings = try rescued.store.auditStructure()
        #expect(findings == [])
    }

    @Test func aTableWithoutAnythingLeftIsNamed() throws {
        let folder = try FolderFixture()
        try folder.fixture.record("The only one", origin: .manual)
        try folder.store.collectGarbage()
        _ = try folder.store.connection.row("PRAGMA wal_checkpoint (TRUNCATE)") { $0.int(0) }
        let root = try folder.fixture.count("SELECT rootpage FROM sqlite_schema WHERE name = 'memory'")
        let path = folder.folder + "/damaged.db"
        try overwrite(Data(contentsOf: URL(fileURLWithPath: folder.path)), pages: [root], seed: 3, at: path)
        let rescued = try StoreFixture(folder.folder + "/rescued.db")
        #expect(try rescued.store.salvage(from: path).lostTables == ["memory"])
    }

    @Test func aNumberIsNotGivenAgain() throws {
        let damaged = try Damaged()
        let folder = try #require(damaged.folder)
        let path = folder.folder + "/damaged.db"
        let byPage = try rowsByPage("memory", folder.path, folder.store.connection)
        let last = try #require(byPage.max { ($0.value.max() ?? 0) < ($1.value.max() ?? 0) })
        try overwrite(damaged.original, pages: [last.key], seed: 5, at: path)
        let rescued = try StoreFixture(folder.folder + "/rescued.db")
        _ = try rescued.store.salvage(from: path)
        try rescued.record("Something new", origin: .manual)
        #expect(try rescued.count("SELECT max(id) FROM memory") > last.value.max() ?? 0)
    }
}

/// Pages and records that nobody can trust.
@Suite struct DamagedFileTests {
    private func file(_ bytes: [UInt8]) throws -> (DamagedFile?, () -> Void) {
        let path = NSTemporaryDirectory() + "ccmem-\(UUID().uuidString).db"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return (DamagedFile(path: path), { try? FileManager.default.removeItem(atPath: path) })
    }

    @Test("Any bytes are read without harm", arguments: 0..<UInt64(60))
    func anyBytes(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var bytes = (0..<random.below(40_000)).map { _ in
            random.below(2) == 0 ? UInt8(random.below(8)) : UInt8(truncatingIfNeeded: random.next())
        }
        // Pages that begin as pages do, with anything behind.
        for start in stride(from: 0, to: bytes.count, by: 4096) {
            bytes[start] = [2, 5, 10, 13][random.below(4)]
            if start + 8 < bytes.count {
                bytes.replaceSubrange(start + 1..<start + 8, with: [0, 0, 0, UInt8(random.below(4)), 0x0C, 0, 0])
            }
        }
        let (file, remove) = try file(bytes)
        defer { remove() }
        guard let file else { return }
        for number in -1...file.pageCount + 1 {
            guard let page = file.treePage(number) else { continue }
            _ = file.records(of: page)
        }
        _ = file.freePages()
    }

    @Test func aChainThatBitesItselfEnds() throws {
        // One cell of a million bytes in page 2, whose rest is page 3, which names page 3.
        var bytes = [UInt8](repeating: 0, count: 3 * 4096)
        let size: [UInt8] = [0xBD, 0x84, 0x40]
        let local = { (total: Int) in
            let least = (4096 - 12) * 32 / 255 - 23
            let fitting = least + (total - least) % 4092
            return fitting <= 4061 ? fitting : least
        }(1_000_000)
        let place = 4096 - local - 8
        bytes.replaceSubrange(
            4096..<4096 + 10,
            with: [
                13, 0, 0, 0, 1, UInt8(place >> 8), UInt8(place & 0xFF), 0, UInt8(place >> 8), UInt8(place & 0xFF),
            ])
        bytes.replaceSubrange(4096 + place..<4096 + place + 4, with: size + [1])
        bytes[4096 + place + 4 + local + 3] = 3
        bytes[2 * 4096 + 3] = 3
        let (file, remove) = try file(bytes)
        defer { remove() }
        let page = try #require(file?.treePage(2))
        #expect(page.cells.first?.overflow == 3)
        #expect(file?.records(of: page).count == 1)
        #expect(file?.records(of: page).compactMap(\.self).isEmpty == true)
    }

    @Test(
        "A record that does not come out even is none",
        arguments: [
            [2, 1], [3, 1, 1, 7], [2, 13, 1], [1, 1], [9], [0], [2, 10], [2, 15, 0xFF], [2, 15, 0],
        ] as [[UInt8]])
    func uneven(_ bytes: [UInt8]) {
        #expect(DamagedRecord(rowID: 1, bytes) == nil)
    }

    @Test func aRecordIsRead() {
        let record = DamagedRecord(rowID: 7, [8, 0, 1, 2, 8, 9, 17, 16, 0xFE, 1, 0, 0x68, 0x69, 1, 2])
        #expect(
            record?.values == [
                .null, .integer(-2), .integer(256), .integer(0), .integer(1), .text("hi"), .blob([1, 2]),
            ])
    }
}
