import Digests

/// What a statement says, cut into what has to agree before two wordings are one fact.
///
/// The words must be the same and stand in the same order: `A instead of B` and `B instead of A` are made of the same words.
/// One wording may say a little more; it may not say something else in a word's place, for that is what tells `staging` from
/// `production` and `enabled` from `disabled`.
///
/// Words are kept as hashes of 64 bits: a statement is cut in a microsecond or two, and compared in less.
package struct FactTerms: Equatable {
    /// Content words and names in their order: folded, without stop words, regular endings removed.
    package private(set) var words: [UInt64] = []
    /// Numbers, identifiers, names and signs among them, sorted.
    package private(set) var marks: [UInt64] = []
    /// For each word whether an ending was removed, by its last letter.
    private var endings: [UInt8] = []
    /// How many words there are with those that say nothing.
    private var length = 0
    /// Quoted words: nothing that one wording may say more.
    private var quoted: [UInt64] = []
    /// Where it denies: for each time, how many words stand before.
    package private(set) var negations: [Int] = []

    /// - Parameter isBeginning: False for a piece from the middle of a statement, where a capital letter makes a name.
    package init(_ text: String, isBeginning: Bool = true) {
        var text = text
        words.reserveCapacity(text.utf8.count / 5)
        text.withUTF8 { bytes in
            var start = 0
            while start < bytes.count {
                while start < bytes.count, bytes[start] <= 0x20 { start += 1 }
                var end = start
                while end < bytes.count, bytes[end] > 0x20 { end += 1 }
                if end > start { add(UnsafeBufferPointer(rebasing: bytes[start..<end]), isBeginning) }
                start = end
            }
        }
        marks.sort()
    }

    /// A run of text between blanks.
    private mutating func add(_ piece: UnsafeBufferPointer<UInt8>, _ isBeginning: Bool) {
        length += 1
        let isQuoted = WordShape.isQuote(piece[0]) || WordShape.isQuote(piece[piece.count - 1])
        var start = 0
        var end = piece.count
        while start < end, !WordShape.isPart(piece[start]) { start += 1 }
        while end > start, !WordShape.isPart(piece[end - 1]) { end -= 1 }
        guard start < end else { return addSign(piece) }
        // `.env` is not `env`, and `*.env` is neither; "...and" is.
        if start >= 1, piece[start - 1] == UInt8(ascii: "."), start == 1 || piece[start - 2] != UInt8(ascii: ".") {
            start -= 1
            if start >= 1, piece[start - 1] == UInt8(ascii: "*"), piece[piece.count - 1] != UInt8(ascii: "*") {
                start -= 1
            }
        }
        let word = UnsafeBufferPointer(rebasing: piece[start..<end])
        if word.contains(where: { $0 >= 0x80 }) { return addForeign(word) }
        if WordShape.isMark(word, isFirst: isBeginning && words.isEmpty) {
            let hash = WordShape.hash(word)
            marks.append(hash)
            append(hash)
            return
        }
        var rest = word
        if let apostrophe = word.firstIndex(of: UInt8(ascii: "'")) {
            if apostrophe + 2 == word.count, word[apostrophe + 1] | 0x20 == UInt8(ascii: "t") {
                negations.append(words.count)
            }
            rest = UnsafeBufferPointer(rebasing: word[..<apostrophe])
            if FactTerms.auxiliaries.contains(WordShape.hash(rest)) { return }
        }
        if FactTerms.negating.contains(WordShape.hash(rest)) {
            negations.append(words.count)
            return
        }
        var part = 0
        for position in 0...rest.count where position == rest.count || rest[position] == UInt8(ascii: "-") {
            if position > part { addPlain(UnsafeBufferPointer(rebasing: rest[part..<position]), isQuoted) }
            part = position + 1
        }
    }

    private mutating func addPlain(_ word: UnsafeBufferPointer<UInt8>, _ isQuoted: Bool) {
        guard !FactTerms.stopWords.contains(WordShape.hash(word)) else { return }
        let stem = WordShape.stemHash(word)
        append(stem, ending: stem == WordShape.hash(word) ? 0 : word[word.count - 1] | 0x20)
        if isQuoted { quoted.append(stem) }
    }

    /// Not in ASCII: letters with marks on them are folded like others; a run of ideographs is compared whole, as a name.
    private mutating func addForeign(_ word: UnsafeBufferPointer<UInt8>) {
        let text = String(decoding: word, as: UTF8.self)
        var folded = text.lowercased()
        let hash = folded.withUTF8 { WordShape.hash($0) }
        append(hash)
        let isMark = text.unicodeScalars.contains {
            SearchText.isIdeograph($0) || ("0"..."9").contains($0) || "_/.:=#@".unicodeScalars.contains($0)
        }
        if isMark { marks.append(hash) }
    }

    /// Signs between words can be all the difference: `<` and `>`, `→`, `!=`.
    private mutating func addSign(_ piece: UnsafeBufferPointer<UInt8>) {
        guard piece.contains(where: { $0 >= 0x80 || WordShape.isSign($0) }) else { return }
        let hash = WordShape.hash(piece)
        marks.append(hash)
        append(hash)
    }

    private mutating func append(_ word: UInt64, ending: UInt8 = 0) {
        words.append(word)
        endings.append(ending)
    }

    /// Whether both say the same.
    package static func isOneFact(_ a: FactTerms, _ b: FactTerms) -> Bool {
        guard a.negations.count == b.negations.count, a.marks == b.marks, !a.words.isEmpty else { return false }
        if a.words == b.words { return a.negations == b.negations && !isPlural(a, of: b) }
        let (short, long) = a.words.count < b.words.count ? (a, b) : (b, a)
        let more = long.words.count - short.words.count
        guard more <= 2, more * 4 <= long.words.count, let added = FactTerms.added(short, long) else { return false }
        return added.allSatisfy { idle.contains($0) && !a.quoted.contains($0) && !b.quoted.contains($0) }
    }

    /// Whether an `s` at one word is the only difference: `http` and `https`, the `order` table and the `orders` table. Where
    /// somebody says it in other words more differs: "the importer reads", "the importer should read".
    private static func isPlural(_ a: FactTerms, of b: FactTerms) -> Bool {
        guard a.length == b.length else { return false }
        let other = a.endings.indices.filter { a.endings[$0] != b.endings[$0] }
        guard other.count == 1, let place = other.first else { return false }
        return Set([a.endings[place], b.endings[place]]) == [0, UInt8(ascii: "s")]
    }

    /// Whether one wording says all that another one says, and only adds to it: the same numbers and names, no word that would
    /// narrow it. Nominates; a person decides.
    package static func says(_ long: FactTerms, allOf short: FactTerms) -> Bool {
        guard long.negations.count == short.negations.count, long.marks == short.marks, short.words.count > 1,
            let added = added(short, long)
        else { return false }
        return added.allSatisfy { !limiting.contains($0) }
    }

    /// The words of the longer one that the shorter one lacks; nil when the rest differs in a word, in order, or in what it
    /// denies: `never retry reads, retry writes` and `retry reads, never retry writes` are made of the same words.
    private static func added(_ short: FactTerms, _ long: FactTerms) -> [UInt64]? {
        var added: [UInt64] = []
        // For each place in the longer one, how many words of the shorter one stand before it.
        var before: [Int] = []
        var next = 0
        for word in long.words {
            before.append(next)
            if next < short.words.count, short.words[next] == word {
                next += 1
            } else {
                added.append(word)
            }
        }
        before.append(next)
        guard next == short.words.count, long.negations.map({ before[$0] }) == short.negations else { return nil }
        return added
    }

    /// Numbers that two wordings of one fact are likely to share: the two smallest hashes of the words under each of three
    /// mixings, bound to the marks (MinHash: A. Broder, 1997, "On the resemblance and containment of documents"). Two that
    /// share three words of four share one of them with a probability of 0.9.
    package var nearHashes: [Int] {
        guard !words.isEmpty else { return [] }
        let bound = marks.reduce(UInt64(negations.count)) { WordShape.mixed($0 ^ $1) }
        return FactTerms.seeds.map { seed -> Int in
            var (least, second) = (UInt64.max, UInt64.max)
            for word in words {
                let mixed = WordShape.mixed(word ^ seed)
                if mixed < least {
                    (least, second) = (mixed, least)
                } else if mixed != least, mixed < second {
                    second = mixed
                }
            }
            return Int(Int64(bitPattern: WordShape.mixed(least ^ WordShape.mixed(second) ^ bound)))
        }
    }

    private static let seeds: [UInt64] = [0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9]

    private static func set(_ words: String, isStemmed: Bool = false) -> Set<UInt64> {
        Set(
            words.split(separator: " ").map { word in
                Array(word.utf8).withUnsafeBufferPointer {
                    isStemmed ? WordShape.stemHash($0) : WordShape.hash($0)
                }
            })
    }

    private static let negating = set("not never no cannot without neither nor none")
    private static let auxiliaries = set(
        "don doesn didn won can couldn shouldn wouldn isn aren wasn weren haven hasn ain mustn")
    /// Words without which a statement says the same; no word of place, time, order or number is among them.
    private static let stopWords = set(
        """
        a an the this that these those it its is are was were be been being am do does did has have had having i we you they \
        he she our your their my me them and to also just really very please should shall must will would ever always \
        decided decide agreed going go so then note remember important
        """)
    /// Words that one wording may say more. All others name something: `signed requests` are not all requests, and `staging and
    /// production` is not `staging`.
    private static let idle = set(
        """
        now currently already still here there today actually basically simply clearly explicitly definitely certainly finally \
        always again too well indeed however therefore thus hence yes ok okay right sure overall anyway own entire whole full \
        actual usual plain again back over all every each both of one thing way case place approach solution choice decision rule \
        fact point reason need want make sure keep use used using get got do done said say says think thought know known tell told \
        told asked ask user claude assistant better best good great fine proper properly correct correctly directly completely \
        entirely totally fully quite rather
        """, isStemmed: true)
    /// Words that make a statement hold only somewhere, sometimes or partly.
    private static let limiting = set(
        """
        if when unless except only until while in on at for by with from to into after before during under over above below \
        between within outside inside instead than or but some most least half part partly sometimes may might could
        """, isStemmed: true)
}

