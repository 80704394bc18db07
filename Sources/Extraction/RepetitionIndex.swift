/// Notices what is said again in a transcript.
///
/// Candidates are compared by their content words, through the rarer words only, with a bounded number of the latest ones:
/// time and memory stay linear and small on transcripts of any length.
struct RepetitionIndex {
    private struct Entry {
        var words: [UInt32]
        var line: Int
        /// Indices of the candidates that were read out of the words.
        var candidates: Range<Int>
        var marks = FeatureSet()
        var contained = 0
    }

    /// How many candidates are compared with the next one; when there are twice as many, the older half goes.
    private static let window = 2_048
    /// A word that stands in more candidates than this is too common to lead to a repetition.
    private static let commonWord = 64

    private var entries: [Entry] = []
    private var byWord: [UInt32: [Int32]] = [:]

    /// Notes what was said at a line, and compares it with what was said before.
    mutating func add(_ words: [UInt32], line: Int, candidates: Range<Int>, marking all: inout [Candidate]) {
        guard words.count >= 3 else { return }
        if entries.count >= 2 * RepetitionIndex.window { forgetOlderHalf(marking: &all) }
        var entry = Entry(words: words, line: line, candidates: candidates)
        var places: Set<Int32> = []
        for word in words {
            guard let found = byWord[word], found.count <= RepetitionIndex.commonWord else { continue }
            places.formUnion(found)
        }
        // The order of a set is random, but each place is judged by itself.
        for place in places where entries[Int(place)].line != line {
            let other = entries[Int(place)].words
            let together = ContentWords.shared(words, other)
            guard together >= 2 else { continue }
            // Similarities in thousandths of whole numbers, so that no rounding decides.
            let jaccard = together * 1000 / (words.count + other.count - together)
            RepetitionIndex.note(&entry, jaccard, contained: together * 1000 / words.count)
            RepetitionIndex.note(&entries[Int(place)], jaccard, contained: together * 1000 / other.count)
            if jaccard >= 500 { entries[Int(place)].marks.insert(.repeatLater) }
        }
        let number = Int32(entries.count)
        for word in words where (byWord[word]?.count ?? 0) <= RepetitionIndex.commonWord {
            byWord[word, default: []].append(number)
        }
        entries.append(entry)
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
        byWord.removeAll(keepingCapacity: true)
        for (number, entry) in entries.enumerated() {
            for word in entry.words { byWord[word, default: []].append(Int32(number)) }
        }
    }
}
