import Memories
import RulePacks
import Transcripts

@testable import Extraction

extension ScoringTable {
    /// A table with cues alone.
    static func cues(_ cues: [Cue]) -> ScoringTable {
        ScoringTable(
            version: "1.0.0", bias: Weight(shared: 0), threshold: 0, maximumPerTranscript: 100, cues: cues,
            weights: [:],
            categories: [:], importance: [:])
    }

    /// The cues that the conversation is understood by.
    static let conversation = cues([
        Cue(place: .opening, name: "narration", phrases: ["let me", "now"]),
        Cue(place: .opening, name: "objection", phrases: ["no", "that's wrong"]),
        Cue(place: .opening, name: "correction", phrases: ["you're right", "wait"]),
        Cue(place: .anywhere, name: "cause", phrases: ["root cause", "because"]),
        Cue(place: .anywhere, name: "inability", phrases: ["can't", "not"]),
        Cue(place: .anywhere, name: "diagnosis", phrases: ["root cause"]),
        Cue(place: .anywhere, name: "symptom", phrases: ["crashes"]),
        Cue(place: .anywhere, name: "fixed", phrases: ["fixed"]),
        Cue(place: .anywhere, name: "todo", phrases: ["still open"]),
        Cue(place: .heading, name: "cause", phrases: ["cause"]),
        Cue(place: .label, name: "cause", phrases: ["cause"]),
    ])
}

/// A conversation that is fed to an extractor without rules, event by event.
struct Conversation {
    private var extractor: TranscriptExtractor
    private let vocabulary: FeatureVocabulary
    private var line = 0

    init(rules: [Rule] = [], table: ScoringTable = .conversation) {
        let engine = ExtractionEngine(rules: rules, table: table)
        vocabulary = engine.vocabulary
        extractor = engine.makeWorker().makeExtractor(judge: .open)
    }

    mutating func says(_ role: Role, _ text: String, isQueued: Bool = false) {
        line += 1
        let block = Block(kind: .prose, role: role, line: line, isQueued: isQueued)
        Array(text.utf8).withUnsafeBufferPointer { extractor.add(.block(block, $0)) }
    }

    mutating func usesTool(output: String = "ok") {
        line += 1
        extractor.add(.toolActivity(line: line, name: "Bash"))
        line += 1
        let block = Block(kind: .toolResult, role: .tool, line: line, toolName: "Bash")
        Array(output.utf8).withUnsafeBufferPointer { extractor.add(.block(block, $0)) }
    }

    /// What came out, each candidate with the names of its features.
    mutating func finish() -> Findings {
        let found = extractor.finish()
        return Findings(transcript: found, names: vocabulary.names)
    }
}

struct Findings {
    var transcript: ExtractedTranscript
    var names: [String]

    var candidates: [Candidate] { transcript.candidates }
    var statements: [String] { candidates.map(\.statement) }

    /// The features of the first candidate that begins so.
    func features(_ beginning: String) -> Set<String> {
        guard let candidate = candidates.first(where: { $0.statement.hasPrefix(beginning) }) else {
            return ["(no such candidate)"]
        }
        return Set(candidate.features.numbers.map { names[$0] })
    }

    /// The candidates that have a feature.
    func having(_ feature: Feature) -> [String] { candidates.filter { $0.features.contains(feature) }.map(\.statement) }
}

/// The features of one message's segments when it stands alone.
func featuresOf(_ text: String, role: Role = .assistant, table: ScoringTable = .conversation) -> [Set<String>] {
    let reader = SegmentReader(rules: [], table: table)
    let cut = Array(text.utf8).withUnsafeBufferPointer { Segmenter.segments(of: $0, role: role) }
    let readings = reader.read(cut, place: MessagePlace(role: role), judge: .open).readings
    return readings.map { reading in Set(reading.features.numbers.map { reader.vocabulary.names[$0] }) }
}

func shape(_ text: String) -> TextShape {
    Array(text.utf8).withUnsafeBufferPointer { TextShape($0) }
}

func rules(_ yaml: String) throws -> [Rule] {
    let head = "pack: mine\nformat: 1\nversion: 1.2.3\nsummary: A pack.\nrules:\n"
    return try RulePack(parsing: head + yaml, file: "mine.yaml").rules
}

extension TranscriptExtractor.Judge {
    /// Keeps everything and prefers nothing.
    static var open: Self {
        Self(score: { _, _ in 0 }, floor: 0, reach: { _ in 0 }, keepsBelow: false, affinity: { _, _ in 0 })
    }
}
