import LiteralSearch

/// What the loader must know of a pattern's text before PCRE2 has seen it: what it calls, and under which flags it begins.
///
/// Only an approximation of PCRE2's grammar. It decides which fragments are put in front of a pattern and where the caret
/// of a message stands; whether a pattern is right, PCRE2 alone says.
struct PatternScan {
    struct Name: Equatable {
        var text: String
        /// In bytes of the pattern.
        var offset: Int
    }

    /// `(?&NAME)`, `(?P>NAME)`, `\g<NAME>`, `\g'NAME'`.
    private(set) var calls: [Name] = []
    /// `(?<name>`, `(?P<name>`, `(?'name'`.
    private(set) var definitions: [Name] = []
    /// `\1`, `\g1`, `\g{1}`, `(?1)`, `(?(1)`: they would count the groups of fragments too. Relative ones are fine.
    private(set) var numericReferences: [Name] = []
    /// The inline options at the very beginning, as they stand: `(?xi)`.
    private(set) var leadingOptions = ""
    /// Whether those options make white space and comments vanish.
    private(set) var isExtended = false

    private let bytes: [UInt8]
    private var place = 0

    init(_ pattern: String) {
        bytes = Array(pattern.utf8)
        readLeadingOptions()
        while place < bytes.count { step() }
    }

    private func byte(_ offset: Int) -> UInt8? {
        place + offset < bytes.count ? bytes[place + offset] : nil
    }

    private func starts(with text: StaticString, at start: Int? = nil) -> Bool {
        let start = start ?? place
        guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
        for index in 0..<text.utf8CodeUnitCount where bytes[start + index] != text.utf8Start[index] { return false }
        return true
    }

    private mutating func readLeadingOptions() {
        var end = 0
        var next = 0
        while starts(with: "(?", at: next), let close = bytes[next...].firstIndex(of: UInt8(ascii: ")")) {
            let letters = bytes[(next + 2)..<close]
            let isOptions = letters.allSatisfy { byte in
                (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x5E
            }
            // `(?R)` calls the whole pattern.
            guard isOptions, !letters.isEmpty, !letters.contains(UInt8(ascii: "R")) else { break }
            let parts = letters.split(separator: 0x2D, maxSplits: 1, omittingEmptySubsequences: false)
            if letters.first == 0x5E { isExtended = false }
            if parts[0].contains(UInt8(ascii: "x")) { isExtended = true }
            if parts.count > 1, parts[1].contains(UInt8(ascii: "x")) { isExtended = false }
            end = close + 1
            next = end
            if isExtended { while next < bytes.count, KeywordFolding.isSpace(bytes[next]) { next += 1 } }
        }
        leadingOptions = String(decoding: bytes[..<end], as: UTF8.self)
        place = end
    }

    private mutating func step() {
        switch bytes[place] {
        case UInt8(ascii: "\\"): escape()
        case UInt8(ascii: "["): skipClass()
        case UInt8(ascii: "#") where isExtended: skip(behind: "\n")
        case UInt8(ascii: "(") where byte(1) == UInt8(ascii: "?"): group()
        default: place += 1
        }
    }

    private mutating func escape() {
        switch byte(1) {
        case UInt8(ascii: "Q"): skip(behind: "\\E")
        case UInt8(ascii: "g"): reference()
        case let digit? where (0x31...0x39).contains(digit):
            let digits = self.digits(from: place + 1)
            numericReferences.append(Name(text: "\\" + digits, offset: place))
            place += 1 + digits.utf8.count
        default: place += 2
        }
    }

    /// `\g` with what follows.
    private mutating func reference() {
        let start = place
        place += 2
        switch byte(0) {
        case UInt8(ascii: "<"): call(from: 1, until: UInt8(ascii: ">"))
        case UInt8(ascii: "'"): call(from: 1, until: UInt8(ascii: "'"))
        default:
            let from = byte(0) == UInt8(ascii: "{") ? place + 1 : place
            let digits = self.digits(from: from)
            guard !digits.isEmpty else { return }
            let end = from + digits.utf8.count
            numericReferences.append(
                Name(text: String(decoding: bytes[start..<end], as: UTF8.self), offset: start))
        }
    }

    /// `(?` with what follows.
    private mutating func group() {
        if starts(with: "(?#") { return skip(behind: ")") }
        if starts(with: "(?&") { return call(from: 3, until: UInt8(ascii: ")")) }
        if starts(with: "(?P>") { return call(from: 4, until: UInt8(ascii: ")")) }
        if starts(with: "(?P<") { return define(from: 4, until: UInt8(ascii: ">")) }
        if starts(with: "(?'") { return define(from: 3, until: UInt8(ascii: "'")) }
        if starts(with: "(?<"), byte(3) != UInt8(ascii: "="), byte(3) != UInt8(ascii: "!") {
            return define(from: 3, until: UInt8(ascii: ">"))
        }
        let isCondition = starts(with: "(?(")
        let digits = self.digits(from: place + (isCondition ? 3 : 2))
        if !digits.isEmpty {
            numericReferences.append(Name(text: (isCondition ? "(?(" : "(?") + digits + ")", offset: place))
        }
        place += 2
    }

    private mutating func call(from offset: Int, until end: UInt8) {
        if let name = name(from: offset, until: end) { calls.append(name) }
    }

    private mutating func define(from offset: Int, until end: UInt8) {
        if let name = name(from: offset, until: end) { definitions.append(name) }
    }

    private mutating func name(from offset: Int, until end: UInt8) -> Name? {
        let start = min(place + offset, bytes.count)
        place = start
        guard let close = bytes[start...].firstIndex(of: end) else { return nil }
        let text = String(decoding: bytes[start..<close], as: UTF8.self)
        place = close
        // `\g<1>` calls by number.
        return text.utf8.first.map { (0x30...0x39).contains($0) || $0 == 0x2B || $0 == 0x2D } ?? true
            ? nil : Name(text: text, offset: start)
    }

    private func digits(from start: Int) -> String {
        guard start < bytes.count else { return "" }
        return String(decoding: bytes[start...].prefix { (0x30...0x39).contains($0) }, as: UTF8.self)
    }

    private mutating func skip(behind text: StaticString) {
        while place < bytes.count, !starts(with: text) { place += 1 }
        place = min(bytes.count, place + text.utf8CodeUnitCount)
    }

    /// A class, with a `]` as its first member, escapes and `[:names:]`.
    private mutating func skipClass() {
        place += 1
        if byte(0) == UInt8(ascii: "^") { place += 1 }
        if byte(0) == UInt8(ascii: "]") { place += 1 }
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "]"):
                place += 1
                return
            case UInt8(ascii: "\\"):
                if byte(1) == UInt8(ascii: "Q") { skip(behind: "\\E") } else { place += 2 }
            case UInt8(ascii: "[") where byte(1) == UInt8(ascii: ":"): skip(behind: ":]")
            default: place += 1
            }
        }
    }
}
