import Neutralization
import RulePacks

/// What redaction leaves behind: `[redacted:KIND]` and `[private]`. Later passes take both for words, never for secrets.
enum Marker {
    /// The kind that stands for a line that no pattern could judge within its limits.
    static let unreadable = "unreadable"

    static func text(_ kind: String) -> String { "[redacted:\(kind)]" }

    /// The places of all markers, in order.
    static func ranges(in bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var at = 0
        while let open = bytes.firstOffset(of: UInt8(ascii: "["), from: at) {
            at = open + 1
            guard let end = end(in: bytes, at: open) else { continue }
            ranges.append(open..<end)
            at = end
        }
        return ranges
    }

    private static func end(in bytes: UnsafeBufferPointer<UInt8>, at open: Int) -> Int? {
        if bytes.count - open >= 9, bytes[open + 8] == UInt8(ascii: "]"), bytes.holds("private", at: open + 1) {
            return open + 9
        }
        guard bytes.holds("redacted:", at: open + 1) else { return nil }
        let start = open + 10
        guard let close = bytes.firstOffset(of: UInt8(ascii: "]"), from: start, to: min(bytes.count, start + 33)),
            SecretPackFormat.isKind(bytes[start..<close])
        else { return nil }
        return close + 1
    }
}
