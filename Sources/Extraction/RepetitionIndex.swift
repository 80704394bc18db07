import Memories

/// Notices what is said again in a transcript.
///
/// Candidates are compared by their content words, through the rarer words only, with a bounded number of the
/// latest ones: time and memory stay linear and small on transcripts of any length.
struct RepetitionIndex {
    private struct Entry {
        var words: [UInt32]
        var role: Role
        /// Indices of the candidates that were read out of the words; empty when there are none.
        var candidates: Range<Int>
        var marks = FeatureSet()
        var contained = 0
    }

    private struct Outline {
        var line: Int
        /// How many words it has.
        var length: Int
    }

    /// How many segments are compared with the next one; when there are twice as many, the older half goes.
    private static let window = 1_024

    private var entries: [Entry] = []
    /// Per entry: what tells most pairs apart without a look at the entry itself.
    private var outlines: [Outline] = []
    private var index = OccurrenceIndex()
    /// Per entry: rare words shared with the segment that is being added.
    private var shares: [Int32] = []
    /// The entries of which that is not zero, at the beginning; the rest is room.
    private var touched = [Int32](repeating: 0, count: 2 * RepetitionIndex.window + 1)
    /// What those at the beginning of `touched` share, once the others are sorted out.
    private var sharedWith = [Int32](repeating: 0, count: 2 * RepetitionIndex.window + 1)

    /// Notes what was said at a line, and compares it with what was said before.
    mutating func add(
        _ words: [UInt32], line: Int, role: Role, candidates: Range<Int>, marking all: inout [Candidate]
    ) {
        guard words.count >= 3 else { return }
        if entries.count >= 2 * RepetitionIndex.window { forgetOlderHalf(marking: &all) }
        var entry = Entry(words: words, role: role, candidates: candidates)
        let (rare, count) = index.add(words, entry: entries.count, shares: &shares, touched: &touched)
        let common = words.count - rare
        for number in 0..<likely(count, line: line, length: words.count, common: common) {
            compare(&entry, with: Int(touched[number]), shared: Int(sharedWith[number]), common: common)
        }
        entries.append(entry)
        outlines.append(Outline(line: line, length: words.count))
        shares.append(0)
    }

    /// Gives the candidates the features of what was found.
    func mark(_ candidates: inout [Candidate]) {
        for entry in entries { RepetitionIndex.mark(entry, &candidates) }
    }

    /// After candidates were dropped: `newIndex` gives each index its new one, or nil when it is gone. Ranges stay whole.
    mutating func renumber(_ newIndex: [Int?]) {
        for number in entries.indices {
            var first: Int?
            var count = 0
            for old in entries[number].candidates {
                guard let kept = newIndex[old] else { continue }
                first = first ?? kept
                count += 1
            }
            entries[number].candidates = first.map { $0..<($0 + count) } ?? 0..<0
        }
    }

    // MARK: -

    /// Moves those of the touched entries that may be alike to the beginning, and forgets what all of them share.
    ///
    /// - Returns: How many they are.
    private mutating func likely(_ count: Int, line: Int, length: Int, common: Int) -> Int {
        var found = 0
        shares.withUnsafeMutableBufferPointer { shares in
            touched.withUnsafeMutableBufferPointer { touched in
                sharedWith.withUnsafeMutableBufferPointer { sharedWith in
                    outlines.withUnsafeBufferPointer { outlines in
                        for number in 0..<count {
                            let place = touched[number]
                            let shared = shares[Int(place)]
                            shares[Int(place)] = 0
                            guard shared >= 2 else { continue }
                            let outline = outlines[Int(place)]
                            guard outline.line != line,
                                RepetitionIndex.mayBeAlike(sharing: Int(shared) + common, length, outline.length)
                            else { continue }
                            touched[found] = place
                            sharedWith[found] = shared
                            found += 1
                        }
                    }
                }
            }
        }
        return found
    }

    /// Most pairs could not be alike even if they shared every common word.
    @inline(__always)
    private static func mayBeAlike(sharing words: Int, _ length: Int, _ other: Int) -> Bool {
        let most = min(words, length, other)
        return most * 1000 >= 300 * (length + other - most) || most * 1000 >= 600 * min(length, other)
    }

    /// Similarities are compared as whole numbers, so that no rounding decides.
    ///
    /// - Parameters:
    ///   - shared: Rare words that both have.
    ///   - common: Words of `entry` that are too common to be indexed; the two may share some of them as well.
    private mutating func compare(_ entry: inout Entry, with place: Int, shared: Int, common: Int) {
        let (length, other) = (entry.words.count, entries[place].words.count)
        let together = common == 0 ? shared : ContentWords.shared(entry.words, entries[place].words)
        let union = length + other - together
        let jaccard = together * 1000 / union
        RepetitionIndex.note(&entry, jaccard, contained: together * 1000 / length)
        RepetitionIndex.note(&entries[place], jaccard, contained: together * 1000 / other)
        if jaccard >= 500 { entries[place].marks.insert(.repeatLater) }
        if entry.role == .assistant, entries[place].role == .user, together >= 3, together * 5 >= min(length, other) * 3
        {
            entry.marks.insert(.echoesUser)
            entries[place].marks.insert(.echoed)
        }
    }

    private static func note(_ entry: inout Entry, _ jaccard: Int, contained: Int) {
        if jaccard >= 300 { entry.marks.insert(.repeatRelated) }
        if jaccard >= 500 { entry.marks.insert(.repeatSimilar) }
        if jaccard >= 800 { entry.marks.insert(.repeatSame) }
        guard contained >= 600 else { return }
        entry.contained += 1
        entry.marks.insert(.repeatContained)
        if entry.contained >= 3 { entry.marks.insert(.repeatContained3) }
    }

    private static func mark(_ entry: Entry, _ candidates: inout [Candidate]) {
        for index in entry.candidates { candidates[index].features.formUnion(entry.marks) }
    }

    private mutating func forgetOlderHalf(marking all: inout [Candidate]) {
        for entry in entries[..<RepetitionIndex.window] { RepetitionIndex.mark(entry, &all) }
        entries.removeFirst(RepetitionIndex.window)
        outlines.removeFirst(RepetitionIndex.window)
        shares.removeFirst(RepetitionIndex.window)
        // Words that were too common for the whole are counted anew.
        index.removeAll()
        for (number, entry) in entries.enumerated() { index.insert(entry.words, entry: number) }
    }
}
