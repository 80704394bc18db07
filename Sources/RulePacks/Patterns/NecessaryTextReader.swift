import LiteralSearch

/// Reads the subset of PCRE2's grammar that packs are written in; gives up on anything else.
struct NecessaryTextReader {
    typealias Clauses = [[NecessaryTexts.Text]]

    struct Flags {
        var isExtended = false
    }

    /// What one element of a sequence says.
    enum Piece {
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
    static let mostTexts = 128
    /// So many branches are worth a look at the next byte; a call is worth it in any case.
    static let manyBranches = 3

    let bytes: [UInt8]
    let keywords: [[UInt8]]
    var place = 0
    /// What the groups in `(?(DEFINE)…)` need, by name.
    var defined: [String: Clauses] = [:]
    var isLost = false
    /// What the element that was read last may begin with.
    var first = FirstBytes.unknown
    var definedFirst: [String: FirstBytes] = [:]
    /// How many branches the group has that was read last.
    var branches = 1
    /// Where a look at the next byte stands for, and at which bytes.
    var guards: [(offset: Int, first: FirstBytes)] = []

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

    var byte: UInt8? { place < bytes.count ? bytes[place] : nil }

    func follows(_ text: StaticString) -> Bool {
        guard place + text.utf8CodeUnitCount <= bytes.count else { return false }
        return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[place + $0] == text.utf8Start[$0] }
    }

    mutating func take(_ text: StaticString) -> Bool {
        guard follows(text) else { return false }
        place += text.utf8CodeUnitCount
        return true
    }

    mutating func lose() -> Piece {
        isLost = true
        place = bytes.count
        return .nothing
    }

    // MARK: - Structure

    /// Up to the closing parenthesis or the end.
    mutating func alternatives(_ flags: inout Flags, behindBoundary: Bool) -> Clauses {
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
    func best(of branch: Clauses) -> [NecessaryTexts.Text]? {
        // Mostly there is nothing to choose between.
        if branch.count == 1 { return tells(branch[0]) ? branch[0] : nil }
        var best: [NecessaryTexts.Text]?
        var most = 0
        for clause in branch {
            let worth = worth(clause)
            if worth > most || worth == most && clause.count < best?.count ?? 0 { (best, most) = (clause, worth) }
        }
        return best
    }

    /// Whether a clause is worth anything.
    private func tells(_ clause: [NecessaryTexts.Text]) -> Bool {
        !clause.isEmpty && clause.count <= NecessaryTextReader.mostTexts
            && clause.allSatisfy { $0.count > 2 || worth($0) > 0 }
    }

    /// How well a clause tells: as well as its weakest text.
    func worth(_ clause: [NecessaryTexts.Text]) -> Int {
        guard clause.count <= NecessaryTextReader.mostTexts else { return 0 }
        return clause.reduce(clause.isEmpty ? 0 : .max) { min($0, worth($1)) }
    }

    func worth(_ text: NecessaryTexts.Text) -> Int {
        switch text.count {
        case 0: 0
        // A letter or a space stands everywhere.
        case 1: text == .digit ? 6 : (0x61...0x7A).contains(text[0]) || text[0] == 0x20 ? 0 : 8
        case 2: (0x61...0x7A).contains(text[0]) || (0x61...0x7A).contains(text[1]) ? 0 : 8
        default: isKnown(text) ? 7 : 4 * text.count
        }
    }

    /// Whether a keyword holds the text.
    func isKnown(_ text: NecessaryTexts.Text) -> Bool {
        let start = text[0] == NecessaryTexts.Text.boundary ? 1 : 0
        let end = text[text.count - 1] == NecessaryTexts.Text.boundary ? text.count - 1 : text.count
        return keywords.contains { keyword in
            guard keyword.count >= end - start else { return false }
            return (0...(keyword.count - (end - start))).contains { offset in
                (start..<end).allSatisfy { keyword[offset + $0 - start] == text[$0] }
            }
        }
    }

    mutating func sequence(_ flags: inout Flags, _ behindBoundary: Bool) -> Clauses {
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
            if branches >= NecessaryTextReader.manyBranches, repeats != 0, first.isUseful {
                guards.append((boundary ?? start, first))
            }
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

    mutating func skipSpace(_ flags: Flags) {
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
    mutating func quantifier() -> Int? {
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
}
