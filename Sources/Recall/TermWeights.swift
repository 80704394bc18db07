import Storage

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

    private(set) var weights: [Double] = []
    private var stems = StemIndex()
    /// The word of the question for which each stands; itself for those.
    private(set) var asked: [Int] = []
    private(set) var information: [Double] = []
    /// Of all words of the question.
    private var askedInformation = 0.0

    /// Natural logarithm of how much rarer than everywhere a word is; never below 0.
    static func information(of count: Int, among total: Int) -> Double {
        TermInformation.of(count, among: total)
    }

    mutating func add(_ stem: String, weight: Double, information: Double, standsFor asked: Int? = nil) {
        guard number(of: stem) == nil else { return }
        let number = weights.count
        stems.add(stem)
        weights.append(weight)
        self.information.append(information)
        self.asked.append(asked ?? number)
        if asked == nil { askedInformation += max(information, TermWeights.least) }
    }

    /// Which word that is; nil for one without a weight.
    func number(of stem: String) -> Int? {
        var stem = stem
        return stem.withUTF8 { stems.number(of: $0) }
    }

    /// How often each word stands in a text, and how many words that has.
    struct Counts {
        var counts: [UInt8]
        var length = 0
    }

    func counts(in text: String) -> Counts {
        var found = Counts(counts: Array(repeating: 0, count: weights.count))
        count(text, into: &found)
        return found
    }

    func count(_ text: String, into found: inout Counts) {
        let stems = stems
        Words.forEachStem(in: text) { stem in
            found.length += 1
            if let number = stems.number(of: stem), found.counts[number] < .max { found.counts[number] += 1 }
        }
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
        var sum = 0.0
        for (number, count) in text.counts.enumerated() where asked[number] == number {
            if count > 0 {
                sum += max(information[number], TermWeights.least)
            } else if withSynonyms, text.counts.indices.contains(where: { text.counts[$0] > 0 && asked[$0] == number })
            {
                sum += 0.5 * max(information[number], TermWeights.least)
            }
        }
        return sum / askedInformation
    }
}

/// Words by number: few enough to be looked through, which costs less than to hash each word of a text.
private struct StemIndex {
    /// One behind the other, and where each ends.
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    /// What `mark` gives for them.
    private var marks: UInt64 = 0

    mutating func add(_ stem: String) {
        bytes += stem.utf8
        ends.append(bytes.count)
        var stem = stem
        marks |= stem.withUTF8 { StemIndex.mark($0) }
    }

    func number(of stem: UnsafeBufferPointer<UInt8>) -> Int? {
        // Most words of a text are none of the question, which one bit mostly tells.
        guard marks & StemIndex.mark(stem) != 0 else { return nil }
        var start = 0
        for number in ends.indices {
            let end = ends[number]
            if end - start == stem.count, stem.indices.allSatisfy({ bytes[start + $0] == stem[$0] }) { return number }
            start = end
        }
        return nil
    }

    /// One of 64 bits, by the length of a word and its first two bytes.
    private static func mark(_ stem: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard let first = stem.first else { return 0 }
        let second = stem.count > 1 ? Int(stem[1]) : 0
        return 1 << UInt64((Int(first) + 7 * second + 13 * stem.count) & 63)
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
        var time = time
        guard let (year, month, day) = time.withUTF8({ Recency.date($0) }), (1...12).contains(month) else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
    private static func date(_ time: UnsafeBufferPointer<UInt8>) -> (year: Int, month: Int, day: Int)? {
        guard time.count >= 10 else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for digit in time[range] {
                guard digit >= 0x30, digit <= 0x39 else { return nil }
                value = value * 10 + Int(digit - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
        return (year, month, day)
    }
}
