import Transcripts

/// Which of the options the assistant itself recommends, and whether a person leaves the choice to that.
extension OfferedOptions {
    /// The place of the only option that is marked as recommended, or that the last sentence to recommend one names.
    func recommended(in cut: SegmentedText) -> Int? {
        let marked = options.indices.filter { place in
            options[place].segments.contains { index in
                let text = OfferedOptions.folded(cut.segments[index], of: cut)
                return OfferedOptions.marks.contains { OfferedOptions.find($0, in: text) != nil }
            }
        }
        if marked.count == 1 { return marked[0] }
        for (index, segment) in cut.segments.enumerated().reversed()
        where !options.contains(where: { $0.segments.contains(index) }) {
            let folded = OfferedOptions.folded(segment, of: cut)
            let cues = OfferedOptions.recommendations.compactMap { OfferedOptions.find($0, in: folded) }
            guard let cue = cues.min(by: { $0.lowerBound < $1.lowerBound }) else { continue }
            let bytes = Array(cut.bytes[segment.range])
            if let place = named(in: bytes[cue.upperBound...]) ?? named(in: bytes[..<cue.lowerBound]) { return place }
            if let place = called(by: bytes[cue.upperBound...]) { return place }
        }
        return nil
    }

    /// Whether a message ends with a recommendation or leaves the choice to the person, without a question mark.
    static func leavesChoice(_ cut: SegmentedText) -> Bool {
        // Where nothing is listed nothing can be chosen.
        guard cut.segments.count >= 3 else { return false }
        return cut.segments.suffix(3).contains { segment in
            let text = folded(segment, of: cut)
            return leavings.contains { find($0, in: text) != nil }
        }
    }

    private static let leavings = [
        "recommend", "let me know", "your call", "up to you", "tell me which",
    ]

    /// Whether a person's words take what was recommended: "go with your recommendation", or "yes" and no more.
    static func followsRecommendation(_ words: [String]) -> Bool {
        let bare = words.map(OfferedOptions.bare)
        guard !bare.isEmpty, !bare.contains(where: against.contains) else { return false }
        if bare.count <= 6, bare.allSatisfy({ assent.contains($0) }) { return true }
        return bare.indices.contains { place in
            let isTheirs = place > 0 && ["your", "you", "youd", "youve", "you'd", "you're"].contains(bare[place - 1])
            return bare[place].utf8.starts(with: "recommend".utf8)
                || isTheirs && theirs.contains(bare[place])
        }
    }

    /// The option whose name stands in a part of a sentence.
    private func named(in part: ArraySlice<UInt8>) -> Int? {
        let words = part.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A }).map { String(decoding: $0, as: UTF8.self) }
        for (index, word) in words.enumerated() {
            let name = OfferedOptions.bare(word)
            guard let place = place(named: name.lowercased()) else { continue }
            let isCalled =
                index > 0 && OfferedOptions.kinds.contains(OfferedOptions.bare(words[index - 1].lowercased()))
            let isOrdinal = name.utf8.count > 1
            let isCapital = name.utf8.first.map { (UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0) } ?? false
            // "A" may begin a sentence, and "3" may count something.
            let isAlone = OfferedOptions.ends(word, before: words.dropFirst(index + 1).first)
            if isCalled || isOrdinal || (isCapital && (name != "A" || isAlone))
                || (!isCapital && isAlone && name != "a")
            {
                return place
            }
        }
        return nil
    }

    /// The option that shares most words with a part of a sentence, when no other shares as many.
    private func called(by part: ArraySlice<UInt8>) -> Int? {
        let clause = String(decoding: part.prefix { !",;:(".utf8.contains($0) }, as: UTF8.self)
        // What stands behind "since" is why.
        let words = clause.split(separator: " ").prefix { !OfferedOptions.reasons.contains($0.lowercased()) }
            .filter { $0.utf8.count > 1 && !OfferedOptions.kinds.contains($0.lowercased()) }
        let said = Array(words.joined(separator: " ").utf8).withUnsafeBufferPointer { ContentWords.hashes(of: $0) }
        let shared = options.map { ContentWords.shared($0.words, said) }
        guard let most = shared.max(), most >= min(2, said.count), most > 0,
            shared.count(where: { $0 == most }) == 1
        else { return nil }
        return shared.firstIndex(of: most)
    }

    private static let marks = [
        "(recommended", "recommended)", "recommended:", "– recommended", "— recommended", "my recommendation",
        "**recommended", "i'd go with this", "i'd recommend this", "i recommend this", "(my pick", "(preferred",
    ]
    private static let recommendations = [
        "recommend", "i'd go with", "i would go with", "i'd go for", "i'd pick", "my pick", "i'd choose", "i suggest",
        "i'd suggest", "my suggestion", "i lean", "i'm leaning", "leaning toward", "my preference", "i prefer",
        "i'd prefer",
        "i'd start with", "i favor", "i favour", "my vote", "i'd take", "my choice",
    ]
    private static let reasons: Set<String> = [
        "since", "because", "as", "so", "unless", "if", "over", "instead", "rather",
    ]
    private static let kinds: Set<String> = [
        "option", "variant", "approach", "alternative", "number", "choice", "nr", "with", "for", "toward", "towards",
    ]
    private static let theirs: Set<String> = [
        "suggestion", "suggest", "suggested", "pick", "picked", "choice", "preference", "prefer", "proposal", "propose",
        "proposed", "favorite", "favourite", "favor", "favour", "advise", "advice", "choose",
    ]
    private static let assent: Set<String> = [
        "yes", "yep", "yeah", "ok", "okay", "sure", "please", "do", "that", "it", "go", "ahead", "agreed", "agree", "i",
        "sounds", "good", "great", "fine", "perfect", "lets", "let's", "with", "then", "thanks", "works", "for", "me",
    ]
    private static let against: Set<String> = [
        "not", "no", "nope", "don't", "dont", "disagree", "instead", "rather", "against", "isn't", "isnt", "won't",
        "wont",
        "why", "unlike", "without", "but",
    ]
}
