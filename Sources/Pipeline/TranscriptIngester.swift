import Memories
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
        case stored(TranscriptExtraction, IngestCounts, [RecordOutcome])
    }

    private let worker: TranscriptWorker
    private let planIdentity: String
    private let archives: Bool
    private let openStore: () throws(StoreError) -> MemoryStore
    private let existing: MemoryStore?
    private var opened: MemoryStore?
    /// The run, once it has stored something.
    public private(set) var ingestID: Int?
    public private(set) var counts = IngestCounts()

    /// - Parameters:
    ///   - existing: The store, when there is one.
    ///   - makeStore: Makes it; called when the first memory is found.
    ///   - archives: Whether the prose of turns is kept too.
    public init(
        plan: ExtractionPlan, existing: MemoryStore?, archives: Bool = true,
        makeStore: @escaping () throws(StoreError) -> MemoryStore
    ) {
        worker = TranscriptWorker(plan: plan)
        planIdentity = plan.identity
        self.existing = existing
        self.archives = archives
        openStore = makeStore
    }

    /// The store, when there is one by now.
    public var store: MemoryStore? { existing ?? opened }

    /// Reads a transcript and stores what is new.
    ///
    /// - Parameters:
    ///   - path: What the store calls it; absolute.
    ///   - isStale: Also when nothing but the packs has changed since.
    ///   - isForced: Whatever the store knows of it.
    public func ingest(
        _ source: borrowing TranscriptSource, path: String, isStale: Bool = false, isForced: Bool = false
    ) throws(StoreError) -> Result {
        var known: TranscriptState?
        if let store {
            known = try store.reading { () throws(SQLiteError) in try store.transcript(path) }
        }
        if let state = known {
            switch TranscriptTail.change(source, since: state) {
            case .none where !isForced && !(isStale && state.plan != planIdentity): return .unchanged
            case .none, .appended: break
            case .rewritten: known = nil
            }
        }
        let prepared = worker.prepare(source, path: path, known: known, archives: archives)
        return try store(prepared)
    }

    /// Stores what was read elsewhere.
    public func store(_ prepared: PreparedTranscript) throws(StoreError) -> Result {
        if store == nil, prepared.harvest.memories.isEmpty { return .nothingFound(prepared.extraction) }
        return try save(prepared)
    }

    /// Reads a transcript that is gone again, out of the archive.
    public func ingestArchive(of state: TranscriptState) throws(StoreError) -> Result {
        guard let store else { return .unchanged }
        let turns = try store.reading { () throws(SQLiteError) in try store.turns(ofTranscript: state.path) }
        guard !turns.isEmpty else { return .unchanged }
        return try save(worker.prepare(turns, state: state))
    }

    private func save(_ prepared: PreparedTranscript) throws(StoreError) -> Result {
        let store: MemoryStore
        if let known = self.store {
            store = known
        } else {
            store = try openStore()
            opened = store
        }
        var begun = ingestID
        let (counts, outcomes) = try store.writing { () throws(SQLiteError) in
            let ingest: Int
            if let begun {
                ingest = begun
            } else {
                ingest = try store.beginIngest(.ingest)
                begun = ingest
            }
            return try store.store(prepared.harvest, ingest: ingest)
        }
        ingestID = begun
        self.counts += counts
        return .stored(prepared.extraction, counts, outcomes)
    }
}
