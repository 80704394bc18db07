import Memories
public import SQLite

/// What could be tidied up among the memories: a proposal that a person takes or declines. Nothing is deleted by it.
public struct TidyProposal: Sendable, Equatable {
    public enum Kind: String, CaseIterable, Sendable {
        /// A fragment, or something that nothing vouches for.
        case garbage
        /// It says what another one says.
        case duplicate
        /// Two that say one fact in parts.
        case mergeable
        /// A newer statement has overtaken it.
        case obsolete
    }

    public var kind: Kind
    /// One sentence for a person.
    public var reason: String
    /// The words that the memories would become; for `mergeable` only.
    public var statement: String?
    /// What would be archived, or superseded by the merged words.
    public var goes: [Int]
    /// What they are measured against.
    public var stays: [Int]

    public init(kind: Kind, reason: String, statement: String? = nil, goes: [Int], stays: [Int] = []) {
        self.kind = kind
        self.reason = reason
        self.statement = statement
        self.goes = goes.sorted()
        self.stays = stays.sorted()
    }

    /// What is proposed of which memories, whoever proposes it.
    var identity: String {
        let numbers = { (ids: [Int]) in ids.map { "#\($0)" }.joined(separator: ",") }
        return
            "\(kind == .mergeable ? "mergeable" : "out") \(numbers(goes)) \(kind == .mergeable ? "" : numbers(stays))"
    }
}

/// A proposal as the store holds it.
public struct StoredProposal: Sendable, Equatable {
    public enum State: String, Sendable { case open, applied, declined }

    public var id: Int
    public var proposal: TidyProposal
    /// Nil when no model had a part in it.
    public var model: String?
    public var state: State
    public var madeAt: String
}

public enum TidyOutcome: Sendable, Equatable {
    case unknown
    /// Taken or declined before.
    case decided(StoredProposal.State)
    /// A memory is no longer in force, or became a person's.
    case overtaken(Int)
    /// These are archived.
    case archived([Int])
    /// These stand as one, under this number.
    case merged(Int)
    /// The merged words are not taken.
    case refused(RefineOutcome)
}

extension MemoryStore {
    /// Notes proposals; one that was made before, whatever the answer, is not made again.
    ///
    /// - Parameter maker: Nil when no model had a part in it.
    /// - Returns: How many are new.
    public func propose(_ proposals: [TidyProposal], by maker: RefinementMaker?) throws(SQLiteError) -> Int {
        var count = 0
        for proposal in proposals where try overtaken(proposal) == nil {
            try connection.run(
                """
                INSERT OR IGNORE INTO tidy_proposal (kind, reason, statement, model, prompt, call_id, identity, made_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """, .text(proposal.kind.rawValue), .text(proposal.reason), .optional(proposal.statement),
                .optional(maker?.model), .optional(maker?.prompt), .optional(maker?.call), .text(proposal.identity),
                .text(now))
            guard connection.changes > 0 else { continue }
            let id = connection.lastInsertedRowID
            for (part, memories) in [("goes", proposal.goes), ("stays", proposal.stays)] {
                for memory in memories {
                    try connection.run(
                        "INSERT INTO tidy_subject VALUES (?, ?, ?)", .integer(id), .integer(memory), .text(part))
                }
            }
            count += 1
        }
        return count
    }

    /// What waits for an answer and can still be done, in the order of their numbers.
    public func openProposals() throws(SQLiteError) -> [StoredProposal] {
        let ids = try connection.rows("SELECT id FROM tidy_proposal WHERE state = 'open' ORDER BY id") { $0.int(0) }
        var open: [StoredProposal] = []
        for id in ids {
            guard let stored = try proposal(id), try overtaken(stored.proposal) == nil else { continue }
            open.append(stored)
        }
        return open
    }

