import Memories
import SQLite
import Storage
import Testing

@testable import Recall

/// With vectors beside the memories, what says the same in other words is found too.
@Suite struct MeaningTests {
    let fixture: RecallFixture
    let wanted: Int

    init() throws {
        let fixture = try RecallFixture()
        for index in 0..<20 { try fixture.add("The module number \(index) is formatted by the linter") }
        let wanted = try fixture.add("Photos leave the phone on Wi-Fi only", .constraint)
        try fixture.store.writing { () throws(SQLiteError) in
            for id in 1...wanted {
                var vector: [Float] = [1, Float(id % 5) / 10, 0, 0]
                if id == wanted { vector = [0, 0.1, 1, 0] }
                _ = try fixture.store.setVector(vector, of: id, .memories, model: "m")
            }
        }
        self.fixture = fixture
        self.wanted = wanted
    }

    private func options(
        _ values: [Float]?, model: String = "m", _ reach: RecallOptions.Reach = .subject
    ) -> RecallOptions {
        var options = RecallOptions(reach)
        options.vector = values.map { QuestionVector(model: model, values: $0) }
        return options
    }

    @Test("The nearest is found though it shares no word", arguments: [RecallOptions.Reach.subject, .words])
    func nearest(_ reach: RecallOptions.Reach) throws {
        let question = "may uploads use cellular data?"
        let without = try fixture.answers(question, options(nil, reach))
        #expect(!without.memories.contains { $0.memory.id == wanted })
        let with = try fixture.answers(question, options([0, 0, 2, 0], reach))
        #expect(with.memories.first?.memory.id == wanted)
        #expect(with.items.first?.terms.contains { $0.name == "meaning" } == true)
        #expect(with.isEvidence && with.comparedVectors == 21)
    }

    @Test("Vectors of another model or dimension change nothing", arguments: [("other", 4), ("m", 3)])
    func other(_ model: String, _ dimension: Int) throws {
        let question = "which linter formats the module?"
        let vector = Array(repeating: Float(1), count: dimension)
        #expect(
            try fixture.answers(question, options(vector, model: model)) == fixture.answers(question, options(nil)))
    }

    @Test func whereNothingStandsOutWordsDecide() throws {
        let all = try fixture.answers("which linter formats the module?", options([1, 1, 1, 1]))
        #expect(all.memories.first?.memory.content.contains("linter") == true)
    }
}
