/// A place in a text file that a person can open.
public struct SourceLocation: Sendable, Hashable {
    /// The name as it was given; never resolved.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1, in UTF-8 bytes.
    public var column: Int

    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}
