import Commands
import Memories
import Pipeline
import Projects
import SQLite
import Storage
import Transcripts

/// Ingests transcripts into a project's store.
final class IngestRun {
    let ingester: TranscriptIngester
    /// Whether the prose of turns is kept.
    let archives: Bool
    private let context: ProjectContext
    private(set) var unchanged = 0
    private(set) var failures: [String] = []
    /// Calls of tools in transcripts that were read for the first time.
    private var pastCalls: [ToolCall] = []
    /// Transcripts that held nothing when there was no store yet.
    private var passedOver: [String] = []
    /// Transcripts in folders of this project that belong to another one or are opted out, in words.
    private(set) var refused: [String] = []
    /// Whether another process is at it and has been told to look again.
    private(set) var leftToAnother = false
    /// What the files of topics gave; nil when none of them has changed.
    private(set) var topicCounts: IngestCounts?

    /// Whether the store holds anything new by now.
    var hasChanged: Bool { ingester.counts.transcripts > 0 || topicCounts != nil }

    init(context: ProjectContext, plan: ExtractionPlan) throws {
        self.context = context
        archives = context.active?.settings.bool(.archiveEnabled) ?? true
        var existing = try context.openIfThere(.write)
        if let existing { StorePages(context: context, store: existing)?.takeOver() }
        // What people wrote comes first: it stands above what is found.
        if let topics = TopicFiles(context: context),
            let read = try topics.read(existing, makeStore: { try context.openOrMake() })
        {
            (existing, topicCounts) = read
        }
        let active = context.active
        ingester = TranscriptIngester(
            plan: plan, existing: existing, archives: archives,
            minimum: context.minimumImportance,
            isOptedOut: { active?.optOut(ofSessionsIn: $0) != nil }, makeStore: { try context.openOrMake() })
    }

