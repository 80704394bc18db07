import Memories
import SQLite
import Testing

@testable import Storage

extension StoreFixture {
    @discardableResult
    func add(_ content: String, _ category: MemoryCategory = .note, key: String? = nil) throws -> RecordOutcome {
        let memory = NewMemory(
            category: category, content: content, importance: category.defaultImportance, origin: .manual, key: key,
            saidAt: store.now)
        return try store.changing { run throws(SQLiteError) in try store.add(memory, run).outcome }
    }

    @discardableResult
    func edit(_ id: Int, _ body: (inout MemoryChange) -> Void) throws -> EditOutcome {
        var change = MemoryChange()
        body(&change)
        return try store.changing { run throws(SQLiteError) in try store.edit(id, change, run) }
    }

    @discardableResult
    func archive(_ id: Int, _ reason: String? = nil) throws -> ArchiveOutcome {
        try store.changing { run throws(SQLiteError) in try store.archive(memory: id, reason: reason, run) }
    }

    @discardableResult
    func restore(_ id: Int) throws -> RestoreOutcome {
        try store.changing { run throws(SQLiteError) in try store.restore(memory: id, run) }
    }

    @discardableResult
    func link(_ a: Int, _ kind: LinkKind, _ b: Int, remove: Bool = false) throws -> LinkOutcome {
        try store.changing { run throws(SQLiteError) in
            remove ? try store.unlink(a, kind, to: b, run) : try store.link(a, kind, to: b, run)
        }
    }

    func undo() throws -> UndoneRun? {
        try store.writing { () throws(SQLiteError) in try store.undoLastRun() }
    }

    func memory(_ id: Int) throws -> StoredMemory {
        try #require(try store.reading { () throws(SQLiteError) in try store.memory(id) })
    }
}

@Suite struct AddingTests {
    let fixture: StoreFixture
    init() throws { fixture = try StoreFixture() }

    @Test func aTypedWordStandsAboveWhatWasFoundEvenIfThatIsDatedLater() throws {
        try fixture.record("port = 9090", .config, key: "config:port", at: "2027-01-01T00:00:00.000Z", origin: .rule)
        #expect(try fixture.add("port = 8080", .config, key: "config:port") == .supersedes(id: 2, older: 1))
        let found = try fixture.record(
            "port = 7070", .config, key: "config:port", at: "2028-01-01T00:00:00.000Z", origin: .rule)
        #expect(found == .refused(.outranked(by: 2)))
        #expect(try fixture.active == ["port = 8080"])
    }

    @Test func newerTypedWordsReplaceOlderOnesWithTheSameKeyOnly() throws {
        try fixture.add("port = 8080", .config, key: "config:port")
        #expect(try fixture.add("port = 8081", .config, key: "config:port") == .supersedes(id: 2, older: 1))
        try fixture.add("host = a", .config)
        try fixture.add("host = b", .config)
        #expect(try fixture.active == ["port = 8081", "host = a", "host = b"])
    }

    @Test func namingTheSubjectOfWhatIsKnownReplacesWhatHadIt() throws {
        try fixture.record("port = 8080", .config, key: "config:port", origin: .rule)
        try fixture.record("port = 8081", .config, origin: .salient, line: 2)
        #expect(try fixture.add("port = 8081", .config, key: "config:port") == .supersedes(id: 2, older: 1))
        #expect(try fixture.active == ["port = 8081"])
        #expect(try fixture.memory(2).key == "config:port")
    }

    @Test func anArchivedTwinComesBack() throws {
        try fixture.add("Never deploy on Friday")
        try fixture.archive(1)
        #expect(try fixture.add("Never deploy on Friday") == .merged(into: 1))
        #expect(try fixture.active == ["Never deploy on Friday"])
    }

    @Test func whatATranscriptSaysAgainDoesNotRaiseWhatAPersonSetLower() throws {
        try fixture.record("Use port 8080", importance: 4)
        try fixture.edit(1) { $0.importance = Importance(clamping: 1) }
        try fixture.record("Use port 8080", at: "2026-03-01T00:00:00.000Z", line: 7, importance: 4)
        #expect(try fixture.memory(1).importance.level == 1)
        #expect(try fixture.memory(1).sightingCount == 2)
    }
}

