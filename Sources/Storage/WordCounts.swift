/// How many memories hold each word, in all and for each session; or how many more.
struct WordCounts {
    struct SessionWord: Hashable {
        var session: Int
        /// Its number in `words`.
        var word: Int
    }

    private(set) var words: [String] = []
    /// For each word.
    private(set) var memories: [Int] = []
    /// For each word, in sessions where that is not 0.
    private(set) var inSessions: [SessionWord: Int] = [:]
    private var numbers: [String: Int] = [:]
    /// Texts are made of the same pieces again and again.
    private var pieces: [Substring: [Int]] = [:]

    /// Counts a memory once for each of its words, and once for each session in which it was said.
    ///
    /// - Parameter times: -1 to count it out.
    mutating func add(_ text: String, sessions: [Int], times: Int) {
        var held: Set<Int> = []
        for piece in Vocabulary.pieces(of: text) {
            for number in wordNumbers(piece) where held.insert(number).inserted {
                memories[number] += times
                for session in sessions { inSessions[SessionWord(session: session, word: number), default: 0] += times }
            }
        }
    }

    func number(of word: String) -> Int? { numbers[word] }

    /// Words whose counts change, and for each what changes by session, in the order of the sessions.
    func changed() -> [(number: Int, sessions: [(session: Int, times: Int)])] {
        var sessions = [[(session: Int, times: Int)]](repeating: [], count: words.count)
        for (place, times) in inSessions where times != 0 {
            sessions[place.word].append((place.session, times))
        }
        return words.indices.filter { memories[$0] != 0 || !sessions[$0].isEmpty }.map { number in
            (number, sessions[number].sorted { $0.session < $1.session })
        }
    }

    private mutating func wordNumbers(_ piece: Substring) -> [Int] {
        if let known = pieces[piece] { return known }
        let found = Vocabulary.words(inPiece: piece).map { word in
            if let known = numbers[word] { return known }
            numbers[word] = words.count
            words.append(word)
            memories.append(0)
            return words.count - 1
        }
        pieces[piece] = found
        return found
    }
}
