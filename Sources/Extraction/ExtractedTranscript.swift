import Transcripts

/// What was found in one transcript, and what was passed over.
public struct ExtractedTranscript: Sendable {
    /// In order of their place.
    public var candidates: [Candidate] = []
    /// Segments that were looked at.
    public var segmentCount = 0
    /// Segments that could not reach the threshold.
    public var belowFloor = 0
    /// What they gave, when the judge keeps it.
    public var below: [Candidate] = []
    /// Candidates that gave way to better ones because there were too many.
    public var dropped = 0
    public var limitReports: [LimitReport] = []
    /// Lines left out of prose, by `SegmentedText.Excluded`.
    public var excludedLines = [Int](repeating: 0, count: SegmentedText.Excluded.allCases.count)

    mutating func count(_ cut: SegmentedText) {
        for index in excludedLines.indices { excludedLines[index] += cut.excludedLines[index] }
    }
}
