/// In which entries a word stands, as long as these are few: a hash table with a chain of entries for each word.
struct OccurrenceIndex {
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
    /// How much of `blocks` is in use; the rest is room.
    private var filled = 0

    /// Counts, for each entry, the rare words that it shares with `words`, and notes these for the entry that they are.
    ///
    /// - Parameter touched: Gets the entries that share any; has room for all of them and one more.
    /// - Returns: How many of the words are rare, and how many entries share any.
    mutating func add(
        _ words: [UInt32], entry: Int, shares: inout [Int32], touched: inout [Int32]
    ) -> (rare: Int, touched: Int) {
        var rare = 0
        var count = 0
        shares.withUnsafeMutableBufferPointer { shares in
            touched.withUnsafeMutableBufferPointer { touched in
                withTables(for: words) { tables, word in
                    let slot = tables.slot(of: word)
                    guard tables.slots[slot].count <= OccurrenceIndex.commonWord else { return }
                    rare += 1
                    tables.visit(slot) { entry in
                        // Without a branch: whether an entry was met before, nothing can foretell.
                        touched[count] = entry
                        count += shares[Int(entry)] == 0 ? 1 : 0
                        shares[Int(entry)] += 1
                    }
                    tables.note(word, slot, Int32(entry))
                }
            }
        }
        return (rare, count)
    }

    /// Notes the words that are rare so far.
    mutating func insert(_ words: [UInt32], entry: Int) {
        withTables(for: words) { tables, word in
            let slot = tables.slot(of: word)
            if tables.slots[slot].count <= OccurrenceIndex.commonWord { tables.note(word, slot, Int32(entry)) }
        }
    }

    mutating func removeAll() {
        for slot in slots.indices { slots[slot] = Slot() }
        taken = 0
        filled = 0
    }

    // MARK: -

    /// The tables as pointers: both are written for nearly every word.
    private struct Tables {
        let slots: UnsafeMutableBufferPointer<Slot>
        let blocks: UnsafeMutableBufferPointer<Int32>
        var taken: Int
        var filled: Int

        /// Where a word is, or may be put.
        @inline(__always)
        func slot(of word: UInt32) -> Int {
            let mask = slots.count - 1
            var place = Int((word &* 0x9E37_79B1) >> 12) & mask
            while slots[place].count > 0, slots[place].word != word { place = (place + 1) & mask }
            return place
        }

        @inline(__always)
        func visit(_ slot: Int, _ body: (Int32) -> Void) {
            let count = Int(slots[slot].count)
            guard count > 0 else { return }
            var block = Int(slots[slot].block)
            // The latest block is the only one that may not be full.
            var filled = (count - 1) % (OccurrenceIndex.blockSize - 1) + 1
            while block >= 0 {
                for place in block + 1...block + filled { body(blocks[place]) }
                filled = OccurrenceIndex.blockSize - 1
                block = Int(blocks[block])
            }
        }

        @inline(__always)
        mutating func note(_ word: UInt32, _ slot: Int, _ entry: Int32) {
            let count = Int(slots[slot].count)
            if count == 0 { taken += 1 }
            let place = count % (OccurrenceIndex.blockSize - 1)
            if place == 0 {
                blocks[filled] = slots[slot].block
                slots[slot].block = Int32(filled)
                filled += OccurrenceIndex.blockSize
            }
            blocks[Int(slots[slot].block) + 1 + place] = entry
            slots[slot].word = word
            slots[slot].count += 1
        }
    }

    @inline(__always)
    private mutating func withTables(for words: [UInt32], _ body: (inout Tables, UInt32) -> Void) {
        reserve(words.count)
        let (taken, filled) = (taken, filled)
        (self.taken, self.filled) = slots.withUnsafeMutableBufferPointer { slots in
            blocks.withUnsafeMutableBufferPointer { blocks in
                var tables = Tables(slots: slots, blocks: blocks, taken: taken, filled: filled)
                words.withUnsafeBufferPointer { words in
                    for word in words { body(&tables, word) }
                }
                return (tables.taken, tables.filled)
            }
        }
    }

    /// Makes room for so many words more.
    private mutating func reserve(_ more: Int) {
        let needed = filled + more * OccurrenceIndex.blockSize
        if needed > blocks.count {
            blocks.append(contentsOf: repeatElement(0, count: max(needed, 2 * blocks.count) - blocks.count))
        }
        guard (taken + more) * 2 > slots.count else { return }
        let old = slots
        slots = [Slot](repeating: Slot(), count: 2 * max(old.count, (taken + more).nextPowerOfTwo))
        let mask = slots.count - 1
        for kept in old where kept.count > 0 {
            var place = Int((kept.word &* 0x9E37_79B1) >> 12) & mask
            while slots[place].count > 0 { place = (place + 1) & mask }
            slots[place] = kept
        }
    }
}

extension Int {
    fileprivate var nextPowerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
