/// The words of a text that carry meaning, as hashes.
///
/// Runs of ASCII letters and digits, lower case, without stop words; runs of other scripts as overlapping pairs of
/// characters where they are Chinese, Japanese or Korean, else as words.
public enum ContentWords {
    /// Ascending, without repetition.
    static func hashes(of text: UnsafeBufferPointer<UInt8>) -> [UInt32] { TextWords(text).content }

    /// How many hashes two ascending lists share.
    public static func shared(_ a: [UInt32], _ b: [UInt32]) -> Int {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                var (i, j, count) = (0, 0, 0)
                while i < a.count, j < b.count {
                    let (x, y) = (a[i], b[j])
                    // Without a branch on the order, which nothing can foretell.
                    count += x == y ? 1 : 0
                    i += x <= y ? 1 : 0
                    j += y <= x ? 1 : 0
                }
                return count
            }
        }
    }

    @inline(__always)
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

    /// Calls `body` with each word, its hash, and whether a digit is in it.
    @inline(__always)
    static func forEachHash(
        of text: UnsafeBufferPointer<UInt8>, _ body: (UInt32, UnsafeBufferPointer<UInt8>, _ hasDigit: Bool) -> Void
    ) {
        wordBytes.withUnsafeBufferPointer { wordBytes in
            var position = 0
            while position < text.count {
                let start = position
                var folded = wordBytes[Int(text[position])]
                guard folded == 0 else {
                    var hash = fnvStart
                    var hasDigit = false
                    repeat {
                        hash = (hash ^ UInt32(folded)) &* fnvFactor
                        if folded <= 0x39 { hasDigit = true }
                        position += 1
                        folded = position < text.count ? wordBytes[Int(text[position])] : 0
                    } while folded != 0
                    body(hash, UnsafeBufferPointer(rebasing: text[start..<position]), hasDigit)
                    continue
                }
                position += 1
                guard text[start] >= 0x80 else { continue }
                while position < text.count, text[position] >= 0x80 { position += 1 }
                forEachPiece(of: UnsafeBufferPointer(rebasing: text[start..<position])) { body(fnv($0), $0, false) }
            }
        }
    }

    /// By byte: the ASCII letter, in lower case, or the digit that it is; else zero.
    private static let wordBytes: [UInt8] = (0...UInt8.max).map { byte in
        isASCIIWord(byte) ? (0x41...0x5A).contains(byte) ? byte | 0x20 : byte : 0
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

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    static func isASCIIWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }

    /// FNV-1a over the bytes with ASCII letters in lower case.
    static func fnv(_ word: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var hash = fnvStart
        for byte in word {
            let folded = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            hash = (hash ^ UInt32(folded)) &* fnvFactor
        }
        return hash
    }

    private static let fnvStart: UInt32 = 2_166_136_261
    private static let fnvFactor: UInt32 = 16_777_619

    /// Too common to mean anything.
    fileprivate static let stopWords = """
        a about after all also am an and any are as at be been before being both but by can could did do does doing \
        done down each for from had has have having he her here him his how i if in into is it its just let like me \
        more most my no nor not now of off on once only or other our out over own s same she should so some such t \
        than that the their them then there these they this those through to too under until up us very was we were \
        what when where which while who why will with would you your
        """

    /// They count as words, but a sentence of nothing else says what only its neighbours make clear.
    fileprivate static let emptyWords = """
        able absolutely actually again ain already although always annoyed annoying another anybody anyone anything anyway aren around away awesome awful \
        back bad badly basically because become becomes been behind best better beyond big bit broke broken bug bugs came cannot case \
        catch clear clearly close come comes coming completely confused confusing cool correct couldn course crap crash crashed \
        crashes crazy damn day days definitely didn different doesn don done easy either else enough entirely error errors especially \
        even ever every everybody everyone everything everywhere exactly fact fail failed failing fails failure fair far feel \
        feels felt few finally find fine first fix fixed fixes fixing following found frankly fully funny further gave get \
        gets getting give gives glad go goes going gone good got gotta great guess guys ha happen happened happening happens \
        happy hard hadn hasn hate haven hell hello help hey hi hm hmm home honestly hope hour hours idea important indeed instead \
        interesting isn issue issues keeps kind know known large last later least left less lets literally little ll lol long look \
        looked looking looks lot lots love made main make makes making many matter may maybe mean means mess messed might mind \
        minute minutes moment morning much must near need needed needs never new next nice night nobody none nope nothing \
        number obviously odd of oh ok okay old one ones open others oops otherwise over own part people perfect perfectly \
        perhaps place please point possible possibly pretty probably problem problems properly put question quick quite rather \
        re ready real really reason rest right sad said sake saw say says second see seem seems seen several shame shit shouldn show \
        sigh since small somebody somehow someone something sometimes somewhere soon sorry sort spot start started state still \
        stop strange stuff suck sucks super supposed sure surely take taken takes tell terrible thank thanks thing things think \
        thinking though thought thx time times tired today together told tomorrow tonight took totally tried try trying \
        turn turned two ugh ugly understand unfortunately upon use used useful usual usually ve wait waiting wanna want \
        wanted wants wasn way ways week weeks weird well went weren whatever whether whole within without won wonder wonderful work \
        worked working works worry worse worst worth wouldn wow wrong yeah year yep yes yesterday yet yup
        """
}

