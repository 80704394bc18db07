import Memories

/// How many candidates were not kept, by reason.
public struct RefusalCounts: Sendable, Equatable {
    public internal(set) var score = 0
    public internal(set) var repetition = 0
    public internal(set) var superseded = 0
    public internal(set) var refuted = 0
    public internal(set) var limit = 0

    public init() {}

    mutating func add(_ reason: Refusal.Reason) {
        switch reason {
        // To who reads the counts it is one more sentence that says too little.
        case .score, .empty: score += 1
        case .repetition: repetition += 1
        case .superseded: superseded += 1
        case .refuted: refuted += 1
        case .limit, .overlap: limit += 1
        }
    }

    public static func += (a: inout RefusalCounts, b: RefusalCounts) {
        a.score += b.score
        a.repetition += b.repetition
        a.superseded += b.superseded
        a.refuted += b.refuted
        a.limit += b.limit
    }
}
