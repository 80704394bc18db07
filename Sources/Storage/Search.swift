import Memories
public import SQLite

/// A memory that the text indexes found, and how well its words match.
public struct SearchHit: Sendable, Equatable {
    public var memory: CandidateMemory
    /// BM25, higher is better, in millionths; 0 when only a part of a name matched.
    public var match: Int
}

/// A turn of the archive that the text index found.
public struct TurnHit: Sendable, Equatable {
    public var candidate: CandidateTurn
    /// BM25, higher is better, in millionths.
    public var match: Int

    public var turn: StoredTurn { candidate.turn }
}

/// A question in the words of a person, made into one for the text indexes. What the indexes take for syntax is quoted.
public struct SearchQuery: Sendable, Equatable {
    /// For `memory_fts` and `turn_fts`.
    public var words: String
    /// Those of the terms that few texts hold; empty when that makes no other question.
    var rareTerms: [String] = []
    /// The terms that `words` joins.
    private(set) var terms: [String] = []
    /// For the trigram index; nil when nothing in it looks like a name in code.
    public var identifiers: String?

    /// - Parameters:
    ///   - matchesAll: Whether each word must occur; else any.
    ///   - keepsFunctionWords: Whether words like `the` count where any word is enough.
    public init(_ text: String, matchesAll: Bool, keepsFunctionWords: Bool = false) {
        var terms: [String] = []
        var names: [String] = []
        for piece in text.split(whereSeparator: { $0.isWhitespace || $0 == "\0" }) {
            let pairs = SearchText.pairs(String(piece))
            if !pairs.isEmpty {
                terms += pairs.split(separator: " ").map { pair in
                    // One ideograph alone is the first half of pairs.
                    pair.unicodeScalars.count == 1 && SearchText.isIdeograph(pair.unicodeScalars.first ?? " ")
                        ? SearchQuery.quoted(pair) + "*" : SearchQuery.quoted(pair)
                }
            } else if piece.contains(where: { $0.isLetter || $0.isNumber }) {
                terms.append(SearchQuery.quoted(piece))
                let name = SearchText.identifiers(String(piece))
                if !name.isEmpty { names.append(SearchQuery.quoted(name[...])) }
            }
        }
        if !matchesAll, !keepsFunctionWords {
            // Half of all rows hold `the`; what they cost, they don't tell.
            let telling = terms.filter { !SearchQuery.isFunctionWord($0) }
            if !telling.isEmpty { terms = telling }
        }
        let joint = matchesAll ? " AND " : " OR "
        self.terms = SearchQuery.distinct(terms)
        words = self.terms.text(between: joint)
        identifiers = names.isEmpty ? nil : SearchQuery.distinct(names).text(between: joint)
    }

    /// More words than anybody asks with; FTS5 has limits of its own on what an expression may hold.
    static let longestQuery = 64

    /// In an order of their own: the same words in another order are the same question, to the last digit of its ranks.
    private static func distinct(_ terms: [String]) -> [String] {
        var known: [String] = []
        for term in terms where known.count < longestQuery && !known.contains(term) { known.append(term) }
        return known.sorted()
    }

    /// Words that only hold a sentence together, quoted.
    private static func isFunctionWord(_ term: String) -> Bool {
        guard term.utf8.count <= 7 else { return false }
        switch term.lowercased() {
        case "\"a\"", "\"an\"", "\"the\"", "\"of\"", "\"to\"", "\"in\"", "\"on\"", "\"at\"", "\"for\"", "\"by\"",
            "\"with\"",
            "\"from\"", "\"and\"", "\"or\"", "\"is\"", "\"are\"", "\"was\"", "\"be\"", "\"it\"", "\"its\"", "\"this\"",
            "\"that\"",
            "\"as\"", "\"do\"", "\"does\"", "\"did\"", "\"we\"", "\"you\"", "\"i\"", "\"how\"", "\"what\"", "\"why\"",
            "\"when\"",
            "\"where\"", "\"which\"", "\"who\"":
            return true
        default: return false
        }
    }

    /// - Parameter raw: An expression of FTS5, as it stands.
    public init(raw: String) { words = raw }

    /// What stands for the question marks of `MemoryStore.hits`.
    var values: [Value] { [.text(words)] + (rareTerms.isEmpty ? [] : [.text(rareWords)]) }

    /// Empty when there is no other question.
    var rareWords: String { rareTerms.text(between: " OR ") }

    fileprivate static func quoted(_ word: Substring) -> String {
        word.utf8.contains(UInt8(ascii: "\""))
            ? "\"" + word.replacingEach("\"", with: "\"\"") + "\"" : "\"" + String(word) + "\""
    }
}

extension MemoryStore {
    /// At most so many hits of a word are ranked, newest first: bm25 costs half a microsecond each.
    static let rankedHits = 600

