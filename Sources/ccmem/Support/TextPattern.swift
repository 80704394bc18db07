import Commands
import Memories
import PCRE2

/// A pattern that a person typed, looked for in texts of any length.
final class TextPattern {
    /// Bytes that two pieces of a long text share, so that a match across their border is found.
    private static let overlap = 4_096

    private let pattern: Pattern
    /// The same with its letters composed; nil where that is no other.
    private let composed: Pattern?
    private let workspace = MatchWorkspace()
    /// Texts on which the pattern used up its limits.
    private(set) var undecided = 0

    /// - Throws: `CommandError` when it does not compile.
    init(_ source: String) throws {
        do throws(PatternError) {
            pattern = try Pattern(source)
            let other = source.composed
            composed = other.utf8.elementsEqual(source.utf8) ? nil : try Pattern(other)
        } catch {
            throw CommandError("`\(source)` is no pattern: \(error.message), at byte \(error.offset).", .usage)
        }
    }

    /// Letters with marks match however they are encoded. What can't be decided counts as no match, and is counted.
    func matches(_ text: String) -> Bool {
        if matches(text, pattern) { return true }
        let other = text.composed
        return (composed != nil || !other.utf8.elementsEqual(text.utf8)) && matches(other, composed ?? pattern)
    }

    private func matches(_ text: String, _ pattern: Pattern) -> Bool {
        let bytes = Array(text.utf8)
        let length = workspace.limits.subjectLength
        var start = 0
        while true {
            let end = TextPattern.boundary(bytes, min(bytes.count, start + length))
            switch pattern.match(String(decoding: bytes[start..<end], as: UTF8.self), in: workspace) {
            case .match: return true
            case .noMatch: break
            case .limitExceeded, .tooLong, .failed: undecided += 1
            }
            guard end < bytes.count else { return false }
            start = TextPattern.boundary(bytes, max(start + 1, end - TextPattern.overlap))
        }
    }

    /// The beginning of the character that a byte belongs to.
    private static func boundary(_ bytes: [UInt8], _ position: Int) -> Int {
        var position = position
        while position > 0, position < bytes.count, bytes[position] & 0xC0 == 0x80 { position -= 1 }
        return position
    }
}
