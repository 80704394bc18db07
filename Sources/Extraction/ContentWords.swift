/// The words of a text that carry meaning, as hashes.
///
/// Runs of ASCII letters and digits, lower case, without stop words; runs of other scripts as overlapping pairs of
/// characters where they are Chinese, Japanese or Korean, else as words.
public enum ContentWords {
    /// Ascending, without repetition.
    static func hashes(of text: UnsafeBufferPointer<UInt8>) -> [UInt32] {
        var found: [UInt32] = []
        forEachWord(of: text) { word in
            if let hash = contentHash(word) { found.append(hash) }
        }
        found.sort()
        return found.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    /// How many hashes two ascending lists share.
    public static func shared(_ a: [UInt32], _ b: [UInt32]) -> Int {
        var (i, j, count) = (0, 0, 0)
        while i < a.count, j < b.count {
            if a[i] == b[j] {
                count += 1
                i += 1
                j += 1
            } else if a[i] < b[j] {
                i += 1
            } else {
                j += 1
            }
        }
        return count
    }

    static func forEachWord(of text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        var position = 0
        while position < text.count {
            let start = position
            if isASCIIWord(text[position]) {
                while position < text.count, isASCIIWord(text[position]) { position += 1 }
                body(UnsafeBufferPointer(rebasing: text[start..<position]))
            } else if text[position] >= 0x80 {
                while position < text.count, text[position] >= 0x80 { position += 1 }
                forEachPiece(of: UnsafeBufferPointer(rebasing: text[start..<position]), body)
            } else {
                position += 1
            }
        }
    }

    /// A run of non-ASCII bytes: pairs of three-byte characters of East Asian scripts, else the run itself.
    private static func forEachPiece(
        of run: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        guard (0xE3...0xED).contains(run[0]), run.count >= 6 else {
            // Symbols and punctuation (E2 xx, F0 9F) are no words.
            if run[0] != 0xE2, run[0] != 0xF0 { body(run) }
            return
        }
        var position = 0
        while position + 6 <= run.count {
            body(UnsafeBufferPointer(rebasing: run[position..<position + 6]))
            position += 3
        }
    }

    private static func isASCIIWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }

    private static func contentHash(_ word: UnsafeBufferPointer<UInt8>) -> UInt32? {
        let hash = fnv(word)
        return stopWords.contains(hash) ? nil : hash
    }

    /// FNV-1a over the bytes with ASCII letters in lower case.
    static func fnv(_ word: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for byte in word {
            let folded = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            hash = (hash ^ UInt32(folded)) &* 16_777_619
        }
        return hash
    }

    private static let stopWords: Set<UInt32> = {
        let words = """
            a about after all also am an and any are as at be been before being both but by can could did do does doing \
            done down each for from had has have having he her here him his how i if in into is it its just let like me \
            more most my no nor not now of off on once only or other our out over own s same she should so some such t \
            than that the their them then there these they this those through to too under until up us very was we were \
            what when where which while who why will with would you your
            """
        return Set(words.split(separator: " ").map { word in Array(word.utf8).withUnsafeBufferPointer { fnv($0) } })
    }()
}

/// Numbers, letters that are names, and negation of a text: two texts that differ in them are two facts, however alike their words are.
public struct FactGuards: Sendable, Equatable {
    /// Hashes of numbers, of words with digits, and of single capital letters that name something (`model A`), ascending.
    var numbers: [UInt32] = []
    /// Hashes of words that turn a fact into its opposite, ascending.
    var turns: [UInt32] = []

    init(_ text: UnsafeBufferPointer<UInt8>) {
        ContentWords.forEachWord(of: text) { word in
            let hash = ContentWords.fnv(word)
            if word.contains(where: { (0x30...0x39).contains($0) }) || FactGuards.isName(word, in: text) {
                numbers.append(hash)
            }
            if FactGuards.negating.contains(hash) {
                turns.append(FactGuards.negation)
            } else if FactGuards.turning.contains(hash) {
                turns.append(hash)
            }
        }
        numbers.sort()
        turns = Array(Set(turns)).sorted()
    }

    /// `A` in "model A"; not the article that begins a sentence, and not "I".
    private static func isName(_ word: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard word.count == 1, (0x41...0x5A).contains(word[0]), word[0] != UInt8(ascii: "I"),
            let start = text.baseAddress, let place = word.baseAddress
        else { return false }
        let before = text[..<start.distance(to: place)]
        guard before.last == 0x20, let previous = before.dropLast().last else { return false }
        return (0x30...0x39).contains(previous) || (0x61...0x7A).contains(previous | 0x20)
    }

    /// Whether two wordings can be one fact: the shorter one's numbers are among the longer one's, and neither negates
    /// what the other affirms.
    public static func agree(_ a: FactGuards, _ b: FactGuards) -> Bool {
        let shared = ContentWords.shared(a.numbers, b.numbers)
        return shared == min(a.numbers.count, b.numbers.count) && a.turns == b.turns
    }

    /// Written in many ways, meant as one: `t` is what is left of `don't`.
    private static let negating = hashes("not cannot never t")
    private static let negation = hashes("not").first ?? 0
    private static let turning = hashes("no without none neither disabled enabled production staging")

    private static func hashes(_ words: String) -> Set<UInt32> {
        Set(
            words.split(separator: " ").map { word in Array(word.utf8).withUnsafeBufferPointer { ContentWords.fnv($0) }
            })
    }
}
