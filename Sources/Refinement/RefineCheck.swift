import Memories
import Neutralization
public import Storage

/// What an answer comes to, once each of its claims has been held against what was sent.
public struct RefineVerdict: Sendable, Equatable {
    /// A claim that stands: something to store.
    public struct Accepted: Sendable, Equatable {
        public var refinement: RefinedMemory
        public var session: String
        /// The words before, in the order of the originals.
        public var before: [String]
    }

    /// A claim that was dropped, with what it was about.
    public struct Dropped: Sendable, Equatable {
        public var reason: DropReason
        public var statement: String
        public var memories: [Int]
    }

    public var accepted: [Accepted] = []
    /// Memories that the model leaves as they are.
    public var kept: [Int] = []
    /// Memories that it would not keep: proposed to a person, nothing else.
    public var doubted: [Int] = []
    public var dropped: [Dropped] = []
    /// Whether the answer had the form at all.
    public var isReadable = true
}

/// Why a claim of a model is not taken.
public enum DropReason: String, CaseIterable, Sendable {
    case unknownAction = "unknown action"
    case unknownMemory = "names no statement that was sent"
    case answeredTwice = "a second answer about the same statement"
    case twoSessions = "statements of two sessions"
    case twoSubjects = "statements on two subjects"
    case noQuote = "its quote is not in the text"
    case shortQuote = "its quote is too short"
    case otherPlace = "its quote is not from where the statement was said"
    case length = "it is empty or too long"
    case unchanged = "it changes nothing"
    case number = "a number is not in its evidence"
    case name = "a name, path or sign is not in its evidence"
    case word = "a word is not in its evidence"
    case negation = "it denies more or less than its evidence"
    case condition = "it has other conditions than its evidence"
    case lost = "it loses a number or name"
    case thin = "it says too little of the statement"
    case order = "it has another order than its evidence"
    case notNewer = "only a newer statement on how things are can overtake one"
    case unclean = "it holds what may not be stored"
    case tooMany = "more new ones than a session may have"
    case known = "it is known already"
    case forgotten = "it was forgotten or archived"
    case overtaken = "the memory has changed meanwhile"
}

/// Holds the answer of a model against what it was sent. Nothing that it claims is taken on trust: its words must stand in the
/// text, and it can touch no memory but by the words in which that memory was said.
public struct RefineChecker {
    /// New memories that one session may give.
    public static let mostNew = 5
    static let longestStatement = 300
    static let shortestQuote = 12

    private let draft: RefineDraft
    private let clean: (String) -> String

    /// - Parameter clean: Takes out secrets and private text, as everything that is stored goes through.
    public init(_ draft: RefineDraft, clean: @escaping (String) -> String) {
        self.draft = draft
        self.clean = clean
    }

    /// - Parameter form: The filled-in form, as the model gave it.
    public func verdict(on form: String) -> RefineVerdict {
        var verdict = RefineVerdict()
        guard let entries = FormReader.entries("answers", in: form, most: 100) else {
            verdict.isReadable = false
            return verdict
        }
        var answered: Set<String> = []
        var news: [String: Int] = [:]
        for entry in entries {
            let statement = Folding.folded(entry.texts["statement"] ?? "")
            var labels: [String] = []
            for label in (entry.lists["memories"] ?? []) where !labels.contains(label) { labels.append(label) }
            let ids = labels.compactMap { draft.subjects[$0]?.memory.id }
            do throws(Drop) {
                guard ids.count == labels.count else { throw Drop(.unknownMemory) }
                guard answered.isDisjoint(with: labels) else { throw Drop(.answeredTwice) }
                switch (entry.texts["action"] ?? "", labels.count) {
                case ("keep", 1):
                    try checkPlace(of: try place(entry), for: labels)
                    verdict.kept += ids
                case ("doubt", 1): verdict.doubted += ids
                case ("rewrite", 1), ("merge", 2...6):
                    let isMerge = labels.count > 1
                    verdict.accepted.append(
                        try better(statement, labels, entry, isMerge ? .merged : .rewritten))
                case ("new", 0):
                    let new = try fresh(statement, entry)
                    guard news[new.session, default: 0] < RefineChecker.mostNew else { throw Drop(.tooMany) }
                    news[new.session, default: 0] += 1
                    verdict.accepted.append(new)
                default: throw Drop(.unknownAction)
                }
                answered.formUnion(labels)
            } catch {
                verdict.dropped.append(
                    RefineVerdict.Dropped(
                        reason: error.reason, statement: String(statement.prefix(RefineChecker.longestStatement)),
                        memories: ids))
            }
        }
        return verdict
    }

    // MARK: -

    private struct Drop: Error {
        var reason: DropReason
        init(_ reason: DropReason) { self.reason = reason }
    }

    /// Where a quote stands, and the sentences that hold it.
    private struct Place {
        var quote: String
        var excerpts: [RefineDraft.Excerpt]
        var sentences: String
    }

    private func place(_ entry: FormReader.Entry) throws(Drop) -> Place {
        let quote = Folding.folded(entry.texts["quote"] ?? "")
        guard !quote.isEmpty else { throw Drop(.noQuote) }
        let isDense = quote.unicodeScalars.contains { $0.value >= 0x2E80 }
        guard quote.count >= (isDense ? RefineChecker.shortestQuote / 3 : RefineChecker.shortestQuote) else {
            throw Drop(.shortQuote)
        }
        var found: [RefineDraft.Excerpt] = []
        var sentences = ""
        for excerpt in draft.excerpts {
            guard let range = excerpt.text.firstRange(of: quote) else { continue }
            if found.isEmpty { sentences = Folding.sentences(around: range, in: excerpt.text) }
            found.append(excerpt)
        }
        guard !found.isEmpty else { throw Drop(.noQuote) }
        return Place(quote: quote, excerpts: found, sentences: sentences)
    }

