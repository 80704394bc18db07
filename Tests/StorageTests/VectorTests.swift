import Memories
import SQLite
import TestSupport
import Testing

@testable import Storage

/// Vectors beside memories and turns.
@Suite struct VectorTests {
    let fixture: StoreFixture

    init() throws {
        fixture = try StoreFixture()
        for (index, content) in ["The first fact", "The second fact", "The third fact"].enumerated() {
            try fixture.record(content, at: "2026-01-0\(index + 1)T00:00:00.000Z", line: index + 1)
        }
    }

    private var store: MemoryStore { fixture.store }

    private func set(_ vector: [Float], _ id: Int, _ model: String = "m") throws {
        try store.writing { () throws(SQLiteError) in
            _ = try store.setVector(vector, of: id, .memories, model: model)
        }
    }

    @Test func theNearestComesFirstWhateverTheLength() throws {
        try set([1, 0, 0, 0, 0], 1)
        try set([10, 10, 0, 0, 0], 2)
        try set([0, 0, 0, 0, 3], 3)
        let found = try store.nearest(to: [0.1, 0.1, 0, 0, 0], model: "m", in: .memories, most: 5, among: 100)
        #expect(found.rows.map(\.id) == [2, 1, 3])
        #expect(abs(found.rows[0].cosine - 1) < 1e-6 && abs(found.rows[1].cosine - 0.7071068) < 1e-6)
        #expect(abs(found.rows[2].cosine) < 1e-6)
        #expect(found.count == 3 && abs(found.mean - (1 + 0.7071068) / 3) < 1e-6)
    }

    @Test func whatHasAVectorOfTheModelIsNotAskedForAgain() throws {
        #expect(try store.textsToEmbed(.memories, model: "m", limit: 9).map(\.id) == [3, 2, 1])
        try set([1], 3)
        #expect(try store.textsToEmbed(.memories, model: "m", limit: 9).map(\.id) == [2, 1])
        #expect(try store.textsToEmbed(.memories, model: "other", limit: 9).count == 3)
        // The vector of another model takes its place, and is compared with nothing of the first.
        try set([1, 2], 3, "other")
        #expect(try store.vectorCount(.memories, model: "m") == 0)
        #expect(try store.nearest(to: [1], model: "m", in: .memories, most: 5, among: 9).count == 0)
    }

    @Test func whatIsNoVectorIsNotStored() throws {
        for vector: [Float] in [[], [0, 0], [.nan], [.infinity, 1]] { try set(vector, 1) }
        try set([1], 99)
        #expect(try store.vectorCount(.memories, model: "m") == 0)
        #expect(throws: StoreError.self) {
            try store.writing { () throws(SQLiteError) in
                try store.connection.run("INSERT INTO memory_vector VALUES (1, 'm', 3, x'0000803f')")
            }
        }
    }

    @Test func aForgottenTextLeavesNoVector() throws {
        try set([1, 2], 2)
        try store.writing { () throws(SQLiteError) in
            try store.connection.run("INSERT INTO meta VALUES ('forgetting', '1')")
            try store.connection.run("DELETE FROM memory WHERE id = 2")
            try store.connection.run("DELETE FROM meta WHERE name = 'forgetting'")
        }
        #expect(try store.connection.row("SELECT count(*) FROM memory_vector") { $0.int(0) } == 0)
    }
}
