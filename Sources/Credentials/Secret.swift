import Memories
import Digests

/// The text of a credential. Nothing shows it: not a description, not a mirror, not an error.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    /// Longer texts are no credential, in bytes.
    static let longest = 16_384

    /// White space around it is left out. Nil for what no header can hold: nothing, several words, another script.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        let kept = bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        guard !kept.isEmpty, kept.count <= Secret.longest, kept.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
            return nil
        }
        self.text = String(decoding: Array(kept), as: UTF8.self)
    }

    /// The text itself: for a header, and nothing else.
    public var revealed: String { text }

    public func hasPrefix(_ prefix: String) -> Bool { text.hasPrefix(prefix) }

    /// SHA-256 of the secret with what it is for, by which it is known again without being known.
    public func mark(for purpose: String) -> String { SHA256.hex("ccmem\n\(purpose)\n\(text)") }

    /// A text of somebody else without this secret in it: servers quote what they were sent.
    public func removed(from words: String) -> String {
        words.replacingEach(text, with: "[credential]")
    }

    public var description: String { "[credential]" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(reflecting: description) }
}