/// All that is known of the words of a text, from one look at each.
struct TextWords {
    /// Hashes of the words that carry meaning, ascending, without repetition.
    private(set) var content: [UInt32] = []
    private(set) var guards = FactGuards()
    /// Whether a word of it stands for something: not one of the language, of feeling, or of trouble in general.
    private(set) var namesSomething = false

    init(_ text: UnsafeBufferPointer<UInt8>) {
        let roles = WordRoles.table
        content.reserveCapacity(text.count / 6 + 1)
        ContentWords.forEachHash(of: text) { hash, word, hasDigit in
            let role = roles.role(of: hash)
            if role.isDisjoint(with: .stop) { content.append(hash) }
            if role.isDisjoint(with: [.stop, .empty]) { namesSomething = true }
            if hasDigit || word.count == 1 && FactGuards.isName(word, in: text) { guards.numbers.append(hash) }
            if hasDigit, ContentWords.isDigit(word[0]) { guards.values.append(hash) }
            if !role.isDisjoint(with: .renewing) { guards.isRenewed = true }
            guard !role.isDisjoint(with: [.negating, .turning]) else { return }
            guards.turns.append(role.isDisjoint(with: .negating) ? hash : WordRoles.negation)
        }
        if !namesSomething { namesSomething = TextWords.holdsName(text) }
        TextWords.sort(&content)
        guards.numbers.sort()
        guards.values.sort()
        if guards.turns.count > 1 { TextWords.sort(&guards.turns) }
    }

    /// Whether words are put together as only names are (`go.work`, `new/one`), or something is quoted.
    private static func holdsName(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        for place in text.indices {
            switch text[place] {
            case UInt8(ascii: "`"), UInt8(ascii: "\""): return true
            case UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "@"),
                UInt8(ascii: "="):
                if place > 0, place + 1 < text.count, ContentWords.isASCIIWord(text[place - 1]),
                    ContentWords.isASCIIWord(text[place + 1])
                {
                    return true
                }
            default: break
            }
        }
        return false
    }

    /// Ascending, without repetition.
    private static func sort(_ hashes: inout [UInt32]) {
        hashes.sort()
        var kept = 0
        for index in hashes.indices where index == 0 || hashes[index] != hashes[kept - 1] {
            hashes[kept] = hashes[index]
            kept += 1
        }
        hashes.removeLast(hashes.count - kept)
    }
}

/// What single words do to a sentence, by their hash: a small table, since it is asked for every word.
private struct WordRoles: Sendable {
    struct Roles: OptionSet {
        let rawValue: UInt8

