import Extraction
import Importance
import Memories
import RulePacks
import TestSupport
import Transcripts

@testable import Pipeline

extension ExtractionPlan {
    /// A plan in which every candidate of a rule is worth 2, a salient sentence 1, a tiny one -2, one that was refuted 3 less.
    static func simple(
        _ yaml: String = "", limit: Int = 100, threshold: Int = 0, keepsRefusals: Bool = true,
        change: (inout ScoringTable) -> Void = { _ in }
    ) throws -> ExtractionPlan {
        let head = "pack: mine\nformat: 1\nversion: 1.2.3\nsummary: A pack.\nrules:"
        let rules = try RulePack(parsing: head + (yaml.isEmpty ? " []\n" : "\n" + yaml), file: "mine.yaml").rules
        var table = ScoringTable(
            version: "1.0.0", bias: .init(shared: 1000), threshold: threshold, maximumPerTranscript: limit,
            cues: [
                .init(place: .opening, name: "objection", phrases: ["no"]),
                .init(place: .opening, name: "correction", phrases: ["wait"]),
            ],
            weights: [
                "ruleFired": .init(shared: 1000), "words1to3": .init(shared: -3000),
                "refutedByUser": .init(shared: -3000),
                "refutedByAssistant": .init(shared: -3000), "number": .init(shared: 10),
            ], categories: [:], importance: ["refutedByUser": -1000])
        change(&table)
        var plan = try ExtractionPlan(rules: rules, table: table)
        plan.keepsRefusals = keepsRefusals
        return plan
    }

    func extract(_ build: (inout TranscriptText) -> Void) -> TranscriptExtraction {
        var text = TranscriptText()
        build(&text)
        return extract(text.bytes)
    }

    func extract(_ bytes: [UInt8]) -> TranscriptExtraction {
        TranscriptWorker(plan: self).extract(TranscriptSource(bytes: bytes), file: "session.jsonl")
    }
}

extension TranscriptExtraction {
    var contents: [String] { memories.map(\.content) }

    func refusal(_ beginning: String) -> Refusal.Reason? {
        refusals.first { $0.memory.content.hasPrefix(beginning) }?.reason
    }
}

let portRule = """
      - id: port
        category: config
        summary: A port.
        roles: [user, assistant]
        keywords: [port]
        pattern: '(?<name>\\w+) port is (?<number>\\d+)'
        fields: {name: phrase, number: quantity}
        statement: 'the {name} port is {number}'
        key: '{name} port'

    """
