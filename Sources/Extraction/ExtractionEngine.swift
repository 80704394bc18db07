public import Memories
public import RulePacks

/// What extraction works with: rules and the phrases of a scoring table. Shared by all workers.
public struct ExtractionEngine: Sendable {
    public let rules: [Rule]
    public let table: ScoringTable
    public let vocabulary: FeatureVocabulary
    /// False tries every rule on every segment, which is slow; it gives the same.
    public var usesPrefilter = true

    /// - Parameters:
    ///   - rules: In the order that decides between equals.
    ///   - table: Its cues become features.
    public init(rules: [Rule], table: ScoringTable) {
        self.rules = rules
        self.table = table
        vocabulary = FeatureVocabulary(table)
    }

    /// What one thread needs: compiled patterns and the memory to match in.
    public func makeWorker() -> ExtractionWorker {
        ExtractionWorker(SegmentReader(rules: rules, table: table, usesPrefilter: usesPrefilter))
    }
}

/// Belongs to one thread; reads one transcript after the other.
public final class ExtractionWorker {
    private let reader: SegmentReader

    init(_ reader: SegmentReader) {
        self.reader = reader
    }

    /// Measures what patterns cost; set it before the first transcript.
    package var clock: RuleClock? {
        get { reader.matcher.clock }
        set { reader.matcher.clock = newValue }
    }

    /// Begins a transcript. Finish it before the next one begins.
    public func makeExtractor(judge: TranscriptExtractor.Judge) -> TranscriptExtractor {
        TranscriptExtractor(reader: reader, judge: judge)
    }
}