    public func proposal(_ id: Int) throws(SQLiteError) -> StoredProposal? {
        let subjects = try connection.rows(
            "SELECT memory_id, part FROM tidy_subject WHERE proposal_id = ? ORDER BY memory_id", .integer(id)
        ) { (id: $0.int(0), goes: $0.text(1) == "goes") }
        return try connection.row(
            "SELECT kind, reason, statement, model, state, made_at FROM tidy_proposal WHERE id = ?", .integer(id)
        ) {
            StoredProposal(
                id: id,
                proposal: TidyProposal(
                    kind: TidyProposal.Kind(rawValue: $0.text(0)) ?? .garbage, reason: $0.text(1),
                    statement: $0.optionalText(2), goes: subjects.filter(\.goes).map(\.id),
                    stays: subjects.filter { !$0.goes }.map(\.id)), model: $0.optionalText(3),
                state: StoredProposal.State(rawValue: $0.text(4)) ?? .open, madeAt: $0.text(5))
        }
    }

    /// Does what a proposal says: archives, with the reason, or puts the merged words in the place of their originals.
    public func apply(proposal id: Int, _ run: ChangeRun) throws(SQLiteError) -> TidyOutcome {
        guard let stored = try proposal(id) else { return .unknown }
        guard stored.state == .open else { return .decided(stored.state) }
        let proposal = stored.proposal
        if let memory = try overtaken(proposal) { return .overtaken(memory) }
        var outcome = TidyOutcome.archived(proposal.goes)
        if proposal.kind == .mergeable {
            let merged = try merge(proposal, stored.model, id, run)
            guard case .stored(let memory) = merged else { return .refused(merged) }
            outcome = .merged(memory)
        } else {
            for memory in proposal.goes {
                _ = try archive(memory: memory, reason: "tidied up: \(proposal.reason)", run)
            }
        }
        try decide(id, .applied)
        return outcome
    }

    /// Notes that a proposal is not wanted; it is not made again.
    public func decline(proposal id: Int) throws(SQLiteError) -> TidyOutcome {
        guard let stored = try proposal(id) else { return .unknown }
        guard stored.state == .open else { return .decided(stored.state) }
        try decide(id, .declined)
        return .decided(.declined)
    }

    private func decide(_ id: Int, _ state: StoredProposal.State) throws(SQLiteError) {
        try connection.run(
            "UPDATE tidy_proposal SET state = ?, decided_at = ? WHERE id = ?", .text(state.rawValue), .text(now),
            .integer(id))
    }

    /// The first memory of a proposal that is not as it was when it was made.
    private func overtaken(_ proposal: TidyProposal) throws(SQLiteError) -> Int? {
        for id in proposal.goes where try !mayGo(id) { return id }
        for id in proposal.stays {
            guard let memory = try memory(id), memory.state == .active else { return id }
        }
        return nil
    }

    private func mayGo(_ id: Int) throws(SQLiteError) -> Bool {
        guard let memory = try memory(id), memory.state == .active, !memory.origin.isOfAPerson else { return false }
        return true
    }

    /// The merged words rest on a place where one of the originals was said.
    private func merge(
        _ proposal: TidyProposal, _ model: String?, _ id: Int, _ run: ChangeRun
    ) throws(SQLiteError) -> RefineOutcome {
        var originals: [StoredMemory] = []
        for id in proposal.goes {
            if let memory = try memory(id) { originals.append(memory) }
        }
        guard let best = originals.max(by: { ($0.importance, $0.id) < ($1.importance, $1.id) }) else {
            return .notReplaceable(proposal.goes.first ?? 0)
        }
        for original in originals {
            for place in try sightings(of: original.id) {
                guard let turn = place.turnID, !place.quote.isEmpty else { continue }
                let row = try connection.row(
                    "SELECT coalesce(prompt, 'tidy'), call_id FROM tidy_proposal WHERE id = ?", .integer(id)
                ) { (prompt: $0.text(0), call: $0.optionalInt(1)) }
                return try refine(
                    RefinedMemory(
                        kind: .merged, category: best.category, content: proposal.statement ?? best.content,
                        importance: best.importance, originals: proposal.goes, quote: place.quote, turn: turn),
                    by: RefinementMaker(
                        model: model ?? "none", prompt: row?.prompt ?? "tidy", call: row?.call), run)
            }
        }
        return .turnIsGone
    }
}
