public import Extraction
public import Memories
public import Redaction
import RulePacks
public import Transcripts

/// What was read out of one transcript.
public struct TranscriptExtraction: Sendable {
    /// The path as it was given.
    public var file: String
    /// In order of their line.
    public var memories: [Memory]
    /// In order of their line; empty unless the plan keeps refusals.
    public var refusals: [Refusal]
    public var refusalCounts: RefusalCounts
    /// Sentences, list items and labels that were looked at.
    public var segmentCount: Int
    /// Patterns that were stopped by their limits.
    public var limitReports: [LimitReport]
    public var report: TranscriptReport
    /// What was taken out of what is kept, and the private spans of the whole.
    public var redaction = RedactionReport()
}

/// Reads transcripts one after the other, with compiled patterns kept in between. Belongs to one thread.
public final class TranscriptWorker {
    let plan: ExtractionPlan
    private let worker: ExtractionWorker
    private var reader: TranscriptReader
    let redactor: RedactionWorker?

    var planIdentity: String { plan.identity }

    public init(plan: ExtractionPlan) {
        self.plan = plan
        worker = plan.engine.makeWorker()
        redactor = plan.redactor?.makeWorker()
        reader = TranscriptReader(options: TranscriptWorker.options(plan))
    }

    /// The whole journey: reader → segments → rules and features → score → choice.
    ///
    /// - Parameter visit: Gets each event before it is looked at.
    public func extract(
        _ source: borrowing TranscriptSource, file: String, visit: (TranscriptEvent) -> Void = { _ in }
    ) -> TranscriptExtraction {
        var extractor = worker.makeExtractor(judge: plan.judge())
        var privateSpans = 0
        let report = reader.read(source) { event in
            withoutPrivateText(event, &privateSpans) { event in
                visit(event)
                extractor.add(event)
            }
        }
        var extraction = choose(from: extractor.finish(), file: file, report: report)
        extraction.redaction.privateSpans += privateSpans
        return extraction
    }

    /// The same for blocks that are no file any more.
    func extract(
        _ blocks: [(block: Block, text: String)], file: String, visit: (TranscriptEvent) -> Void
    ) -> TranscriptExtraction {
        var extractor = worker.makeExtractor(judge: plan.judge())
        for (block, text) in blocks {
            var text = text
            text.withUTF8 { bytes in
                let event = TranscriptEvent.block(block, bytes)
                visit(event)
                extractor.add(event)
            }
        }
        return choose(from: extractor.finish(), file: file, report: TranscriptReport())
    }

    /// What the words of a person give by themselves.
    public func extract(statement: String) -> TranscriptExtraction {
        let block = Block(kind: .prose, role: .user, line: 1)
        return extract([(block, statement)], file: "") { _ in }
    }

    /// Hands the event on; what stands between `<private>` tags goes before anything looks at it, for it may span sentences.
    /// Secrets are looked for later, in what is kept: that is a thousandth of the text.
    private func withoutPrivateText(
        _ event: TranscriptEvent, _ spans: inout Int, _ body: (TranscriptEvent) -> Void
    ) {
        guard redactor != nil, case .block(let block, let text) = event, let clean = PrivateText.removed(from: text)
        else {
            return body(event)
        }
        spans += clean.spanCount
        clean.text.withUnsafeBufferPointer { body(.block(block, $0)) }
    }

    private func choose(
        from found: ExtractedTranscript, file: String, report: TranscriptReport
    ) -> TranscriptExtraction {
        var selection = Selection(plan: plan)
        var (memories, refusals) = selection.choose(from: found.candidates, below: found.below)
        var redaction = RedactionReport()
        if let redactor {
            var cleaning = MemoryRedaction(redactor)
            for index in memories.indices { cleaning.redact(&memories[index]) }
            redaction = cleaning.report
            for index in refusals.indices { cleaning.redact(&refusals[index].memory) }
        }
        var counts = selection.counts
        counts.score += found.belowFloor
        counts.limit += found.dropped
        return TranscriptExtraction(
            file: file, memories: memories, refusals: refusals, refusalCounts: counts,
            segmentCount: found.segmentCount, limitReports: found.limitReports, report: report, redaction: redaction)
    }

    /// Only tools that a rule names are decoded; where a rule wants any, those that speak in words, and what people's own
    /// rules name.
    static func options(_ plan: ExtractionPlan) -> ReaderOptions {
        var options = ReaderOptions()
        let rules = plan.engine.rules.filter { $0.roles.contains(.tool) && $0.status != .deprecated }
        let wantsAny = rules.contains { $0.tools.isEmpty }
        if !wantsAny { options.toolResults = [] }
        for rule in rules where !wantsAny || rule.isOwn || rule.isOfDomain {
            options.toolResults.formUnion(rule.tools)
        }
        options.includesToolErrors = !rules.isEmpty
        return options
    }
}
