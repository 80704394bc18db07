public import Memories

/// Names and words that all report formats share.
public enum RuleWords {
    /// Categories in the order in which people read of them.
    public static let categoryOrder: [MemoryCategory] = [
        .constraint, .decision, .bug, .arch, .config, .result, .task, .note,
    ]

    /// Categories in their order, with their headings.
    public static var titles: [(category: MemoryCategory, title: String)] { categoryOrder.map { ($0, title(of: $0)) } }

    /// The heading of a category.
    public static func title(of category: MemoryCategory) -> String {
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

    /// A score with its sign, three digits behind the point.
    public static func signed(_ thousandths: Int) -> String {
        (thousandths < 0 ? "−" : "+") + plain(abs(thousandths))
    }

    /// Thousandths with three digits behind the point.
    public static func plain(_ thousandths: Int) -> String {
        let digits = String(1000 + abs(thousandths) % 1000).dropFirst()
        return (thousandths < 0 ? "−" : "") + "\(abs(thousandths) / 1000).\(digits)"
    }

    /// `12,345`
    public static func grouped(_ number: Int) -> String {
        var digits = Array(String(number))
        var position = digits.count - 3
        while position > 0 {
            digits.insert(",", at: position)
            position -= 3
        }
        return String(digits)
    }
}
