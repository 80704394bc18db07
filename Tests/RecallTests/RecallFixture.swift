import Memories
import SQLite
import Storage

@testable import Recall

/// A store in memory with a conversation about a shop and one about a sensor.
struct RecallFixture {
    let store: MemoryStore

    static let shop: [(role: Role, text: String)] = [
        (.user, "Which database do we take for the orders service?"),
        (.assistant, "PostgreSQL. We need JSON indexes, and MySQL has none that suit us. It listens on port 5433."),
        (.user, "ok. the tests fail since yesterday, can you look"),
        (
            .assistant,
            "The root cause was `maxConnections=10` in the pool: under load requests waited longer than the timeout. "
                + "I raised it to 50. The suite passes again."
        ),
        (.user, "never deploy on a friday please"),
        (.assistant, "Noted."),
    ]
    static let sensor: [(role: Role, text: String)] = [
        (.user, "The node draws too much current while it sleeps."),
        (.assistant, "The flash chip was never put into deep power-down. Now the board draws 5.9 µA."),
        (.user, "登录接口为什么超时?"),
        (.assistant, "登录接口超时是因为连接池只有十个连接。"),
    ]

    init() throws {
        store = try MemoryStore(path: ":memory:", access: .create, clock: .fixed(1_767_225_600_000))
        var turns: [NewTurn] = []
        for (session, day, talk) in [("aaaaaaaa-1", "01", Self.shop), ("bbbbbbbb-2", "09", Self.sensor)] {
            for (index, turn) in talk.enumerated() {
                turns.append(
                    NewTurn(
                        sessionID: session, line: index + 1, role: turn.role,
                        saidAt: "2026-01-\(day)T10:0\(index):00.000Z", text: turn.text))
            }
        }
        let all = turns
        _ = try store.writing { () throws(SQLiteError) in try store.archive(all, ofTranscript: "session.jsonl") }
    }

    @discardableResult
    func add(
        _ content: String, _ category: MemoryCategory = .note, key: String? = nil, at day: String = "2026-01-01",
        importance: Int = 3
    ) throws -> Int {
        let memory = NewMemory(
            category: category, content: content, importance: Importance(clamping: importance), origin: .manual,
            key: key,
            saidAt: day + "T12:00:00.000Z")
        let outcome = try store.writing { () throws(SQLiteError) in try store.record(memory, ingest: nil) }
        return outcome.memoryID ?? 0
    }

    func answers(_ question: String, _ options: RecallOptions = RecallOptions()) throws -> Retrieved {
        try Retrieval.answers(to: Question(question), in: store, options)
    }

    func pack(_ question: String, _ budget: Int = 500) throws -> String {
        ContextPack(try answers(question), budget: budget, clean: { $0 }).text(clean: { $0 })
    }
}
