/// The structure of a pattern's text, as far as checks and explanations ask for it.
///
/// An approximation of PCRE2's grammar: what it does not know it passes over. Whether a pattern is right, PCRE2 alone says.
package struct PatternTree: Sendable {
    package indirect enum Node: Sendable {
        /// One character.
        case set(PatternCharacters)
        /// `^`, `$`, `\b`: takes no room.
        case anchor
        /// A look ahead or behind, or a condition.
        case look
        /// A group with its alternatives; nothing is given back out of an atomic one.
        case group([[Element]], isAtomic: Bool)
        /// `(?&NAME)`
        case call(String)
        /// Options, comments, and what is not known here.
        case other
    }

    package struct Element: Sendable {
        package var node: Node
        /// In bytes of the pattern, with the quantifier.
        package var range: Range<Int>
        package var least = 1
        /// Nil without a bound.
        package var most: Int? = 1
        /// Whether nothing of a repetition is given back.
        package var isPossessive = false
        /// Whether it stands for one written letter or digit.
        package var isWordCharacter = false

        /// Repeats so often that the number of ways counts.
        var repeats: Bool { most.map { $0 >= 8 } ?? true }
    }

    package private(set) var alternatives: [[Element]] = []
    /// Blanks that vanish under `x` between two written letters or digits: mostly, a blank was meant.
    private(set) var lostBlanks: [Int] = []
    /// `#` that begin a comment under `x`: the place, and whether anything but the end of the pattern follows the comment.
    private(set) var comments: [(offset: Int, touchesText: Bool, reachesEnd: Bool)] = []

    /// - Parameter isExtended: Whether the pattern is called by one under `x`, as fragments are.
    package init(_ pattern: String, isExtended: Bool = false) {
        var reader = PatternTreeReader(pattern, isExtended: isExtended)
        alternatives = reader.read()
        lostBlanks = reader.lostBlanks
        comments = reader.comments
    }
}

/// Walks along the bytes of a pattern once.
struct PatternTreeReader {
    private let bytes: [UInt8]
    private var place = 0
    private var isExtended: Bool
    private var isCaseless = false
    private var depth = 0
    private(set) var lostBlanks: [Int] = []
    private(set) var comments: [(offset: Int, touchesText: Bool, reachesEnd: Bool)] = []

    init(_ pattern: String, isExtended: Bool) {
        bytes = Array(pattern.utf8)
        self.isExtended = isExtended
    }

    mutating func read() -> [[PatternTree.Element]] { alternatives(isTop: true) }

    private func byte(_ offset: Int = 0) -> UInt8 { place + offset < bytes.count ? bytes[place + offset] : 0 }

    private func starts(with text: StaticString) -> Bool {
        guard place + text.utf8CodeUnitCount <= bytes.count else { return false }
        for index in 0..<text.utf8CodeUnitCount where bytes[place + index] != text.utf8Start[index] { return false }
        return true
    }

    /// Up to the parenthesis that closes the group; flags that are set inside end with it.
    private mutating func alternatives(isTop: Bool = false) -> [[PatternTree.Element]] {
        let flags = (isExtended, isCaseless)
        depth += 1
        defer {
            depth -= 1
            if !isTop { (isExtended, isCaseless) = flags }
        }
        var all: [[PatternTree.Element]] = [[]]
        while place < bytes.count {
            if byte() == UInt8(ascii: "|") {
                all.append([])
                place += 1
            } else if byte() == UInt8(ascii: ")") {
                guard isTop else { break }
                place += 1
            } else if let element = element(behind: all[all.count - 1].last) {
                all[all.count - 1].append(element)
            }
        }
        return all
    }

    /// Nil for what vanishes.
    private mutating func element(behind last: PatternTree.Element?) -> PatternTree.Element? {
        let start = place
        if isExtended, skipBlank(behind: last) { return nil }
        var element = atom(from: start)
        quantify(&element)
        element.range = start..<place
        return element
    }

    /// White space and comments under `x`.
    private mutating func skipBlank(behind last: PatternTree.Element?) -> Bool {
        if byte() == UInt8(ascii: "#") {
            let start = place
            while place < bytes.count, bytes[place] != 0x0A { place += 1 }
            let touches = start > 0 && ![0x20, 0x09, 0x0A, 0x0D].contains(bytes[start - 1])
            comments.append((start, touches, place == bytes.count))
            return true
        }
        guard [0x20, 0x09, 0x0A, 0x0D].contains(byte()) else { return false }
        let start = place
        while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
        let isInLine = !bytes[start..<place].contains(0x0A)
        if isInLine, let last, last.isWordCharacter, last.range.upperBound == start, isLetterOrDigit(byte()),
            !isQuantifier(at: place + 1)
        {
            lostBlanks.append(start)
        }
        return true
    }

