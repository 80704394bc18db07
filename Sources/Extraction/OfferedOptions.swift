import Transcripts

/// The options of a message that asks a person to choose: the last list of it whose items have numbers, letters or names such as
/// "Option B".
struct OfferedOptions: Sendable {
    struct Option: Sendable {
        /// `1`…`9` or `a`…`f`.
        var name: UInt8
        /// Its first sentence, and the one behind it when that is short.
        var statement: String
        /// Its segments in the message.
        var segments: Range<Int>
        /// Hashes of its content words, ascending.
        var words: [UInt32]
    }

    private(set) var options: [Option] = []
    /// Whether the message says that these are options: a list above "Anything else?" may be a report.
    private let isChoice: Bool
    /// Number of the message in its transcript.
    let message: Int
    /// The place of the option that the message recommends.
    private(set) var recommended: Int?

    /// - Parameters:
    ///   - source: The text that the segments were cut from.
    /// - Returns: Nil when there is no list of two or more items.
    init?(_ cut: SegmentedText, from source: UnsafeBufferPointer<UInt8>, message: Int) {
        self.message = message
        isChoice = OfferedOptions.asks(cut)
        let isNamed = cut.segments.contains { OfferedOptions.name(of: $0, cut, source) != nil }
        guard isNamed || isChoice else { return nil }
        var bulletIndent = 0
        for (index, segment) in cut.segments.enumerated() {
            var name = OfferedOptions.name(of: segment, cut, source)
            // "Option 3 is what I'd take" speaks of one that stands above.
            if let known = name, segment.kind != .item, options.contains(where: { $0.name == known }),
                OfferedOptions.isSpokenOf(segment, cut)
            {
                name = nil
            }
            if !isNamed, segment.sentenceIndex == 0, let indent = OfferedOptions.bulletIndent(of: segment, source) {
                // Bullets are counted; those under another one belong to it.
                if index == 0 || cut.segments[index - 1].kind != .item || indent < bulletIndent {
                    options.removeAll()
                    bulletIndent = indent
                }
                if indent == bulletIndent { name = UInt8(ascii: "1") + UInt8(min(options.count, 8)) }
            }
            if let name {
                // Another list begins.
                if name == UInt8(ascii: "1") || name == UInt8(ascii: "a")
                    || options.contains(where: { $0.name == name })
                {
                    options.removeAll()
                }
                options.append(Option(name: name, statement: "", segments: index..<(index + 1), words: []))
            } else if let last = options.indices.last, options[last].segments.upperBound == index,
                segment.kind == cut.segments[index - 1].kind, segment.sentenceIndex > 0
            {
                options[last].segments = options[last].segments.lowerBound..<(index + 1)
            }
        }
        guard (2...9).contains(options.count) else { return nil }
        for index in options.indices {
            let parts = options[index].segments.prefix(2).map { Statement.clean(cut.text(cut.segments[$0].range)) }
            let isLong = parts.reduce(0) { $0 + $1.utf8.count } > 240
            var statement = (isLong ? [parts[0]] : parts).joined(separator: " ")
            statement = OfferedOptions.withoutName(statement)
            options[index].statement = statement
            options[index].words = Array(statement.utf8).withUnsafeBufferPointer { ContentWords.hashes(of: $0) }
        }
        guard options.allSatisfy({ $0.statement.utf8.count >= 4 }) else { return nil }
        // What is asked is answered, not chosen.
        guard options.count(where: { $0.statement.utf8.last == UInt8(ascii: "?") }) * 2 < options.count else {
            return nil
        }
        recommended = recommended(in: cut)
    }

