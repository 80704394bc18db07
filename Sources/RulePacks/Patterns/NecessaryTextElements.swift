/// The elements of a pattern: characters, classes, escapes, groups.
extension NecessaryTextReader {
    mutating func element(_ flags: inout Flags, behindBoundary: Bool) -> Piece {
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
            if next == UInt8(ascii: "["), place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: ":") {
                return lose()
            }
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