@Suite struct EditingTests {
    let fixture: StoreFixture
    init() throws { fixture = try StoreFixture() }

    @Test func newWordsMakeANewMemoryWithTheOldEvidence() throws {
        try fixture.record("The API listens on port 8080", .arch)
        #expect(try fixture.edit(1) { $0.content = "The API listens on port 9999" } == .replaced(by: 2))
        #expect(try fixture.memory(1).state == .superseded)
        #expect(try fixture.memory(2).origin == .manual)
        #expect(try fixture.memory(2).sightingCount == 1)
        #expect(
            try fixture.count(
                "SELECT count(*) FROM memory_link WHERE from_id = 2 AND to_id = 1 AND kind = 'supersedes'") == 1)
    }

    static let rewordings = ["The API listens on port 8080", "the API is listening on port 8080."]

    @Test("Neither the old words nor a rewording of them come back", arguments: rewordings)
    func stays(_ text: String) throws {
        try fixture.record("The API listens on port 8080", .arch)
        try fixture.record("the API is listening on port 8080.", .arch, line: 2)
        try fixture.edit(1) { $0.content = "The API listens on port 9999" }
        for time in ["2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"] {
            #expect(try fixture.record(text, .arch, at: time) == .merged(into: 1))
        }
        #expect(try fixture.active == ["The API listens on port 9999"])
    }

    @Test func otherFieldsChangeInPlaceWithWhatTheyWere() throws {
        try fixture.record("Use port 8080", .note, importance: 2)
        let outcome = try fixture.edit(1) {
            $0.importance = Importance(clamping: 5)
            $0.category = .config
            $0.key = .set("config:port")
            $0.addedTags = ["net"]
        }
        #expect(outcome == .changed(["category", "importance", "key", "tag"]))
        let memory = try fixture.memory(1)
        #expect(memory.importance.level == 5 && memory.category == .config && memory.key == "config:port")
        #expect(memory.tags == ["net"])
        let details = try fixture.store.connection.rows(
            "SELECT detail FROM memory_event WHERE kind = 'changed' ORDER BY id"
        ) { $0.text(0) }
        #expect(details.contains(#"{"field":"importance","before":"2","after":"5"}"#))
        #expect(try fixture.edit(1) { $0.importance = Importance(clamping: 5) } == .unchanged)
    }

    @Test func wordsOrKeysOfAnotherMemoryAreRefused() throws {
        try fixture.add("port = 8080", .config, key: "config:port")
        try fixture.add("host = a", .config)
        #expect(try fixture.edit(2) { $0.content = "port = 8080." } == .standing(1))
        #expect(try fixture.edit(2) { $0.key = .set("config:port") } == .standing(1))
        #expect(try fixture.edit(9) { $0.importance = Importance(clamping: 1) } == .unknown)
        try fixture.archive(2)
        #expect(try fixture.edit(2) { $0.importance = Importance(clamping: 1) } == .notActive(.archived))
    }

    @Test func onlyMarksMayChange() throws {
        try fixture.add("never push to main")
        #expect(try fixture.edit(1) { $0.content = "Never push to `main`!" } == .replaced(by: 2))
        #expect(try fixture.active == ["Never push to `main`!"])
    }
}

@Suite struct ArchivingTests {
    let fixture: StoreFixture
    init() throws { fixture = try StoreFixture() }

    @Test func neitherTheWordsNorARewordingComeBack() throws {
        try fixture.record("The API listens on port 8080", .arch)
        #expect(try fixture.archive(1, "gone") == .archived)
        #expect(try fixture.archive(1) == .alreadyArchived)
        for text in ["The API listens on port 8080", "the API is listening on port 8080."] {
            let outcome = try fixture.record(text, .arch, at: "2027-01-01T00:00:00.000Z", line: 4)
            #expect(outcome == .refused(.archived(id: 1)))
        }
        #expect(try fixture.memory(1).reason == "gone")
    }

    @Test func restoreNamesWhatStandsInTheWay() throws {
        try fixture.add("port = 8080", .config, key: "config:port")
        try fixture.add("port = 8081", .config, key: "config:port")
        #expect(try fixture.restore(1) == .standing(2))
        try fixture.archive(2)
        #expect(try fixture.restore(1) == .restored)
        #expect(try fixture.restore(1) == .alreadyActive)
        #expect(try fixture.restore(2) == .standing(1))
        #expect(try fixture.restore(3) == .unknown)
    }

