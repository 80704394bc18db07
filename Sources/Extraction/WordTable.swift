import CByteSearch
import LiteralSearch
import RulePacks

/// Finds phrases that begin with a word and are whole words, by looking up each word of a text once.
///
/// A word is a run of `[A-Za-z0-9_]`. Phrases are a tree of words: the first word of each leads to a node, from there the
/// next word to another one. What is no word between or behind words ("'ll", "-fixed") is compared as it stands.
struct WordTable: Sendable {
    private struct Slot {
        /// The word's bytes, or a hash of them when there are more than eight.
        var key: UInt64 = 0
        var parent: Int32 = 0
        /// Below zero while the slot is free.
        var node: Int32 = -1
    }

    private struct Node {
        /// The phrase that ends here; below zero when none does.
        var literal: Int32 = -1
        /// Whether phrases go on with a space and another word.
        var hasChildren = false
        /// The word, folded, in `bytes`.
        var word: Range<Int32>
        /// Phrases that go on with something else, in `tails`.
        var tails: Range<Int32> = 0..<0
    }

    private struct Tail {
        var bytes: Range<Int32>
        var literal: Int32
    }

    private var slots = [Slot](repeating: Slot(), count: 16)
    /// One byte of the hash for each slot, zero for a free one: most words of a text are told apart by it alone.
    private var tags = [UInt8](repeating: 0, count: 16)
    /// The bit of a word's first three bytes: tells in a moment that no phrase begins with it.
    private var beginnings = [UInt64](repeating: 0, count: 1 << 6)
    private var nodes: [Node] = []
    private var tails: [Tail] = []
    private var bytes: [UInt8] = []

    /// - Parameter phrases: Folded texts that begin with a word byte, with their numbers.
    init(_ phrases: [(text: [UInt8], number: Int)]) {
        var rests: [[(bytes: ArraySlice<UInt8>, number: Int)]] = []
        for (text, number) in phrases {
            var parent = -1
            var rest = text[...]
            while true {
                let word = rest.prefix { LiteralScan.isWordByte($0) }
                rest = rest.dropFirst(word.count)
                let node = insert(word, parent)
                if parent < 0 { noteBeginning(word) }
                if rests.count < nodes.count { rests.append([]) }
                if rest.isEmpty {
                    nodes[node].literal = Int32(number)
                    break
                }
                guard rest.first == 0x20, rest.count > 1, LiteralScan.isWordByte(rest[rest.startIndex + 1]) else {
                    rests[node].append((rest, number))
                    break
                }
                nodes[node].hasChildren = true
                rest.removeFirst()
                parent = node
            }
        }
        for node in nodes.indices {
            let first = Int32(tails.count)
            for rest in rests[node] {
                tails.append(Tail(bytes: append(rest.bytes), literal: Int32(rest.number)))
            }
            nodes[node].tails = first..<Int32(tails.count)
        }
    }

    var isEmpty: Bool { nodes.isEmpty }

    /// Calls `body` for each phrase that stands in `range`, in the order of their first words.
    ///
    /// - Parameter text: The bytes around the range tell whether a word at its edge is whole.
    @inline(__always)
    func forEachMatch(
        in range: Range<Int>, of text: UnsafeBufferPointer<UInt8>, _ body: (_ literal: Int, _ range: Range<Int>) -> Void
    ) {
        guard !isEmpty, !range.isEmpty, let base = text.baseAddress else { return }
        let upper = range.upperBound
        withIndex { index in
            var at = range.lowerBound
            var before: UInt64 = at > 0 && LiteralScan.isWordByte(text[at - 1]) ? 1 : 0
            while at < upper {
                let count = min(64, upper - at)
                let bits = cbs_word_bits(base + at, count)
                var starts = bits & ~(bits << 1 | before)
                before = bits >> 63
                while starts != 0 {
                    let start = at + starts.trailingZeroBitCount
                    starts &= starts - 1
                    let length = (~(bits >> UInt64(start - at))).trailingZeroBitCount
                    var end = start + length
                    if end < at + count {
                        if !index.mayBegin(text, start, length) { continue }
                    } else {
                        while end < upper, LiteralScan.isWordByte(text[end]) { end += 1 }
                        if end == upper, end < text.count, LiteralScan.isWordByte(text[end]) { continue }
                    }
                    var node = index.node(text, start..<end, parent: -1)
                    while node >= 0 { node = visit(node, start, &end, text, upper, index, body) }
                }
                at += 64
            }
        }
    }