/// Questions about the bytes of a word. Letters of ASCII count without their case.
private enum WordShape {
    static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "`") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }

    /// What may begin or end a word; the rest is punctuation around it.
    static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
        case UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "#"), UInt8(ascii: "@"), UInt8(ascii: "$"),
            UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    static func isSign(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: "!"): true
        default: false
        }
    }

    /// Holds a digit or a sign of code, or is written as names are.
    static func isMark(_ word: UnsafeBufferPointer<UInt8>, isFirst: Bool) -> Bool {
        for (index, byte) in word.enumerated() {
            switch byte {
            case 0x30...0x39, UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: ":"),
                UInt8(ascii: "="), UInt8(ascii: "#"), UInt8(ascii: "@"), UInt8(ascii: "$"), UInt8(ascii: "%"),
                UInt8(ascii: "&"), UInt8(ascii: "+"), UInt8(ascii: "~"), UInt8(ascii: "*"):
                return true
            case 0x41...0x5A where index > 0 || !isFirst: return true
            default: break
            }
        }
        return false
    }

    /// FNV-1a.
    static func hash(_ word: UnsafeBufferPointer<UInt8>, upTo end: Int? = nil, ending: UInt8? = nil) -> UInt64 {
        var hash = StableHash()
        for byte in word[..<(end ?? word.count)] { hash.add((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) }
        if let ending { hash.add(ending) }
        return hash.value
    }

    /// Of the word without a regular ending of English: enough to see `test` in `tests`, wrong in the same way for both sides.
    static func stemHash(_ word: UnsafeBufferPointer<UInt8>) -> UInt64 {
        let count = word.count
        func ends(_ ending: StaticString) -> Bool {
            let length = ending.utf8CodeUnitCount
            guard count >= length else { return false }
            for offset in 0..<length where word[count - length + offset] | 0x20 != ending.utf8Start[offset] {
                return false
            }
            return true
        }
        guard count > 3 else { return hash(word) }
        switch word[count - 1] | 0x20 {
        case UInt8(ascii: "s"):
            if count >= 6, ends("ies") { return hash(word, upTo: count - 3, ending: UInt8(ascii: "y")) }
            if ends("ss") { return hash(word) }
            if count >= 6, ends("es") { return hash(word, upTo: count - 2) }
            return hash(word, upTo: count - 1)
        case UInt8(ascii: "g") where count >= 7 && ends("ing"): return hash(word, upTo: count - 3)
        case UInt8(ascii: "d") where count >= 6 && ends("ed"): return hash(word, upTo: count - 2)
        default: return hash(word)
        }
    }

    /// The finalizer of SplitMix64.
    static func mixed(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