    /// What is said about a memory must rest on words in which it was said.
    ///
    /// - Returns: The excerpt that both have.
    @discardableResult
    private func checkPlace(of place: Place, for labels: [String]) throws(Drop) -> RefineDraft.Excerpt {
        let turns = labels.reduce(into: Set<Int>()) { $0.formUnion(draft.subjects[$1]?.turns ?? []) }
        guard let excerpt = place.excerpts.first(where: { turns.contains($0.turn) }) else { throw Drop(.otherPlace) }
        return excerpt
    }

    /// Better words for one memory, or one wording for several.
    private func better(
        _ statement: String, _ labels: [String], _ entry: FormReader.Entry, _ kind: RefinedMemory.Kind
    ) throws(Drop) -> RefineVerdict.Accepted {
        let subjects = labels.compactMap { draft.subjects[$0] }
        let place = try place(entry)
        let excerpt = try checkPlace(of: place, for: labels)
        let sessions = Set(
            draft.excerpts.filter { e in subjects.contains { $0.turns.contains(e.turn) } }.map(\.session))
        guard sessions.count == 1 else { throw Drop(.twoSessions) }
        guard Set(subjects.compactMap(\.memory.key)).count < 2 else { throw Drop(.twoSubjects) }
        let originals = subjects.map(\.memory.content)
        guard !originals.contains(where: { Folding.folded($0) == statement }) else { throw Drop(.unchanged) }
        let claim = try self.claim(statement)
        let around = draft.excerpts.filter { $0.turn == excerpt.turn }.map(\.text)
        if let reason = StatementCheck.objection(to: claim, statement, originals, around: around) { throw Drop(reason) }
        let best = subjects.map(\.memory).max { ($0.importance, $0.saidAt) < ($1.importance, $1.saidAt) }
        guard let best else { throw Drop(.unknownMemory) }
        return RefineVerdict.Accepted(
            refinement: RefinedMemory(
                kind: kind, category: category(entry, of: best, said: excerpt.role),
                content: statement, importance: importance(entry, of: best),
                originals: subjects.map(\.memory.id), quote: try safe(place.quote), turn: excerpt.turn),
            session: excerpt.session, before: originals)
    }

    /// Something that no rule has seen: the words of its sentences, in their order.
    private func fresh(_ statement: String, _ entry: FormReader.Entry) throws(Drop) -> RefineVerdict.Accepted {
        let place = try place(entry)
        guard let excerpt = place.excerpts.first else { throw Drop(.noQuote) }
        let claim = try self.claim(statement)
        if let reason = StatementCheck.objection(to: claim, in: EvidenceText([place.sentences])) { throw Drop(reason) }
        let said = Claim(place.sentences)
        guard TermOrder.follows(claim.terms.filter { $0.kind != .negation }, in: said.terms).isInOrder else {
            throw Drop(.order)
        }
        guard claim.count(.negation) == said.count(.negation) else { throw Drop(.negation) }
        guard claim.conditions == said.conditions else { throw Drop(.condition) }
        let isUser = excerpt.role == Role.user.rawValue
        let named = MemoryCategory(rawValue: entry.texts["category"] ?? "") ?? .note
        // A standing rule comes from a person, and what nobody typed does not stand above what was.
        let level = min(isUser ? 4 : 3, max(1, entry.numbers["importance"] ?? 2))
        return RefineVerdict.Accepted(
            refinement: RefinedMemory(
                kind: .new, category: named == .constraint && !isUser ? .note : named, content: statement,
                importance: Importance(clamping: level), originals: [], quote: try safe(place.quote),
                turn: excerpt.turn),
            session: excerpt.session, before: [])
    }

    private func claim(_ statement: String) throws(Drop) -> Claim {
        guard statement.count >= 4, statement.count <= RefineChecker.longestStatement else { throw Drop(.length) }
        _ = try safe(statement)
        let claim = Claim(statement)
        guard !claim.terms.isEmpty else { throw Drop(.length) }
        return claim
    }

    /// The text, when nothing has to be taken out of it before it is stored.
    private func safe(_ text: String) throws(Drop) -> String {
        guard Folding.folded(clean(text)) == text, Neutralizer.neutralized(text) == text else { throw Drop(.unclean) }
        return text
    }

    private func category(
        _ entry: FormReader.Entry, of memory: StoredMemory, said role: String
    ) -> MemoryCategory {
        // A subject belongs to its category, and a standing rule stays one.
        guard memory.key == nil, memory.category != .constraint,
            let named = MemoryCategory(rawValue: entry.texts["category"] ?? ""),
            named != .constraint || role == Role.user.rawValue
        else { return memory.category }
        return named
    }

    /// One step up or down, never of a standing rule, and never to the top.
    private func importance(_ entry: FormReader.Entry, of memory: StoredMemory) -> Importance {
        let level = memory.importance.level
        guard memory.category != .constraint, level < 5, let named = entry.numbers["importance"] else {
            return memory.importance
        }
        return Importance(clamping: min(4, max(level - 1, min(level + 1, named))))
    }
}
