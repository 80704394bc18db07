import Commands
import Memories
import Pipeline

/// What all report formats say of rules and refusals.
extension RuleWords {
    /// Stands for the rule of a sentence that no rule claimed.
    static let salience = "salience"

    static func name(of reason: Refusal.Reason) -> String {
        switch reason {
        case .score: "score"
        case .repetition: "repetition"
        case .overlap: "overlap"
        case .superseded: "superseded"
        case .refuted: "refuted"
        case .empty: "empty"
        case .limit: "limit"
        }
    }

    static func line(of reason: Refusal.Reason) -> Int? {
        switch reason {
        case .repetition(let line), .overlap(let line), .superseded(let line): line
        case .score, .refuted, .empty, .limit: nil
        }
    }

    static func words(for reason: Refusal.Reason) -> String {
        switch reason {
        case .score: "score under the threshold"
        case .repetition(let line): "the same as line \(line)"
        case .overlap(let line): "others say more, and line \(line) says a part of it"
        case .superseded(let line): "replaced by line \(line)"
        case .refuted: "taken back in the next turn"
        case .empty: "no word of it names anything"
        case .limit:
            "better ones of the transcript stand before it: each that is kept raises the threshold for the next"
        }
    }

    /// The order in which people read: most important first, then the better score, then the place.
    static func order(_ a: Memory, _ b: Memory) -> Bool {
        (b.importance.level, b.score, a.sightings[0].line) < (a.importance.level, a.score, b.sightings[0].line)
    }
}
