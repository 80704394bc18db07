import JSON

/// Reads Claude Code's JSONL as it really is, and hands out the words in it with whose they are.
///
/// Nothing that a file can hold stops it: broken lines are counted and reported, their neighbours are read. Memory is
/// bounded whatever the size of a file or a line.
public struct TranscriptReader {
    private let options: ReaderOptions
    private var entries: EntryReader

    public init(options: ReaderOptions = ReaderOptions()) {
        self.options = options
        entries = EntryReader(options: options)
    }

    /// Reads from `offset` to the end.
    ///
    /// The last line counts as complete when a newline ends it or when it is a whole object; else it is left for the next
    /// run, which starts at the report's `nextOffset` and `nextLine`.
    ///
    /// - Parameters:
    ///   - offset: where a line begins, in bytes.
    ///   - firstLine: the number of that line.
    ///   - visit: called for each event, in the order of the file.
    public mutating func read(
        _ source: borrowing TranscriptSource, from offset: Int = 0, firstLine: Int = 1,
        visit: (TranscriptEvent) -> Void
    ) -> TranscriptReport {
        entries.begin(isFromStart: offset == 0)
        var report = TranscriptReport()
        report.nextOffset = offset
        report.nextLine = firstLine
        if let size = source.size, offset > size {
            report.startedBeyondEnd = true
            return report
        }
        var window = LineWindow(
            chunkSize: options.chunkSize, lineLimit: options.lineLimit, offset: source.isSeekable ? offset : 0,
            limits: options.condenserLimits)
        if !source.isSeekable { window.discard(offset, source) }
        var isFirst = true
        while let line = window.next(source) {
            if isFirst, line.length == 0, line.isTerminated, endsWithoutNewline(source, at: offset) {
                // The newline of the last line of the run before, which came without it.
                report.nextOffset = line.offset + 1
                isFirst = false
                continue
            }
            isFirst = false
            guard entries.read(line, number: report.nextLine, report: &report, visit: visit) else {
                report.hasTornLastLine = true
                break
            }
            report.nextOffset = window.offset
            report.nextLine += 1
        }
        report.readError = window.readError
        entries.finish(&report)
        return report
    }

    /// Whether the byte before `offset` is not a newline.
    private func endsWithoutNewline(_ source: borrowing TranscriptSource, at offset: Int) -> Bool {
        guard source.isSeekable, offset > 0 else { return false }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1) { byte in
            guard let base = byte.baseAddress, source.read(into: base, count: 1, at: offset - 1) == 1 else {
                return false
            }
            return base.pointee != 0x0A
        }
    }
}
