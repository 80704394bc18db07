import Memories

/// A text as it is compared with what was forgotten: in lower case, its letters composed, each sigma as it stands within a word.
enum FoldedText {
    static func of(_ text: String) -> String {
        let folded = text.lowercased().composed
        guard folded.utf8.contains(0xCF), folded.unicodeScalars.contains("\u{3C2}") else { return folded }
        return folded.replacingEach("\u{3C2}", with: "\u{3C3}")
    }
}
