/// The words of a text as they are compared: without case, accents and endings, names in code cut into their parts, runs of
/// ideographs into overlapping pairs. Words that only hold a sentence together are left out.
enum Words {
    /// Hands out each word, folded, in the order of the text.
    static func forEach(in text: some StringProtocol, _ body: (String) -> Void) {
        var word: [UInt8] = []
        var wasLower = false
        var ideograph: Unicode.Scalar?
        var isPair = false
        func endWord() {
            if !word.isEmpty {
                if !FunctionWords.contain(word) { body(stem(word)) }
                word.removeAll(keepingCapacity: true)
            }
            wasLower = false
        }
        func endRun() {
            // One ideograph alone is a word of its own.
            if let ideograph, !isPair { body(String(ideograph)) }
            ideograph = nil
            isPair = false
        }
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x61...0x7A:
                endRunIfNeeded()
                word.append(UInt8(scalar.value))
                wasLower = true
            case 0x41...0x5A:
                endRunIfNeeded()
                if wasLower { endWord() }
                word.append(UInt8(scalar.value) | 0x20)
                wasLower = false
            case 0x30...0x39:
                endRunIfNeeded()
                word.append(UInt8(scalar.value))
                wasLower = false
            case 0..<0x80:
                endRunIfNeeded()
                endWord()
            default:
                if isIdeograph(scalar) {
                    endWord()
                    if let before = ideograph {
                        body(String(before) + String(scalar))
                        isPair = true
                    }
                    ideograph = scalar
                } else if let base = Accents.base(of: scalar) {
                    endRunIfNeeded()
                    word.append(base)
                    wasLower = true
                } else if scalar.properties.isAlphabetic {
                    endRunIfNeeded()
                    word.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
                    wasLower = true
                } else if scalar.properties.generalCategory != .nonspacingMark {
                    endRunIfNeeded()
                    endWord()
                }
            }
        }
        endRunIfNeeded()
        endWord()

        func endRunIfNeeded() { if ideograph != nil { endRun() } }
    }

    static func all(in text: some StringProtocol) -> [String] {
        var found: [String] = []
        forEach(in: text) { found.append($0) }
        return found
    }

    /// Han, kana, hangul: scripts that do without spaces, or whose particles cling to the word.
    static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF, 0x20000...0x3134F:
            true
        default: false
        }
    }

    /// The longest first, so that `ations` does not lose its `s` alone.
    private static let endings: [[UInt8]] = [
        "ization", "ational", "ations", "ation", "ating", "ingly", "ments", "ated", "ates", "ment", "ings", "ions",
        "ate",
        "ing", "ion", "ers", "ors", "er", "or", "ed", "es", "ly", "s", "e",
    ].map { Array($0.utf8) }

    /// A word of lower-case letters and digits without its English ending. Not always a word, but the same for the forms of one.
    static func stem(_ word: [UInt8]) -> String {
        var end = word.count
        guard end > 3 else { return String(decoding: word, as: UTF8.self) }
        for ending in endings where end - ending.count >= 3 && hasEnding(word, ending) {
            end -= ending.count
            break
        }
        // `dropped` is `drop`, but `miss` stays.
        let last = word[end - 1]
        if end > 3, last == word[end - 2], last > 0x39, last != UInt8(ascii: "l"), last != UInt8(ascii: "s") {
            end -= 1
        }
        return word.withUnsafeBufferPointer { word in
            guard end > 3, word[end - 1] == UInt8(ascii: "y") else {
                return String(decoding: UnsafeBufferPointer(rebasing: word[..<end]), as: UTF8.self)
            }
            return String(decoding: UnsafeBufferPointer(rebasing: word[..<(end - 1)]), as: UTF8.self) + "i"
        }
    }

    private static func hasEnding(_ word: [UInt8], _ ending: [UInt8]) -> Bool {
        let start = word.count - ending.count
        for index in ending.indices where word[start + index] != ending[index] { return false }
        return true
    }

    static func stem(_ word: String) -> String { stem(Array(word.utf8)) }
}

/// Latin letters without their accents.
enum Accents {
    private static let table: [UInt32: UInt8] = {
        var table: [UInt32: UInt8] = [:]
        let letters: [(String, Character)] = [
            ("àáâãäåāăąÀÁÂÃÄÅĀĂĄ", "a"), ("çćĉċčÇĆĈĊČ", "c"), ("ďđĎĐ", "d"), ("èéêëēĕėęěÈÉÊËĒĔĖĘĚ", "e"),
            ("ĝğġģĜĞĠĢ", "g"), ("ìíîïĩīĭįıÌÍÎÏĨĪĬĮİ", "i"), ("ĺļľłĹĻĽŁ", "l"), ("ñńņňÑŃŅŇ", "n"),
            ("òóôõöøōŏőÒÓÔÕÖØŌŎŐ", "o"), ("ŕŗřŔŖŘ", "r"), ("śŝşšŚŜŞŠ", "s"), ("ţťŢŤ", "t"),
            ("ùúûüũūŭůűųÙÚÛÜŨŪŬŮŰŲ", "u"), ("ýÿŷÝŶŸ", "y"), ("źżžŹŻŽ", "z"),
        ]
        for (forms, base) in letters {
            for scalar in forms.unicodeScalars { table[scalar.value] = base.asciiValue }
        }
        return table
    }()

    static func base(of scalar: Unicode.Scalar) -> UInt8? {
        scalar.value < 0x180 ? table[scalar.value] : nil
    }
}

/// Words that stand in any sentence and tell nothing about what it is about.
enum FunctionWords {
    static func contain(_ word: [UInt8]) -> Bool {
        if word.count == 1 { return word[0] > 0x39 || packed.contains(UInt64(word[0])) }
        guard word.count <= 7 else { return false }
        return packed.contains(word.reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Each word as one number, its bytes one behind the other: at most seven, none of which is 0.
    private static let packed: Set<UInt64> = {
        var packed: Set<UInt64> = []
        words.withUTF8Buffer { text in
            var word: UInt64 = 0
            for byte in text {
                if byte > 0x20 {
                    word = word << 8 | UInt64(byte)
                } else if word != 0 {
                    packed.insert(word)
                    word = 0
                }
            }
            if word != 0 { packed.insert(word) }
        }
        return packed
    }()

    private static let words: StaticString =
        """
        a an the is are was were be been being am of to in on at for with by from and or not no as it its this that these those
        which what who whom whose when where why how do does did done has have had will would can could should may might must
        there their them they he she him we you i our your my me us his her than then so if into out up down over under about
        after before between during each any all both more most some such only own same too very just don now re ve ll im id
        isn aren wasn doesn didn won let get got also yet here again remind please tell many much ever still
        el la los las un una de del en y o que es se por para con como cual cuales
        """
}
