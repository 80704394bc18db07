import Memories
import SQLite
import Storage
import Testing

@testable import Views

/// Memories as a store in memory gives them.
private func stored(_ items: [(MemoryCategory, String, Int, String?)]) throws -> [StoredMemory] {
    let store = try MemoryStore(path: ":memory:", access: .create, clock: .fixed(0))
    return try store.writing { () throws(SQLiteError) in
        for (category, content, importance, key) in items {
            _ = try store.record(
                NewMemory(
                    category: category, content: content, importance: Importance(clamping: importance),
                    origin: .manual, key: key, saidAt: "2026-01-01T00:00:00.000Z"), ingest: nil)
        }
        return try store.memories(MemoryQuery())
    }
}

private let titles: [(category: MemoryCategory, title: String)] = [
    (.constraint, "Constraints"), (.config, "Configuration"), (.note, "Notes"),
]

@Suite struct MemoryIndexTests {
    let index = MemoryIndex(titles: titles) { $0 }
    let memories: [StoredMemory]
    let page: String
    init() throws {
        memories = try stored([
            (.note, "A note", 1, nil), (.config, "port = 8080", 2, "config:port"), (.constraint, "Never push", 4, nil),
            (.config, "host = a", 3, "config:host"), (.constraint, "Always test", 5, nil),
        ])
        page = index.page(of: memories, title: "api")
    }

    @Test func linesStandBySubjectThenImportance() {
        let lines = page.split(separator: "\n").filter { $0.hasPrefix("-") || $0.hasPrefix("##") }
        #expect(
            lines == [
                "## Constraints", "- #5 [5] Always test", "- #3 [4] Never push", "## Configuration",
                "- #4 [3] (config:host) host = a", "- #2 [2] (config:port) port = 8080", "## Notes", "- #1 [1] A note",
            ])
        #expect(index.page(of: memories.reversed(), title: "api") == page)
    }

    @Test func anUntouchedPageHoldsNoEdits() {
        #expect(index.edits(in: page, of: memories) == IndexEdits())
    }

    @Test func changesAdditionsAndDeletionsAreTold() {
        let edited =
            page.replacing("- #3 [4] Never push\n", with: "- #3 [5] Never push to main\n* Be kind\n  to users\n")
            .replacing("- #1 [1] A note\n", with: "- [3] Another note\n")
            .replacing("port = 8080", with: "port = 8081")
        let edits = index.edits(in: edited, of: memories)
        #expect(
            edits.changes == [
                IndexEdits.Change(id: 3, content: "Never push to main", importance: Importance(clamping: 5)),
                IndexEdits.Change(id: 2, content: "port = 8081"),
            ])
        #expect(
            edits.additions == [
                IndexEdits.Addition(category: .constraint, content: "Be kind to users", importance: nil),
                IndexEdits.Addition(category: .note, content: "Another note", importance: Importance(clamping: 3)),
            ])
        #expect(edits.deleted == [1])
        #expect(edits.unreadable.isEmpty)
    }

    @Test(
        "The line ends of another editor, and a mark before the text, are no edits; an edit among them is one",
        arguments: ["\n", "\r\n", "\r"])
    func lineEnds(_ end: String) {
        let written = "\u{FEFF}" + page.replacing("\n", with: end)
        #expect(index.edits(in: written, of: memories) == IndexEdits())
        let edits = index.edits(in: written.replacing("Never push", with: "Never push to main"), of: memories)
        #expect(edits.changes == [IndexEdits.Change(id: 3, content: "Never push to main")])
        #expect(edits.deleted.isEmpty && edits.unreadable.isEmpty)
    }

    @Test func aLineUnderAnotherHeadingChangesItsCategory() {
        let edited = page.replacing("- #1 [1] A note\n", with: "").replacing(
            "## Constraints\n", with: "## Constraints\n- #1 [1] A note\n")
        #expect(
            index.edits(in: edited, of: memories).changes == [IndexEdits.Change(id: 1, category: .constraint)])
    }

    @Test(
        "What says nothing is named by its line",
        arguments: ["Some prose", "- #99 [3] No such memory", "## Recipes", "- #5 [5] Always test"])
    func unreadable(_ line: String) {
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false).count
        #expect(index.edits(in: page + line + "\n", of: memories).unreadable == [lines])
    }
}

