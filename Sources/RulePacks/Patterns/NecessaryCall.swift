/// Whether every match of a pattern calls a group: what lets the prefilter look for keywords as the group does.
///
/// Says yes only where it is sure: a call counts when no alternative, no optional group, no condition and no negative
/// assertion lies around it. An approximation in the safe direction; a wrong no costs time alone.
struct NecessaryCall {
    private struct Group {
        var isAsserting: Bool
        var hasAlternatives = false
        var calls = false
    }

    private let bytes: [UInt8]
    private let call: [UInt8]
    private let isExtended: Bool

    init(of name: String, in pattern: String) {
        bytes = Array(pattern.utf8)
        call = Array("(?&\(name))".utf8)
        isExtended = PatternScan(pattern).isExtended
    }

    var isCertain: Bool {
        var groups = [Group(isAsserting: true)]
        var place = 0
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\\"):
                // A literal run hides everything that this scan would have to see.
                if place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "Q") { return false }
                place += 2
            case UInt8(ascii: "["): place = endOfClass(from: place)
            case UInt8(ascii: "#") where isExtended:
                while place < bytes.count, bytes[place] != 0x0A { place += 1 }
            case UInt8(ascii: "("):
                if bytes[place...].starts(with: call) {
                    place += call.count
                    if !isOptional(at: place) { groups[groups.count - 1].calls = true }
                } else {
                    groups.append(Group(isAsserting: asserts(at: place)))
                    place += 1
                }
            case UInt8(ascii: ")"):
                place += 1
                guard groups.count > 1, let closed = groups.popLast() else { return false }
                if closed.calls, closed.isAsserting, !closed.hasAlternatives, !isOptional(at: place) {
                    groups[groups.count - 1].calls = true
                }
            case UInt8(ascii: "|"):
                groups[groups.count - 1].hasAlternatives = true
                place += 1
            default: place += 1
            }
        }
        return groups.count == 1 && groups[0].calls && !groups[0].hasAlternatives
    }

    /// Whether what a group holds must match: not for `(?!`, `(?<!`, conditions, comments and definitions.
    private func asserts(at place: Int) -> Bool {
        !["(?!", "(?<!", "(?(", "(?#", "(*"].contains { bytes[place...].starts(with: $0.utf8) }
    }

    /// `?`, `*`, `{0`, `{,`
    private func isOptional(at place: Int) -> Bool {
        guard place < bytes.count else { return false }
        switch bytes[place] {
        case UInt8(ascii: "?"), UInt8(ascii: "*"): return true
        case UInt8(ascii: "{"):
            return place + 1 < bytes.count
                && (bytes[place + 1] == UInt8(ascii: "0") || bytes[place + 1] == UInt8(ascii: ","))
        default: return false
        }
    }

    private func endOfClass(from start: Int) -> Int {
        var place = start + 1
        if place < bytes.count, bytes[place] == UInt8(ascii: "^") { place += 1 }
        if place < bytes.count, bytes[place] == UInt8(ascii: "]") { place += 1 }
        while place < bytes.count, bytes[place] != UInt8(ascii: "]") {
            place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        return place + 1
    }
}

extension Rule {
    /// Whether the pattern calls `(?&KEYWORD)` in every match, which finds keywords as whole words only. Nothing less needs
    /// to wake such a rule.
    public var findsKeywordsAsWords: Bool {
        let text = String(decoding: pattern.source.utf8.dropFirst(pattern.prefixLength), as: UTF8.self)
        return NecessaryCall(of: "KEYWORD", in: text).isCertain
    }
}
