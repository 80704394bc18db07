import Memories

/// What rules made of the texts of a transcript, so that what stands in it again is not tried again.
///
/// Direct-mapped tables of 64-bit signatures: bounded, and what they forget is only tried once more.
struct RuleVerdicts {
    enum Verdict {
        /// No rule matched.
        case silence
        case fired(Fired)
    }

    struct Fired {
        /// Ascending.
        var fired: [Int]
        /// The same, the one that speaks first; what follows holds for this order.
        var speakers: [Int]
        var matches: [RuleMatch]
        var otherRules: [Int]
    }

    private static let silentSize = 1 << 13
    private static let firedSize = 1 << 11
    private var silent = [UInt64](repeating: 0, count: RuleVerdicts.silentSize)
    private var fired = [(signature: UInt64, verdict: Fired)?](repeating: nil, count: RuleVerdicts.firedSize)
    /// Part of each signature, so that nothing must be cleared for another transcript.
    private var transcript: UInt64 = 0

    /// What was said of one transcript is not known in the next one: results must not depend on what a worker read before.
    mutating func beginTranscript() { transcript += 1 }

    subscript(_ signature: UInt64) -> Verdict? {
        if silent[Int(truncatingIfNeeded: signature) & (RuleVerdicts.silentSize - 1)] == signature { return .silence }
        if let known = fired[Int(truncatingIfNeeded: signature) & (RuleVerdicts.firedSize - 1)],
            known.signature == signature
        {
            return .fired(known.verdict)
        }
        return nil
    }

    mutating func insert(_ verdict: Verdict, for signature: UInt64) {
        switch verdict {
        case .silence: silent[Int(truncatingIfNeeded: signature) & (RuleVerdicts.silentSize - 1)] = signature
        case .fired(let known):
            fired[Int(truncatingIfNeeded: signature) & (RuleVerdicts.firedSize - 1)] = (signature, known)
        }
    }

    mutating func forgetFired() {
        for index in fired.indices { fired[index] = nil }
    }

    /// The rules that are asked, and everything that they look at.
    func signature(_ role: Role, _ woken: RuleNumbers, _ parts: UnsafeBufferPointer<UInt8>...) -> UInt64 {
        var hash = TextHash.mixed((transcript << 2 | UInt64(role.index)) &+ 0x9E37_79B9_7F4A_7C15)
        hash = TextHash.mixed(hash ^ woken.digest)
        for part in parts { hash = TextHash.exact(part, hash) }
        return hash | 1
    }
}
