/// What goes into the text indexes beside the statement itself.
///
/// The words index (`porter unicode61`) takes `使用SQLite存储` for one word. So a run that holds ideographs is stored once
/// more, cut: overlapping pairs of them, and the words between on their own.
enum SearchText {
    /// Empty when there are no ideographs, kana or hangul.
    static func pairs(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 >= 0xE2 }) else { return "" }
        var pieces: [String] = []
        var run: [Unicode.Scalar] = []
        var word = String.UnicodeScalarView()
        // Words outside such runs are in the words index already.
        var holdsPairs = false
        var pending: [String] = []
        func endRun() {
            if run.count == 1 { pending.append(String(String.UnicodeScalarView(run))) }
            for index in run.indices.dropLast() {
                pending.append(String(String.UnicodeScalarView(run[index...index + 1])))
            }
            run = []
        }
        func endWord() {
            if !word.isEmpty { pending.append(String(word)) }
            word = String.UnicodeScalarView()
        }
        func endPiece() {
            endRun()
            endWord()
            if holdsPairs { pieces += pending }
            pending = []
            holdsPairs = false
        }
        for scalar in text.unicodeScalars {
            if isIdeograph(scalar) {
                endWord()
                run.append(scalar)
                holdsPairs = true
            } else if scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
                endRun()
                word.append(scalar)
            } else {
                endPiece()
            }
        }
        endPiece()
        return pieces.joined(separator: " ")
    }

    /// Han, kana, hangul: scripts that do without spaces, and hangul because its particles cling to the word.
    static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF, 0x20000...0x3134F:
            true
        default: false
        }
    }

    /// Names in code, paths and options of a text, for the trigram index: a part of them is found too.
    static func identifiers(_ text: String) -> String {
        var found: [Substring] = []
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "," || $0 == "`" }) {
            let name = word.drop(while: { "\"'([{<".contains($0) })
            let end = name.lastIndex(where: { !"\"')]}>.:;!?".contains($0) }).map { name.index(after: $0) }
            let trimmed = name[..<(end ?? name.startIndex)]
            if trimmed.utf8.count >= 3, trimmed.utf8.count <= 200, isIdentifier(trimmed), !found.contains(trimmed) {
                found.append(trimmed)
            }
        }
        return found.joined(separator: " ")
    }

    /// A digit among letters, a mark between them, or a capital behind a small letter.
    static func isIdentifier(_ word: Substring) -> Bool {
        var previous: UInt8 = 0
        var hasLetter = false
        var isSpecial = false
        for byte in word.utf8 {
            switch byte {
            case 0x41...0x5A:
                if (0x61...0x7A).contains(previous) { isSpecial = true }
                hasLetter = true
            case 0x61...0x7A: hasLetter = true
            case 0x30...0x39, UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: ":"),
                UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "#"):
                isSpecial = true
            case 0x80...: return false
            default: break
            }
            previous = byte
        }
        return hasLetter && isSpecial
    }
}
