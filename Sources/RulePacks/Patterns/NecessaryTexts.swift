/// Texts without which a pattern cannot match, read from the pattern itself.
///
/// `(?i)\b(?:maybe|perhaps)\b.*\d` needs "maybe" or "perhaps", and a digit. Where a pattern needs nothing that can be told,
/// or says something that this reader does not know, there are no clauses: an approximation in the safe direction, a
/// missing clause costs time alone.
public struct NecessaryTexts: Sendable, Equatable {
    public enum Text: Sendable, Hashable {
        /// ASCII, letters in lower case: they stand for both cases, whatever the pattern says.
        case literal([UInt8])
        /// A decimal digit of any script.
        case digit
    }

    /// Each must be met: one of its texts stands in the subject.
    ///
    /// Under `(?i)` the letters `k` and `s` also match the KELVIN SIGN and the LONG S. A subject that has one of these must
    /// not be judged by its texts.
    public private(set) var clauses: [[Text]] = []

    /// - Parameter pattern: The whole source, with the definitions of what it calls.
    public init(of pattern: String) {
        var reader = NecessaryTextReader(Array(pattern.utf8))
        clauses = (reader.read() ?? []).filter { NecessaryTexts.worth($0) > 1 }
    }

    /// How well a clause tells: by its weakest text, then by their number.
    static func worth(_ clause: [Text]) -> Int {
        let weakest = clause.map { text in
            switch text {
            case .digit: 2
            case .literal(let bytes) where bytes.count == 1:
                // A letter or a space stands everywhere.
                (0x61...0x7A).contains(bytes[0]) || bytes[0] == 0x20 ? 0 : 2
            case .literal(let bytes): bytes.count == 2 ? 1 : min(bytes.count, 6)
            }
        }
        return clause.count > NecessaryTexts.mostTexts ? 0 : weakest.min() ?? 0
    }

    /// A clause with more texts is met too often to be worth the question.
    private static let mostTexts = 128
}

/// Reads the subset of PCRE2's grammar that packs are written in; gives up on anything else.
struct NecessaryTextReader {
    typealias Clauses = [[NecessaryTexts.Text]]

    private struct Flags {
        var isExtended = false
    }

    /// What one element of a sequence says.
    private enum Piece {
        /// One character.
        case literal(UInt8)
        case clauses(Clauses)
        /// Takes no room: a boundary.
        case nothing
    }

    private let bytes: [UInt8]
    private var place = 0
    /// What the groups in `(?(DEFINE)…)` need, by name.
    private var defined: [String: Clauses] = [:]
    private var isLost = false

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Nil when the pattern says something unknown.
    mutating func read() -> Clauses? {
        var flags = Flags()
        let clauses = alternatives(&flags)
        return isLost || place < bytes.count ? nil : clauses
    }

    private var byte: UInt8? { place < bytes.count ? bytes[place] : nil }