    private func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80
    }

    private func isQuantifier(at place: Int) -> Bool {
        guard place < bytes.count else { return false }
        return [UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?")].contains(bytes[place])
    }

    private mutating func atom(from start: Int) -> PatternTree.Element {
        func element(_ node: PatternTree.Node) -> PatternTree.Element {
            PatternTree.Element(node: node, range: start..<start)
        }
        switch byte() {
        case UInt8(ascii: "\\"): return element(escape())
        case UInt8(ascii: "["): return element(.set(characterClass()))
        case UInt8(ascii: "("): return element(group())
        case UInt8(ascii: "."):
            place += 1
            return element(.set(.line))
        case UInt8(ascii: "^"), UInt8(ascii: "$"):
            place += 1
            return element(.anchor)
        default:
            let isWord = isLetterOrDigit(byte())
            let scalar = scalar()
            var found = element(.set(set([scalar])))
            found.isWordCharacter = isWord
            return found
        }
    }

    private func set(_ scalars: [Unicode.Scalar]) -> PatternCharacters {
        let set = PatternCharacters(scalars)
        return isCaseless ? set.withoutCase : set
    }

    private mutating func scalar() -> Unicode.Scalar {
        let decoded = bytes.withUnsafeBufferPointer { YAMLSource.scalar($0, at: place) }
        place += decoded?.length ?? 1
        return decoded.flatMap { Unicode.Scalar($0.value) } ?? "?"
    }

    private mutating func escape() -> PatternTree.Node {
        place += 1
        let letter = byte()
        place += 1
        switch letter {
        case UInt8(ascii: "d"): return .set(.digits)
        case UInt8(ascii: "D"): return .set(PatternCharacters.digits.complement)
        case UInt8(ascii: "w"): return .set(.words)
        case UInt8(ascii: "W"): return .set(PatternCharacters.words.complement)
        case UInt8(ascii: "s"), UInt8(ascii: "h"): return .set(.spaces)
        case UInt8(ascii: "S"): return .set(PatternCharacters.spaces.complement)
        case UInt8(ascii: "n"): return .set(PatternCharacters(["\n"]))
        case UInt8(ascii: "t"): return .set(PatternCharacters(["\t"]))
        case UInt8(ascii: "N"), UInt8(ascii: "X"), UInt8(ascii: "R"): return .set(.line)
        case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "A"), UInt8(ascii: "z"), UInt8(ascii: "Z"),
            UInt8(ascii: "G"):
            return .anchor
        case UInt8(ascii: "Q"):
            while place < bytes.count, !starts(with: "\\E") { place += 1 }
            place = min(bytes.count, place + 2)
            return .other
        case UInt8(ascii: "x"), UInt8(ascii: "p"), UInt8(ascii: "P"), UInt8(ascii: "k"), UInt8(ascii: "g"):
            return argument(of: letter)
        case 0x80...:
            place -= 1
            return .set(set([scalar()]))
        default:
            if (0x61...0x7A).contains(letter | 0x20) || (0x30...0x39).contains(letter) { return .other }
            return .set(PatternCharacters([Unicode.Scalar(letter)]))
        }
    }

    /// `\x2A`, `\x{1F600}`, `\p{Lu}`, `\k<name>`.
    private mutating func argument(of letter: UInt8) -> PatternTree.Node {
        let ends: [UInt8: UInt8] = [0x7B: 0x7D, 0x3C: 0x3E, 0x27: 0x27]
        var text: [UInt8] = []
        if let end = ends[byte()] {
            place += 1
            while place < bytes.count, bytes[place] != end {
                text.append(bytes[place])
                place += 1
            }
            place += 1
        } else {
            let width = letter == UInt8(ascii: "x") ? 2 : 1
            text = Array(bytes[min(place, bytes.count)..<min(place + width, bytes.count)])
            place = min(place + width, bytes.count)
        }
        switch letter {
        case UInt8(ascii: "x"):
            let value = UInt32(String(decoding: text, as: UTF8.self), radix: 16).flatMap(Unicode.Scalar.init)
            return .set(set([value ?? "?"]))
        case UInt8(ascii: "p"): return .set(.words)
        case UInt8(ascii: "P"): return .set(.all)
        default: return .other
        }
    }

    private mutating func characterClass() -> PatternCharacters {
        var found = PatternCharacters()
        place += 1
        let isNegated = byte() == UInt8(ascii: "^")
        if isNegated { place += 1 }
        var isFirst = true
        while place < bytes.count, byte() != UInt8(ascii: "]") || isFirst {
            isFirst = false
            if starts(with: "[:") {
                let isNot = byte(2) == UInt8(ascii: "^")
                while place < bytes.count, !starts(with: ":]") { place += 1 }
                place = min(bytes.count, place + 2)
                found.formUnion(isNot ? .all : .words)
                continue
            }
            var low: Unicode.Scalar?
            if byte() == UInt8(ascii: "\\") {
                if case .set(let part) = escape() { found.formUnion(part) }
            } else {
                let scalar = scalar()
                low = scalar
                found.insert(scalar)
            }
            if let low, byte() == UInt8(ascii: "-"), byte(1) != UInt8(ascii: "]"), byte(1) != UInt8(ascii: "\\") {
                place += 1
                let high = scalar()
                if low.value <= high.value { found.insert(low.value...high.value) }
            }
        }
        place = min(bytes.count, place + 1)
        if isCaseless { found = found.withoutCase }
        return isNegated ? found.complement : found
    }

    private mutating func group() -> PatternTree.Node {
        place += 1
        guard depth < 60 else { return .other }
        if byte() == UInt8(ascii: "*") {
            while place < bytes.count, byte() != UInt8(ascii: ")") { place += 1 }
            place = min(bytes.count, place + 1)
            return .other
        }
        guard byte() == UInt8(ascii: "?") else { return closed(isAtomic: false) }
        place += 1
        if byte() == UInt8(ascii: "&") || starts(with: "P>") { return call() }
        if byte() == UInt8(ascii: "#") {
            while place < bytes.count, byte() != UInt8(ascii: ")") { place += 1 }
            place = min(bytes.count, place + 1)
            return .other
        }
        let looks: [StaticString] = ["=", "!", "<=", "<!", "("]
        if let look = looks.first(where: { starts(with: $0) }) {
            place += look.utf8CodeUnitCount
            if look.utf8CodeUnitCount == 1, bytes[place - 1] == UInt8(ascii: "(") {
                while place < bytes.count, byte() != UInt8(ascii: ")") { place += 1 }
                place = min(bytes.count, place + 1)
            }
            _ = closed(isAtomic: false)
            return .look
        }
        if byte() == UInt8(ascii: ">") || byte() == UInt8(ascii: "|") || byte() == UInt8(ascii: ":") {
            let isAtomic = byte() == UInt8(ascii: ">")
            place += 1
            return closed(isAtomic: isAtomic)
        }
        if byte() == UInt8(ascii: "<") || starts(with: "P<") || byte() == UInt8(ascii: "'") {
            let end = byte() == UInt8(ascii: "'") ? UInt8(ascii: "'") : UInt8(ascii: ">")
            place += 1
            while place < bytes.count, byte() != end { place += 1 }
            place += 1
            return closed(isAtomic: false)
        }
        return options()
    }

    private mutating func call() -> PatternTree.Node {
        place += byte() == UInt8(ascii: "&") ? 1 : 2
        let start = min(place, bytes.count)
        while place < bytes.count, byte() != UInt8(ascii: ")") { place += 1 }
        let name = String(decoding: bytes[start..<min(place, bytes.count)], as: UTF8.self)
        place = min(bytes.count, place + 1)
        return .call(name)
    }

    /// `(?xi)`, `(?x-i: …)`, `(?^)`.
    private mutating func options() -> PatternTree.Node {
        let before = (isExtended, isCaseless)
        var isOn = true
        while place < bytes.count, byte() != UInt8(ascii: ")"), byte() != UInt8(ascii: ":") {
            switch byte() {
            case UInt8(ascii: "-"): isOn = false
            case UInt8(ascii: "^"): (isExtended, isCaseless) = (false, false)
            case UInt8(ascii: "x"): isExtended = isOn
            case UInt8(ascii: "i"): isCaseless = isOn
            default: break
            }
            place += 1
        }
        let isGroup = byte() == UInt8(ascii: ":")
        place = min(bytes.count, place + 1)
        guard isGroup else { return .other }
        let node = closed(isAtomic: false)
        (isExtended, isCaseless) = before
        return node
    }

    private mutating func closed(isAtomic: Bool) -> PatternTree.Node {
        let inner = alternatives()
        place = min(bytes.count, place + 1)
        return .group(inner, isAtomic: isAtomic)
    }

    /// What stands behind an atom: `*`, `+?`, `{2,5}+`.
    private mutating func quantify(_ element: inout PatternTree.Element) {
        switch byte() {
        case UInt8(ascii: "*"): (element.least, element.most) = (0, nil)
        case UInt8(ascii: "+"): (element.least, element.most) = (1, nil)
        case UInt8(ascii: "?"): (element.least, element.most) = (0, 1)
        case UInt8(ascii: "{"):
            guard let close = bytes[place...].firstIndex(of: UInt8(ascii: "}")) else { return }
            let parts = bytes[(place + 1)..<close].split(separator: 0x2C, omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
            let numbers = parts.map { Int($0.filter { $0 != " " }) }
            guard parts.count <= 2, let first = parts.first, numbers[0] != nil || first.isEmpty && parts.count == 2
            else { return }
            element.least = numbers[0] ?? 0
            element.most = parts.count == 1 ? element.least : numbers[1]
            place = close
        default: return
        }
        place += 1
        if byte() == UInt8(ascii: "+") { element.isPossessive = true }
        if byte() == UInt8(ascii: "+") || byte() == UInt8(ascii: "?") { place += 1 }
    }
}

extension PatternTree {
    /// The options at the beginning of a pattern, as they are written there.
    package func options(in pattern: String) -> String { PatternScan(pattern).leadingOptions }
}
