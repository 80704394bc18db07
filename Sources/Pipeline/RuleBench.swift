public import Extraction
public import Memories
import Redaction
import RulePacks
public import Transcripts

/// What rules cost and find on transcripts. Belongs to one thread.
public final class RuleBench {
    /// What one rule cost, exceptions included.
    public struct Cost: Sendable {
        /// Nanoseconds over all runs.
        public var time: UInt64 = 0
        public var calls = 0
        public var hits = 0
    }

    public let plan: ExtractionPlan
    private let worker: ExtractionWorker
    private let clock: RuleClock
    private let redactor: RedactionWorker?
    /// Of all that was read.
    private var secrets = TurnSecrets()
    private let audit: PrefilterAudit
    public private(set) var extractions: [TranscriptExtraction] = []

    /// - Parameter now: Tells the time that this thread has worked, in nanoseconds.
    public init(plan: ExtractionPlan, now: @escaping () -> UInt64) {
        self.plan = plan
        worker = plan.engine.makeWorker()
        clock = RuleClock(now: now)
        worker.clock = clock
        audit = PrefilterAudit(rules: plan.engine.rules)
        redactor = plan.redactor?.makeWorker()
    }

    /// How often each rule was woken and read something, by its index.
    public var counts: [PrefilterAudit.Count] { audit.counts }

    /// The first few sentences that keywords lost, without secrets.
    public var losses: [(rule: String, text: String)] {
        audit.losses.map { ($0.rule, secrets.shown($0.text, redactor)) }
    }

    /// The first few things that each rule read, without secrets.
    public var samples: [[String]] { audit.samples.map { $0.map { secrets.shown($0, redactor) } } }

    /// Reads a transcript: once for what is found, then for the time, then with every rule on every sentence.
    ///
    /// - Throws: `TranscriptSourceError` when it cannot be opened.
    public func add(_ path: String, runs: Int) throws(TranscriptSourceError) {
        let reading = TranscriptWorker(plan: plan)
        extractions.append(reading.extract(try TranscriptSource(path: path), file: path))
        let options = TranscriptWorker.options(plan)
        for _ in 0..<runs {
            var reader = TranscriptReader(options: options)
            var extractor = worker.makeExtractor(judge: plan.judge())
            let source = try TranscriptSource(path: path)
            _ = reader.read(source) { extractor.add($0) }
            _ = extractor.finish()
        }
        var reader = TranscriptReader(options: options)
        let source = try TranscriptSource(path: path)
        _ = reader.read(source) { event in
            guard case .block(let block, let said) = event, block.kind == .prose || block.kind == .toolResult else {
                return
            }
            let text = PrivateText.removed(from: said)?.text ?? Array(said)
            secrets.add(TurnSecrets(in: text, redactor))
            text.withUnsafeBufferPointer { text in
                audit.add(
                    block.kind == .prose ? Segmenter.segments(of: text, role: block.role) : Segmenter.lines(of: text),
                    role: block.role)
            }
        }
    }

    /// By the id of the rule. What the first run compiles is in its time.
    public var costs: [String: Cost] {
        var costs: [String: Cost] = [:]
        for entry in clock.entries where !entry.isException {
            costs[entry.name, default: Cost()].time += entry.ticks
            costs[entry.name, default: Cost()].calls += entry.calls
            costs[entry.name, default: Cost()].hits += entry.hits
        }
        return costs
    }

    /// Time of all exceptions, which the rules of a pack share.
    public var exceptionTime: UInt64 {
        clock.entries.filter(\.isException).reduce(0) { $0 + $1.ticks }
    }
}

/// What somebody said of a sentence of a transcript: whether it is to be kept.
public struct MemoryLabel: Sendable, Equatable {
    /// As it is written, seen from the folder of the labels.
    public var file: String
    /// From 1.
    public var line: Int
    /// Words that stand in the line.
    public var quote: String
    public var category: MemoryCategory?
    public var keep: Bool

    public init(file: String, line: Int, quote: String, category: MemoryCategory?, keep: Bool) {
        self.file = file
        self.line = line
        self.quote = quote
        self.category = category
        self.keep = keep
    }

    /// Whether a memory was read out of these words: one of both wordings holds the other.
    public func covers(_ memory: Memory) -> Bool {
        let words = MemoryLabel.folded(quote)
        return memory.sightings.contains { sighting in
            guard sighting.line == line else { return false }
            let said = MemoryLabel.folded(sighting.quote)
            return said.contains(words) || words.contains(said)
        }
    }

    private static func folded(_ text: String) -> String {
        text.replacing("**", with: "").lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

/// How what is kept agrees with labels.
public struct LabelScore: Sendable, Equatable {
    /// Labelled to be kept, and kept.
    public var found = 0
    /// Labelled to be kept, and not kept.
    public var missed = 0
    /// Labelled not to be kept, and kept.
    public var wrong = 0
    /// Kept, and nobody said anything of it.
    public var unlabelled = 0
    /// Found, with another category than the label's.
    public var otherCategory = 0

    public init() {}

    /// In thousandths; nil when nothing that was kept has a label.
    public var precision: Int? { found + wrong == 0 ? nil : found * 1000 / (found + wrong) }
    /// In thousandths; nil when no label asks for anything.
    public var recall: Int? { found + missed == 0 ? nil : found * 1000 / (found + missed) }

    /// Adds one transcript.
    public mutating func add(_ memories: [Memory], labels: [MemoryLabel]) {
        for label in labels {
            let covered = memories.first(where: label.covers)
            switch (label.keep, covered) {
            case (true, let memory?):
                found += 1
                if let category = label.category, category != memory.category { otherCategory += 1 }
            case (true, nil): missed += 1
            case (false, _?): wrong += 1
            case (false, nil): break
            }
        }
        unlabelled += memories.count { memory in !labels.contains { $0.covers(memory) } }
    }
}