    /// Candidates for a search, by BM25 and importance: memories that hold all words, then those with any. What they are worth
    /// is decided where they are ranked.
    ///
    /// - Parameters:
    ///   - filter: Its limit bounds the result; superseded memories come last when its states ask for them.
    ///   - enough: When so many hold all words, those with any are not looked for; nil for the limit.
    ///   - total: About how many memories there are; with it a search of a large store is much cheaper.
    public func search(
        _ text: String, filter: MemoryQuery = MemoryQuery(), raw: Bool = false, enough: Int? = nil, total: Int? = nil
    ) throws(SQLiteError) -> [SearchHit] {
        let limit = filter.limit ?? 20
        var hits = try search(raw ? SearchQuery(raw: text) : SearchQuery(text, matchesAll: true), filter, limit, total)
        if !raw, hits.count < min(limit, enough ?? limit) {
            let known = Set(hits.map(\.memory.id))
            let more = try search(anyOf(text, in: "memory_fts"), filter, limit, total)
            hits += more.filter { !known.contains($0.memory.id) }.prefix(limit - hits.count)
        }
        if !raw, hits.isEmpty {
            hits = try search(SearchQuery(text, matchesAll: false, keepsFunctionWords: true), filter, limit, total)
        }
        return hits
    }

    /// A question for any of the words. Of common words only the newest hits are ranked, so the words that few texts hold are asked
    /// for by themselves too: else a text that is old could not be found by them.
    private func anyOf(_ text: String, in index: String) throws(SQLiteError) -> SearchQuery {
        var query = SearchQuery(text, matchesAll: false)
        guard query.terms.count > 1 else { return query }
        var rare: [String] = []
        for term in query.terms
        where try span(of: term, in: index, most: MemoryStore.rankedHits + 1).count <= MemoryStore.rankedHits {
            rare.append(term)
        }
        if !rare.isEmpty, rare.count < query.terms.count { query.rareTerms = rare }
        return query
    }

    /// How many rows hold a term, up to so many, and the numbers of the first and the last of them.
    private func span(
        of term: String, in index: String, most: Int
    ) throws(SQLiteError) -> (count: Int, first: Int, last: Int) {
        try connection.row(
            """
            SELECT count(*), min(id), max(id) FROM (
                SELECT rowid AS id FROM \(index) WHERE \(index) MATCH ? ORDER BY rowid DESC LIMIT ?)
            """, .text(term), .integer(most)
        ) { ($0.int(0), $0.int(1), $0.int(2)) } ?? (0, 0, 0)
    }

    /// So many of the newest rows of a word tell how many there are.
    private static let sampledHits = 200

    /// How many rows hold a word; of a frequent one an estimate, as if the older rows held it as often as the newest.
    ///
    /// - Parameter total: Rows of the index.
    public func frequency(of word: String, in index: TextIndex, total: Int) throws(SQLiteError) -> Int {
        try frequency(ofTerm: SearchQuery.quoted(word[...]), in: index, total: total)
    }

    private func frequency(ofTerm term: String, in index: TextIndex, total: Int) throws(SQLiteError) -> Int {
        if let known = searchMemo?.frequency(of: term, in: index) { return known }
        let most = MemoryStore.sampledHits
        let found = try span(of: term, in: index.table, most: most)
        let count =
            found.count < most
            ? found.count : max(most, min(total, most * total / max(1, found.last - found.first + 1)))
        searchMemo?.remember(count, of: term, in: index)
        return count
    }

    /// Memories that hold any of some words, by BM25 and importance.
    public func search(
        anyOf words: [String], filter: MemoryQuery, limit: Int, total: Int? = nil
    ) throws(SQLiteError) -> [SearchHit] {
        try search(SearchQuery(words.text(between: " "), matchesAll: false), filter, limit, total)
    }

    private func search(
        _ query: SearchQuery, _ filter: MemoryQuery, _ limit: Int, _ total: Int?
    ) throws(SQLiteError) -> [SearchHit] {
        guard !query.words.isEmpty else { return [] }
        let (condition, values) = filter.condition
        var hits = try best(of: try ranked(query, total), condition, values, limit)
        if hits.count < limit, let names = query.identifiers {
            let known = Set(hits.map(\.memory.id))
            hits += try connection.rows(
                """
                WITH h AS MATERIALIZED (
                    SELECT rowid AS id FROM memory_trigram WHERE memory_trigram MATCH ?
                    ORDER BY rowid DESC LIMIT \(MemoryStore.rankedHits)
                ),
                best AS MATERIALIZED (
                    SELECT m.id FROM h JOIN memory AS m ON m.id = h.id
                    WHERE \(condition) ORDER BY m.state = 'superseded', m.importance DESC, m.id DESC LIMIT ?
                )
                SELECT \(CandidateMemory.columns) FROM best JOIN memory AS m ON m.id = best.id
                ORDER BY m.state = 'superseded', m.importance DESC, m.id DESC
                """, values: [.text(names)] + values + [.integer(limit)]
            ) { SearchHit(memory: CandidateMemory($0), match: 0) }.filter { !known.contains($0.memory.id) }
        }
        return Array(hits.prefix(limit))
    }

    /// A row that a text index found; its score is lower for a better one, as `bm25` has it.
    private struct RankedRow {
        var id: Int
        var score: Double