    @Test func whatNothingSupportedAndAPersonArchivesStaysAway() throws {
        try fixture.record("Use port 8080")
        try fixture.store.connection.run("UPDATE memory SET state = 'archived', reason = 'unsupported'")
        #expect(try fixture.archive(1, "unsupported") == .archived)
        #expect(
            try fixture.record("Use port 8080", at: "2027-01-01T00:00:00.000Z") == .refused(.archived(id: 1)))
    }
}

@Suite struct LinkingTests {
    let fixture: StoreFixture
    init() throws {
        fixture = try StoreFixture()
        for word in ["alpha", "beta", "gamma"] { try fixture.add("The word is \(word)") }
    }

    @Test func supersedesTakesTheOlderOutOfForceAndRemovingBringsItBack() throws {
        #expect(try fixture.link(2, .supersedes, 1) == .linked)
        #expect(try fixture.memory(1).state == .superseded)
        #expect(try fixture.link(2, .supersedes, 1) == .alreadyLinked)
        #expect(try fixture.record("The word is alpha", at: "2027-01-01T00:00:00.000Z") == .merged(into: 1))
        #expect(try fixture.memory(1).state == .superseded)
        #expect(try fixture.link(2, .supersedes, 1, remove: true) == .unlinked)
        #expect(try fixture.memory(1).state == .active)
        #expect(try fixture.link(2, .supersedes, 1, remove: true) == .notLinked)
    }

    @Test func circlesAndLinksToItselfAreRefused() throws {
        try fixture.link(2, .supersedes, 1)
        try fixture.link(3, .supersedes, 2)
        #expect(try fixture.link(1, .supersedes, 3) == .circle)
        #expect(try fixture.link(1, .supersedes, 2) == .circle)
        #expect(try fixture.link(1, .relatedTo, 1) == .toItself)
        #expect(try fixture.link(1, .relatedTo, 9) == .unknown(9))
        #expect(try fixture.link(3, .causedBy, 1) == .linked)
        #expect(try fixture.link(1, .causedBy, 3) == .linked)
    }

    @Test func whatIsNotInForceReplacesNothing() throws {
        try fixture.archive(1)
        #expect(try fixture.link(1, .supersedes, 2) == .notActive(1, .archived))
        #expect(try fixture.memory(2).state == .active)
    }
}

@Suite struct UndoTests {
    let fixture: StoreFixture
    init() throws { fixture = try StoreFixture() }

    @Test func whatWasReplacedIsActiveAgainRunByRun() throws {
        for port in 1...3 { try fixture.add("port = \(port)", .config, key: "config:port") }
        #expect(try fixture.undo()?.restored == [2])
        #expect(try fixture.active == ["port = 2"])
        #expect(try fixture.undo()?.archived == [2])
        #expect(try fixture.active == ["port = 1"])
        #expect(try fixture.undo() != nil)
        #expect(try fixture.undo() == nil)
        #expect(try fixture.active.isEmpty)
    }

    @Test func everyKindOfChangeIsTakenBack() throws {
        try fixture.record("Use port 8080", .config, importance: 2)
        try fixture.record("Use host a", .config, line: 2)
        func state() throws -> [String] {
            try fixture.store.connection.rows(
                """
                SELECT id || state || content || importance || category || origin || coalesce(key, '-')
                    || coalesce((SELECT group_concat(tag) FROM memory_tag WHERE memory_id = m.id), '')
                    || (SELECT count(*) FROM memory_link WHERE from_id = m.id)
                FROM memory AS m WHERE id <= 2 ORDER BY id
                """
            ) { $0.text(0) }
        }
        let before = try state()
        let changes: [() throws -> Void] = [
            { try fixture.edit(1) { $0.content = "Use port 9090" } },
            {
                try fixture.edit(1) {
                    $0.importance = Importance(clamping: 5)
                    $0.category = .arch
                    $0.key = .set("arch:port")
                    $0.addedTags = ["x"]
                }
            },
            { try fixture.archive(2) },
            { try fixture.link(1, .supersedes, 2) },
            { try fixture.link(1, .relatedTo, 2) },
            { try fixture.add("Use port 8080", .config, key: "config:port") },
        ]
        for change in changes {
            try change()
            #expect(try state() != before)
            #expect(try fixture.undo() != nil)
            let after = try state()
            #expect(after == before)
        }
    }