    // MARK: -

    /// The tables as pointers.
    private struct Index {
        let slots: UnsafeBufferPointer<Slot>
        let tags: UnsafeBufferPointer<UInt8>
        let nodes: UnsafeBufferPointer<Node>
        let bytes: UnsafeBufferPointer<UInt8>
        let beginnings: UnsafeBufferPointer<UInt64>

        /// Whether a phrase may begin with a word, judged by its first bytes.
        @inline(__always)
        func mayBegin(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ length: Int) -> Bool {
            guard start + 4 <= text.count else { return true }
            let raw = UnsafeRawBufferPointer(text).loadUnaligned(fromByteOffset: start, as: UInt32.self)
            let bit = WordTable.beginning(UInt32(littleEndian: raw), length)
            return beginnings[bit >> 6] >> UInt64(bit & 63) & 1 != 0
        }

        /// The node that a word leads to; below zero when there is none.
        @inline(__always)
        func node(_ text: UnsafeBufferPointer<UInt8>, _ word: Range<Int>, parent: Int) -> Int {
            let key = WordTable.key(text, word)
            let hash = WordTable.hash(key, parent)
            let mask = slots.count - 1
            var place = Int(truncatingIfNeeded: hash) & mask
            let tag = WordTable.tag(hash)
            while tags[place] != 0 {
                if tags[place] == tag, slots[place].key == key, slots[place].parent == parent,
                    // The key is all of a short word.
                    word.count <= 8 || isSame(nodes[Int(slots[place].node)].word, text, word)
                {
                    return Int(slots[place].node)
                }
                place = (place + 1) & mask
            }
            return -1
        }

        private func isSame(_ known: Range<Int32>, _ text: UnsafeBufferPointer<UInt8>, _ word: Range<Int>) -> Bool {
            known.count == word.count
                && (0..<word.count).allSatisfy {
                    bytes[Int(known.lowerBound) + $0] == KeywordFolding.folded(text[word.lowerBound + $0])
                }
        }
    }

    @inline(__always)
    private func withIndex<Result>(_ body: (Index) -> Result) -> Result {
        slots.withUnsafeBufferPointer { slots in
            tags.withUnsafeBufferPointer { tags in
                nodes.withUnsafeBufferPointer { nodes in
                    bytes.withUnsafeBufferPointer { bytes in
                        beginnings.withUnsafeBufferPointer { beginnings in
                            body(Index(slots: slots, tags: tags, nodes: nodes, bytes: bytes, beginnings: beginnings))
                        }
                    }
                }
            }
        }
    }

    /// Tells of the phrases that end with this node's word or with something behind it.
    ///
    /// - Parameter end: Of the node's word; then of the next one.
    /// - Returns: The node of the next word, when phrases go on with it.
    private func visit(
        _ number: Int, _ start: Int, _ end: inout Int, _ text: UnsafeBufferPointer<UInt8>, _ limit: Int,
        _ index: Index, _ body: (_ literal: Int, _ range: Range<Int>) -> Void
    ) -> Int {
        let node = index.nodes[number]
        if node.literal >= 0 { body(Int(node.literal), start..<end) }
        guard end < limit else { return -1 }
        for tail in tails[Int(node.tails.lowerBound)..<Int(node.tails.upperBound)] {
            let wanted = UnsafeBufferPointer(
                rebasing: index.bytes[Int(tail.bytes.lowerBound)..<Int(tail.bytes.upperBound)])
            if let stop = LiteralScan.end(of: wanted, in: text, from: end, limit: limit),
                LiteralScan.isWholeWord(start..<stop, in: text)
            {
                body(Int(tail.literal), start..<stop)
            }
        }
        guard node.hasChildren, KeywordFolding.isSpace(text[end]) else { return -1 }
        var next = end
        while next < limit, KeywordFolding.isSpace(text[next]) { next += 1 }
        end = next
        while end < limit, LiteralScan.isWordByte(text[end]) { end += 1 }
        guard next < end, end == text.count || !LiteralScan.isWordByte(text[end]) else { return -1 }
        return index.node(text, next..<end, parent: number)
    }

