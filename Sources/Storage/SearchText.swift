import Memories

/// What goes into the text indexes beside the statement itself.
///
/// The words index (`porter unicode61`) takes `使用SQLite存储` for one word. So a run that holds ideographs is stored once
/// more, cut: overlapping pairs of them, and the words between on their own.
package enum SearchText {
    /// Empty when there are no ideographs, kana or hangul.
    package static func pairs(_ text: String) -> String {
        // Hangul in its parts begins with 0xE1.
        guard text.utf8.contains(where: { $0 >= 0xE1 }) else { return "" }
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
        for scalar in text.composed.unicodeScalars {
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
    package static func identifiers(_ text: String) -> String {
        var text = text
        return text.withUTF8 { bytes in
            var found: [Range<Int>] = []
            var start = 0
            while start < bytes.count {
                var end = start
                while end < bytes.count, !isBlank(bytes[end]) { end += 1 }
                var range = start..<end
                start = end + 1
                while let first = range.first, isOpening(bytes[first]) { range = first + 1..<range.upperBound }
                while let last = range.last, isClosing(bytes[last]) { range = range.lowerBound..<last }
                guard (3...200).contains(range.count), isIdentifier(UnsafeBufferPointer(rebasing: bytes[range])),
                    !found.contains(where: { bytes[$0].elementsEqual(bytes[range]) })
                else { continue }
                found.append(range)
            }
            guard !found.isEmpty else { return "" }
            return String(
                decoding: Array(found.map { Array(bytes[$0]) }.joined(separator: [0x20])), as: UTF8.self)
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "`")
    }

    private static func isOpening(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"),
            UInt8(ascii: "<"):
            true
        default: false
        }
    }

    private static func isClosing(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"),
            UInt8(ascii: ">"),
            UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "!"), UInt8(ascii: "?"):
            true
        default: false
        }
    }

    /// A digit among letters, a mark between them, or a capital behind a small letter.
    static func isIdentifier(_ word: Substring) -> Bool {
        var word = word
        return word.withUTF8 { isIdentifier($0) }
    }

    private static func isIdentifier(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        var previous: UInt8 = 0
        var hasLetter = false
        var isSpecial = false
        for byte in word {
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
