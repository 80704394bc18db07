public import Memories

/// A value of a YAML file, with its place.
public struct YAMLNode: Sendable {
    public enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
    }

    /// The key that the value stands under; entries of a list have the name of the list; empty for the whole file.
    public let name: String
    public let content: Content
    /// Where the value begins: the quote of a quoted text, the `|` of a block.
    public let location: SourceLocation
}

/// One key of a mapping with its value, in the order of the file.
public struct YAMLEntry: Sendable {
    public let key: String
    public let keyLocation: SourceLocation
    public let value: YAMLNode
}

/// A text of a YAML file. Nothing is interpreted: `1.0`, `yes` and `null` are texts.
public struct YAMLScalar: Sendable {
    public enum Style: Sendable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    /// What YAML says that the text is: escapes, folding and indentation are resolved.
    public let text: String
    public let style: Style
    /// The bytes of the file that the text was read from, with quotes and block header.
    let range: Range<Int>
    let source: YAMLSource

    /// Whether the text stands on lines of its own below a `|` or `>`.
    var isBlock: Bool { style == .literal || style == .folded }
}
