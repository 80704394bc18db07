/// Texts without which a pattern cannot match, read from the pattern itself.
///
/// `(?i)\b(?:maybe|perhaps)\b.*\d` needs the word "maybe" or the word "perhaps", and a digit. Where a pattern needs nothing
/// that can be told, or says something that this reader does not know, there are no clauses: an approximation in the safe
/// direction, a missing clause costs time alone.
public struct NecessaryTexts: Sendable, Equatable {
    /// A few bytes that must stand one behind the other: ASCII, letters in lower case. They stand for both cases, whatever
    /// the pattern says. The first and the last may be a `boundary`.
    public struct Text: Sendable, Hashable {
        /// The edge of a word that goes on with ASCII: of a run of `[A-Za-z0-9_]`, seen from inside.
        public static let boundary: UInt8 = 0x02
        /// A decimal digit of any script.
        public static let digit = Text(bits: 0x01, count: 1)
        /// Longer ones are cut.
        static let longest = 8

        private var bits: UInt64
        /// With the boundaries.
        public private(set) var count: Int
        /// Whether what follows in the pattern stands right behind it in the subject too.
        var isOpen = false

        private init(bits: UInt64, count: Int) {
            self.bits = bits
            self.count = count
        }

        init() { self.init(bits: 0, count: 0) }

        public subscript(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: bits >> UInt64(8 * index)) }

        mutating func append(_ byte: UInt8) {
            bits |= UInt64(byte) << UInt64(8 * count)
            count += 1
        }
    }

    /// Each must be met: one of its texts stands in the subject.
    ///
    /// Under `(?i)` the letters `k` and `s` also match the KELVIN SIGN and the LONG S. A subject that has one of these must
    /// not be judged by its texts; nor one that is cut out of another in the middle of a word.
    public private(set) var clauses: [[Text]] = []
    /// The same pattern with a look at the next byte before each choice of several words, which is mostly the end of it.
    public private(set) var guarded: String

    /// - Parameters:
    ///   - pattern: The whole source, with the definitions of what it calls.
    ///   - keywords: One of these is known to stand in the subject, so a clause that it meets tells little.
    public init(of pattern: String, keywords: [String] = []) {
        var reader = NecessaryTextReader(Array(pattern.utf8), keywords: keywords)
        guarded = pattern
        guard let read = reader.read() else { return }
        clauses = read.filter { reader.worth($0) > 4 }
        guarded = reader.guarded()
    }
}
