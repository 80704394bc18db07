import Memories
import Neutralization
public import Storage

/// Memories that are sent together, to be looked through.
public struct TidyDraft: Sendable {
    public private(set) var text = ""
    private(set) var subjects: [String: StoredMemory] = [:]

    static let mostCharacters = 12_000

    /// All memories, in as many requests as they need.
    ///
    /// - Parameter redact: Takes secrets and private text out once more.
    public static func drafts(of memories: [StoredMemory], redact: (String) -> String) -> [TidyDraft] {
        var drafts: [TidyDraft] = []
        var draft = TidyDraft()
        for memory in memories {
            let content = Folding.folded(Neutralizer.neutralized(redact(memory.content)))
            let label = "M\(draft.subjects.count + 1)"
            let kept = memory.origin.isOfAPerson ? ", stays" : ""
            let line = "\(label) [\(memory.category.rawValue), \(memory.saidAt.prefix(10))\(kept)] | \(content)\n"
            if RefineDraft.size(draft.text) + RefineDraft.size(line) > mostCharacters, !draft.subjects.isEmpty {
                drafts.append(draft)
                draft = TidyDraft()
            }
            if draft.text.isEmpty { draft.text = "\(OwnRequest.mark) \(Instructions.tidy.name)]\n" }
            draft.text += line
            draft.subjects[label] = memory
        }
        // One memory alone has nothing beside it.
        if draft.subjects.count > 1 { drafts.append(draft) }
        return drafts
    }
}

/// Holds what a model proposes against the memories that it was sent.
public struct TidyChecker {
    public struct Verdict: Sendable, Equatable {
        public var proposals: [TidyProposal] = []
        public var dropped: [RefineVerdict.Dropped] = []
        public var isReadable = true
    }

    private let draft: TidyDraft
    private let clean: (String) -> String

    public init(_ draft: TidyDraft, clean: @escaping (String) -> String) {
        self.draft = draft
        self.clean = clean
    }

    public func verdict(on form: String) -> Verdict {
        var verdict = Verdict()
        guard let entries = FormReader.entries("proposals", in: form, most: 60) else {
            verdict.isReadable = false
            return verdict
        }
        var named: Set<Int> = []
        for entry in entries {
            let labels = Set(entry.lists["goes"] ?? []).sorted()
            let goes = labels.compactMap { draft.subjects[$0] }
            let stays = entry.texts["stays"].flatMap { draft.subjects[$0] }
            let statement = Folding.folded(entry.texts["statement"] ?? "")
            let kind = TidyProposal.Kind(rawValue: entry.texts["kind"] ?? "")
            let reason: DropReason?
            if kind == nil {
                reason = .unknownAction
            } else if goes.isEmpty || goes.count != labels.count || goes.contains(where: { $0.origin.isOfAPerson }) {
                reason = .unknownMemory
            } else if !named.isDisjoint(with: goes.map(\.id)) {
                reason = .answeredTwice
            } else {
                reason = objection(kind ?? .garbage, goes, stays, statement)
            }
            if let reason {
                verdict.dropped.append(
                    RefineVerdict.Dropped(
                        reason: reason, statement: String(statement.prefix(300)), memories: goes.map(\.id)))
                continue
            }
            named.formUnion(goes.map(\.id))
            verdict.proposals += proposals(kind ?? .garbage, goes, stays, statement)
        }
        return verdict
    }

    private func proposals(
        _ kind: TidyProposal.Kind, _ goes: [StoredMemory], _ stays: StoredMemory?, _ statement: String
    ) -> [TidyProposal] {
        let kept = stays.map { [$0.id] } ?? []
        return switch kind {
        case .mergeable:
            [
                TidyProposal(
                    kind: kind, reason: "They say one fact in parts.", statement: statement, goes: goes.map(\.id))
            ]
        case .garbage:
            goes.map { TidyProposal(kind: kind, reason: "A model doubts that anyone will need it.", goes: [$0.id]) }
        case .duplicate:
            goes.map {
                TidyProposal(
                    kind: kind, reason: "#\(kept.first ?? 0) says it, a model finds.", goes: [$0.id], stays: kept)
            }
        case .obsolete:
            goes.map {
                TidyProposal(
                    kind: kind, reason: "#\(kept.first ?? 0) is newer and says otherwise, a model finds.",
                    goes: [$0.id], stays: kept)
            }
        }
    }

    private func objection(
        _ kind: TidyProposal.Kind, _ goes: [StoredMemory], _ stays: StoredMemory?, _ statement: String
    ) -> DropReason? {
        switch kind {
        case .garbage: return nil
        case .duplicate:
            guard let stays, !goes.contains(where: { $0.id == stays.id }) else { return .unknownMemory }
            let kept = Claim(stays.content)
            let text = EvidenceText([stays.content])
            for memory in goes {
                let claim = Claim(memory.content)
                guard claim.marks.allSatisfy(text.holds) else { return .lost }
                guard claim.count(.negation) == kept.count(.negation) else { return .negation }
                guard claim.conditions == kept.conditions else { return .condition }
                guard isAbout(claim, kept) else { return .thin }
            }
            return nil
        case .obsolete:
            guard let stays, !goes.contains(where: { $0.id == stays.id }) else { return .unknownMemory }
            for memory in goes {
                guard TemporalGuard.mayOvertake(stays, memory) else { return .notNewer }
                let isSameSubject = memory.key != nil && memory.key == stays.key
                guard isSameSubject || isAbout(Claim(memory.content), Claim(stays.content)) else { return .twoSubjects }
            }
            return nil
        case .mergeable: return objection(toMerging: goes, statement)
        }
    }

    /// Whether half of what one says is spoken of in the other.
    private func isAbout(_ claim: Claim, _ other: Claim) -> Bool {
        let terms = claim.terms.filter { ![.negation, .condition].contains($0.kind) }
        let found = terms.count { term in other.terms.contains { TermOrder.same(term, $0) } }
        return found * 2 >= terms.count && found > 0
    }

    private func objection(toMerging goes: [StoredMemory], _ statement: String) -> DropReason? {
        guard (2...6).contains(goes.count) else { return .unknownAction }
        guard statement.count >= 4, statement.count <= RefineChecker.longestStatement else { return .length }
        guard Set(goes.compactMap(\.key)).count < 2 else { return .twoSubjects }
        guard Folding.folded(clean(statement)) == statement, Neutralizer.neutralized(statement) == statement else {
            return .unclean
        }
        let originals = goes.map(\.content)
        return StatementCheck.objection(to: Claim(statement), statement, originals, around: [])
    }
}
