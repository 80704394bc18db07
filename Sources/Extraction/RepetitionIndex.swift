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

    /// Notes what was said at a line, and compares it with what was said before.
    mutating func add(
        _ words: [UInt32], line: Int, role: Role, candidates: Range<Int>, marking all: inout [Candidate]
    ) {
        guard words.count >= 3 else { return }
        if entries.count >= 2 * RepetitionIndex.window { forgetOlderHalf(marking: &all) }
        var entry = Entry(words: words, role: role, candidates: candidates)
        let (rare, count) = index.add(words, entry: entries.count, shares: &shares, touched: &touched)
        let common = words.count - rare
        for number in 0..<count {
            let place = Int(touched[number])
            let shared = Int(shares[place])
            shares[place] = 0
            let outline = outlines[place]
            if shared >= 2, outline.line != line,
                RepetitionIndex.mayBeAlike(sharing: shared + common, words.count, outline.length)
            {
                compare(&entry, with: place, shared: shared, common: common)
            }
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

/// In which entries a word stands, as long as these are few: a hash table with a chain of entries for each word.
private struct OccurrenceIndex {
    /// A word that stands in more entries than this is too common to lead to a repetition; it is not noted any more.
    private static let commonWord: Int32 = 64

    private struct Slot {
        var word: UInt32 = 0
        /// Zero for a slot that is free.
        var count: Int32 = 0
        /// The latest of its blocks.
        var block: Int32 = -1
    }

    /// Entries of one word, and before them the number of the block before: they lie together, since all are visited.
    private static let blockSize = 8

    /// A power of two of them, at most half of them taken.
    private var slots = [Slot](repeating: Slot(), count: 1 << 10)
    private var taken = 0
    private var blocks: [Int32] = []

    /// Counts, for each entry, the rare words that it shares with `words`, and notes these for the entry that they are.
    ///
    /// - Parameter touched: Gets the entries that share any; has room for all of them and one more.
    /// - Returns: How many of the words are rare, and how many entries share any.
    mutating func add(
        _ words: [UInt32], entry: Int, shares: inout [Int32], touched: inout [Int32]
    ) -> (rare: Int, touched: Int) {
        reserve(words.count)
        var rare = 0
        var count = 0
        shares.withUnsafeMutableBufferPointer { shares in
            touched.withUnsafeMutableBufferPointer { touched in
                for word in words {
                    let slot = slot(of: word)
                    guard slots[slot].count <= OccurrenceIndex.commonWord else { continue }
                    rare += 1
                    visit(slots[slot]) { entry in
                        // Without a branch: whether an entry was met before, nothing can foretell.
                        touched[count] = entry
                        count += shares[Int(entry)] == 0 ? 1 : 0
                        shares[Int(entry)] += 1
                    }
                    note(word, slot, entry)
                }
            }
        }
        return (rare, count)
    }

    @inline(__always)
    private func visit(_ slot: Slot, _ body: (Int32) -> Void) {
        guard slot.count > 0 else { return }
        blocks.withUnsafeBufferPointer { blocks in
            var block = Int(slot.block)
            // The latest block is the only one that may not be full.
            var filled = (Int(slot.count) - 1) % (OccurrenceIndex.blockSize - 1) + 1
            while block >= 0 {
                for place in block + 1...block + filled { body(blocks[place]) }
                filled = OccurrenceIndex.blockSize - 1
                block = Int(blocks[block])
            }
        }
    }

    /// Notes the words that are rare so far.
    mutating func insert(_ words: [UInt32], entry: Int) {
        reserve(words.count)
        for word in words {
            let slot = slot(of: word)
            if slots[slot].count <= OccurrenceIndex.commonWord { note(word, slot, entry) }
        }
    }

    mutating func removeAll() {
        for slot in slots.indices { slots[slot] = Slot() }
        taken = 0
        blocks.removeAll(keepingCapacity: true)
    }

    private mutating func note(_ word: UInt32, _ slot: Int, _ entry: Int) {
        let count = Int(slots[slot].count)
        if count == 0 { taken += 1 }
        let place = count % (OccurrenceIndex.blockSize - 1)
        if place == 0 {
            let fresh = blocks.count
            blocks.append(slots[slot].block)
            blocks.append(contentsOf: repeatElement(0, count: OccurrenceIndex.blockSize - 1))
            slots[slot].block = Int32(fresh)
        }
        blocks[Int(slots[slot].block) + 1 + place] = Int32(entry)
        slots[slot].word = word
        slots[slot].count += 1
    }

    /// Where a word is, or may be put.
    private func slot(of word: UInt32) -> Int {
        let mask = slots.count - 1
        var place = Int((word &* 0x9E37_79B1) >> 12) & mask
        while slots[place].count > 0, slots[place].word != word { place = (place + 1) & mask }
        return place
    }

    private mutating func reserve(_ more: Int) {
        guard (taken + more) * 2 > slots.count else { return }
        let old = slots
        slots = [Slot](repeating: Slot(), count: 2 * max(old.count, (taken + more).nextPowerOfTwo))
        for kept in old where kept.count > 0 { slots[slot(of: kept.word)] = kept }
    }
}

extension Int {
    fileprivate var nextPowerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
