public import Memories

/// One entry of `overrides:`: a change of rules that stand in packs below.
public struct RuleOverride: Sendable {
    public enum Target: Sendable, Hashable {
        case rule(String)
        /// All rules below whose id fits; `*` stands for any run of characters.
        case group(String)
        /// All rules of a pack below.
        case pack(String)

        /// As it stands in the file.
        public var text: String {
            switch self {
            case .rule(let text), .group(let text), .pack(let text): text
            }
        }
    }

    public var target: Target
    /// What it changes, in the order of the file.
    public var keys: [String]
    /// Whether it switches its rules off; `why` says why.
    public var switchesOff: Bool
    public var why: String?
    /// Of the entry.
    public var location: SourceLocation

    var isOfMany: Bool {
        if case .rule = target { false } else { true }
    }

    /// What it changes, without the words that name its target.
    var changes: [YAMLEntry]
    /// Of the id or the name of the pack.
    var targetLocation: SourceLocation

    /// Whether an id fits a glob. `*` stands for any run of characters, also an empty one.
    static func fits(_ id: String, _ glob: String) -> Bool {
        let (text, pattern) = (Array(id.utf8), Array(glob.utf8))
        let star = UInt8(ascii: "*")
        // The last star, and how much of the text it has taken so far.
        var (place, next) = (0, 0)
        var retry: (pattern: Int, text: Int)?
        while place < text.count {
            if next < pattern.count, pattern[next] == star {
                retry = (next + 1, place)
                next += 1
            } else if next < pattern.count, pattern[next] == text[place] {
                next += 1
                place += 1
            } else if let last = retry {
                retry = (last.pattern, last.text + 1)
                (next, place) = (last.pattern, last.text + 1)
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == star }
    }
}

/// One entry of `pin:`: the version of a pack below that a pack was written against.
public struct PackPin: Sendable, Equatable {
    public var pack: String
    public var version: String
    /// Of the name.
    public var location: SourceLocation
}
