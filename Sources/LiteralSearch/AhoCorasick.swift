/// Finds every occurrence of a set of literals in one pass over the bytes of a text.
///
/// Literals are folded as `KeywordFolding` says, and so is the text while it is read: a run of white space is one space. A
/// literal that begins
/// or ends in a word character (`[A-Za-z0-9_]` or a non-ASCII byte of an alphabetic script) is found anywhere: callers
/// that want whole words look at the neighbours with `isWholeWord`.
///
/// The automaton is a dense table over byte classes. States that report something have the highest numbers, so that the
/// loop asks one question a byte.
public struct AhoCorasick: Sendable {
    @usableFromInline private(set) var classes = [UInt8](repeating: 0, count: 256)
    @usableFromInline private(set) var stride = 1
    /// `transitions[state + class]`; states are numbered in steps of `stride`.
    @usableFromInline private(set) var transitions: [UInt32] = []
    /// States from here on report at least one literal.
    @usableFromInline private(set) var firstReporting: UInt32 = .max
    /// For each reporting state, in order: the range of `reports` that belongs to it.
    @usableFromInline private(set) var reportStarts: [UInt32] = []
    @usableFromInline private(set) var reports: [UInt32] = []
    @usableFromInline private(set) var lengths: [Int] = []
    @usableFromInline private(set) var hasSpace: [Bool] = []

    /// - Parameter literals: UTF-8 texts; an empty one is never found. The index of a literal is its identity.
    public init(_ literals: [String]) {
        let folded = literals.map { KeywordFolding.folded($0.utf8) }
        lengths = folded.map(\.count)
        hasSpace = folded.map { $0.contains(0x20) }
        numberClasses(folded)

        var trie = Trie(width: stride)
        for (index, literal) in folded.enumerated() where !literal.isEmpty {
            trie.insert(literal.map { Int(classes[Int($0)]) }, index)
        }
        trie.link(space: Int(classes[0x20]))
        layOut(trie)
    }

    private mutating func numberClasses(_ literals: [[UInt8]]) {
        var used = [Bool](repeating: false, count: 256)
        for byte in literals.joined() { used[Int(byte)] = true }
        for byte in 0..<256 where used[byte] {
            classes[byte] = UInt8(stride)
            stride += 1
        }
        for byte in 0..<256 { classes[byte] = classes[Int(KeywordFolding.folded(UInt8(byte)))] }
    }

    private mutating func layOut(_ trie: Trie) {
        let order = (0..<trie.count).filter { !trie.reports($0) } + (0..<trie.count).filter(trie.reports)
        var number = [UInt32](repeating: 0, count: trie.count)
        for (position, state) in order.enumerated() { number[state] = UInt32(position * stride) }
        transitions.reserveCapacity(trie.count * stride)
        for state in order {
            for target in trie.next[(state * stride)..<((state + 1) * stride)] {
                transitions.append(number[Int(target)])
            }
        }
        reportStarts = [0]
        for state in order where trie.reports(state) {
            if firstReporting == .max { firstReporting = number[state] }
            reports += trie.literals(endingIn: state).sorted()
            reportStarts.append(UInt32(reports.count))
        }
    }

    /// Calls `body` with the index of a literal and the offset after its last byte, in order of that offset.
    @inlinable @inline(__always)
    public func forEachMatch(in text: UnsafeBufferPointer<UInt8>, _ body: (_ literal: Int, _ end: Int) -> Void) {
        guard firstReporting != .max else { return }
        transitions.withUnsafeBufferPointer { table in
            classes.withUnsafeBufferPointer { classes in
                var state: UInt32 = 0
                for position in 0..<text.count {
                    state = table[Int(state) + Int(classes[Int(text[position])])]
                    if state >= firstReporting {
                        let row = Int(state - firstReporting) / stride
                        for index in reportStarts[row]..<reportStarts[row + 1] {
                            body(Int(reports[Int(index)]), position + 1)
                        }
                    }
                }
            }
        }
    }

    /// Where a literal begins that was found up to `end`.
    @inlinable
    public func start(of literal: Int, endingAt end: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        guard hasSpace[literal] else { return end - lengths[literal] }
        var start = end
        for _ in 0..<lengths[literal] {
            start -= 1
            guard KeywordFolding.isSpace(text[start]) else { continue }
            while start > 0, KeywordFolding.isSpace(text[start - 1]) { start -= 1 }
        }
        return start
    }

    /// Whether the bytes at `range` neither continue a word to the left nor to the right.
    @inlinable
    public static func isWholeWord(_ range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        if range.lowerBound > 0, isWordByte(text[range.lowerBound]), isWordByte(text[range.lowerBound - 1]) {
            return false
        }
        if range.upperBound < text.count, isWordByte(text[range.upperBound - 1]), isWordByte(text[range.upperBound]) {
            return false
        }
        return true
    }

    @inlinable
    public static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }
}

/// The literals as a tree, then as an automaton. Flat arrays, since a table of arrays would cost several times its size.
private struct Trie {
    let width: Int
    private(set) var count = 1
    /// `next[state * width + class]`; below zero while there is none.
    private(set) var next: [Int32]
    private var fail: [Int32] = [0]
    /// The last literal that ends in a state, and the one before it; below zero when there is none.
    private var last: [Int32] = [-1]
    private var before: [Int32: Int32] = [:]
    /// The nearest state on the way of fail links that reports, itself included; below zero when there is none.
    private var reporting: [Int32] = []

    init(width: Int) {
        self.width = width
        next = [Int32](repeating: -1, count: width)
    }

    mutating func insert(_ classes: [Int], _ literal: Int) {
        var state = 0
        for c in classes {
            if next[state * width + c] < 0 {
                next[state * width + c] = Int32(count)
                count += 1
                next.append(contentsOf: repeatElement(-1, count: width))
                fail.append(0)
                last.append(-1)
            }
            state = Int(next[state * width + c])
        }
        if last[state] >= 0 { before[Int32(literal)] = last[state] }
        last[state] = Int32(literal)
    }

    /// Sets fail links and completes the table, breadth first.
    ///
    /// - Parameter space: More white space after white space changes nothing.
    mutating func link(space: Int) {
        reporting = [Int32](repeating: -1, count: count)
        var endsInSpace = [Bool](repeating: false, count: count)
        var queue: [Int] = []
        for c in 0..<width {
            if next[c] > 0 { queue.append(Int(next[c])) } else { next[c] = 0 }
        }
        if next[space] > 0 { endsInSpace[Int(next[space])] = true }
        var head = 0
        while head < queue.count {
            let state = queue[head]
            let other = Int(fail[state])
            head += 1
            reporting[state] = last[state] >= 0 ? Int32(state) : reporting[other]
            for c in 0..<width {
                let target = Int(next[state * width + c])
                if c == space, endsInSpace[state] {
                    next[state * width + c] = Int32(state)
                } else if target < 0 {
                    next[state * width + c] = next[other * width + c]
                } else {
                    fail[target] = next[other * width + c]
                    endsInSpace[target] = c == space
                    queue.append(target)
                }
            }
        }
    }

    func reports(_ state: Int) -> Bool { reporting[state] >= 0 }

    func literals(endingIn state: Int) -> [UInt32] {
        var found: [UInt32] = []
        var place = reporting[state]
        while place >= 0 {
            var literal = last[Int(place)]
            while literal >= 0 {
                found.append(UInt32(literal))
                literal = before[literal] ?? -1
            }
            let other = Int(fail[Int(place)])
            place = other == 0 ? -1 : reporting[other]
        }
        return found
    }
}
