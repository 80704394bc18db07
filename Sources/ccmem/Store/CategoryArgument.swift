import ArgumentParser
import Memories

/// A category as people write it: singular or plural, any case.
struct CategoryArgument: ExpressibleByArgument, Sendable {
    let category: MemoryCategory

    init?(argument: String) {
        let name = argument.lowercased()
        guard
            let category = MemoryCategory.allCases.first(where: {
                name == $0.rawValue || name == $0.rawValue + "s" || CategoryArgument.others[name] == $0
            })
        else { return nil }
        self.category = category
    }

    private static let others: [String: MemoryCategory] = [
        "architecture": .arch, "architectures": .arch, "configuration": .config, "configurations": .config,
    ]

    static var allValueStrings: [String] { MemoryCategory.allCases.map(\.rawValue) }
}
