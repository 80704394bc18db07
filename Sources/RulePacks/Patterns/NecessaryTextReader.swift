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
        /// Takes no room, and is the edge of a word where letters stand beside it.
        case boundary
        /// White space or another character that is in no word.
        case gap
        /// Takes no room.
        case nothing
    }

    /// A clause with more texts is met too often to be worth the question.
    private static let mostTexts = 128
    /// So many branches are worth a look at the next byte; a call is worth it in any case.
    private static let manyBranches = 3

    private let bytes: [UInt8]
    private let keywords: [[UInt8]]
    private var place = 0
    /// What the groups in `(?(DEFINE)…)` need, by name.
    private var defined: [String: Clauses] = [:]
    private var isLost = false
    /// What the element that was read last may begin with.
    private var first = FirstBytes.unknown
    private var definedFirst: [String: FirstBytes] = [:]
    /// How many branches the group has that was read last.
    private var branches = 1
    /// Where a look at the next byte stands for, and at which bytes.
    private var guards: [(offset: Int, first: FirstBytes)] = []

    init(_ bytes: [UInt8], keywords: [String]) {
        self.bytes = bytes
        self.keywords = keywords.map { Array($0.utf8) }
    }

    /// Nil when the pattern says something unknown.
    mutating func read() -> Clauses? {
        var flags = Flags()
        let clauses = alternatives(&flags, behindBoundary: false)
        return isLost || place < bytes.count ? nil : clauses
    }

    /// The pattern with all guards in their places.
    func guarded() -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + guards.count * 64)
        var copied = 0
        for (offset, first) in guards.sorted(by: { $0.offset < $1.offset }) {
            text += bytes[copied..<offset]
            text += first.lookahead
            copied = offset
        }
        text += bytes[copied...]
        return String(decoding: text, as: UTF8.self)
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
    private mutating func alternatives(_ flags: inout Flags, behindBoundary: Bool) -> Clauses {
        let branch = sequence(&flags, behindBoundary)
        branches = 1
        guard byte == UInt8(ascii: "|") else { return branch }
        var firsts = first
        var count = 1
        var either = best(of: branch) ?? []
        var isTold = !either.isEmpty
        while byte == UInt8(ascii: "|") {
            place += 1
            let branch = sequence(&flags, behindBoundary)
            firsts.formUnion(first)
            count += 1
            guard isTold, let clause = best(of: branch) else {
                isTold = false
                continue
            }
            for text in clause where !either.contains(text) { either.append(text) }
        }
        first = firsts
        branches = count
        return isTold ? [either] : []
    }

    /// The clause that tells most; of equals the first.
    private func best(of branch: Clauses) -> [NecessaryTexts.Text]? {
        var best: [NecessaryTexts.Text]?
        var most = 0
        for clause in branch {
            let worth = worth(clause)
            if worth > most || worth == most && clause.count < best?.count ?? 0 { (best, most) = (clause, worth) }
        }
        return best
    }

    /// How well a clause tells: as well as its weakest text.
    func worth(_ clause: [NecessaryTexts.Text]) -> Int {
        guard clause.count <= NecessaryTextReader.mostTexts else { return 0 }
        return clause.reduce(clause.isEmpty ? 0 : .max) { min($0, worth($1)) }
    }

    private func worth(_ text: NecessaryTexts.Text) -> Int {
        switch text.count {
        case 0: 0
        // A letter or a space stands everywhere.
        case 1: text == .digit ? 6 : (0x61...0x7A).contains(text[0]) || text[0] == 0x20 ? 0 : 8
        case 2: (0x61...0x7A).contains(text[0]) || (0x61...0x7A).contains(text[1]) ? 0 : 8
        default: isKnown(text) ? 7 : 4 * text.count
        }
    }

    /// Whether a keyword holds the text.
    private func isKnown(_ text: NecessaryTexts.Text) -> Bool {
        let start = text[0] == NecessaryTexts.Text.boundary ? 1 : 0
        let end = text[text.count - 1] == NecessaryTexts.Text.boundary ? text.count - 1 : text.count
        return keywords.contains { keyword in
            guard keyword.count >= end - start else { return false }
            return (0...(keyword.count - (end - start))).contains { offset in
                (start..<end).allSatisfy { keyword[offset + $0 - start] == text[$0] }
            }
        }
    }

    private mutating func sequence(_ flags: inout Flags, _ behindBoundary: Bool) -> Clauses {
        var clauses: Clauses = []
        var run = NecessaryTexts.Text()
        var isBehindBoundary = behindBoundary
        /// The clauses from here on are those of a group that stands right before this place.
        var adjacent = 0
        func isWord(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
        }
        func endRun() {
            if run.count > 0 { clauses.append([run]) }
            run = NecessaryTexts.Text()
        }
        /// What stands before this place ends at the edge of a word, or goes on in some way.
        func close(atBoundary: Bool) {
            if run.count > 0, atBoundary, isWord(run[run.count - 1]) { run.append(NecessaryTexts.Text.boundary) }
            endRun()
            for clause in adjacent..<max(adjacent, clauses.count) {
                for text in clauses[clause].indices where clauses[clause][text].isOpen {
                    let last = clauses[clause][text].count - 1
                    if atBoundary, isWord(clauses[clause][text][last]) {
                        clauses[clause][text].append(NecessaryTexts.Text.boundary)
                    }
                    clauses[clause][text].isOpen = false
                }
            }
            adjacent = clauses.count
        }
        var firsts = FirstBytes()
        var mayBeEmpty = true
        /// Where the boundary right before this place stands.
        var boundary: Int?
        skipSpace(flags)
        while let next = byte, next != UInt8(ascii: "|"), next != UInt8(ascii: ")") {
            let start = place
            first = .unknown
            branches = 1
            let piece = element(&flags, behindBoundary: isBehindBoundary)
            skipSpace(flags)
            let repeats = quantifier()
            skipSpace(flags)
            if branches >= NecessaryTextReader.manyBranches, repeats != 0, first.isUseful { guards.append((boundary ?? start, first)) }
            boundary = bytes[start..<min(start + 2, bytes.count)].elementsEqual(#"\b"#.utf8) ? start : nil
            if mayBeEmpty, !first.isTransparent {
                firsts.formUnion(first)
                mayBeEmpty = repeats == 0
            }
            switch piece {
            case .nothing: break
            case .boundary:
                close(atBoundary: repeats != 0)
                isBehindBoundary = repeats != 0
            case .gap:
                close(atBoundary: repeats != 0)
                isBehindBoundary = repeats != 0
            case .literal(let byte):
                if run.count == 0 { close(atBoundary: !isWord(byte) && repeats != 0) }
                if repeats == nil || repeats == 1 {
                    if run.count >= NecessaryTexts.Text.longest - 1 { endRun() }
                    if run.count == 0, isBehindBoundary, isWord(byte) { run.append(NecessaryTexts.Text.boundary) }
                    run.append(byte)
                }
                if repeats != nil { endRun() }
                adjacent = clauses.count
                // What may be absent or more than one hides where the next character stands.
                isBehindBoundary = false
            case .clauses(let found):
                close(atBoundary: false)
                isBehindBoundary = false
                if repeats != 0 { clauses += found }
                if repeats != nil { close(atBoundary: false) }
            }
        }
        if run.count > 0 {
            run.isOpen = run.count < NecessaryTexts.Text.longest
            clauses.append([run])
        }
        first = mayBeEmpty ? .unknown : firsts
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

    private mutating func element(_ flags: inout Flags, behindBoundary: Bool) -> Piece {
        let first = bytes[place]
        switch first {
        case UInt8(ascii: "("): return group(&flags, behindBoundary: behindBoundary)
        case UInt8(ascii: "["): return characterClass()
        case UInt8(ascii: "\\"): return escape()
        case UInt8(ascii: "^"), UInt8(ascii: "$"):
            place += 1
            self.first = .transparent
            return .boundary
        case UInt8(ascii: "."):
            place += 1
            return .clauses([])
        case UInt8(ascii: "{"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): return lose()
        default:
            place += 1
            guard first >= 0x80 else {
                self.first = FirstBytes(first)
                return .literal(folded(first))
            }
            self.first = FirstBytes()
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
        case UInt8(ascii: "b"), UInt8(ascii: "A"), UInt8(ascii: "z"), UInt8(ascii: "Z"):
            first = .transparent
            return .boundary
        case UInt8(ascii: "B"):
            first = .transparent
            return .nothing
        case UInt8(ascii: "d"):
            first = FirstBytes(0x30...0x39)
            return .clauses([[.digit]])
        case UInt8(ascii: "s"):
            first = FirstBytes(0x09...0x0D)
            first.insert(0x20)
            return .gap
        case UInt8(ascii: "W"), UInt8(ascii: "t"), UInt8(ascii: "n"), UInt8(ascii: "r"),
            UInt8(ascii: "h"), UInt8(ascii: "v"):
            return .gap
        case UInt8(ascii: "w"), UInt8(ascii: "S"), UInt8(ascii: "D"): return .clauses([])
        case UInt8(ascii: "x"):
            guard let code = hexadecimal() else { return lose() }
            first = code < 0x80 ? FirstBytes(UInt8(code)) : FirstBytes()
            return code < 0x80 ? .literal(folded(UInt8(code))) : .clauses([])
        case UInt8(ascii: "p"), UInt8(ascii: "P"):
            if byte == UInt8(ascii: "{"), let close = bytes[place...].firstIndex(of: UInt8(ascii: "}")) {
                place = close + 1
            } else {
                place += 1
            }
            return .clauses([])
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: return lose()
        default:
            first = FirstBytes(kind)
            return .literal(kind)
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
        var members = isTold ? FirstBytes() : .unknown
        /// Where a range begins whose end comes next.
        var low: UInt8?
        while let next = byte, next != UInt8(ascii: "]") || isFirst {
            isFirst = false
            let isEscaped = next == UInt8(ascii: "\\")
            first = isEscaped ? .unknown : FirstBytes()
            // `[[:alpha:]]`
            if next == UInt8(ascii: "["), place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: ":") { return lose() }
            var text: NecessaryTexts.Text?
            if next == UInt8(ascii: "\\") {
                // In a class `\b` is a backspace.
                if place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "b") { return lose() }
                switch escape() {
                case .literal(let byte): text = single(byte)
                case .clauses(let clauses): text = clauses.first?.first
                case .nothing, .boundary, .gap: break
                }
            } else {
                place += 1
                text = next < 0x80 ? single(folded(next)) : nil
                if next < 0x80 { first = FirstBytes(next) }
            }
            if let start = low {
                // An escape at the end of a range is rare; then nothing is known.
                members.formUnion(isEscaped || next < start || next >= 0x80 ? .unknown : FirstBytes(start...next))
                low = nil
            } else if byte == UInt8(ascii: "-"), place + 1 < bytes.count, bytes[place + 1] != UInt8(ascii: "]") {
                low = isEscaped || next >= 0x80 ? nil : next
                if low == nil { members = .unknown }
                place += 1
                isTold = false
                continue
            } else {
                members.formUnion(first)
            }
            guard let text else {
                isTold = false
                continue
            }
            if !texts.contains(text) { texts.append(text) }
        }
        guard byte != nil else { return lose() }
        place += 1
        first = members
        guard isTold, texts.count <= 8 else { return .clauses([]) }
        if texts.count == 1, texts[0] != .digit { return .literal(texts[0][0]) }
        return .clauses([texts])
    }

    private func single(_ byte: UInt8) -> NecessaryTexts.Text {
        var text = NecessaryTexts.Text()
        text.append(byte)
        return text
    }

    private mutating func group(_ flags: inout Flags, behindBoundary: Bool) -> Piece {
        place += 1
        var inner = flags
        var isNeeded = true
        var looksAround = false
        var name: String?
        if byte == UInt8(ascii: "*") { return lose() }
        if take("?") {
            if take("#") {
                while let byte, byte != UInt8(ascii: ")") { _ = byte; place += 1 }
                place += 1
                first = .transparent
                return .nothing
            } else if take("(DEFINE)") {
                return definitions(inner)
            } else if take("&") {
                guard let close = bytes[place...].firstIndex(of: UInt8(ascii: ")")) else { return lose() }
                let called = String(decoding: bytes[place..<close], as: UTF8.self)
                place = close + 1
                first = definedFirst[called] ?? .unknown
                branches = NecessaryTextReader.manyBranches
                return .clauses(defined[called] ?? [])
            } else if take("!") || take("<!") {
                isNeeded = false
                looksAround = true
            } else if take("<=") {
                isNeeded = false
                looksAround = true
            } else if take("=") {
                looksAround = true
            } else if take(">") || take("|") {
                // Nothing else to know.
            } else if take("<") || take("P<") {
                guard let close = bytes[place...].firstIndex(of: UInt8(ascii: ">")) else { return lose() }
                name = String(decoding: bytes[place..<close], as: UTF8.self)
                place = close + 1
            } else {
                guard options(&inner) else { return lose() }
                if take(")") {
                    flags = inner
                    first = .transparent
                    return .nothing
                }
                guard take(":") else { return lose() }
            }
        }
        let clauses = alternatives(&inner, behindBoundary: behindBoundary && name == nil)
        guard take(")") else { return lose() }
        if let name, name.utf8.allSatisfy({ !(0x61...0x7A).contains($0) }) {
            defined[name] = closed(clauses)
            definedFirst[name] = first
            // The look at the next byte stands where it is called.
            branches = 1
        }
        if looksAround {
            first = .transparent
            branches = 1
        }
        return .clauses(isNeeded ? looksAround ? closed(clauses) : clauses : [])
    }

    /// What follows is not known to stand behind the texts.
    private func closed(_ clauses: Clauses) -> Clauses {
        clauses.map { clause in
            clause.map { text in
                var text = text
                text.isOpen = false
                return text
            }
        }
    }

    /// The groups of `(?(DEFINE)…)`: they match nothing where they stand.
    private mutating func definitions(_ flags: Flags) -> Piece {
        var inner = flags
        _ = alternatives(&inner, behindBoundary: false)
        // A keyword stands there in any case.
        defined["KEYWORD"] = nil
        first = .transparent
        branches = 1
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
