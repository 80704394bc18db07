public import Memories
public import Transcripts

/// What a change of rules or weights does to the memories of a transcript.
public enum MemoryChange: Sendable {
    case gained(Memory)
    case lost(Memory)
    /// Read out of the same words, or with the same key at the same line.
    case changed(from: Memory, to: Memory)

    /// Where a person looks.
    public var line: Int {
        switch self {
        case .gained(let memory), .lost(let memory), .changed(_, let memory): memory.sightings[0].line
        }
    }
}

/// Reads transcripts under two plans and tells what differs. Belongs to one thread.
public final class ReplayDiff {
    private let old: TranscriptWorker
    private let new: TranscriptWorker

    public init(from old: ExtractionPlan, to new: ExtractionPlan) {
        self.old = TranscriptWorker(plan: old)
        self.new = TranscriptWorker(plan: new)
    }

    /// The changes in the order of their lines, and how many memories stay as they are.
    ///
    /// - Parameter path: A file; it is read twice.
    /// - Throws: `TranscriptSourceError` when it cannot be opened.
    public func changes(in path: String) throws(TranscriptSourceError) -> (changes: [MemoryChange], same: Int) {
        let before = old.extract(try TranscriptSource(path: path), file: path).memories
        let after = new.extract(try TranscriptSource(path: path), file: path).memories
        return ReplayDiff.changes(from: before, to: after)
    }

    /// Pairs memories: equal ones first, then those of the same words, then those of one line and key.
    static func changes(from before: [Memory], to after: [Memory]) -> (changes: [MemoryChange], same: Int) {
        var left = before
        var right = after
        var same = 0
        var changes: [MemoryChange] = []
        func pair(_ isPair: (Memory, Memory) -> Bool, _ body: (Memory, Memory) -> Void) {
            left.removeAll { memory in
                guard let index = right.firstIndex(where: { isPair(memory, $0) }) else { return false }
                body(memory, right.remove(at: index))
                return true
            }
        }
        pair({ isSame($0, $1) }, { _, _ in same += 1 })
        pair({ $0.sightings[0].line == $1.sightings[0].line && $0.sightings[0].quote == $1.sightings[0].quote }) {
            changes.append(.changed(from: $0, to: $1))
        }
        pair({ $0.key != nil && $0.key == $1.key && $0.sightings[0].line == $1.sightings[0].line }) {
            changes.append(.changed(from: $0, to: $1))
        }
        changes += left.map { .lost($0) } + right.map { .gained($0) }
        let ordered = changes.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
        return (ordered.map(\.element), same)
    }

    /// Whether a reader of the store would see no difference: another score or rule for the same memory is none.
    private static func isSame(_ a: Memory, _ b: Memory) -> Bool {
        a.content == b.content && a.category == b.category && a.importance == b.importance && a.key == b.key
            && a.sightings[0].line == b.sightings[0].line && a.sightings[0].role == b.sightings[0].role
    }
}