    /// The options that a person's words choose, and whether they say more than which; nil when they choose none.
    ///
    /// "3", "1 and 2", "option b, but keep the flag", "let's go with the second one", "2 is too risky, so 1", or a few words that
    /// stand in one option alone.
    func picked(by text: UnsafeBufferPointer<UInt8>) -> (places: [Int], saysMore: Bool)? {
        guard text.count <= 240, !text.contains(UInt8(ascii: "?")) else { return nil }
        var words = text.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 || $0 == 0x0D }).map {
            String(decoding: $0, as: UTF8.self).lowercased()
        }
        let all = words
        while let first = words.first, OfferedOptions.fillers.contains(OfferedOptions.bare(first)) {
            words.removeFirst()
        }
        guard let first = words.first else {
            // "Yes, go with that" has nothing else in it.
            return recommended.flatMap { OfferedOptions.followsRecommendation(all) ? ([$0], false) : nil }
        }
        if let place = place(named: OfferedOptions.bare(first)),
            OfferedOptions.ends(first, before: words.dropFirst().first)
        {
            let rest = words.dropFirst()
            if let other = OfferedOptions.instead(rest) {
                // "2 is a no-go" refuses; "2 is too slow, so 1" goes on to what is chosen.
                return other.flatMap { self.place(named: $0) }.map { ([$0], true) }
            }
            // "1 is there already" speaks of a point of a report.
            if !isChoice, let verb = rest.first.map(OfferedOptions.bare), OfferedOptions.judging.contains(verb) {
                return nil
            }
            let further = named(behind: first, rest)
            return ([place] + further.places.filter { $0 != place }, rest.count - further.words > 2)
        }
        if let recommended, OfferedOptions.followsRecommendation(all) { return ([recommended], all.count > 8) }
        // By what it is called.
        guard isChoice, !OfferedOptions.refusals.contains(OfferedOptions.bare(all[0])) else { return nil }
        let end = text.indices.first { place in
            ",.;:\n".utf8.contains(text[place]) && (place + 1 == text.count || text[place + 1] <= 0x20)
        }
        let clause = UnsafeBufferPointer(rebasing: text[..<(end ?? text.count)])
        let name = clause.split(separator: 0x20).filter { !$0.elementsEqual("one".utf8) }
        guard (1...6).contains(name.count) else { return nil }
        let said = Array(name.joined(separator: [0x20])).withUnsafeBufferPointer { ContentWords.hashes(of: $0) }
        guard !said.isEmpty else { return nil }
        let meant = options.indices.filter { ContentWords.shared(options[$0].words, said) == said.count }
        return meant.count == 1 ? (meant, clause.count + 8 < text.count) : nil
    }

    /// The options that are named with the first: "and 2", ", 2 and 3"; and how many words that took.
    private func named(behind first: String, _ rest: ArraySlice<String>) -> (places: [Int], words: Int) {
        var (places, taken): ([Int], Int) = ([], 0)
        var isOpen = first.utf8.last == UInt8(ascii: ",")
        var words = rest
        while let word = words.first {
            if ["and", "&", "+", "plus"].contains(word) {
                (isOpen, words) = (true, words.dropFirst())
            } else if isOpen, let place = place(named: OfferedOptions.bare(word)),
                OfferedOptions.ends(word, before: words.dropFirst().first)
            {
                places.append(place)
                isOpen = word.utf8.last == UInt8(ascii: ",")
                words = words.dropFirst()
                taken = rest.count - words.count
            } else {
                break
            }
        }
        return (places, taken)
    }

    /// Of words that say what is wrong with the option that was named: the name behind "so", if any; nil when nothing is.
    private static func instead(_ rest: ArraySlice<String>) -> String?? {
        guard let verb = rest.first.map(bare), judging.contains(verb) else { return nil }
        let words = rest.map(bare)
        guard words.contains(where: refusing.contains) else { return nil }
        guard let turn = words.firstIndex(where: ["so", "then", "rather", "therefore", "hence"].contains) else {
            return .some(nil)
        }
        return .some(words[(turn + 1)...].first { !fillers.contains($0) })
    }

    private static let judging: Set<String> = [
        "is", "was", "isn't", "isnt", "sounds", "looks", "seems", "would", "won't", "wont", "has", "had", "did", "does",
        "doesn't", "doesnt", "fails", "failed", "breaks", "broke", "feels",
    ]
    private static let refusing: Set<String> = [
        "no-go", "nogo", "wrong", "risky", "bad", "worse", "failed", "fails", "breaks", "broke", "not", "isn't", "isnt",
        "doesn't", "doesnt", "won't", "wont", "can't", "cant", "out", "had", "too", "never", "no", "awful", "terrible",
        "overkill", "expensive", "slow", "ugly", "impossible", "before", "useless", "dangerous", "fragile",
    ]

    /// Whether the sentence that asks, or one that ends in a colon, speaks of a choice.
    private static func asks(_ cut: SegmentedText) -> Bool {
        cut.segments.contains { segment in
            guard let end = cut.bytes[segment.range].last, end == UInt8(ascii: "?") || end == UInt8(ascii: ":") else {
                return false
            }
            let words = folded(segment, of: cut)
            return choosing.contains { find($0, in: words) != nil }
        }
    }

    /// The bytes of a segment, ASCII capitals as small letters.
    static func folded(_ segment: Segment, of cut: SegmentedText) -> [UInt8] {
        cut.bytes[segment.range].map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    /// Where a text stands in another.
    static func find(_ cue: String, in text: [UInt8]) -> Range<Int>? {
        var cue = cue
        return cue.withUTF8 { cue in
            guard let first = cue.first, text.count >= cue.count else { return nil }
            return text.withUnsafeBufferPointer { text in
                for place in 0...(text.count - cue.count)
                where text[place] == first && text[place...].starts(with: cue) { return place..<(place + cue.count) }
                return nil
            }
        }
    }

    private static let choosing = [
        "which", "prefer", "option", "choose", "choice", "pick", "rather", "alternative", "approach", " ways", "either",
        "favour", "favor",
        "elegir", "opci", "哪", "选",
    ]

    func place(named word: String) -> Int? {
        if let ordinal = OfferedOptions.ordinals.firstIndex(of: word) {
            return options.indices.contains(ordinal) ? ordinal : nil
        }
        if word == "last" { return options.count - 1 }
        guard word.utf8.count == 1, let name = word.utf8.first else { return nil }
        if let place = options.firstIndex(where: { $0.name == name }) { return place }
        // "3" of a list with letters, "c" of one with numbers.
        let isDigit = (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(name)
        guard isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(name) else { return nil }
        let place = Int(name) - Int(isDigit ? UInt8(ascii: "1") : UInt8(ascii: "a"))
        return options.indices.contains(place) ? place : nil
    }

    /// Whether the name stands for itself: "3", "3." or "3, but …", and not "3 tests fail" or "a cache".
    static func ends(_ word: String, before next: String?) -> Bool {
        guard let next, let last = word.utf8.last else { return true }
        let isMarked = [
            UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: ")"), UInt8(ascii: ":"), UInt8(ascii: ";"),
            UInt8(ascii: "!"),
        ]
        .contains(last)
        return isMarked || followers.contains(bare(next)) || next.utf8.first == UInt8(ascii: "-")
    }

    static func bare(_ word: String) -> String {
        String(decoding: word.utf8.filter { !"\"'`*.,:;!)(#".utf8.contains($0) }, as: UTF8.self)
    }

    private static let ordinals = ["first", "second", "third", "fourth", "fifth", "sixth"]
    private static let fillers: Set<String> = [
        "ok", "okay", "yes", "yeah", "yep", "sure", "lets", "go", "with", "for", "do", "take", "use", "pick", "choose",
        "i", "id", "ill", "we",
        "prefer", "like", "want", "say", "think", "the", "option", "number", "nr", "no", "variant", "approach",
        "please", "then", "hmm", "well",
        "so", "my", "vote", "is", "would", "try", "start", "just", "mmm", "definitely", "clearly", "",
    ]
    private static let followers: Set<String> = [
        "please", "then", "but", "and", "is", "sounds", "it", "one", "for", "now", "thanks", "with", "without", "looks",
        "seems", "makes", "option",
        "approach", "variant", "of", "because", "since", "so", "as", "if", "only", "plus",
    ]
    private static let verbs: Set<String> = [
        "is", "has", "would", "seems", "looks", "sounds", "gives", "makes", "needs", "and", "or", "keeps", "then",
    ]
    private static let refusals: Set<String> = [
        "not", "no", "nope", "none", "neither", "why", "what", "how", "dont", "never", "without",
    ]

    /// The number or letter in front of an item, or behind "Option" at its head.
    private static func name(
        of segment: Segment, _ cut: SegmentedText, _ source: UnsafeBufferPointer<UInt8>
    ) -> UInt8? {
        if segment.kind == .item {
            var end = segment.sourceRange.lowerBound
            while end > 0, source[end - 1] == 0x20 || source[end - 1] == 0x2A { end -= 1 }
            if end >= 2, [UInt8(ascii: "."), UInt8(ascii: ")")].contains(source[end - 1]) {
                let isAlone = end < 3 || [0x0A, 0x20, 0x2A, 0x28].contains(source[end - 3])
                if isAlone, let name = name(source[end - 2]) { return name }
            }
        }
        let head = folded(segment, of: cut).drop { $0 == 0x2A || $0 == 0x20 }
        guard head.starts(with: "option ".utf8) else { return nil }
        let rest = head.dropFirst(7)
        guard let byte = rest.first, let name = name(byte) else { return nil }
        let next = rest.dropFirst().first
        return next.map { [0x20, 0x29, 0x2A, 0x2E, 0x3A, 0x2D, 0xE2].contains($0) } ?? true ? name : nil
    }

    private static func isSpokenOf(_ segment: Segment, _ cut: SegmentedText) -> Bool {
        let words = folded(segment, of: cut).split(separator: 0x20).dropFirst(2)
        return words.prefix(1).contains { verbs.contains(String(decoding: $0, as: UTF8.self)) }
    }

    /// How far the bullet of an item is indented; nil when it has none.
    private static func bulletIndent(of segment: Segment, _ source: UnsafeBufferPointer<UInt8>) -> Int? {
        guard segment.kind == .item else { return nil }
        var start = segment.sourceRange.lowerBound
        while start > 0, source[start - 1] != 0x0A { start -= 1 }
        let line = source[start..<segment.sourceRange.lowerBound]
        let indent = line.prefix { $0 == 0x20 || $0 == 0x09 }.count
        guard let mark = line.dropFirst(indent).first, "-*+".utf8.contains(mark) || mark == 0xE2 else { return nil }
        return indent
    }

    private static func name(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "1")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): byte
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte + 0x20
        default: nil
        }
    }

    /// Without "Option B:" at its head.
    private static func withoutName(_ statement: String) -> String {
        let bytes = Array(statement.utf8)
        let head = bytes.drop { $0 == 0x2A }
        guard String(decoding: head.prefix(7), as: UTF8.self).lowercased() == "option " else { return statement }
        let rest = head.dropFirst(8).drop { [0x20, 0x29, 0x2A, 0x2E, 0x3A, 0x2D, 0xE2, 0x80, 0x94, 0x93].contains($0) }
        return rest.count < 4 ? statement : String(decoding: rest, as: UTF8.self)
    }
}