    @Test func aLookAheadChangesNothing() throws {
        try fixture.add("Use port 8080")
        let preview = try fixture.store.previewUndo()
        #expect(preview?.archived == [1])
        #expect(try fixture.active == ["Use port 8080"])
        #expect(try fixture.undo() == preview)
    }

    @Test func whatWasUndoneIsNotFoundAgain() throws {
        let ingest = try fixture.store.writing { () throws(SQLiteError) in try fixture.store.beginIngest(.ingest) }
        let memory = NewMemory(
            category: .note, content: "Use port 8080", importance: Importance(clamping: 2), origin: .salient,
            saidAt: "2026-01-01T00:00:00.000Z")
        for _ in 1...2 {
            _ = try fixture.store.writing { () throws(SQLiteError) in
                try fixture.store.record(memory, ingest: ingest)
            }
        }
        #expect(try fixture.undo()?.archived == [1])
        #expect(try fixture.record("Use port 8080", at: "2027-01-01T00:00:00.000Z") == .refused(.archived(id: 1)))
    }

    @Test func whatStandsThereByNowStays() throws {
        try fixture.add("port = 1", .config, key: "config:port")
        try fixture.archive(1)
        // Not a run of its own: a plain shell.
        try fixture.store.connection.run(
            """
            INSERT INTO memory (uid, category, content, importance, key) VALUES ('u', 'config', 'port = 2', 2, 'config:port')
            """)
        let undone = try fixture.undo()
        #expect(undone?.blocked == [UndoneRun.Blocked(memory: 1, by: 2)])
        #expect(try fixture.active == ["port = 2"])
    }
}

@Suite struct TopicSourceTests {
    let fixture: StoreFixture
    init() throws { fixture = try StoreFixture() }

    private func read(_ lines: [String], hash: String? = "h") throws {
        let lines = lines.enumerated().map {
            TopicLine(category: .note, content: $1, importance: Importance(clamping: 5), line: $0 + 1)
        }
        try fixture.store.changing(.topics) { run throws(SQLiteError) in
            try fixture.store.storeTopics(lines, path: "/p/topics/a.md", name: "topics/a.md", hash: hash, run)
        }
    }

    @Test func aVanishedLineIsArchivedAndComesBackWithItsLine() throws {
        try read(["The build runs on arm64", "Deploys are on Monday"])
        #expect(try fixture.memory(1).importance.level == 5)
        try read(["Deploys are on Monday"])
        #expect(try fixture.active == ["Deploys are on Monday"])
        #expect(try fixture.memory(1).reason == "its line is gone from topics/a.md")
        #expect(try fixture.memory(2).sightingCount == 1)
        try read(["Deploys are on Monday", "The build runs on arm64"])
        #expect(try fixture.active.count == 2)
        try read([], hash: nil)
        #expect(try fixture.active.isEmpty)
        #expect(try fixture.store.reading { () throws(SQLiteError) in try fixture.store.topicPaths() }.isEmpty)
    }

    @Test func whatAPersonArchivedOrReplacedStaysSo() throws {
        try read(["The build runs on arm64", "Deploys are on Monday"])
        try fixture.archive(1)
        try fixture.edit(2) { $0.content = "Deploys are on Tuesday" }
        try read(["The build runs on arm64", "Deploys are on Monday", "More"])
        #expect(try fixture.active == ["Deploys are on Tuesday", "More"])
    }

    @Test func whatATranscriptSaidTooStaysWithoutItsLine() throws {
        try fixture.record("Deploys are on Monday")
        try read(["Deploys are on Monday"])
        #expect(try fixture.memory(1).origin == .topic)
        try read([])
        #expect(try fixture.memory(1).state == .active)
        #expect(try fixture.memory(1).origin == .salient)
    }

    @Test func filesOfTopicsAreNoTranscripts() throws {
        try read(["Deploys are on Monday"])
        #expect(try fixture.store.reading { () throws(SQLiteError) in try fixture.store.transcripts() }.isEmpty)
        #expect(
            try fixture.store.reading { () throws(SQLiteError) in
                try fixture.store.knowsTopics("/p/topics/a.md", hash: "h")
            })
    }
}
