import CResidentMemory
import Commands
import Dispatch
import Memories
import Pipeline
import Projects
import SQLite
import Storage
import Synchronization
import Transcripts

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

enum ProcessorCount {
    static var online: Int { max(1, min(256, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}

/// Reads transcripts with several workers; what comes out does not depend on their number.
struct ExtractionRun {
    var plan: ExtractionPlan
    var jobs: Int
    var showsProgress: Bool

    /// What is read of a transcript.
    private enum Purpose: Sendable {
        /// What is worth remembering.
        case look
        /// The same in the form in which it would be stored.
        case compare
        /// That and the turns behind what the store has read already.
        case store([String: TranscriptState], archives: Bool)
    }

    /// Input that is read before any of it is stored, in bytes: turns are held so long.
    private static let portion = 64 << 20

    private struct Read {
        var extraction: TranscriptExtraction
        var prepared: PreparedTranscript?
    }

    private struct Shared {
        var next: Int
        var results: [Result<Read, ReadFailure>?]
        var progress: ProgressBar
    }

    private struct ReadFailure: Error {
        var words: String
    }

    /// Reads all, and stores nothing.
    func read(_ input: InputFiles) -> RunResult {
        var progress = bar(input)
        let results = read(input.paths[...], .look, &progress)
        progress.finish()
        return result(of: results, input)
    }

    /// The same, with what would become of each memory in a store.
    ///
    /// - Parameters:
    ///   - store: Nil when there is none: then all is new.
    ///   - minimum: What is new and below it would not be stored.
    func read(_ input: InputFiles, against store: MemoryStore?, minimum: Importance) throws -> RunResult {
        var progress = bar(input)
        let results = read(input.paths[...], .compare, &progress)
        progress.finish()
        var result = result(of: results, input)
        var outcomes: [[RecordPreview]] = []
        for case .success(let read) in results {
            let memories = read.prepared?.harvest.memories ?? []
            guard let store else {
                outcomes.append(memories.map { $0.importance < minimum ? .refused(.unimportant) : .inserted })
                continue
            }
            outcomes.append(
                try StoreWords.inWords { () throws(StoreError) in
                    try store.reading { () throws(SQLiteError) in
                        var found: [RecordPreview] = []
                        for memory in memories { found.append(try store.outcome(of: memory, minimum: minimum)) }
                        return found
                    }
                })
        }
        result.outcomes = outcomes
        return result
    }

    /// Reads all, and stores each transcript in its turn.
    func read(_ input: InputFiles, into run: IngestRun) throws -> RunResult {
        var progress = bar(input)
        var all: [Result<Read, ReadFailure>] = []
        var rest = input.paths[...]
        while !rest.isEmpty {
            var bytes = 0
            let portion = rest.prefix { path in
                defer { bytes += size(of: path) }
                return bytes < ExtractionRun.portion
            }
            rest = rest.dropFirst(portion.count)
            let known = try run.known(portion.map { Files.realPath($0) ?? $0 })
            for result in read(portion, .store(known, archives: run.archives), &progress) {
                guard case .success(var read) = result, let prepared = read.prepared else {
                    all.append(result)
                    continue
                }
                try run.store(prepared)
                read.prepared = nil
                all.append(.success(read))
            }
        }
        progress.finish()
        return result(of: all, input)
    }

    // MARK: -

    /// In the order of the paths.
    private func read(
        _ paths: ArraySlice<String>, _ purpose: Purpose, _ progress: inout ProgressBar
    ) -> [Result<Read, ReadFailure>] {
        let paths = Array(paths)
        let shared = Mutex(
            Shared(next: 0, results: Array(repeating: nil, count: paths.count), progress: progress))
        let work = { @Sendable (_: Int) in
            let worker = TranscriptWorker(plan: plan)
            resident_memory_give_back()
            while let index = shared.withLock({ state -> Int? in
                guard state.next < paths.count else { return nil }
                defer { state.next += 1 }
                return state.next
            }) {
                let result = read(paths[index], purpose, worker)
                shared.withLock {
                    $0.results[index] = result
                    $0.progress.advance(bytes: size(of: paths[index]))
                }
            }
        }
        let workers = max(1, min(jobs, paths.count))
        if workers == 1 {
            work(0)
        } else {
            DispatchQueue.concurrentPerform(iterations: workers, execute: work)
        }
        return shared.withLock { state in
            progress = state.progress
            return state.results.compactMap { $0 }
        }
    }

    private func read(_ path: String, _ purpose: Purpose, _ worker: TranscriptWorker) -> Result<Read, ReadFailure> {
        do throws(TranscriptSourceError) {
            let source = try path == "-" ? TranscriptSource.standardInput : TranscriptSource(path: path)
            let real = Files.realPath(path) ?? path
            var known: TranscriptState?
            var archives = true
            switch purpose {
            case .look: return .success(Read(extraction: worker.extract(source, file: path)))
            case .compare: break
            case .store(let states, let keepsTurns):
                archives = keepsTurns
                known = states[real].flatMap { TranscriptTail.change(source, since: $0) == .rewritten ? nil : $0 }
            }
            var early: [NewTurn] = []
            var prepared = worker.prepare(
                source, path: real, known: known, archives: archives, overflow: { early += $0 })
            prepared.harvest.turns = early + prepared.harvest.turns
            prepared.extraction.file = path
            if case .compare = purpose { prepared.harvest.turns = [] }
            return .success(Read(extraction: prepared.extraction, prepared: prepared))
        } catch {
            return .failure(ReadFailure(words: ReaderWords.describe(error)))
        }
    }

    private func result(of results: [Result<Read, ReadFailure>], _ input: InputFiles) -> RunResult {
        var extractions: [TranscriptExtraction] = []
        var failures = input.failures
        for result in results {
            switch result {
            case .success(let read): extractions.append(read.extraction)
            case .failure(let failure): failures.append(failure.words)
            }
        }
        return RunResult(extractions: extractions, failures: failures)
    }

    private func bar(_ input: InputFiles) -> ProgressBar {
        ProgressBar(totalBytes: showsProgress ? input.paths.reduce(0) { $0 + size(of: $1) } : 0)
    }

    private func size(of path: String) -> Int {
        var info = stat()
        return path != "-" && stat(path, &info) == 0 ? Int(info.st_size) : 0
    }
}

/// All that a run found.
struct RunResult {
    /// In the order of their paths.
    var extractions: [TranscriptExtraction]
    /// What would become of each memory in the store, in the order of the memories; empty when nobody asked.
    var outcomes: [[RecordPreview]] = []
    /// What could not be read, in words.
    var failures: [String]

    init(extractions: [TranscriptExtraction], failures: [String]) {
        self.extractions = extractions
        self.failures = failures
        for extraction in extractions {
            if let words = ReaderWords.readError(extraction) { self.failures.append(words) }
        }
    }

    var memoryCount: Int { extractions.reduce(0) { $0 + $1.memories.count } }

    /// What was passed over in input that could be read.
    var problems: [String] { extractions.flatMap(ReaderWords.problems) }

    /// What would become of a memory; nil when nobody asked.
    func outcome(_ extraction: Int, _ memory: Int) -> RecordPreview? {
        outcomes.isEmpty ? nil : outcomes[extraction][memory]
    }

    mutating func apply(_ filter: MemoryFilter) {
        for index in extractions.indices {
            if !outcomes.isEmpty {
                outcomes[index] = zip(extractions[index].memories, outcomes[index]).filter { filter.includes($0.0) }
                    .map(\.1)
            }
            extractions[index].memories.removeAll { !filter.includes($0) }
            extractions[index].refusals.removeAll { !filter.includes($0.memory) }
        }
    }
}

/// What a person asked to see.
struct MemoryFilter {
    var categories: [MemoryCategory]
    var roles: [Role]
    var minimum: Int
    var since: WrittenTime?

    func includes(_ memory: Memory) -> Bool {
        (categories.isEmpty || categories.contains(memory.category))
            && (roles.isEmpty || roles.contains(memory.sightings[0].role))
            && memory.importance.level >= minimum
            && (since.map { since in memory.sightings.contains { since.includes($0.timestamp) } } ?? true)
    }
}
