import Memories

/// Notices what is said again in a transcript.
///
/// Candidates are compared by their content words, through the rarer words only, with a bounded number of the
/// latest ones: time and memory stay linear and small on transcripts of any length.
struct RepetitionIndex {
    private struct Entry {
        var words: [UInt32]
        var line: Int
        /// Indices of the candidates that were read out of the words; empty when there are none.
        var candidates: Range<Int>
        var marks = FeatureSet()
        var contained = 0
    }

    /// An occurrence of a word; those of one bucket are chained, the latest first.
    private struct Occurrence {
        var word: UInt32
        var entry: Int32
        var next: Int32
    }

    /// How many segments are compared with the next one; when there are twice as many, the older half goes.
    private static let window = 1_024
    /// A word that stands in more segments than this is too common to lead to a repetition.
    private static let commonWord = 64
    private static let bucketCount = 1 << 13

    private var entries: [Entry] = []
    private var occurrences: [Occurrence] = []
    private var buckets = [Int32](repeating: -1, count: RepetitionIndex.bucketCount)
    /// Per entry: rare words shared with the segment that is being added.
    private var shares: [Int32] = []

    /// Notes what was said at a line, and compares it with what was said before.
    mutating func add(_ words: [UInt32], line: Int, candidates: Range<Int>, marking all: inout [Candidate]) {
        guard words.count >= 3 else { return }
        if entries.count >= 2 * RepetitionIndex.window { forgetOlderHalf(marking: &all) }
        var entry = Entry(words: words, line: line, candidates: candidates)
        var touched: [Int32] = []
        var rare: [UInt32] = []
        for word in words {
            let places = places(of: word)
            guard places.count <= RepetitionIndex.commonWord else { continue }
            rare.append(word)
            for place in places {
                if shares[Int(place)] == 0 { touched.append(place) }
                shares[Int(place)] += 1
            }
        }
        for place in touched {
            let isRelated = shares[Int(place)] >= 2 && entries[Int(place)].line != line
            shares[Int(place)] = 0
            if isRelated { compare(&entry, with: Int(place)) }
        }
        for word in rare { insert(word, Int32(entries.count)) }
        entries.append(entry)
        shares.append(0)
    }

    /// Gives the candidates the features of what was found.
    func mark(_ candidates: inout [Candidate]) {
        for entry in entries { RepetitionIndex.mark(entry, &candidates) }
    }

    /// After candidates were dropped: `newIndex` gives each index its new one, or nil when it is gone. Ranges stay whole.
    mutating func renumber(_ newIndex: [Int?]) {
        for number in entries.indices {
            let kept = entries[number].candidates.compactMap { newIndex[$0] }
            entries[number].candidates = kept.first.map { $0..<($0 + kept.count) } ?? 0..<0
        }
    }

    // MARK: -

    /// Similarities are compared as whole numbers, so that no rounding decides.
    private mutating func compare(_ entry: inout Entry, with place: Int) {
        let together = ContentWords.shared(entry.words, entries[place].words)
        let union = entry.words.count + entries[place].words.count - together
        let jaccard = together * 1000 / union
        RepetitionIndex.note(&entry, jaccard, contained: together * 1000 / entry.words.count)
        RepetitionIndex.note(&entries[place], jaccard, contained: together * 1000 / entries[place].words.count)
        if jaccard >= 500 { entries[place].marks.insert(.repeatLater) }
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

    private func bucket(_ word: UInt32) -> Int {
        Int((word &* 0x9E37_79B1) >> 19)
    }

    /// The entries that hold a word; one more than `commonWord` at the most.
    private func places(of word: UInt32) -> [Int32] {
        var found: [Int32] = []
        var position = buckets[bucket(word)]
        while position >= 0, found.count <= RepetitionIndex.commonWord {
            let occurrence = occurrences[Int(position)]
            if occurrence.word == word { found.append(occurrence.entry) }
            position = occurrence.next
        }
        return found
    }

    private mutating func insert(_ word: UInt32, _ entry: Int32) {
        let bucket = bucket(word)
        occurrences.append(Occurrence(word: word, entry: entry, next: buckets[bucket]))
        buckets[bucket] = Int32(occurrences.count - 1)
    }

    private mutating func forgetOlderHalf(marking all: inout [Candidate]) {
        for entry in entries[..<RepetitionIndex.window] { RepetitionIndex.mark(entry, &all) }
        entries.removeFirst(RepetitionIndex.window)
        shares.removeFirst(RepetitionIndex.window)
        // Words that were too common for the whole are counted anew.
        occurrences.removeAll(keepingCapacity: true)
        for index in buckets.indices { buckets[index] = -1 }
        for (number, entry) in entries.enumerated() {
            for word in entry.words where places(of: word).count <= RepetitionIndex.commonWord {
                insert(word, Int32(number))
            }
        }
    }
}