    private func follows(_ text: StaticString) -> Bool {
        guard place + text.utf8CodeUnitCount <= bytes.count else { return false }
        return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[place + $0] == text.utf8Start[$0] }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        guard follows(text) else { return false }
        place += text.utf8CodeUnitCount
        return true
    }

    private mutating func lose() -> Piece {
        isLost = true
        place = bytes.count
        return .nothing
    }

    // MARK: - Structure

    /// Up to the closing parenthesis or the end.
    private mutating func alternatives(_ flags: inout Flags) -> Clauses {
        var branches = [sequence(&flags)]
        while byte == UInt8(ascii: "|") {
            place += 1
            branches.append(sequence(&flags))
        }
        guard branches.count > 1 else { return branches[0] }
        var either: [NecessaryTexts.Text] = []
        for branch in branches {
            // The last of equals would do as well; the first makes it the same in every run.
            var best: (clause: [NecessaryTexts.Text], worth: Int)?
            for clause in branch {
                let worth = NecessaryTexts.worth(clause)
                if worth > best?.worth ?? 0 { best = (clause, worth) }
            }
            guard let best else { return [] }
            either += best.clause.filter { !either.contains($0) }
        }
        return [either]
    }

    private mutating func sequence(_ flags: inout Flags) -> Clauses {
        var clauses: Clauses = []
        var run: [UInt8] = []
        func endRun() {
            if !run.isEmpty { clauses.append([.literal(run)]) }
            run = []
        }
        skipSpace(flags)
        while let next = byte, next != UInt8(ascii: "|"), next != UInt8(ascii: ")") {
            let piece = element(&flags)
            skipSpace(flags)
            let repeats = quantifier()
            skipSpace(flags)
            switch piece {
            case .nothing: break
            case .literal(let byte):
                if repeats == nil || repeats == 1 { run.append(byte) }
                if repeats != nil { endRun() }
            case .clauses(let found):
                endRun()
                if repeats != 0 { clauses += found }
            }
        }
        endRun()
        return clauses
    }

    private mutating func skipSpace(_ flags: Flags) {
        while flags.isExtended, let byte {
            if KeywordFolding.isSpace(byte) {
                place += 1
            } else if byte == UInt8(ascii: "#") {
                while let inside = self.byte, inside != 0x0A { _ = inside; place += 1 }
            } else {
                return
            }
        }
    }

    /// 0 when the element before may be absent, 1 when it must be there; nil without a quantifier.
    private mutating func quantifier() -> Int? {
        let least: Int
        switch byte {
        case UInt8(ascii: "?"), UInt8(ascii: "*"):
            least = 0
            place += 1
        case UInt8(ascii: "+"):
            least = 1
            place += 1
        case UInt8(ascii: "{"):
            guard let close = bytes[place...].firstIndex(of: UInt8(ascii: "}")),
                let first = bytes[place + 1..<close].first, (0x30...0x39).contains(first),
                bytes[place + 1..<close].allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2C })
            else {
                _ = lose()
                return 0
            }
            least = first == 0x30 ? 0 : 1
            place = close + 1
        default: return nil
        }
        // Lazy, possessive.
        if byte == UInt8(ascii: "?") || byte == UInt8(ascii: "+") { place += 1 }
        return least
    }

    // MARK: - Elements

    private mutating func element(_ flags: inout Flags) -> Piece {
        let first = bytes[place]
        switch first {
        case UInt8(ascii: "("): return group(&flags)
        case UInt8(ascii: "["): return characterClass()
        case UInt8(ascii: "\\"): return escape()
        case UInt8(ascii: "^"), UInt8(ascii: "$"):
            place += 1
            return .nothing
        case UInt8(ascii: "."):
            place += 1
            return .clauses([])
        case UInt8(ascii: "{"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): return lose()
        default:
            place += 1
            guard first >= 0x80 else { return .literal(folded(first)) }
            // All bytes of the character: a quantifier behind it belongs to the whole.
            while let byte, byte & 0xC0 == 0x80 { place += 1 }
            return .clauses([])
        }
    }

    private func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    private mutating func escape() -> Piece {
        place += 1
        guard let kind = byte else { return lose() }
        place += 1
        switch kind {
        case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "A"), UInt8(ascii: "z"), UInt8(ascii: "Z"):
            return .nothing
        case UInt8(ascii: "d"): return .clauses([[.digit]])
        case UInt8(ascii: "w"), UInt8(ascii: "W"), UInt8(ascii: "s"), UInt8(ascii: "S"), UInt8(ascii: "D"),
            UInt8(ascii: "t"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "h"), UInt8(ascii: "v"):
            return .clauses([])
        case UInt8(ascii: "x"):
            guard let code = hexadecimal() else { return lose() }
            return code < 0x80 ? .literal(folded(UInt8(code))) : .clauses([])
        case UInt8(ascii: "p"), UInt8(ascii: "P"):
            if byte == UInt8(ascii: "{"), let close = bytes[place...].firstIndex(of: UInt8(ascii: "}")) {
                place = close + 1
            } else {
                place += 1
            }
            return .clauses([])
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: return lose()
        default: return .literal(kind)
        }
    }

    /// What follows `\x`.
    private mutating func hexadecimal() -> Int? {
        var digits = bytes[place...].prefix(2)
        var end = place + 2
        if byte == UInt8(ascii: "{") {
            guard let close = bytes[place...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
            digits = bytes[(place + 1)..<close]
            end = close + 1
        }
        guard !digits.isEmpty, end <= bytes.count, let code = Int(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        place = end
        return code
    }

    /// A class of a few ASCII characters needs one of them.
    private mutating func characterClass() -> Piece {
        place += 1
        var texts: [NecessaryTexts.Text] = []
        var isTold = byte != UInt8(ascii: "^")
        if !isTold { place += 1 }
        var isFirst = true
        while let next = byte, next != UInt8(ascii: "]") || isFirst {
            isFirst = false
            // `[[:alpha:]]`
            if next == UInt8(ascii: "["), place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: ":") { return lose() }
            var text: NecessaryTexts.Text?
            if next == UInt8(ascii: "\\") {
                // In a class `\b` is a backspace.
                if place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "b") { return lose() }
                switch escape() {
                case .literal(let byte): text = .literal([byte])
                case .clauses(let clauses): text = clauses.first?.first
                case .nothing: break
                }
            } else {
                place += 1
                text = next < 0x80 ? .literal([folded(next)]) : nil
            }
            // A range tells nothing, and neither does its end.
            if byte == UInt8(ascii: "-"), place + 1 < bytes.count, bytes[place + 1] != UInt8(ascii: "]") { text = nil }
            guard let text else {
                isTold = false
                continue
            }
            if !texts.contains(text) { texts.append(text) }
        }
        guard byte != nil else { return lose() }
        place += 1
        guard isTold, texts.count <= 8 else { return .clauses([]) }
        if texts.count == 1, case .literal(let bytes) = texts[0] { return .literal(bytes[0]) }
        return .clauses([texts])
    }

    private mutating func group(_ flags: inout Flags) -> Piece {
        place += 1
        var inner = flags
        var isNeeded = true
        var name: String?
        if byte == UInt8(ascii: "*") { return lose() }
        if take("?") {
            if take("#") {
                while let byte, byte != UInt8(ascii: ")") { _ = byte; place += 1 }
                place += 1
                return .nothing
            } else if take("(DEFINE)") {
                return definitions(inner)
            } else if take("&") {
                guard let close = bytes[place...].firstIndex(of: UInt8(ascii: ")")) else { return lose() }
                let called = String(decoding: bytes[place..<close], as: UTF8.self)
                place = close + 1
                return .clauses(defined[called] ?? [])
            } else if take("!") || take("<!") {
                isNeeded = false
            } else if take("<=") {
                isNeeded = false
            } else if take("=") || take(">") || take("|") {
                // Nothing else to know.
            } else if take("<") || take("P<") {
                guard let close = bytes[place...].firstIndex(of: UInt8(ascii: ">")) else { return lose() }
                name = String(decoding: bytes[place..<close], as: UTF8.self)
                place = close + 1
            } else {
                guard options(&inner) else { return lose() }
                if take(")") {
                    flags = inner
                    return .nothing
                }
                guard take(":") else { return lose() }
            }
        }
        let clauses = alternatives(&inner)
        guard take(")") else { return lose() }
        if let name, name.utf8.allSatisfy({ !(0x61...0x7A).contains($0) }) { defined[name] = clauses }
        return .clauses(isNeeded ? clauses : [])
    }

    /// The groups of `(?(DEFINE)…)`: they match nothing where they stand.
    private mutating func definitions(_ flags: Flags) -> Piece {
        var inner = flags
        _ = alternatives(&inner)
        guard take(")") else { return lose() }
        return .nothing
    }

    /// `i`, `-x`, `^`; false for a letter that is not known.
    private mutating func options(_ flags: inout Flags) -> Bool {
        var isOn = true
        while let letter = byte {
            switch letter {
            case UInt8(ascii: "^"): flags.isExtended = false
            case UInt8(ascii: "-"): isOn = false
            case UInt8(ascii: "x"): flags.isExtended = isOn
            case UInt8(ascii: "i"), UInt8(ascii: "m"), UInt8(ascii: "s"), UInt8(ascii: "n"), UInt8(ascii: "J"),
                UInt8(ascii: "U"):
                break
            default: return true
            }
            place += 1
        }
        return false
    }
}
