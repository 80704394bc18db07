#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How much each word of a question tells, and what a text that holds some of them is worth: BM25 over weighted words.
struct TermWeights {
    /// What the ranking is made of. Found by trying on questions over sessions; docs/recall.md says on which.
    enum Tuning {
        /// How soon a word that is said again stops to count.
        static let saturation = 1.2
        /// How much a long text has to hold more than a short one.
        static let length = 0.2
        /// A text with all the question's words is worth so much more than its BM25.
        static let coverage = 1.5
        /// What the turns before and behind add to a turn, and the best turn of a session to each.
        static let neighbour = 0.4
        static let session = 0.2
        /// What a turn adds to each of its pieces, and a piece to the next.
        static let turn = 1.5
        static let adjacent = 0.3
        /// A piece with the form of an answer.
        static let form = 1.2
        /// A word that was learnt from the best hits.
        static let learnt = 0.3
        /// Share of the worth that gets less with time.
        static let recency = 0.15
        /// A memory of a category that the question asks for; a level of importance.
        static let category = 1.1
        static let importance = 0.04
        /// A memory in whose place another one stands.
        static let superseded = 0.4
        /// Found by a part of a name only.
        static let part = 0.5
        /// The nearest in meaning, where there are vectors: as much as a rare word of the question.
        static let meaning = 6.0
        /// Said where the question is asked.
        static let affinity = 1.05
    }

    /// What a word of the question counts for at least when one asks how much of the question a text holds: in a small project
    /// the subject may stand in each text.
    private static let least = 1.0

    private(set) var stems: [String: Int] = [:]
    private(set) var weights: [Double] = []
    /// By which bytes the stems begin, folded into 64 bits.
    private var beginnings: UInt64 = 0
    /// The word of the question for which each stands; itself for those.
    private(set) var asked: [Int] = []
    private(set) var information: [Double] = []
    /// Of all words of the question.
    private var askedInformation = 0.0

    /// Natural logarithm of how much rarer than everywhere a word is; never below 0.
    static func information(of count: Int, among total: Int) -> Double {
        let (total, count) = (Double(max(total, count, 1)), Double(count))
        return log(1 + (total - count + 0.5) / (count + 0.5))
    }

    mutating func add(_ stem: String, weight: Double, information: Double, standsFor asked: Int? = nil) {
        guard stems[stem] == nil else { return }
        let number = weights.count
        stems[stem] = number
        if let first = stem.utf8.first { beginnings |= 1 << UInt64(first & 63) }
        weights.append(weight)
        self.information.append(information)
        self.asked.append(asked ?? number)
        if asked == nil { askedInformation += max(information, TermWeights.least) }
    }

    /// How often each word stands in a text, and how many words that has.
    struct Counts {
        var counts: [UInt8]
        var length = 0
    }

    func counts(in text: String) -> Counts {
        var found = Counts(counts: Array(repeating: 0, count: weights.count))
        Words.forEach(in: text) { stem in
            found.length += 1
            // Most words of a text are none of the question: their first byte mostly tells.
            guard let first = stem.utf8.first, beginnings & (1 << UInt64(first & 63)) != 0 else { return }
            if let number = stems[stem], found.counts[number] < .max { found.counts[number] += 1 }
        }
        return found
    }

    func worth(_ text: Counts, usualLength: Double) -> Double {
        let relative = Double(text.length) / max(1, usualLength)
        let norm = Tuning.saturation * (1 - Tuning.length + Tuning.length * relative)
        var sum = 0.0
        for (number, count) in text.counts.enumerated() where count > 0 {
            let count = Double(count)
            sum += weights[number] * information[number] * count * (Tuning.saturation + 1) / (count + norm)
        }
        return sum
    }

    /// The share of what the question's words tell that a text holds, from 0 to 1; a word that stands for another is half of it.
    func coverage(_ text: Counts, withSynonyms: Bool = false) -> Double {
        guard askedInformation > 0 else { return 0 }
        var shares = Array(repeating: 0.0, count: text.counts.count)
        for (number, count) in text.counts.enumerated() where count > 0 {
            let base = asked[number]
            guard base >= 0, base < shares.count else { continue }
            if base == number { shares[base] = 1 } else if withSynonyms { shares[base] = max(shares[base], 0.5) }
        }
        var sum = 0.0
        for (number, share) in shares.enumerated() where share > 0 {
            sum += share * max(information[number], TermWeights.least)
        }
        return sum / askedInformation
    }
}

/// Less with the days that have passed, half of it after so many.
struct Recency {
    var now: Int
    var halfLife: Int

    /// - Parameter now: ISO 8601.
    init(now: String, halfLife: Int) {
        self.now = Recency.day(now) ?? 0
        self.halfLife = max(1, halfLife)
    }

    /// From 1 for today to 0; 1 for what has no time.
    func share(_ time: String) -> Double {
        guard let day = Recency.day(time), day < now else { return 1 }
        return exp(-0.693147 * Double(now - day) / Double(halfLife))
    }

    /// Days since 1970 of `2026-03-01…`: Howard Hinnant's `days_from_civil`.
    static func day(_ time: String) -> Int? {
        let digits = Array(time.utf8.prefix(10))
        guard digits.count == 10 else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for digit in digits[range] {
                guard digit >= 0x30, digit <= 0x39 else { return nil }
                value = value * 10 + Int(digit - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), (1...12).contains(month)
        else {
            return nil
        }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
