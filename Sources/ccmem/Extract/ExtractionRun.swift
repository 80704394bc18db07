import Dispatch
import Memories
import Pipeline
import Projects
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

    private struct Shared {
        var next = 0
        var results: [TranscriptExtraction?]
        var failures: [String?]
        var progress: ProgressBar
    }

    func read(_ input: InputFiles) -> RunResult {
        let sizes = input.paths.map { $0 == "-" ? 0 : size(of: $0) }
        let shared = Mutex(
            Shared(
                results: Array(repeating: nil, count: input.paths.count),
                failures: Array(repeating: nil, count: input.paths.count),
                progress: ProgressBar(totalBytes: showsProgress ? sizes.reduce(0, +) : 0)))
        let work = { @Sendable (_: Int) in
            let worker = TranscriptWorker(plan: plan)
            while let index = shared.withLock({ state -> Int? in
                guard state.next < input.paths.count else { return nil }
                defer { state.next += 1 }
                return state.next
            }) {
                let path = input.paths[index]
                do {
                    let source = try path == "-" ? TranscriptSource.standardInput : TranscriptSource(path: path)
                    let extraction = worker.extract(source, file: path)
                    shared.withLock {
                        $0.results[index] = extraction
                        $0.progress.advance(bytes: sizes[index])
                    }
                } catch {
                    let words = (error as? TranscriptSourceError).map(ReaderWords.describe) ?? "\(path): cannot be read"
                    shared.withLock { $0.failures[index] = words }
                }
            }
        }
        let workers = max(1, min(jobs, input.paths.count))
        if workers == 1 {
            work(0)
        } else {
            DispatchQueue.concurrentPerform(iterations: workers, execute: work)
        }
        return shared.withLock { state in
            state.progress.finish()
            return RunResult(
                extractions: state.results.compactMap { $0 },
                failures: input.failures + state.failures.compactMap { $0 })
        }
    }

    private func size(of path: String) -> Int {
        var info = stat()
        return stat(path, &info) == 0 ? Int(info.st_size) : 0
    }
}

/// All that a run found.
struct RunResult {
    /// In the order of their paths.
    var extractions: [TranscriptExtraction]
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

    mutating func apply(_ filter: MemoryFilter) {
        for index in extractions.indices {
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
    var since: Since?

    func includes(_ memory: Memory) -> Bool {
        (categories.isEmpty || categories.contains(memory.category))
            && (roles.isEmpty || roles.contains(memory.sightings[0].role))
            && memory.importance.level >= minimum
            && (since.map { since in memory.sightings.contains { since.includes($0.timestamp) } } ?? true)
    }
}
