/// What words must keep of what they stand for, and what they may add: nothing that is not there.
enum StatementCheck {
    /// The least part of a statement's words that better words keep, in tenths.
    static let leastKept = 6

    /// What a claim says and its evidence does not.
    static func objection(to claim: Claim, in evidence: EvidenceText) -> DropReason? {
        for term in claim.terms where !evidence.holds(term) {
            switch term.kind {
            case .number: return .number
            case .name, .sign: return .name
            case .word, .negation, .condition: return .word
            }
        }
        return nil
    }

    /// Why words can't stand in the place of others.
    ///
    /// - Parameters:
    ///   - originals: All that they stand for.
    ///   - around: Other text from where it was said; words may come from there, nothing may go missing.
    static func objection(
        to claim: Claim, _ statement: String, _ originals: [String], around: [String]
    ) -> DropReason? {
        if let reason = objection(to: claim, in: EvidenceText(originals + around)) { return reason }
        let claims = originals.map { Claim($0) }
        let text = EvidenceText([statement])
        for original in claims {
            guard original.marks.allSatisfy(text.holds) else { return .lost }
            let said = original.terms.filter { ![.negation, .condition].contains($0.kind) }
            guard TermOrder.follows(said, in: claim.terms).isInOrder else { return .order }
            let words = original.words
            let kept = TermOrder.follows(words, in: claim.terms).found
            guard kept * 10 >= words.count * leastKept else { return .thin }
        }
        // One of several that denies or limits does so in the whole.
        guard claim.count(.negation) == claims.map({ $0.count(.negation) }).max() else { return .negation }
        guard claim.conditions == claims.map(\.conditions).max(by: { $0.count < $1.count }) ?? [] else {
            return .condition
        }
        return nil
    }
}
