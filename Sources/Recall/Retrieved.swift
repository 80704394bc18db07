public import Memories
public import Storage

/// A memory or a piece of a turn that may answer a question, and what it is worth.
public struct RecallItem: Sendable, Equatable {
    public enum Source: Sendable, Equatable {
        /// A memory; with the one that stands in its place, if there is one.
        case memory(StoredMemory, successor: Int?)
        /// A piece of a turn, counted from 0.
        case excerpt(StoredTurn, piece: Int)
    }

    public var source: Source
    public var text: String
    /// Thousandths, higher is better; comparable within one question only.
    public var worth: Int
    /// What it is made of; thousandths.
    public var terms: [ScoreTerm]
}

/// A memory that may answer a question.
public struct FoundMemory: Sendable, Equatable {
    public var memory: StoredMemory
    /// The one that stands in its place.
    public var successor: Int?
    /// Thousandths, higher is better; comparable within one question only.
    public var worth: Int
}

/// What was found for a question.
public struct Retrieved: Sendable, Equatable {
    /// The best first.
    public var items: [RecallItem] = []
    /// The best share of what the question's words tell that one text holds; thousandths.
    public var coverage = 0
    /// Words that were learnt from the best hits, and looked for too.
    public var learnt: [String] = []
    /// How many vectors were compared with that of the question.
    public var comparedVectors = 0

    /// Each memory once, the best first, superseded ones last.
    public var memories: [FoundMemory] {
        let all = items.compactMap { item -> FoundMemory? in
            guard case .memory(let memory, let successor) = item.source else { return nil }
            return FoundMemory(memory: memory, successor: successor, worth: item.worth)
        }
        return all.filter { $0.memory.state != .superseded } + all.filter { $0.memory.state == .superseded }
    }

    /// Each turn once, that with the best piece first.
    public var turns: [StoredTurn] {
        var known: Set<Int> = []
        return items.compactMap { item in
            guard case .excerpt(let turn, _) = item.source, known.insert(turn.id).inserted else { return nil }
            return turn
        }
    }

    /// Whether anything that was found has to do with the question. Chance hits of a frequent word do not.
    public var isEvidence: Bool { !items.isEmpty && coverage >= Retrieved.leastCoverage }

    static let leastCoverage = 200

    /// Each thing that is worth enough to be told, as if it alone had been found; the best first.
    public var alone: [Retrieved] {
        guard isEvidence, let best = items.first?.worth else { return [] }
        return items.filter { $0.worth * 1000 >= best * ContextPack.leastShare }.map { item in
            var copy = self
            copy.items = [item]
            return copy
        }
    }
}