    /// What the store knows of transcripts, by path.
    func known(_ paths: [String]) throws -> [String: TranscriptState] {
        guard let store = ingester.store else { return [:] }
        return try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in
                var states: [String: TranscriptState] = [:]
                for path in paths { states[path] = try store.transcript(ingester.storedPath(path)) }
                return states
            }
        }
    }

    /// Stores a transcript that was read elsewhere.
    func store(_ prepared: PreparedTranscript) throws {
        do {
            if case .optedOut(let directory) = try ingester.store(prepared) {
                let words = context.active?.optOut(ofSessionsIn: directory)?.words ?? "it is opted out"
                refused.append("\(prepared.extraction.file): \(words)")
            }
        } catch let error as StoreError {
            throw StoreWords.error(error)
        }
    }

    /// Brings the pages beside the store up to date, and the counts of words and topics.
    func refreshPages() {
        guard let store = ingester.store else { return }
        StorePages(context: context, store: store)?.refresh()
        // What can't be counted now, since another process writes, is counted by whoever asks, or by the next run.
        _ = try? store.countVocabulary()
    }

    /// Files that a person named: taken as they are, whatever project they belong to.
    func ingest(named inputs: [String], isStale: Bool, session: String?) throws {
        let input = InputFiles.find(inputs)
        failures += input.failures
        for path in admitted(input.paths) where belongs(path, to: session) { try ingest(path, isStale: isStale) }
        try ingestPassedOver(isStale: isStale)
        try recordPastCalls()
    }

    /// What was read before there was a store belongs into the archive once there is one: the order of the files does not
    /// matter.
    private func ingestPassedOver(isStale: Bool) throws {
        guard ingester.store != nil, !passedOver.isEmpty else { return }
        let paths = passedOver
        passedOver = []
        for path in paths { try ingest(path, isStale: isStale) }
    }

    /// The named files that no opt-out covers; the others are noted.
    func admitted(_ paths: [String]) -> [String] {
        paths.filter { path in
            guard path != "-", let refusal = context.active?.optOut(ofTranscript: Files.realPath(path) ?? path) else {
                return true
            }
            refused.append("\(path): \(refusal.words)")
            return false
        }
    }

    /// The transcripts that belong to this project by what they tell of themselves; those that were left out are noted.
    ///
    /// - Parameter session: Only its own, and those of its subagents; other files are not even looked into.
    func ownTranscripts(ofSession session: String? = nil) -> [String] {
        let found = IngestRun.transcripts(of: context, session: session)
        refused = found.refused.map { "\($0.path): \($0.reason.words)" }
        return found.accepted.map(\.path)
    }

    /// The transcripts that belong to a project by what they tell of themselves, and those that were left out.
    static func transcripts(of context: ProjectContext, session: String? = nil) -> ProjectTranscripts {
        let settings = context.active?.settings
        return InputFiles.transcripts(
            of: context.location.root, settings, optOuts: settings?.patterns(.excludeProjects) ?? .none, .current(),
            session: session)
    }

    /// The project's own transcripts. One process does this at a time; a second one tells it to look again, and leaves.
    ///
    /// - Parameter waits: Whether to wait for the other one instead.
    func ingestPending(isStale: Bool, session: String?, waits: Bool = false) throws {
        do {
            guard let lock = try waits ? context.location.locking(.ingest) : context.location.tryLocking(.ingest) else {
                try context.location.askForMore(.ingest)
                leftToAnother = true
                return
            }
            _ = context.location.takeRequest(.ingest)
            try ingestOnce(isStale: isStale, session: session)
            // Whoever left word may have meant any session.
            while context.location.takeRequest(.ingest) { try ingestOnce(isStale: isStale, session: nil) }
            lock.keep()
        } catch let failure as FileFailure {
            throw CommandError(failure.message, .unreadableInput)
        }
    }

    private func ingestOnce(isStale: Bool, session: String?) throws {
        for path in ownTranscripts(ofSession: session) where belongs(path, to: session) {
            // Many old sessions take a while; what is left is read after `ccmem resume`.
            if Pause.stops(context.location) { return }
            try ingest(path, isStale: isStale)
        }
        if isStale { try ingestNamedBefore(session: session) }
        try ingestPassedOver(isStale: isStale)
        try recordPastCalls()
        try ingestGone(isStale: isStale, session: session)
    }

    /// Transcripts that a person once named: they lie where no project's are looked for, and other packs have read them.
    private func ingestNamedBefore(session: String?) throws {
        guard let store = ingester.store else { return }
        let states = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in try store.transcripts() }
        }
        let stale = states.filter { ingester.isStale($0) && Files.kind(of: $0.path) != nil }.map(\.path)
        for path in admitted(stale) where belongs(path, to: session) {
            if Pause.stops(context.location) { return }
            try ingest(path, isStale: true)
        }
    }

    /// A session's file has its name; those of its subagents lie in a folder of that name.
    private func belongs(_ path: String, to session: String?) -> Bool {
        guard let session else { return true }
        return path.hasSuffix("/\(session).jsonl") || path.contains("/\(session)/")
    }

    private func ingest(_ path: String, isStale: Bool) throws {
        let result: TranscriptIngester.Result
        let isNew = try path != "-" && known([Files.realPath(path) ?? path]).isEmpty
        do {
            let source = try path == "-" ? TranscriptSource.standardInput : TranscriptSource(path: path)
            result = try ingester.ingest(source, path: Files.realPath(path) ?? path, isStale: isStale)
        } catch let error as TranscriptSourceError {
            failures.append(ReaderWords.describe(error))
            return
        } catch let error as StoreError {
            throw StoreWords.error(error)
        }
        if case .stored = result {
            try saveHandoff(path)
            if isNew { pastCalls += PastToolCalls.calls(of: path, root: context.root) }
        }
        switch result {
        case .unchanged: unchanged += 1
        case .ownCall: refused.append("\(path): it is a request of ccmem's own to a language model")
        case .optedOut(let directory):
            let words = context.active?.optOut(ofSessionsIn: directory)?.words ?? "it is opted out"
            refused.append("\(path): \(words)")
        case .nothingFound(let extraction), .stored(let extraction, _, _):
            if case .nothingFound = result, path != "-" { passedOver.append(path) }
            if let words = ReaderWords.readError(extraction) { failures.append(words) }
        }
    }

    /// Failures of sessions that no hook has seen, such as those from before the installation.
    private func recordPastCalls() throws {
        guard let store = ingester.store, !pastCalls.isEmpty else { return }
        let calls = pastCalls
        pastCalls = []
        _ = try StoreWords.inWords { () throws(StoreError) in
            try store.writing { () throws(SQLiteError) in try store.recordPast(calls) }
        }
    }

    /// Where the session of a transcript was left. Those of subagents tell nothing of it.
    private func saveHandoff(_ path: String) throws {
        guard path != "-", !path.contains("/subagents/"), let store = ingester.store,
            let source = try? TranscriptSource(path: path)
        else { return }
        let items = HandoffReading.items(of: source, clean: StoredText.clean)
        let name = ingester.storedPath(Files.realPath(path) ?? path)
        try StoreWords.inWords { () throws(StoreError) in
            guard let session = try store.reading({ () throws(SQLiteError) in try store.transcript(name)?.sessionID })
            else { return }
            try store.writing { () throws(SQLiteError) in try store.save(items, ofSession: session) }
        }
    }

    /// Transcripts that Claude Code has deleted: noted, and read again out of the archive when packs have changed.
    private func ingestGone(isStale: Bool, session: String?) throws {
        guard let store = ingester.store else { return }
        do {
            let states = try store.reading { () throws(SQLiteError) in try store.transcripts() }
            for state in states where Files.kind(of: state.path) == nil && belongs(state.path, to: session) {
                if !state.isGone {
                    try store.writing { () throws(SQLiteError) in try store.markGone(state.path) }
                }
                if isStale { _ = try ingester.ingestArchive(of: state) }
            }
        } catch let error as StoreError {
            throw StoreWords.error(error)
        }
    }
}
