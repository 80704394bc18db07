import Memories

/// A text as it is compared with what was forgotten: in lower case, its letters composed.
enum FoldedText {
    static func of(_ text: String) -> String { text.lowercased().composed }
}
