import Memories
import SQLite
import TestSupport
import Testing

@testable import Storage

@Suite struct SearchTests {
    let fixture: StoreFixture

    init() throws {
        fixture = try StoreFixture()
        for (index, content) in [
            "使用SQLite存储数据", "The timeouts of the importer are too short", "Set max_connections to 20 in db.toml",
            "Retry the upload when the connection is lost", "Never log the password of a user", "日本語のテスト",
            "The quote \" in a name breaks the parser", "deploy-green goes before deploy-blue 🚀",
        ].enumerated() {
            try fixture.record(content, at: "2026-01-0\(index + 1)T00:00:00.000Z", line: index + 1)
        }
    }

    private func found(_ text: String) throws -> [Int] { try fixture.store.search(text).map(\.memory.id) }

    @Test(
        "A question finds its memory first",
        arguments: [
            ("SQLite", 1), ("sqlite", 1), ("存储", 1), ("数据", 1), ("timeout", 2), ("importer timeouts", 2),
            ("max_conn", 3),
            ("max_connections", 3), ("db.toml", 3), ("connection", 4), ("passwords", 5), ("テスト", 6), ("日本", 6),
            ("存", 1),
            ("\"", 0), ("deploy-blue", 8), ("breaks\" the (parser", 7), ("NEAR(parser quote)", 7), ("parser*", 7),
            ("-password", 5), ("content:password", 0), ("^password", 5), ("password AND", 5), ("{password}", 5),
            ("password\0user", 5),
        ])
    func first(_ text: String, _ id: Int) throws {
        #expect(try found(text).first ?? 0 == id)
    }

    @Test func theOrderOfTheWordsDoesNotMatter() throws {
        let words = ["importer", "connection", "password", "数据", "max_conn", "the"]
        var generator = SplitMix(seed: 7)
        let expected = try fixture.store.search(words.joined(separator: " "))
        #expect(!expected.isEmpty)
        for _ in 0..<20 {
            var left = words
            var shuffled: [String] = []
            while !left.isEmpty { shuffled.append(left.remove(at: generator.below(left.count))) }
            #expect(try fixture.store.search(shuffled.joined(separator: " ")) == expected)
        }
        #expect(try fixture.store.search("password password user") == fixture.store.search("user password"))
    }

    /// What the syntax of FTS5 is made of, and what text can hold.
    private static let pieces = [
        "\"", "'", "*", "-", "+", "^", ":", "(", ")", "{", "}", "[", "]", ",", ".", ";", "\\", "/", "|", "&", "!", "?",
        "<",
        ">", "=", "~", "`", "@", "#", "$", "%", "_", "\0", "\n", "\t", " ", " ", " ", "AND", "OR", "NOT", "NEAR",
        "NEAR(",
        "content:", "cjk:", "- cjk :", "rank", "rowid", "memory_fts", "password", "timeout", "max_conn", "数据",
        "SQLite存储",
        "데이터", "テスト", "e\u{301}", "ß", "İ", "🚀", "👨‍👩‍👧", "1️⃣", "½", "\u{FFFD}", "\u{202E}", "\u{0}x", "a", "0", "12.5",
        "--", "/*",
    ]

    @Test("No question is a syntax error", arguments: 0..<8)
    func anything(_ seed: Int) throws {
        var generator = SplitMix(seed: UInt64(seed))
        for _ in 0..<250 {
            let text = (0..<generator.below(14)).map { _ in Self.pieces[generator.below(Self.pieces.count)] }.joined()
            #expect(throws: Never.self, "\(text.debugDescription)") {
                _ = try fixture.store.search(text)
                _ = try fixture.store.searchTurns(text, limit: 5)
            }
        }
    }

    @Test func aVeryLongQuestionIsAnswered() throws {
        let many = (0..<20_000).map { "word\($0)" }.joined(separator: " ") + " password"
        #expect(throws: Never.self) { try fixture.store.search(many) }
        #expect(throws: Never.self) { try fixture.store.search(String(repeating: "数据", count: 50_000)) }
        #expect(throws: Never.self) { try fixture.store.search(String(repeating: "x", count: 1_000_000)) }
        #expect(try found("password " + many).contains(5))
    }

    @Test func whatIsOldIsFoundAmongThousandsThatAreNew() throws {
        try fixture.store.writing { () throws(SQLiteError) in
            for index in 0..<2_000 {
                let memory = NewMemory(
                    category: .note, content: "The gateway keeps value\(index) of client number \(index)",
                    importance: Importance(clamping: 3), origin: .salient, saidAt: "2026-05-01T00:00:00.000Z")
                _ = try fixture.store.record(memory, ingest: nil)
            }
        }
        for text in ["importer", "the importer of the gateway", "存储", "client timeouts"] {
            #expect(try found(text).prefix(3).contains(text == "存储" ? 1 : 2), "\(text)")
        }
    }

    @Test func aRawQuestionIsAnExpression() throws {
        #expect(try fixture.store.search("retry NOT upload", raw: true).isEmpty)
        #expect(try fixture.store.search("pass*", raw: true).map(\.memory.id) == [5])
        #expect(throws: SQLiteError.self) { try fixture.store.search("\"unbalanced", raw: true) }
    }
}
