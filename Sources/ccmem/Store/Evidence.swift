import Commands
import Memories
import SQLite
import Storage
import Transcripts

/// The words around a sighting, and who vouches for them.
struct Evidence {
    enum Source: String {
        /// They still stand in that line of the transcript.
        case transcript
        /// The transcript is gone or says something else; the archive has them.
        case archive
        /// Neither has them any more: only the quote is left.
        case unverifiable
        /// A person gave them to the command.
        case command
    }

    var source: Source
    /// What stands before and behind the quote in its message; empty when nobody knows.
    var before = ""
    var after = ""

    /// Characters of a message that are shown on either side of the quote.
    private static let reach = 120

    static func find(_ sighting: StoredSighting, in store: MemoryStore) throws(SQLiteError) -> Evidence {
        guard let path = sighting.path, let line = sighting.line else {
            // The archive may know the turn even where no transcript is named.
            if let turn = sighting.turnID, let stored = try store.turn(turn),
                let found = Evidence(quote: sighting.quote, in: stored.text, .archive)
            {
                return found
            }
            return Evidence(source: sighting.line == nil && sighting.sessionID == nil ? .command : .unverifiable)
        }
        for text in texts(ofLine: line, role: sighting.role, in: path) {
            if let found = Evidence(quote: sighting.quote, in: text, .transcript) { return found }
        }
        if let turn = sighting.turnID, let stored = try store.turn(turn),
            let found = Evidence(quote: sighting.quote, in: stored.text, .archive)
        {
            return found
        }
        return Evidence(source: .unverifiable)
    }

    private init(source: Source) { self.source = source }

    /// Nil when the quote does not stand in the text. White space and bold marks do not count.
    private init?(quote: String, in text: String, _ source: Source) {
        let text = Evidence.folded(text)
        let quote = Evidence.folded(quote)
        guard !quote.isEmpty, let range = text.firstRange(of: quote) else { return nil }
        let head = text[..<range.lowerBound]
        let tail = text[range.upperBound...]
        self.source = source
        before = (head.count > Evidence.reach ? "…" : "") + head.suffix(Evidence.reach)
        after = tail.prefix(Evidence.reach) + (tail.count > Evidence.reach ? "…" : "")
    }

    private static func folded(_ text: String) -> String {
        text.replacing("**", with: "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// One line of a file of topics.
    private static func topic(_ line: Int, in path: String) -> String? {
        guard let bytes = try? WholeFile.read(path, limit: 1 << 20) else { return nil }
        let lines = bytes.split(separator: 0x0A, maxSplits: line, omittingEmptySubsequences: false)
        return line >= 1 && line <= lines.count ? String(decoding: lines[line - 1], as: UTF8.self) : nil
    }

    /// What is said in one line of a transcript; empty when it can't be read.
    private static func texts(ofLine line: Int, role: String?, in path: String) -> [String] {
        if path.hasSuffix(".md") { return topic(line, in: path).map { [$0] } ?? [] }
        guard let source = try? TranscriptSource(path: path), source.size != nil else { return [] }
        var found: [String] = []
        var options = ReaderOptions()
        // Any tool's output may have been read by a rule of its own.
        options.includesToolErrors = true
        var reader = TranscriptReader(options: options)
        _ = reader.read(source) { event in
            guard case .block(let block, let text) = event, block.line == line,
                role == nil || block.role.rawValue == role
            else { return }
            found.append(String(decoding: text, as: UTF8.self))
        }
        return found
    }
}
