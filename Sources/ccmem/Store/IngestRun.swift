import Pipeline
import Projects
import SQLite
import Storage
import Transcripts

/// Ingests a list of transcripts into a project's store.
final class IngestRun {
    let ingester: TranscriptIngester
    private let context: ProjectContext
    private(set) var unchanged = 0
    private(set) var failures: [String] = []
    /// What the files of topics gave; nil when none of them has changed.
    private(set) var topicCounts: IngestCounts?

    init(context: ProjectContext, plan: ExtractionPlan) throws {
        self.context = context
        var existing = try context.openIfThere(.write)
        if let existing { StorePages(context: context, store: existing)?.takeOver() }
        // What people wrote comes first: it stands above what is found.
        if let topics = TopicFiles(context: context, isTrusted: context.isTrusted) {
            let known = existing
            let read = try StoreWords.inWords { () throws(StoreError) in
                try topics.read(known) { () throws(StoreError) in try context.openOrMake() }
            }
            if let read { (existing, topicCounts) = read }
        }
        ingester = TranscriptIngester(plan: plan, existing: existing) { () throws(StoreError) in
            try context.openOrMake()
        }
    }

    /// - Parameter inputs: Empty for the project's own transcripts.
    func ingest(_ inputs: [String], stale: Bool, session: String?) throws {
        let input = try inputs.isEmpty ? pending() : InputFiles.find(inputs, environment: .current())
        failures += input.failures
        for path in input.paths where belongs(path, to: session) { try ingest(path, stale: stale) }
        if stale, inputs.isEmpty { try ingestGone(session: session) }
    }

    /// What the store knows of transcripts, by path.
    func known(_ paths: [String]) throws -> [String: TranscriptState] {
        guard let store = ingester.store else { return [:] }
        return try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in
                var states: [String: TranscriptState] = [:]
                for path in paths { states[path] = try store.transcript(path) }
                return states
            }
        }
    }

    /// Stores a transcript that was read elsewhere.
    func store(_ prepared: PreparedTranscript) throws {
        _ = try StoreWords.inWords { () throws(StoreError) in try ingester.store(prepared) }
    }

    /// Brings the pages beside the store up to date.
    func refreshPages() {
        guard let store = ingester.store else { return }
        StorePages(context: context, store: store)?.refresh()
    }

    private func pending() throws -> InputFiles {
        guard let (_, files) = ClaudeTranscripts.ofProject(.current()) else {
            return InputFiles(paths: [], failures: [])
        }
        return InputFiles(paths: files, failures: [])
    }

    /// A session's file has its name; those of its subagents lie in a folder of that name.
    private func belongs(_ path: String, to session: String?) -> Bool {
        guard let session else { return true }
        return path.hasSuffix("/\(session).jsonl") || path.contains("/\(session)/")
    }

    private func ingest(_ path: String, stale: Bool) throws {
        let result: TranscriptIngester.Result
        do {
            let source = try path == "-" ? TranscriptSource.standardInput : TranscriptSource(path: path)
            result = try ingester.ingest(source, path: Files.realPath(path) ?? path, isStale: stale)
        } catch let error as TranscriptSourceError {
            failures.append(ReaderWords.describe(error))
            return
        } catch let error as StoreError {
            throw StoreWords.error(error)
        }
        switch result {
        case .unchanged: unchanged += 1
        case .nothingFound(let extraction), .stored(let extraction, _, _):
            if let words = ReaderWords.readError(extraction) { failures.append(words) }
        }
    }

    /// Transcripts that Claude Code has deleted: what the archive holds of them is read again.
    private func ingestGone(session: String?) throws {
        guard let store = ingester.store else { return }
        let states = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in try store.transcripts() }
        }
        for state in states where Files.kind(of: state.path) == nil && belongs(state.path, to: session) {
            _ = try StoreWords.inWords { () throws(StoreError) in
                try store.writing { () throws(SQLiteError) in try store.markGone(state.path) }
                return try ingester.ingestArchive(of: state)
            }
        }
    }
}
