/// The words of a text as they are compared: without case, accents and endings, names in code cut into their parts, runs of
/// ideographs into overlapping pairs. Words that only hold a sentence together are left out.
enum Words {
    /// Hands out each word, folded, in the order of the text.
    static func forEach(in text: some StringProtocol, _ body: (String) -> Void) {
        forEachStem(in: text) { body(String(decoding: $0, as: UTF8.self)) }
    }

    /// Hands out the bytes of each word, folded, in the order of the text, as long as the body runs.
    static func forEachStem(in text: some StringProtocol, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        if text.utf8.withContiguousStorageIfAvailable({ forEachStem(inUTF8: $0, body) }) == nil {
            var text = String(text)
            text.withUTF8 { forEachStem(inUTF8: $0, body) }
        }
    }

    private static func forEachStem(
        inUTF8 text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        var cutter = WordCutter()
        var at = 0
        while at < text.count {
            let byte = text[at]
            if byte < 0x80 {
                at += 1
                switch byte {
                case 0x61...0x7A: cutter.add(byte, isLower: true, body)
                case 0x41...0x5A:
                    if cutter.wasLower { cutter.endWord(body) }
                    cutter.add(byte | 0x20, isLower: false, body)
                case 0x30...0x39: cutter.add(byte, isLower: false, body)
                default: cutter.end(body)
                }
            } else {
                let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
                // A text is valid UTF-8, so the scalar is all there.
                let end = min(at + length, text.count)
                if let scalar = String(decoding: text[at..<end], as: UTF8.self).unicodeScalars.first {
                    cutter.add(scalar, body)
                }
                at = end
            }
        }
        cutter.end(body)
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

    /// The longest first, so that `ations` does not lose its `s` alone. Each as one number, its bytes one behind the other.
    private static let endings: [(bytes: UInt64, length: Int)] = [
        "ization", "ational", "ations", "ation", "ating", "ingly", "ments", "ated", "ates", "ment", "ings", "ions",
        "ate",
        "ing", "ion", "ers", "ors", "er", "or", "ed", "es", "ly", "s", "e",
    ].map { ending in (ending.utf8.reduce(0) { $0 << 8 | UInt64($1) }, ending.utf8.count) }

    /// Cuts the English ending off a word of lower-case letters and digits, in place. What is left is not always a word, but the
    /// same for the forms of one.
    ///
    /// - Returns: How many bytes are left.
    static func cutEnding(of word: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var end = word.count
        guard end > 3 else { return end }
        var tail: UInt64 = 0
        for byte in word[max(0, end - 7)...] { tail = tail << 8 | UInt64(byte) }
        for ending in endings
        where end - ending.length >= 3 && tail & (1 << UInt64(8 * ending.length) - 1) == ending.bytes {
            end -= ending.length
            break
        }
        // `dropped` is `drop`, but `miss` stays.
        let last = word[end - 1]
        if end > 3, last == word[end - 2], last > 0x39, last != UInt8(ascii: "l"), last != UInt8(ascii: "s") {
            end -= 1
        }
        if end > 3, word[end - 1] == UInt8(ascii: "y") { word[end - 1] = UInt8(ascii: "i") }
        return end
    }

    static func stem(_ word: String) -> String {
        var bytes = Array(word.utf8)
        let end = bytes.withUnsafeMutableBufferPointer { cutEnding(of: $0) }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }
}

/// A text as it is cut into words: the word that has begun, or the run of ideographs.
private struct WordCutter {
    private var word: [UInt8] = []
    private(set) var wasLower = false
    private var ideograph: Unicode.Scalar?
    private var isPair = false

    init() { word.reserveCapacity(64) }

    /// A letter of a word or a digit.
    mutating func add(_ byte: UInt8, isLower: Bool, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        if ideograph != nil { endRun(body) }
        word.append(byte)
        wasLower = isLower
    }

    /// A character that is not ASCII.
    mutating func add(_ scalar: Unicode.Scalar, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        if Words.isIdeograph(scalar) {
            endWord(body)
            if let before = ideograph {
                handOut(before, scalar, body)
                isPair = true
            }
            ideograph = scalar
        } else if let base = Accents.base(of: scalar) {
            add(base, isLower: true, body)
        } else if scalar.properties.isAlphabetic {
            if ideograph != nil { endRun(body) }
            word.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
            wasLower = true
        } else if scalar.properties.generalCategory != .nonspacingMark {
            end(body)
        }
    }

    /// What belongs to no word.
    mutating func end(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        if ideograph != nil { endRun(body) }
        endWord(body)
    }

    mutating func endWord(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        wasLower = false
        guard !word.isEmpty else { return }
        word.withUnsafeMutableBufferPointer { word in
            guard !FunctionWords.contain(UnsafeBufferPointer(word)) else { return }
            let end = Words.cutEnding(of: word)
            body(UnsafeBufferPointer(rebasing: word[..<end]))
        }
        word.removeAll(keepingCapacity: true)
    }

    private mutating func endRun(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        // One ideograph alone is a word of its own.
        if let ideograph, !isPair { handOut(ideograph, nil, body) }
        ideograph = nil
        isPair = false
    }

    private func handOut(
        _ first: Unicode.Scalar, _ second: Unicode.Scalar?, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        var text = String(first)
        if let second { text.unicodeScalars.append(second) }
        text.withUTF8 { body($0) }
    }
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
    static func contain(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        if word.count == 1 { return word[0] > 0x39 }
        guard word.count <= 7 else { return false }
        let packed = word.reduce(0) { $0 << 8 | UInt64($1) }
        var slot = slot(of: packed)
        while table[slot] != 0 {
            if table[slot] == packed { return true }
            slot = (slot + 1) % table.count
        }
        return false
    }

    /// Fibonacci hashing, for a table of 512.
    private static func slot(of word: UInt64) -> Int { Int((word &* 0x9E37_79B9_7F4A_7C15) >> 55) }

    /// Each word as one number, its bytes one behind the other (at most seven, none of which is 0), where its hash says or behind.
    private static let table: [UInt64] = {
        var table = [UInt64](repeating: 0, count: 512)
        func insert(_ word: UInt64) {
            var slot = slot(of: word)
            while table[slot] != 0, table[slot] != word { slot = (slot + 1) % table.count }
            table[slot] = word
        }
        words.withUTF8Buffer { text in
            var word: UInt64 = 0
            for byte in text {
                if byte > 0x20 {
                    word = word << 8 | UInt64(byte)
                } else if word != 0 {
                    insert(word)
                    word = 0
                }
            }
            if word != 0 { insert(word) }
        }
        return table
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
