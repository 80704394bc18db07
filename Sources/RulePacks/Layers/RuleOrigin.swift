public import Memories

/// Where a value of a resolved rule comes from.
public struct RuleOrigin: Sendable, Equatable {
    public enum Change: Sendable, Equatable {
        /// The value was written whole.
        case set
        /// An entry of a list: a keyword, a role, the `why` of an exception, the text of an example.
        case added(String)
        case removed(String)
    }

    /// The key of the rule; `examples.match` and `examples.reject` for the two lists of examples.
    public var key: String
    public var change: Change
    public var layer: RuleLayer
    /// Of the key or of the entry.
    public var location: SourceLocation
}

/// What a user should know about packs that are in force.
public struct RuleNotice: Sendable, Equatable {
    public enum Code: Sendable, Equatable {
        /// A pack below has another version than the one that this pack was written against.
        case pinDiffers(pack: String, pinned: String, found: String)
    }

    public var code: Code
    public var location: SourceLocation

    /// A line without its end: place, what, and what to do.
    public var message: String {
        let file = DisplayText.cells(Array(location.file.utf8)[...]).map(\.text).joined()
        return "\(file):\(location.line):\(location.column): \(words.text); \(words.help)"
    }

    /// What, and what to do; neither is a whole sentence.
    var words: (text: String, help: String) {
        switch code {
        case .pinDiffers(let pack, let pinned, let found):
            (
                "written against \(DisplayText.quoted(pack)) \(pinned), but \(found) is here",
                "look at what has changed, then pin \(found)"
            )
        }
    }
}

extension Rule {
    /// Whether its category stands, whatever the words are: a person chose it, or the key of its statements is one of that
    /// category. Of other rules the category is one feature among many.
    public var givesCategory: Bool { isOwn || isOfDomain || key != nil || isSetAbove("category") }

    /// Whether its importance stands: a person chose it.
    public var givesImportance: Bool { isOwn || isSetAbove("importance") }

    private func isSetAbove(_ key: String) -> Bool {
        changedAt != nil && origins(of: key).last.map { $0.change == .set && $0.layer > .domain } ?? false
    }

    /// Where a value comes from: the last file that wrote it whole, then those that added to it or took from it.
    ///
    /// - Parameter key: As in a pack. Nothing when no file says it, and for rules that were read as proven.
    public func origins(of key: String) -> [RuleOrigin] {
        let all = origins.filter { $0.key == key || $0.key.hasPrefix(key + ".") }
        let start = all.lastIndex { $0.change == .set } ?? 0
        return Array(all[start...])
    }
}
