import JSON

/// Fields that stand side by side in an entry and hardly ever change from line to line: the session's own.
///
/// Where the same bytes follow in another line, between two values of its top level, they mean the same: the fields are
/// taken over without a walk.
struct FieldRun {
    private var bytes: [UInt8] = []
    /// The first eight of them, which tell most places apart without a call.
    private var head: UInt64 = 0
    /// Where the values stand, from the beginning of the run.
    private var cwd: Range<Int>?
    private var sessionID: Range<Int>?
    private var gitBranch: Range<Int>?
    private var isSidechain: Bool?

    /// Takes the fields over when the scanner stands before the same bytes, and passes over them.
    @inline(__always)
    func apply(to entry: inout Entry, _ scanner: inout JSONScanner) -> Bool {
        let start = scanner.offset
        guard scanner.nextWord == head, bytes.withUnsafeBufferPointer({ scanner.pass($0) }) else { return false }
        if let cwd { entry.cwd = scanner.string(at: cwd, from: start) }
        if let sessionID { entry.sessionID = scanner.string(at: sessionID, from: start) }
        if let gitBranch { entry.gitBranch = scanner.string(at: gitBranch, from: start) }
        if let isSidechain { entry.isSidechain = isSidechain }
        return true
    }

    /// What is noted of a run while its fields are read one by one.
    struct Draft {
        /// Where the run begins in the line; nil before its first field.
        fileprivate var start: Int?
        /// Behind its last string. A run never ends with another value, the end of which depends on what follows.
        fileprivate var end = 0
        /// How many strings are in it.
        fileprivate var strings = 0
        var cwd: Range<Int>?
        var sessionID: Range<Int>?
        var gitBranch: Range<Int>?
        /// The value, and where it ends.
        fileprivate var isSidechain: (value: Bool, end: Int)?

        /// Notes a field that was just read. One that is not a string has no place in a run, and spoils it.
        ///
        /// - Returns: where the value stands.
        mutating func add(_ value: JSONString?, _ scanner: JSONScanner, from offset: Int) -> Range<Int>? {
            let begin = begin(at: offset)
            guard let value, let range = scanner.range(of: value, from: begin) else {
                strings = .min
                return nil
            }
            strings += 1
            end = scanner.offset
            return range
        }

        mutating func add(_ isSidechain: Bool, _ scanner: JSONScanner, from offset: Int) {
            _ = begin(at: offset)
            self.isSidechain = (isSidechain, scanner.offset)
        }

        private mutating func begin(at offset: Int) -> Int {
            let begin = start ?? offset
            start = begin
            return begin
        }
    }

    fileprivate mutating func replace(with draft: Draft, from start: Int, of scanner: JSONScanner) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: scanner.bytes(in: start..<draft.end))
        head = scanner.word(at: start) ?? 0
        cwd = draft.cwd
        sessionID = draft.sessionID
        gitBranch = draft.gitBranch
        isSidechain = draft.isSidechain.flatMap { $0.end <= draft.end ? $0.value : nil }
    }
}

/// The two runs of fields that were met last.
struct FieldRuns {
    private static let lengthLimit = 4096
    private var recent = FieldRun()
    private var other = FieldRun()

    /// Takes over the fields at the scanner's place when they are known.
    @inline(__always)
    mutating func apply(to entry: inout Entry, _ scanner: inout JSONScanner) -> Bool {
        if recent.apply(to: &entry, &scanner) { return true }
        guard other.apply(to: &entry, &scanner) else { return false }
        swap(&recent, &other)
        return true
    }

    /// Remembers the run in `draft`, if it is worth it, and begins another.
    @inline(__always)
    mutating func note(_ draft: inout FieldRun.Draft, of scanner: JSONScanner) {
        guard let start = draft.start else { return }
        note(draft, from: start, of: scanner)
        draft = FieldRun.Draft()
    }

    private mutating func note(_ draft: FieldRun.Draft, from start: Int, of scanner: JSONScanner) {
        guard draft.strings > 2, draft.end - start <= Self.lengthLimit else { return }
        swap(&recent, &other)
        recent.replace(with: draft, from: start, of: scanner)
    }
}
