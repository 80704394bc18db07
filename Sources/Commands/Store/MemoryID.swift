public import ArgumentParser

/// A memory's number, as `42` or `#42`.
public struct MemoryID: ExpressibleByArgument, Sendable, Equatable {
    public let number: Int

    public init(_ number: Int) { self.number = number }

    public init?(argument: String) {
        let digits = argument.hasPrefix("#") ? argument.dropFirst() : argument[...]
        guard let number = Int(digits), number > 0 else { return nil }
        self.number = number
    }

    /// What a command says when there is no such memory.
    public var unknown: CommandError {
        CommandError("There is no memory #\(number).", help: "`ccmem list` shows what there is.", .nothingFound)
    }
}
