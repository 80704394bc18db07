public import Memories
import SQLite
public import Storage
public import Transcripts

/// Brings transcripts into a store, one transaction each. Belongs to one thread.
public final class TranscriptIngester {
    /// What became of one transcript.
    public enum Result: Sendable {
        /// It is as it was when it was read last.
        case unchanged
        /// Nothing in it is worth a store that does not exist yet.
        case nothingFound(TranscriptExtraction)
        /// The user wants sessions of this directory left alone.
        case optedOut(directory: String)
        /// It is a request of ccmem's own to a model.
        case ownCall
        case stored(TranscriptExtraction, IngestCounts, [RecordOutcome])
    }

    private let worker: TranscriptWorker
    private let planIdentity: String
    private let archives: Bool
    private let minimum: Importance
    private let isOptedOut: (String) -> Bool
    private let openStore: () throws -> MemoryStore
    private let existing: MemoryStore?
    private var opened: MemoryStore?
    /// The run, once it has stored something.
    public private(set) var ingestID: Int?
    public private(set) var counts = IngestCounts()
    /// Files whose end was cut off since they were read.
    public private(set) var cutOff: [String] = []

    /// - Parameters:
    ///   - existing: The store, when there is one.
    ///   - makeStore: Makes it; called when the first memory is found.
    ///   - archives: Whether the prose of turns is kept too.
    ///   - minimum: New memories below this importance are not stored; what is stored already stays.
    ///   - isOptedOut: Whether sessions that began in a directory are to be left alone.
    public init(
        plan: ExtractionPlan, existing: MemoryStore?, archives: Bool = true, minimum: Importance = .init(clamping: 1),
        isOptedOut: @escaping (String) -> Bool = { _ in false }, makeStore: @escaping () throws -> MemoryStore
    ) {
        worker = TranscriptWorker(plan: plan)
        planIdentity = plan.identity
        self.existing = existing
        self.archives = archives
        self.minimum = minimum
        self.isOptedOut = isOptedOut
        openStore = makeStore
    }

    /// The store, when there is one by now.
    public var store: MemoryStore? { existing ?? opened }

    /// What the store calls a transcript.
    public func storedPath(_ path: String) -> String { worker.storedPath(path) }

    /// Reads a transcript and stores what is new.
    ///
    /// - Parameters:
    ///   - path: Absolute.
    ///   - isStale: Also when nothing but the packs has changed since.
    /// - Throws: `StoreError`, or what `makeStore` throws.
    public func ingest(
        _ source: borrowing TranscriptSource, path: String, isStale: Bool = false
    ) throws -> Result {
        let name = worker.storedPath(path)
        var known: TranscriptState?
        if let store {
            known = try store.reading { () throws(SQLiteError) in try store.transcript(name) }
        }
        if let state = known {
            switch TranscriptTail.change(source, since: state) {
            case .none where !(isStale && state.plan != planIdentity): return .unchanged
            case .none, .appended: break
            case .rewritten: known = nil
            }
        }
        var overflowed: Swift.Result<Int, any Error> = .success(0)
        var early: [NewTurn] = []
        var prepared = worker.prepare(source, path: path, known: known, archives: archives) { turns in
            // What can't be looked at beforehand is not stored before it has told its directory.
            guard source.isSeekable else { return early += turns }
            guard case .success(let count) = overflowed else { return }
            overflowed = Swift.Result { try count + archive(turns, path: name) }
        }
        prepared.harvest.turns = early + prepared.harvest.turns
        let archivedBefore = try overflowed.get()
        return try store(prepared, archivedBefore: archivedBefore)
    }

    /// Stores what was read elsewhere.
    public func store(_ prepared: PreparedTranscript, archivedBefore: Int = 0) throws -> Result {
        if prepared.isOwnCall { return .ownCall }
        if let directory = prepared.harvest.cwd, isOptedOut(directory) { return .optedOut(directory: directory) }
        if store == nil, !prepared.harvest.memories.contains(where: { $0.importance >= minimum }) {
            return .nothingFound(prepared.extraction)
        }
        return try save(prepared, archivedBefore: archivedBefore)
    }

    /// Whether other packs or weights than today's have read a transcript.
    public func isStale(_ state: TranscriptState) -> Bool { state.plan != planIdentity }

    /// Reads a transcript that is gone again, out of the archive, when older packs have read it.
    public func ingestArchive(of state: TranscriptState) throws -> Result {
        guard let store, state.plan != planIdentity else { return .unchanged }
        let turns = try store.reading { () throws(SQLiteError) in try store.turns(ofTranscript: state.path) }
        guard !turns.isEmpty else { return .unchanged }
        return try save(worker.prepare(turns, state: state))
    }

    private func storeMakingIt() throws -> MemoryStore {
        if let store { return store }
        let store = try openStore()
        opened = store
        return store
    }

    /// Stores turns of a transcript that is still being read. Its offset is saved at the end, so a run that is killed here
    /// is repeated, and finds these turns stored.
    private func archive(_ turns: [NewTurn], path: String) throws -> Int {
        let store = try storeMakingIt()
        return try store.writing { () throws(SQLiteError) in try store.archive(turns, ofTranscript: path) }
    }

    private func save(_ prepared: PreparedTranscript, archivedBefore: Int = 0) throws -> Result {
        let store = try storeMakingIt()
        var begun = ingestID
        // Only now: opt-outs look at the directory as it stands.
        var prepared = prepared
        prepared.harvest.cwd = prepared.harvest.cwd.map(worker.cleaned)
        prepared.harvest.branch = prepared.harvest.branch.map(worker.cleaned)
        var (counts, outcomes) = try store.writing { () throws(SQLiteError) in
            let ingest: Int
            if let begun {
                ingest = begun
            } else {
                ingest = try store.beginIngest(.ingest)
                begun = ingest
            }
            return try store.store(prepared.harvest, minimum: minimum, ingest: ingest)
        }
        ingestID = begun
        counts.turns += archivedBefore
        self.counts += counts
        if counts.cutOff > 0 { cutOff.append(prepared.harvest.state.path) }
        return .stored(prepared.extraction, counts, outcomes)
    }
}
