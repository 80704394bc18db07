/// Finds every occurrence of a set of literals in one pass over the bytes of a text.
///
/// ASCII letters match in either case; white space in a literal matches one space, tab or newline. A literal that begins
/// or ends in a word character (`[A-Za-z0-9_]` or a non-ASCII byte of an alphabetic script) is found anywhere: callers
/// that want whole words look at the neighbours with `isWholeWord`.
///
/// The automaton is a dense table over byte classes. States that report something have the highest numbers, so that the
/// loop asks one question a byte.
struct AhoCorasick: Sendable {
    private var classes = [UInt8](repeating: 0, count: 256)
    private var stride = 1
    /// `transitions[state + class]`; states are numbered in steps of `stride`.
    private var transitions: [UInt32] = []
    /// States from here on report at least one literal.
    private var firstReporting: UInt32 = .max
    /// For each reporting state, in order: the range of `reports` that belongs to it.
    private var reportStarts: [UInt32] = []
    private var reports: [UInt32] = []
    private(set) var lengths: [Int] = []

    /// - Parameter literals: UTF-8 texts; an empty one is never found. The index of a literal is its identity.
    init(_ literals: [String]) {
        let folded = literals.map { $0.utf8.map(AhoCorasick.fold) }
        lengths = folded.map(\.count)
        numberClasses(folded)

        // A trie with fail links, breadth first.
        var next: [[Int32]] = [[Int32](repeating: -1, count: stride)]
        var found: [[UInt32]] = [[]]
        for (index, literal) in folded.enumerated() where !literal.isEmpty {
            var state = 0
            for byte in literal {
                let c = Int(classes[Int(byte)])
                if next[state][c] < 0 {
                    next[state][c] = Int32(next.count)
                    next.append([Int32](repeating: -1, count: stride))
                    found.append([])
                }
                state = Int(next[state][c])
            }
            found[state].append(UInt32(index))
        }
        var fail = [Int](repeating: 0, count: next.count)
        var queue: [Int] = []
        for c in 0..<stride {
            if next[0][c] > 0 { queue.append(Int(next[0][c])) } else { next[0][c] = 0 }
        }
        var head = 0
        while head < queue.count {
            let state = queue[head]
            head += 1
            found[state] += found[fail[state]]
            for c in 0..<stride {
                let target = next[state][c]
                if target < 0 {
                    next[state][c] = next[fail[state]][c]
                } else {
                    fail[Int(target)] = Int(next[fail[state]][c])
                    queue.append(Int(target))
                }
            }
        }
        layOut(next, found)
    }

    private mutating func numberClasses(_ literals: [[UInt8]]) {
        var used = [Bool](repeating: false, count: 256)
        for byte in literals.joined() { used[Int(byte)] = true }
        for byte in 0..<256 where used[byte] {
            classes[byte] = UInt8(stride)
            stride += 1
        }
        for byte in 0..<256 { classes[byte] = classes[Int(AhoCorasick.fold(UInt8(byte)))] }
    }

    private mutating func layOut(_ next: [[Int32]], _ found: [[UInt32]]) {
        let order = next.indices.filter { found[$0].isEmpty } + next.indices.filter { !found[$0].isEmpty }
        var number = [UInt32](repeating: 0, count: next.count)
        for (position, state) in order.enumerated() { number[state] = UInt32(position * stride) }
        transitions.reserveCapacity(next.count * stride)
        for state in order { transitions += next[state].map { number[Int($0)] } }
        let reporting = order.filter { !found[$0].isEmpty }
        if let first = reporting.first { firstReporting = number[first] }
        reportStarts = [0]
        for state in reporting {
            reports += found[state].sorted()
            reportStarts.append(UInt32(reports.count))
        }
    }

    /// Calls `body` with the index of a literal, its length and the offset after its last byte, in order of that offset.
    @inline(__always)
    func forEachMatch(in text: UnsafeBufferPointer<UInt8>, _ body: (_ literal: Int, _ length: Int, _ end: Int) -> Void)
    {
        guard firstReporting != .max else { return }
        transitions.withUnsafeBufferPointer { table in
            classes.withUnsafeBufferPointer { classes in
                var state: UInt32 = 0
                for position in 0..<text.count {
                    state = table[Int(state) + Int(classes[Int(text[position])])]
                    if state >= firstReporting {
                        let row = Int(state - firstReporting) / stride
                        for index in reportStarts[row]..<reportStarts[row + 1] {
                            let literal = Int(reports[Int(index)])
                            body(literal, lengths[literal], position + 1)
                        }
                    }
                }
            }
        }
    }

    /// Whether the bytes at `range` neither continue a word to the left nor to the right.
    static func isWholeWord(_ range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        if range.lowerBound > 0, isWordByte(text[range.lowerBound]), isWordByte(text[range.lowerBound - 1]) {
            return false
        }
        if range.upperBound < text.count, isWordByte(text[range.upperBound - 1]), isWordByte(text[range.upperBound]) {
            return false
        }
        return true
    }

    static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }

    private static func fold(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x41...0x5A: byte | 0x20
        case 0x09, 0x0A, 0x0D: 0x20
        default: byte
        }
    }
}
