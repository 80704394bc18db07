import Memories

/// Names and words that all report formats share.
enum RuleWords {
    /// Stands for the rule of a sentence that no rule claimed.
    static let salience = "salience"

    static let categoryOrder: [MemoryCategory] = [
        .constraint, .decision, .bug, .arch, .config, .result, .task, .note,
    ]

    static func title(of category: MemoryCategory) -> String {
        switch category {
        case .constraint: "Constraints"
        case .decision: "Decisions"
        case .bug: "Bugs and their causes"
        case .arch: "Architecture"
        case .config: "Configuration"
        case .result: "Results"
        case .task: "Tasks"
        case .note: "Notes"
        }
    }

    static func name(of reason: Refusal.Reason) -> String {
        switch reason {
        case .score: "score"
        case .repetition: "repetition"
        case .superseded: "superseded"
        case .refuted: "refuted"
        case .limit: "limit"
        }
    }

    static func line(of reason: Refusal.Reason) -> Int? {
        switch reason {
        case .repetition(let line), .superseded(let line): line
        case .score, .refuted, .limit: nil
        }
    }

    static func words(for reason: Refusal.Reason) -> String {
        switch reason {
        case .score: "score under the threshold"
        case .repetition(let line): "the same as line \(line)"
        case .superseded(let line): "replaced by line \(line)"
        case .refuted: "taken back in the next turn"
        case .limit: "better ones filled the limit of the transcript"
        }
    }

    /// A score with its sign, three digits behind the point.
    static func signed(_ thousandths: Int) -> String {
        (thousandths < 0 ? "−" : "+") + plain(abs(thousandths))
    }

    static func plain(_ thousandths: Int) -> String {
        let digits = String(1000 + abs(thousandths) % 1000).dropFirst()
        return (thousandths < 0 ? "−" : "") + "\(abs(thousandths) / 1000).\(digits)"
    }

    /// `12,345`
    static func grouped(_ number: Int) -> String {
        var digits = Array(String(number))
        var position = digits.count - 3
        while position > 0 {
            digits.insert(",", at: position)
            position -= 3
        }
        return String(digits)
    }

    /// The order in which people read: most important first, then the better score, then the place.
    static func order(_ a: Memory, _ b: Memory) -> Bool {
        (b.importance.level, b.score, a.sightings[0].line) < (a.importance.level, a.score, b.sightings[0].line)
    }
}