        static func isBefore(_ a: RankedRow, _ b: RankedRow) -> Bool {
            a.score != b.score ? a.score < b.score : a.id > b.id
        }
    }

    /// What the index finds for a question, the best first. A text that both parts find has its better score, that of all words.
    private func ranked(_ query: SearchQuery, _ total: Int?) throws(SQLiteError) -> [RankedRow] {
        var rows = try rows(of: query.words, query.terms, total)
        if !query.rareTerms.isEmpty { rows += try self.rows(of: query.rareWords, query.rareTerms, total) }
        rows.sort(by: RankedRow.isBefore)
        guard !query.rareTerms.isEmpty else { return rows }
        var known: Set<Int> = []
        return rows.filter { known.insert($0.id).inserted }
    }

    /// - Parameter terms: What the words join; empty for an expression of a person, which `bm25` ranks.
    private func rows(
        of words: String, _ terms: [String], _ total: Int?
    ) throws(SQLiteError) -> [RankedRow] {
        var score = "bm25(memory_fts)"
        var values: [Value] = []
        if let total, !terms.isEmpty {
            try connection.addTextScore()
            score = "text_score(memory_fts\(String(repeating: ", ?", count: terms.count)))"
            for term in terms {
                let count = try frequency(ofTerm: term, in: .memories, total: total)
                values.append(.real(TermInformation.of(count, among: total)))
            }
        }
        return try connection.rows(
            """
            SELECT rowid, \(score) FROM memory_fts WHERE memory_fts MATCH ?
            ORDER BY rowid DESC LIMIT \(MemoryStore.rankedHits)
            """, values: values + [.text(words)]
        ) { RankedRow(id: $0.int(0), score: $0.real(1)) }
    }

    /// So many memories that meet a condition, the best first, superseded ones last. Each is looked up by itself: a join would
    /// read them all.
    private func best(
        of rows: [RankedRow], _ condition: String, _ values: [Value], _ limit: Int
    ) throws(SQLiteError) -> [SearchHit] {
        let statement = try connection.statement(
            "SELECT \(CandidateMemory.columns) FROM memory AS m WHERE m.id = ? AND \(condition)")
        defer { statement.reset() }
        var current: [SearchHit] = []
        var superseded: [SearchHit] = []
        for row in rows where current.count < limit {
            statement.reset()
            statement.bind([.integer(row.id)] + values)
            guard try statement.step() else { continue }
            let hit = SearchHit(memory: CandidateMemory(statement), match: Int(-row.score * 1_000_000))
            if hit.memory.state == .superseded { superseded.append(hit) } else { current.append(hit) }
        }
        return current + superseded.prefix(limit - current.count)
    }

    /// What is ranked for a question: a row a text, with its score. A text that both parts find has its better score, that of all
    /// words.
    private static func hits(of query: SearchQuery, in index: String) -> String {
        let part = """
            SELECT * FROM (SELECT rowid AS id, bm25(\(index)) AS score FROM \(index) WHERE \(index) MATCH ?
            ORDER BY rowid DESC LIMIT \(rankedHits))
            """
        guard !query.rareTerms.isEmpty else { return part }
        return "SELECT id, min(score) AS score FROM (\(part) UNION ALL \(part)) GROUP BY id"
    }

    /// Candidates for a search in the archive, by BM25: turns that hold all words, then those with any.
    ///
    /// - Parameters:
    ///   - since: A prefix of an ISO 8601 time.
    ///   - enough: When so many hold all words, those with any are not looked for; nil for the limit.
    public func searchTurns(
        _ text: String, limit: Int, since: String? = nil, session: String? = nil, raw: Bool = false, enough: Int? = nil
    ) throws(SQLiteError) -> [TurnHit] {
        var hits = try turnHits(
            raw ? SearchQuery(raw: text) : SearchQuery(text, matchesAll: true), limit, since, session)
        if !raw, hits.count < min(limit, enough ?? limit) {
            let known = Set(hits.map(\.turn.id))
            hits += try turnHits(anyOf(text, in: "turn_fts"), limit, since, session).filter {
                !known.contains($0.turn.id)
            }
        }
        return Array(hits.prefix(limit))
    }

    private func turnHits(
        _ query: SearchQuery, _ limit: Int, _ since: String?, _ session: String?
    ) throws(SQLiteError) -> [TurnHit] {
        guard !query.words.isEmpty else { return [] }
        return try connection.rows(
            """
            WITH h AS MATERIALIZED (\(MemoryStore.hits(of: query, in: "turn_fts")))
            SELECT \(CandidateTurn.columns), cast(-h.score * 1000000 AS INTEGER) AS rank
            FROM h JOIN turn AS t ON t.id = h.id JOIN session AS c ON c.id = t.session_id
            WHERE t.said_at >= ? AND (? IS NULL OR c.uid = ?)
            ORDER BY rank DESC, t.id DESC LIMIT ?
            """,
            values: query.values + [.text(since ?? ""), .optional(session), .optional(session), .integer(limit)]
        ) { TurnHit(candidate: CandidateTurn($0), match: $0.int(CandidateTurn.columnCount)) }
    }
}