        static let stop = Roles(rawValue: 1)
        /// Written in many ways, meant as one: `t` is what is left of `don't`.
        static let negating = Roles(rawValue: 2)
        static let turning = Roles(rawValue: 4)
        static let empty = Roles(rawValue: 8)
        static let renewing = Roles(rawValue: 16)
    }

    static let table = WordRoles()
    static let negation = Array("not".utf8).withUnsafeBufferPointer { ContentWords.fnv($0) }

    private static let size = 1 << 10
    private var hashes = [UInt32](repeating: 0, count: WordRoles.size)
    private var roles = [UInt8](repeating: 0, count: WordRoles.size)

    private init() {
        insert(ContentWords.stopWords, .stop)
        insert(ContentWords.emptyWords, .empty)
        insert("now anymore longer changed updated raised lowered", .renewing)
        insert("not cannot never t", .negating)
        insert("no without none neither disabled enabled production staging", .turning)
    }

    private mutating func insert(_ words: String, _ role: Roles) {
        for word in words.split(separator: " ") {
            let hash = Array(word.utf8).withUnsafeBufferPointer { ContentWords.fnv($0) }
            let place = place(of: hash)
            hashes[place] = hash
            roles[place] |= role.rawValue
        }
    }

    func role(of hash: UInt32) -> Roles { Roles(rawValue: roles[place(of: hash)]) }

    private func place(of hash: UInt32) -> Int {
        var place = Int(hash) & (WordRoles.size - 1)
        while roles[place] != 0, hashes[place] != hash { place = (place + 1) & (WordRoles.size - 1) }
        return place
    }
}

/// Numbers, letters that are names, and negation of a text: two texts that differ in them are two facts, however alike their words are.
public struct FactGuards: Sendable, Equatable {
    /// Hashes of numbers, of words with digits, and of single capital letters that name something (`model A`), ascending.
    fileprivate(set) var numbers: [UInt32] = []
    /// Those of the numbers that begin with a digit: `30`, `1.2`, `5s`, not `p95`.
    fileprivate(set) var values: [UInt32] = []
    /// Whether it tells of something that has changed: "now", "no longer".
    public fileprivate(set) var isRenewed = false
    /// Hashes of words that turn a fact into its opposite, ascending.
    fileprivate(set) var turns: [UInt32] = []

    init() {}

    init(_ text: UnsafeBufferPointer<UInt8>) { self = TextWords(text).guards }

    /// `A` in "model A"; not the article that begins a sentence, and not "I".
    fileprivate static func isName(_ word: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard word.count == 1, (0x41...0x5A).contains(word[0]), word[0] != UInt8(ascii: "I"),
            let start = text.baseAddress, let place = word.baseAddress
        else { return false }
        let before = text[..<start.distance(to: place)]
        guard before.last == 0x20, let previous = before.dropLast().last else { return false }
        return (0x30...0x39).contains(previous) || (0x61...0x7A).contains(previous | 0x20)
    }

    /// Whether two wordings can be one fact: the shorter one's numbers are among the longer one's, and neither negates
    /// what the other affirms.
    /// How many numbers each has that the other has not.
    public func numbersApart(from other: FactGuards) -> (own: Int, others: Int) {
        let shared = ContentWords.shared(numbers, other.numbers)
        return (numbers.count - shared, other.numbers.count - shared)
    }

    public var hasNumbers: Bool { !numbers.isEmpty }

    /// Whether it gives one other value than the other one, and says that this is new.
    public func renews(_ other: FactGuards) -> Bool {
        guard isRenewed, numbersApart(from: other) == (1, 1) else { return false }
        return ContentWords.shared(values, other.values) + 1 == min(values.count, other.values.count)
            && values.count == other.values.count
    }

    public static func agree(_ a: FactGuards, _ b: FactGuards) -> Bool {
        let shared = ContentWords.shared(a.numbers, b.numbers)
        return shared == min(a.numbers.count, b.numbers.count) && a.turns == b.turns
    }
}
