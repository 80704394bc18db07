import Extraction
import Pipeline
import Transcripts

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the reader met, in words: the one place where they are chosen.
enum ReaderWords {
    static func describe(_ error: TranscriptSourceError) -> String {
        switch error.code {
        case .notFound: "\(error.path): no such file"
        case .isADirectory: "\(error.path): is a directory"
        case .unreadable: "\(error.path): permission denied"
        case .system(let number): "\(error.path): cannot be opened: \(String(cString: strerror(number)))"
        }
    }

    static func readError(_ extraction: TranscriptExtraction) -> String? {
        extraction.report.readError.map {
            "\(extraction.file): reading stopped in line \(extraction.report.nextLine): \(String(cString: strerror($0)))"
        }
    }

    /// One line for each kind of problem of a transcript.
    static func problems(of extraction: TranscriptExtraction) -> [String] {
        let report = extraction.report
        var words: [String] = []
        if report.malformedLines > 0 {
            let places = report.malformed.map { "\($0.line)" }.joined(separator: ", ")
            let more = report.malformedLines > report.malformed.count ? ", …" : ""
            words.append(
                "\(report.malformedLines) malformed \(plural("line", report.malformedLines)) passed over (\(places)\(more))"
            )
        }
        if report.hasTornLastLine { words.append("the last line is torn and was left for the next run") }
        if report.invalidBytes > 0 {
            words.append("\(report.invalidBytes) bytes of text are no UTF-8 and read as U+FFFD")
        }
        if report.cutBlocks > 0 {
            words.append("\(report.cutBlocks) \(plural("text", report.cutBlocks)) beyond 1 MB cut")
        }
        for limit in extraction.limitReports {
            let consequence = limit.isOff ? "; the rule was off for the rest of the transcript" : ""
            words.append(
                "rule `\(limit.rule)` was stopped \(limit.hits) \(plural("time", limit.hits)) by its match limit\(consequence)"
            )
        }
        return words.map { "\(extraction.file): \($0)" }
    }

    static func plural(_ word: String, _ count: Int) -> String { count == 1 ? word : word + "s" }
}