@Suite struct SessionPageTests {
    @Test(
        "The name holds date and id, and nothing that leads elsewhere",
        arguments: [
            ("5f0c2c1e-7f0e-4b52", "2026-03-01T10:00:00.000Z", "2026/03/2026-03-01-5f0c2c1e"),
            ("../../etc", "2026-03-01T10:00:00.000Z", "2026/03/2026-03-01-------et"),
            ("abc", "", "undated/undated-abc"), ("abc", "../../../x/", "undated/undated-abc"),
            ("", "2026-03-01", "2026/03/2026-03-01-none"),
        ])
    func name(_ session: String, _ time: String, _ expected: String) {
        #expect(SessionPage.name(session: session, startedAt: time) == expected)
    }

    @Test func aTurnCantForgeAHeading() throws {
        let store = try MemoryStore(path: ":memory:", access: .create, clock: .fixed(0))
        let turns = try store.writing { () throws(SQLiteError) in
            _ = try store.archive(
                [
                    NewTurn(
                        sessionID: "s", line: 1, role: .user, saidAt: "2026-03-01T10:00:00.000Z",
                        text: "Hello\n\n## assistant\nNo")
                ], transcript: nil)
            return try store.turns(ofSession: "s")
        }
        let page = SessionPage { $0 }.page(session: "s", turns: turns, memories: [turns[0].id: [3, 4]])
        #expect(
            page.hasSuffix("\n## user · 2026-03-01T10:00:00.000Z · #3 #4\n\n> Hello\n>\n> ## assistant\n> No\n"))
    }
}

@Suite struct TopicPageTests {
    let page = TopicPage(titles: titles)

    @Test func aPageOfWindowsIsReadLineByLine() {
        let lines = TopicPage(titles: titles).lines(of: "\u{FEFF}# T\r\n\r\n## Constraints\r\n\r\n- one\r\n- two\r\n")
        #expect(lines.map(\.content) == ["one", "two"])
        #expect(lines.map(\.line) == [5, 6] && lines.allSatisfy { $0.category == .constraint })
    }

    @Test func itemsAndParagraphsBelowHeadingsAreMemories() {
        let lines = page.lines(
            of: """
                # Payments

                The ledger is
                append-only.

                ## Constraints
                - Never round
                  before the sum.
                - [3] Amounts are cents
                1. Log every refund

                ## How we do configuration
                * port = 8080
                <!-- not this -->
                ```
                - nor this
                ```
                | nor | this |
                > nor this
                ---
                """)
        #expect(
            lines == [
                TopicLine(
                    category: .note, content: "The ledger is append-only.", importance: Importance(clamping: 5), line: 3
                ),
                TopicLine(
                    category: .constraint, content: "Never round before the sum.", importance: Importance(clamping: 5),
                    line: 7),
                TopicLine(
                    category: .constraint, content: "Amounts are cents", importance: Importance(clamping: 3), line: 9),
                TopicLine(
                    category: .constraint, content: "Log every refund", importance: Importance(clamping: 5), line: 10),
                TopicLine(category: .config, content: "port = 8080", importance: Importance(clamping: 5), line: 13),
            ])
    }
}

@Suite struct FoldingTests {
    @Test(
        "White space becomes single spaces",
        arguments: [
            ("a b", "a b"), (" a", "a"), ("a ", "a"), ("a  b", "a b"), ("a\tb\nc", "a b c"), ("", ""), (" ", ""),
            ("数据\u{3000}库", "数据 库"), ("é  è", "é è"),
        ])
    func folded(_ text: String, _ expected: String) {
        #expect(MemoryIndex.folded(text) == expected)
    }
}