    private mutating func insert(_ word: ArraySlice<UInt8>, _ parent: Int) -> Int {
        if (nodes.count + 1) * 4 > slots.count { grow() }
        let text = Array(word)
        let (found, key) = text.withUnsafeBufferPointer { text in
            (withIndex { $0.node(text, 0..<text.count, parent: parent) }, WordTable.key(text, 0..<text.count))
        }
        if found >= 0 { return found }
        nodes.append(Node(word: append(word)))
        place(Slot(key: key, parent: Int32(parent), node: Int32(nodes.count - 1)))
        return nodes.count - 1
    }

    private mutating func noteBeginning(_ word: ArraySlice<UInt8>) {
        var first: UInt32 = 0
        for (place, byte) in word.prefix(3).enumerated() { first |= UInt32(byte) << UInt32(8 * place) }
        let bit = WordTable.beginning(first, word.count)
        beginnings[bit >> 6] |= 1 << UInt64(bit & 63)
    }

    /// - Parameter bytes: The first ones of the word, the first lowest; those behind it do not count.
    @inline(__always)
    private static func beginning(_ bytes: UInt32, _ length: Int) -> Int {
        let mask: UInt32 = length >= 3 ? 0xFF_FFFF : (1 << UInt32(8 * length)) - 1
        return Int(truncatingIfNeeded: (((bytes | 0x20_2020) & mask) &* 0x9E37_79B1) >> 20)
    }

    private mutating func append(_ part: ArraySlice<UInt8>) -> Range<Int32> {
        let start = Int32(bytes.count)
        bytes += part
        return start..<Int32(bytes.count)
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 4)
        tags = [UInt8](repeating: 0, count: old.count * 4)
        for slot in old where slot.node >= 0 { place(slot) }
    }

    private mutating func place(_ slot: Slot) {
        let hash = WordTable.hash(slot.key, Int(slot.parent))
        var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while tags[place] != 0 { place = (place + 1) & (slots.count - 1) }
        slots[place] = slot
        tags[place] = WordTable.tag(hash)
    }

    /// The bytes of a word of up to eight, in lower case; of a longer one a hash of its ends.
    @inline(__always)
    private static func key(_ text: UnsafeBufferPointer<UInt8>, _ word: Range<Int>) -> UInt64 {
        let raw = UnsafeRawBufferPointer(text)
        func load(_ at: Int) -> UInt64 {
            UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)) | 0x2020_2020_2020_2020
        }
        if word.count > 8 {
            let (first, last) = (load(word.lowerBound), load(word.upperBound - 8))
            return (first ^ (last << 29 | last >> 35)) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(word.count)
        }
        if word.lowerBound + 8 <= text.count {
            return load(word.lowerBound) & (.max >> UInt64(64 - 8 * word.count))
        }
        var key: UInt64 = 0
        for (place, position) in word.enumerated() { key |= UInt64(text[position] | 0x20) << UInt64(8 * place) }
        return key
    }

    @inline(__always)
    private static func hash(_ key: UInt64, _ parent: Int) -> UInt64 {
        let product = (key ^ UInt64(truncatingIfNeeded: parent &+ 1) &* 0xD6E8_FEB8_6659_FD93) &* 0x9E37_79B9_7F4A_7C15
        return product ^ product >> 32
    }

    @inline(__always)
    private static func tag(_ hash: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: hash >> 56) | 1 }
}
