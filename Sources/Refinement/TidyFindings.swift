import Memories
public import Storage

/// What can be said about memories without a model: what stands there twice, what nothing vouches for, what was a fragment from
/// the start, what is trivial and was never used.
public enum TidyFindings {
    /// So many days a trivial memory may wait until somebody needs it.
    static let patience = 90

    /// - Parameters:
    ///   - subjects: All active memories.
    ///   - now: Milliseconds since 1970.
    /// - Returns: At most one proposal about each memory, in a fixed order.
    public static func proposals(on subjects: [TidySubject], now: Int) -> [TidyProposal] {
        var proposals: [TidyProposal] = []
        var gone: Set<Int> = []
        func propose(_ proposal: TidyProposal) {
            guard gone.isDisjoint(with: proposal.goes + proposal.stays) else { return }
            gone.formUnion(proposal.goes)
            proposals.append(proposal)
        }
        duplicates(among: subjects).forEach(propose)
        overtaken(among: subjects).forEach(propose)
        for subject in subjects where !subject.memory.origin.isOfAPerson {
            guard let reason = garbage(subject, now) else { continue }
            propose(TidyProposal(kind: .garbage, reason: reason, goes: [subject.memory.id]))
        }
        return proposals
    }

    // MARK: -

    /// Two of one fact, or one that says all of another: what a person wrote stays, then what is longer, then what is older.
    private static func duplicates(among subjects: [TidySubject]) -> [TidyProposal] {
        let facts = subjects.map { FactTerms($0.memory.content) }
        // Only memories with the same numbers and names can be one fact.
        let groups = Dictionary(grouping: subjects.indices) { facts[$0].marks }
        var proposals: [TidyProposal] = []
        for group in groups.values.sorted(by: { $0[0] < $1[0] }) where group.count > 1 {
            for index in group {
                let memory = subjects[index].memory
                guard !memory.origin.isOfAPerson else { continue }
                let better = group.first { other in
                    let kept = subjects[other].memory
                    guard other != index, kept.key == nil || memory.key == nil || kept.key == memory.key else {
                        return false
                    }
                    let isSame = FactTerms.isOneFact(facts[index], facts[other])
                    guard isSame || FactTerms.says(facts[other], allOf: facts[index]) else { return false }
                    let isMutual = isSame || FactTerms.says(facts[index], allOf: facts[other])
                    return !isMutual || rank(kept) > rank(memory)
                }
                guard let better else { continue }
                let kept = subjects[better].memory
                proposals.append(
                    TidyProposal(
                        kind: .duplicate, reason: "#\(kept.id) says all of it.", goes: [memory.id], stays: [kept.id]))
            }
        }
        return proposals
    }

    private static func rank(_ memory: StoredMemory) -> (Int, Int, Int, Int) {
        (memory.origin.isOfAPerson ? 1 : 0, memory.importance.level, memory.content.utf8.count, -memory.id)
    }

    /// Of two on one subject in a category where both may stand, the older one.
    private static func overtaken(among subjects: [TidySubject]) -> [TidyProposal] {
        let keyed = Dictionary(grouping: subjects.map(\.memory).filter { $0.key != nil }) { $0.key ?? "" }
        return keyed.sorted { $0.key < $1.key }.flatMap { key, memories -> [TidyProposal] in
            guard let newest = memories.max(by: { ($0.saidAt, $0.id) < ($1.saidAt, $1.id) }) else { return [] }
            return memories.compactMap { memory in
                guard memory.id != newest.id, !memory.origin.isOfAPerson, TemporalGuard.mayOvertake(newest, memory)
                else { return nil }
                return TidyProposal(
                    kind: .obsolete, reason: "#\(newest.id) is newer on the same subject, \(key).", goes: [memory.id],
                    stays: [newest.id])
            }
        }
    }

    private static func garbage(_ subject: TidySubject, _ now: Int) -> String? {
        let memory = subject.memory
        let text = Folding.folded(memory.content)
        if let last = text.last, ":,;…-".contains(last) || text.hasSuffix("...") { return "It ends in the middle." }
        if memory.origin == .salient || memory.origin == .llm, text.last == "?" || text.last == "？" {
            return "It is a question."
        }
        let isDense = text.unicodeScalars.contains { $0.value >= 0x2E80 }
        if memory.rule == nil, !isDense, FactTerms(text).words.count < 2 { return "It is a fragment." }
        if !subject.isVouchedFor {
            return "Its transcript is gone, and the archive does not hold its words."
        }
        let day = 86_400_000
        let limit = Clock.timestamp(now - patience * day)
        if memory.importance.level == 1, memory.sightingCount <= 1, subject.injections == 0, memory.saidAt < limit,
            memory.createdAt < limit
        {
            return "It is trivial, was said once, more than \(patience) days ago, and was never used."
        }
        return nil
    }
}

/// What can make a statement a thing of the past: only a newer statement on how things are, never something that was done.
enum TemporalGuard {
    /// Categories that say how things are or shall be.
    private static let standing: Set<MemoryCategory> = [.decision, .constraint, .config, .arch]

    static func mayOvertake(_ newer: StoredMemory, _ older: StoredMemory) -> Bool {
        guard newer.saidAt > older.saidAt else { return false }
        guard standing.contains(older.category) else { return true }
        return standing.contains(newer.category) && !isPastAction(newer.content)
    }

    /// `Fixed the parser`, `We removed the flag`: what was done, not how it is.
    static func isPastAction(_ text: String) -> Bool {
        let words = text.split { !$0.isLetter }.prefix(4).map { $0.lowercased() }
        let first = words.drop { subjects.contains($0) }.first ?? ""
        return irregular.contains(first) || first.count > 4 && first.hasSuffix("ed") && !adjectives.contains(first)
    }

    private static let subjects: Set = ["i", "we", "have", "has", "just", "then", "now", "claude", "also", "already"]
    private static let irregular: Set = [
        "ran", "wrote", "built", "made", "did", "found", "broke", "took", "went", "got", "gave", "sent", "was", "were",
    ]
    private static let adjectives: Set = ["need", "indeed", "speed", "exceed", "proceed", "decided", "agreed"]
}
